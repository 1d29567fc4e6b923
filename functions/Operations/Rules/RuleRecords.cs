using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Functions.Operations.Rules;

/// <summary>A rule on one server.</summary>
public sealed record ServerRule
{
    public required string Server { get; init; }

    /// <summary>Null when the server did not answer.</summary>
    public WritebackRuleState? State { get; init; }
}

/// <summary>Input of <see cref="RuleActivities.PlanRule"/>.</summary>
public sealed record RuleQuestion
{
    public required WritebackRule Rule { get; init; }
    public required WritebackRuleState Wanted { get; init; }
    public required IReadOnlyList<ServerRule> Servers { get; init; }
    public required ServerSight Sight { get; init; }

    /// <summary>Whether the Recycle Bin is on; null where nobody asked.</summary>
    public bool? RecycleBin { get; init; }

    /// <summary>Document of <see cref="AdGroup"/>: the writeback OU, where a preview is wanted.</summary>
    public DocumentReference? Inventory { get; init; }
}

/// <summary>The changes of a plan, few as there are servers.</summary>
public sealed record RuleChanges
{
    public required IReadOnlyList<ValueChange> Changes { get; init; }
}

/// <summary>What is kept before a rule is written.</summary>
public sealed record RuleKeep
{
    public required ValuePart Part { get; init; }
    public required IReadOnlyList<ValueChange> Changes { get; init; }
    public required Dictionary<string, string> Now { get; init; }
}

/// <summary>What was kept, or nothing.</summary>
public sealed record KeptFound
{
    public KeptPart? Part { get; init; }
}

/// <summary>Input of <see cref="RuleActivities.FindMoreAffected"/>.</summary>
public sealed record AffectedQuestion
{
    /// <summary>Document of <see cref="AdGroup"/>: the writeback OU as it is now.</summary>
    public required DocumentReference Inventory { get; init; }

    /// <summary>Document of <see cref="LeftValue"/>: what the plan's preview named; null when it named nothing.</summary>
    public DocumentReference? Known { get; init; }
}

/// <summary>Output of <see cref="RuleActivities.FindMoreAffected"/>.</summary>
public sealed record MoreAffected
{
    public required int Count { get; init; }

    /// <summary>Distinguished name of one of them.</summary>
    public string? Example { get; init; }
}

/// <summary>A short list to be kept.</summary>
public sealed record LeftList
{
    public required IReadOnlyList<LeftValue> Left { get; init; }
}

/// <summary>States of rules in the words of plans.</summary>
static class RuleWords
{
    public static IReadOnlyDictionary<string, string> NoRefusals { get; } = new Dictionary<string, string>();

    public static string Of(WritebackRuleState state) => state.ToString().ToLowerInvariant();

    public static WritebackRuleState Read(string word) => Enum.Parse<WritebackRuleState>(word, ignoreCase: true);
}
