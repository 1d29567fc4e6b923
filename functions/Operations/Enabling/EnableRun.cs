using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.Enabling;

/// <summary>
/// Switches version 1 on, or back off: server idle, scheduler off, the wizard by a person, permissions, a supervised full cycle, scheduler as it was.
/// Source: enable group writeback.
/// </summary>
/// <remarks>However it ends, the scheduler is given back what it had (<see cref="SchedulerHold"/>). Begun again, it reads where it stands and repeats nothing that is there.</remarks>
sealed class EnableRun(OperationWork work)
{
    /// <summary>How long a server may be busy: longer than any ordinary Delta.</summary>
    const int MostMinutes = 120;

    public async Task<OperationResult> RunAsync()
    {
        var before = await BeforeAsync(demand: true);
        return await WhileStillAsync(before, async () =>
        {
            if (!EnablePlanner.IsEnabled(await InspectAsync(before), before.WritebackOu)
                && await OperationTasks.DoAsync(work, EnableTasks.Choose(before, on: true), Time, () => ReadAsync(before, on: true)) is var end && end != TaskEnd.Done)
            {
                return end == TaskEnd.Stopped ? new() { Stopped = true } : throw NotRun(before);
            }

            await GrantAsync(before);
            var notices = await CycleAsync(before);
            var seen = await CompareAsync(before, backwards: false);
            return new() { Written = 1 + seen.Written, Left = seen.Left, Notices = [.. notices, .. Left(seen.Left, OperationError.ValuesLeft)] };
        });
    }

    public async Task<OperationResult> UndoAsync()
    {
        var before = await BeforeAsync(demand: false);
        if ((await CompareAsync(before, backwards: true)).Security is > 0 and var others)
        {
            throw new StageStoppedException(OperationError.DisableWouldDelete.Notice($"{before.WritebackOu} holds {others} of them."));
        }

        return await WhileStillAsync(before, async () =>
        {
            // What can't be read may be on.
            var now = await InspectAsync(before);
            if (!before.Version1 && now.Features.UnifiedGroupWriteback != false
                && await OperationTasks.DoAsync(work, EnableTasks.Choose(before, on: false), Time, () => ReadAsync(before, on: false)) is var end && end != TaskEnd.Done)
            {
                return end == TaskEnd.Stopped ? new() { Stopped = true, Written = work.View.Written } : throw NotRun(before);
            }

            // The objects go while Connect may still delete them; only then is that taken back.
            var seen = await CompareAsync(before, backwards: true);
            IReadOnlyList<Notice> notices = [];
            if (seen.Left is not null)
            {
                notices = await CycleAsync(before);
                seen = await CompareAsync(before, backwards: true);
            }

            if (work.Terms<EnableTerms>().Permissions != WritebackGrant.Nothing)
            {
                var left = await work.AskAsync(before.Server, new RevokeWritebackPermissions());
                await work.AuditAsync("enable.revoked", $"{left.Ours} access entries of ours are left");
            }

            return new() { Written = seen.Written, Left = seen.Left, Notices = [.. notices, .. Left(seen.Left, OperationError.UndoLeft)] };
        });
    }

    TimeSpan Time => TimeSpan.FromMinutes(work.Request.Settings.WizardMinutes);

    static StageStoppedException NotRun(EnableBefore before) =>
        new(OperationError.WizardNotRun.Notice($"Nobody ran the wizard on {before.Server} in time; the scheduler is as it was."));

    static IEnumerable<Notice> Left(DocumentReference? left, Contracts.ErrorEntry entry) => left is null ? [] : [entry.Notice($"{left.Count} groups are not as they shall be.")];

    /// <summary>What would refuse the plan today refuses its start too, and it writes where the plan says.</summary>
    /// <exception cref="StageStoppedException">GWB2912.</exception>
    void DemandAsPlanned(ConnectSights sights, ServerFacts acting, ForestFacts forest)
    {
        EnablePlanner.DemandPossible(work.Terms<EnableTerms>(), sights);
        EnablePlanner.DemandPlace(acting, forest);
        if (work.Plan.Draft.Facts.FirstOrDefault(fact => fact.Name == EnablePlanner.PlaceFact) is { } place && !DistinguishedName.Same(place.Value, forest.WritebackOu))
        {
            throw new StageStoppedException(OperationError.EnableNotPossible.Notice($"The plan writes to {place.Value}, and the listener's configuration names {forest.WritebackOu} now."));
        }
    }

