using GwbCloud.Functions.Assessment;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.People;

/// <summary>The simulated people of a rehearsal, each acting alone through the product's API.</summary>
public sealed class LabCompany : IDisposable
{
    /// <summary>How a plan begins to say why a group that migrates will not follow Entra.</summary>
    const string Protected = "Protected by AdminSDHolder";

    /// <summary>How it begins to say that a group's description is cut.</summary>
    const string DescriptionCut = "Its description is longer";

    readonly LabHost _host;
    readonly HttpClient _http;
    readonly PeopleMemory _memory;
    readonly List<Person> _people;
    IDisposable? _last;
    int _alive;

    public LabCompany(LabHost host, IPeopleWatch watch)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
        _memory = new PeopleMemory(host.World);
        _people = [.. Everybody(host, watch).Where(person => host.Simulates(person.Who) || person is Requester)];
    }

    /// <summary>Id of the migration, once there is one.</summary>
    public string? MigrationId => _memory.Requester.MigrationId;

    /// <summary>Id of the last assessment.</summary>
    public string? AssessmentId => _memory.Requester.Assessments is [.., var last] ? last : null;

    /// <summary>blocked or failed when the assessment ended everything.</summary>
    public string? EndedAs => _memory.Requester.EndedAs;

    /// <summary>When it ended; null before the requester saw it.</summary>
    public DateTimeOffset? EndedAt => _memory.Requester.EndedAt;

    /// <summary>The API in the hands of a person.</summary>
    public ProductApi ApiOf(LabPerson person) => new(_http, _host.Issuer, person, _host.Clock);

    /// <summary>
    /// Everybody acts, each with a hold of the clock from the call on, until the migration has ended. The last one's hold stays until
    /// <see cref="Dispose"/>: whoever looks at the end looks at its moment.
    /// </summary>
    public Task LiveAsync(CancellationToken cancellationToken)
    {
        _alive = _people.Count;
        return UntilAllAsync(_people.ConvertAll(LiveOneAsync));

        async Task LiveOneAsync(Person person)
        {
            var hold = _host.Clock.Busy(person.Name);
            try
            {
                await person.LiveAsync(cancellationToken);
            }
            finally
            {
                if (Interlocked.Decrement(ref _alive) > 0) { hold.Dispose(); }
                else { _last = hold; }
            }
        }

        // Whoever can't go on is heard at once, not when the others have ended too.
        static async Task UntilAllAsync(IReadOnlyList<Task> lives)
        {
            await foreach (var life in Task.WhenEach(lives)) { await life; }
        }
    }

    /// <summary>What the approvers read in the plan and, when they approved it, is no harm.</summary>
    public async Task<HarmInput> TellAsync(string outcome, CancellationToken cancellationToken)
    {
        var audit = MigrationId is { } audited ? await ApiOf(LabPeople.FirstApprover).AuditAsync(audited, cancellationToken) : [];
        var input = new HarmInput { Outcome = outcome, Approvals = ApprovalPeriods.OfSwitch(_memory.Decisions, audit) };
        var canaries = _host.World.Store.Read(() => _host.World.Groups.Values.Where(g => g.DisplayName.StartsWith("GWB Canary", StringComparison.Ordinal)).Select(g => g.Id).ToList());
        input = input with { Ours = canaries };
        // Read like everything else: in the view that the product shows.
        if (MigrationId is { } migration)
        {
            var view = await ApiOf(LabPeople.FirstApprover).MigrationAsync(migration, cancellationToken);
            input = input with { Told = [.. view.Orphans.Select(o => o.CloudId)] };
        }
        if (AssessmentId is not { } assessment) { return input; }
        var api = ApiOf(LabPeople.FirstApprover);
        var plan = await api.AssessmentAsync(assessment, cancellationToken);
        if (plan.PlanHash is null) { return input; }
        var groups = new List<ClassifiedGroup>();
        await foreach (var group in api.GroupsAsync(assessment, cancellationToken)) { groups.Add(group); }
        input = input with { Planned = Of(GroupClass.Migrates) };
        bool approved = _host.Story.Interactive || ApprovalPeriods.PlanHeld(_memory.Decisions, audit);
        if (!approved) { return input; }
        var losses = new Dictionary<Guid, IReadOnlyCollection<Guid>>();
        await foreach (var loss in api.LossesAsync(assessment, cancellationToken)) { losses[loss.CloudId] = loss.Members; }
        return input with
        {
            AnnouncedLosses = losses,
            // Whatever the agent may not write was accepted by name too.
            AnnouncedFrozen = [.. Of(GroupClass.Freezes), .. Because(Protected)],
            AnnouncedCuts = Because(DescriptionCut),
            AnnouncedNewM365 = [.. OfAny(g => g.NewlyWritten)],
            AnnouncedTypeChanges = [.. OfAny(g => g.TypeChange)],
        };

        IEnumerable<Guid> OfAny(Func<ClassifiedGroup, bool> which) => groups.Where(which).Select(g => g.CloudId).OfType<Guid>();
        List<Guid> Because(string reason) => [.. OfAny(g => g.Class == GroupClass.Migrates && g.Reasons.Any(r => r.StartsWith(reason, StringComparison.Ordinal)))];
        List<Guid> Of(GroupClass kind) => [.. OfAny(g => g.Class == kind)];
    }

    IEnumerable<Person> Everybody(LabHost host, IPeopleWatch watch)
    {
        var (world, issuer, story) = (host.World, host.Issuer, host.Story);
        yield return new Requester(LabPeople.Operator, ApiOf(LabPeople.Operator), _memory, world, issuer, story, watch, TimeSpan.FromSeconds(10), acts: host.Simulates(LabPeople.Operator));
        yield return new Operator(LabPeople.SecondOperator, ApiOf(LabPeople.SecondOperator), _memory, world, issuer, host.SwitchOn, story, watch, TimeSpan.FromSeconds(20));
        yield return new Approver(LabPeople.FirstApprover, LabRole.FirstApprover, ApiOf(LabPeople.FirstApprover), _memory, world, issuer, story, watch, TimeSpan.FromSeconds(30));
        yield return new Approver(LabPeople.SecondApprover, LabRole.SecondApprover, ApiOf(LabPeople.SecondApprover), _memory, world, issuer, story, watch, TimeSpan.FromSeconds(40));
    }

    public void Dispose()
    {
        _last?.Dispose();
        _http.Dispose();
    }
}
