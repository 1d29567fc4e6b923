namespace GwbCloud.Functions.Assessment;

/// <summary>One item of the plan document, and how it is answered from what was read. Pure; names servers and kinds of groups, never members.</summary>
sealed record DiscoveryQuestion
{
    public required string Id { get; init; }
    public required DiscoveryPart Part { get; init; }
    public required string Title { get; init; }
    public required string Says { get; init; }
    public string? Default { get; init; }
    public string? Limit { get; init; }
    public required string ReadFrom { get; init; }
    public required Func<DiscoveryFacts, DiscoveryAnswer> Look { get; init; }

    public DiscoveryItem Answer(DiscoveryFacts facts)
    {
        var answer = Look(facts);
        return new()
        {
            Id = Id,
            Part = Part,
            Title = Title,
            Says = Says,
            Default = Default,
            Limit = Limit,
            Values = answer.Values,
            ReadFrom = ReadFrom,
            Standing = answer.Standing,
            Meaning = answer.Meaning,
        };
    }
}

/// <summary>The tenant's side of an item.</summary>
sealed record DiscoveryAnswer(DiscoveryStanding Standing, string Meaning, params IReadOnlyList<DiscoveredValue> Values);

/// <summary>What was read, counted once for all items.</summary>
sealed class DiscoveryFacts
{
    public DiscoveryFacts(AssessmentFacts read)
    {
        Read = read;
        foreach (var group in read.Cloud.Values)
        {
            Add(group);
        }

        Written = read.Inventory.Select(g => Anchors.CloudId(g.AdminDescription)).OfType<Guid>().ToHashSet();
        foreach (var group in read.Inventory)
        {
            // Universal is bit 8; what is no group that Connect wrote is nobody's writeback.
            NotUniversal += Anchors.CloudId(group.AdminDescription) is not null && (group.GroupType & 8) == 0 ? 1 : 0;
        }
    }

    public AssessmentFacts Read { get; }

    /// <summary>Entra ids of groups that have an object in the OU.</summary>
    public IReadOnlySet<Guid> Written { get; }
    public int NotUniversal { get; }

    /// <summary>Cloud security groups without a mailbox: those that version 2 can write.</summary>
    public int Security { get; private set; }

    /// <summary>Those of <see cref="Security"/> whose writeback is on; their members were read.</summary>
    public int SecurityOn { get; private set; }
    public int SecurityDynamic { get; private set; }
    public int SecurityWithDevices { get; private set; }
    public int Devices { get; private set; }
    public int SecurityNested { get; private set; }

    /// <summary>Written-back security groups with a nested cloud group whose writeback is not on.</summary>
    public int NestedNotOn { get; private set; }
    public int LargestSecurity { get; private set; }
    public int SecurityTooLarge { get; private set; }

    /// <summary>Mail-enabled groups of the cloud that are no Microsoft 365 groups: distribution lists and mail-enabled security groups.</summary>
    public int MailEnabled { get; private set; }
    public int M365 { get; private set; }
    public int M365Dynamic { get; private set; }
    public int M365TooLarge => Read.Classified.Groups.Count(g => g.Reasons.Contains(ClassReason.M365TooLarge));
    public int RetainedOff => Read.With(ClassReason.Disabled).Count();
    public int RetainedDeleted => Read.With(ClassReason.SoftDeleted).Count();

    /// <summary>Microsoft 365 groups by the type that writeback gives them, as Entra names it.</summary>
    public SortedDictionary<string, int> M365Types { get; } = new(StringComparer.Ordinal);

    /// <summary>A flag of the tenant as all servers that could say read it: null when none could, or two disagree.</summary>
    public bool? Flag(Func<Contracts.Commands.FeatureFlags, bool?> flag)
        => Read.Servers.Select(s => flag(s.Features)).OfType<bool>().Distinct().ToList() is [var only] ? only : null;

    void Add(CloudGroupFacts group)
    {
        if (group.SoftDeleted || group.OnPremisesSynced)
        {
            return;
        }

        if (group.Unified)
        {
            M365++;
            M365Dynamic += group.Dynamic ? 1 : 0;
            var type = group.OnPremisesGroupType ?? "not set";
            M365Types[type] = M365Types.GetValueOrDefault(type) + 1;
        }
        else if (group.MailEnabled)
        {
            MailEnabled++;
        }
        else if (group.SecurityEnabled)
        {
            Security++;
            if (group.WritebackEnabled is true)
            {
                AddWritten(group);
            }
        }
    }

    void AddWritten(CloudGroupFacts group)
    {
        SecurityOn++;
        SecurityDynamic += group.Dynamic ? 1 : 0;
        SecurityWithDevices += group.Devices > 0 ? 1 : 0;
        Devices += group.Devices;
        SecurityNested += group.Children.Count > 0 ? 1 : 0;
        NestedNotOn += group.Children.Any(child => Read.Cloud.GetValueOrDefault(child) is { WritebackEnabled: not true, Unified: false }) ? 1 : 0;
        LargestSecurity = Math.Max(LargestSecurity, group.Members);
        SecurityTooLarge += group.Members > GroupClassifier.LargestMemberLimit ? 1 : 0;
    }
}

/// <summary>Words and numbers of a discovery, the same in every culture.</summary>
static class DiscoveryText
{
    public const string Tenant = "Tenant";

    /// <summary>A number with its noun.</summary>
    public static string Count(long number, string one, string many) => number == 1 ? $"1 {one}" : $"{FindingText.Number(number)} {many}";

    public static string Groups(long number) => Count(number, "group", "groups");

    public static string Flag(bool? value) => value switch { true => "on", false => "off", null => "not known" };

    public static DiscoveredValue Number(string of, long number) => new(of, FindingText.Number(number));

    /// <summary>A value of each server; those that were silent are named too.</summary>
    public static IReadOnlyList<DiscoveredValue> ByServer(AssessmentFacts facts, Func<Contracts.Commands.ServerFacts, string> value) =>
    [
        .. facts.Servers.OrderBy(s => s.Server, StringComparer.Ordinal).Select(s => new DiscoveredValue(s.Server, value(s))),
        .. facts.Silent.OrderBy(s => s.Server, StringComparer.Ordinal).Select(s => new DiscoveredValue(s.Server, "did not answer")),
    ];
}