    /// <summary>What was there before the first run, kept before anything is written.</summary>
    async Task<EnableBefore> BeforeAsync(bool demand)
    {
        var sights = await ConnectSights.AskAsync(work);
        var acting = sights.Acting() ?? throw new StageStoppedException(OperationError.EnableNotPossible.Notice("It is not known which one server exports."));
        var forest = await work.AskAsync(acting.Server, new InspectForest());
        if (demand) { DemandAsPlanned(sights, acting, forest); }
        var history = await work.AskAsync(acting.Server, new ReadCycle { Ticket = new() { Server = acting.Server, Policy = CyclePolicy.Initial, RunsBefore = 0 }, NewestOnly = true });
        var before = await work.CallAsync<EnableBefore>(nameof(EnableActivities.KeepBeforeEnable), new EnableBefore
        {
            OperationId = work.Request.OperationId,
            Server = acting.Server,
            Version1 = acting.Features.UnifiedGroupWriteback == true,
            WritebackOu = forest.WritebackOu,
            KnownErrors = [.. Exports(history.Runs, acting.AdConnector).SelectMany(run => run.Errors).Distinct(StringComparer.Ordinal)],
        });
        return before.Server == acting.Server ? before
            : throw new StageStoppedException(OperationError.EnableNotPossible.Notice($"It was begun on {before.Server}, and now {acting.Server} exports."));
    }

    /// <summary>Does something while no cycle runs and none can begin. It is waited for with the scheduler on: a cycle that runs is to come to its end.</summary>
    async Task<OperationResult> WhileStillAsync(EnableBefore before, Func<Task<OperationResult>> act) =>
        await SchedulerHold.AtRestAsync(work, [before.Server], MostMinutes)
            ? await work.WhileOffAsync([before.Server], act, MostMinutes)
            : new() { Stopped = true, Written = work.View.Written };

    async Task GrantAsync(EnableBefore before)
    {
        if (work.Terms<EnableTerms>().Permissions is var grant && grant == WritebackGrant.Nothing) { return; }
        var scope = grant == WritebackGrant.AllDomains ? PermissionScope.AllDomains : PermissionScope.WritebackOu;
        var granted = await work.AskAsync(before.Server, new GrantWritebackPermissions { Scope = scope });
        await work.AuditAsync("enable.granted", $"{granted.Ours} access entries are ours, {granted.Others} were there");
    }

    /// <summary>A full cycle to its end. What it could not write, and could before, is told.</summary>
    async Task<IReadOnlyList<Notice>> CycleAsync(EnableBefore before)
    {
        var facts = await InspectAsync(before);
        var cycle = await work.Context.CallSubOrchestratorAsync<CycleOutcome>(
            nameof(CycleOrchestrator.RunCycle), new CycleInput { OperationId = work.Request.OperationId, Server = before.Server, Policy = CyclePolicy.Initial });
        if (cycle.Stopped is { } why) { throw new StageStoppedException(why); }
        await work.AuditAsync("enable.cycle", $"{cycle.Runs.Count} runs");
        var errors = Exports(cycle.Runs, facts.AdConnector).SelectMany(run => run.Errors).Except(before.KnownErrors, StringComparer.Ordinal).Count();
        var broken = cycle.Runs.Where(run => run.Result.StartsWith("stopped", StringComparison.OrdinalIgnoreCase)).Select(run => $"{run.Connector} {run.Profile}: {run.Result}").ToList();
        return errors == 0 && broken.Count == 0 ? []
            : [OperationError.CycleErrors.Notice($"The full cycle on {before.Server} could not write {errors} objects{string.Concat(broken.Take(5).Select(text => $"; {text}"))}.")];
    }

    async Task<WrittenGroups> CompareAsync(EnableBefore before, bool backwards)
    {
        var inventory = await work.AskAsync(before.Server, new InventoryWritebackOu());
        return await work.CallAsync<WrittenGroups>(
            nameof(EnableActivities.CompareWritten), new WrittenQuestion { Changes = work.Plan.Draft.Changes!, Inventory = inventory.Groups, Backwards = backwards });
    }

    async Task<ReadBack> ReadAsync(EnableBefore before, bool on)
    {
        var facts = await InspectAsync(before);
        var done = on ? EnablePlanner.IsEnabled(facts, before.WritebackOu) : facts is { Features.UnifiedGroupWriteback: false, Scheduler.Suspended: false };
        return new(
            done,
            $"version 1 reads {facts.Features.UnifiedGroupWriteback switch { true => "on", false => "off", null => "not known" }}, "
                + $"the container is {(facts.WritebackOu.Length == 0 ? "not set" : facts.WritebackOu)}{(facts.Scheduler.Suspended ? ", the wizard is open" : "")}");
    }

    Task<ServerFacts> InspectAsync(EnableBefore before) => work.AskAsync(before.Server, new InspectServer());

    static IEnumerable<RunResult> Exports(IEnumerable<RunResult> runs, string connector) => runs.Where(run => run.Connector == connector && run.Profile.Contains("Export", StringComparison.OrdinalIgnoreCase));
}
