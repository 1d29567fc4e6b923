using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Operations.CleanUp;

/// <summary>Takes the coexistence rules away, server by server, and gives them back: to whom they were taken from, or where an Initial without them shows anything.</summary>
/// <remarks>Any number of starts end the same: what was there is kept before the first removal, and a server that already lost its rules gets them back before its trial begins anew.</remarks>
sealed class CleanUpRun(OperationWork work)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);

    /// <summary>A day: a scheduler that runs no cycle in that time is another matter.</summary>
    const int MostLooks = 288;

    /// <summary>A delete that Connect wrote to one domain controller reaches a global catalog late: so the groups are looked for twice.</summary>
    static readonly TimeSpan Replication = TimeSpan.FromHours(1);

    const int MostSentences = 50;

    readonly List<LeftValue> _left = [];
    readonly List<Notice> _notices = [];
    int _ours, _done;

    /// <summary>The trial. A standby where nothing shows stays without the rules.</summary>
    public async Task<OperationResult> FromStandbysAsync()
    {
        var lot = await OpenAsync();
        foreach (var kept in lot.Kept.Values)
        {
            if (work.IsStopped) { return await EndAsync(stopped: true); }
            var shown = await TryOnAsync(lot, kept.Target);
            await NoteAsync(kept, shown);
        }

        return await EndAsync();
    }

    /// <summary>Every standby shows it once more; then the rules go from the active server, and the cycle that follows is looked at.</summary>
    public async Task<OperationResult> FromActiveAsync()
    {
        var lot = await OpenAsync();
        foreach (var kept in lot.Kept.Values)
        {
            if (work.IsStopped) { return await EndAsync(stopped: true); }
            var shown = await ShownOnStandbysAsync(lot, kept.Target);
            if (shown.Count == 0) { shown = await RetireAsync(lot, kept.Target); }
            await NoteAsync(kept, shown);
        }

        return await EndAsync();
    }

    /// <summary>The way back: both rules on every server that lost them by this operation.</summary>
    public async Task<OperationResult> GiveBackAsync()
    {
        var lot = await work.CallAsync<CleanUpLot>(nameof(CleanUpActivities.ReadCleanUp), new CleanUpInput { OperationId = work.Request.OperationId });
        await work.ShowAsync(view => view with { Done = 0, Total = lot.Kept.Values.Count });
        foreach (var kept in lot.Kept.Values.Reverse())
        {
            var facts = await InspectAsync(kept.Target);
            if (RuleWords.Lacks(facts.Coexistence))
            {
                var now = RuleWords.Of(await work.AskAsync(kept.Target, new AddCoexistenceRules()));
                if (now != kept.Before) { Leave(kept, $"they read {now}, and not {kept.Before}"); }
                if (facts.Staging) { await DemandNoDeleteAsync(lot, kept.Target); }
            }
            else if (RuleWords.Of(facts.Coexistence) != kept.Before)
            {
                Leave(kept, $"somebody changed them since: {RuleWords.Of(facts.Coexistence)}");
            }

            _done++;
            await work.ShowAsync(view => view with { Done = _done, Written = 0 });
        }

        return await EndAsync();
    }

    async Task<CleanUpLot> OpenAsync()
    {
        var now = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var server in await work.ServersAsync()) { now[server] = RuleWords.Of((await InspectAsync(server)).Coexistence); }
        var lot = await work.CallAsync<CleanUpLot>(
            nameof(CleanUpActivities.ReadCleanUp), new CleanUpInput { OperationId = work.Request.OperationId, Changes = work.Plan.Draft.Changes, Now = now });
        _left.AddRange(lot.Kept.Left);
        await work.ShowAsync(view => view with { Done = 0, Total = lot.Kept.Values.Count });
        return lot;
    }

    /// <summary>What a standby would export without the rules that it may not; empty when nothing shows, and then it stays without them.</summary>
    async Task<IReadOnlyList<string>> TryOnAsync(CleanUpLot lot, string server)
    {
        var facts = await InspectAsync(server);
        if (!facts.Staging) { return ["it is not in staging mode any more, so nothing was tried there"]; }
        if (RuleWords.Lacks(facts.Coexistence))
        {
            // An earlier run broke off within the trial: what is pending now is no measure of what was pending with the rules.
            await work.AskAsync(server, new AddCoexistenceRules());
            await CycleAsync(lot, server);
        }

        var before = await BaselineAsync(lot, server);
        if (before.Deletes.Count > 0) { return await WithRulesAsync(lot, server, before, before.Deletes); }
        await RemoveAsync(server);
        var shown = await CalculateAsync(lot, server, before);
        return shown.Count == 0 ? [] : await WithRulesAsync(lot, server, before, shown);
    }

    async Task<IReadOnlyList<string>> ShownOnStandbysAsync(CleanUpLot lot, string active)
    {
        var standbys = 0;
        foreach (var server in await work.ServersAsync())
        {
            var facts = await InspectAsync(server);
            if (!facts.Staging || ServerNames.Same(server, active)) { continue; }
            if (RuleWords.Of(facts.Coexistence) != RuleWords.None) { return [$"{server} has the rules again, so that it shows nothing"]; }
            var before = await BaselineAsync(lot, server);
            var shown = before.Deletes.Count > 0 ? before.Deletes : await CalculateAsync(lot, server, before);
            if (shown.Count > 0) { return await WithRulesAsync(lot, server, before, shown); }
            standbys++;
        }

        return standbys == 0 ? ["no standby is left to show what Connect does without them"] : [];
    }

    /// <summary>Takes the rules from a server that exports, waits for its next cycle, and looks for the groups.</summary>
    async Task<IReadOnlyList<string>> RetireAsync(CleanUpLot lot, string server)
    {
        var facts = await InspectAsync(server);
        var before = await BaselineAsync(lot, server);
        var lacks = RuleWords.Lacks(facts.Coexistence);
        if (before.Deletes.Count > 0 && !lacks) { return before.Deletes; }
        try
        {
            // Deletes that are pending without the rules are of an earlier run that broke off: the next cycle would carry them out.
            return before.Deletes.Count > 0 ? await HarmedAsync(server, before.Deletes) : await WatchAsync(lot, server, facts, before);
        }
        catch (Exception failed) when (Notices.WhyOf(failed) is { } why)
        {
            await GiveBackUnwatchedAsync(server, why);
            throw;
        }
    }

    async Task<IReadOnlyList<string>> WatchAsync(CleanUpLot lot, string server, ServerFacts facts, CycleBaseline before)
    {
        var runs = await work.AskAsync(server, ServerRuns.Question(server));
        var ticket = new CycleTicket { Server = server, Policy = CyclePolicy.Initial, RunsBefore = runs.Runs.Select(run => run.RunNumber).DefaultIfEmpty().Max() };
        await RemoveAsync(server);
        if (!facts.Scheduler.Enabled)
        {
            _notices.Add(OperationError.CleanUpUnseen.Notice($"The scheduler of {server} is off."));
            return [];
        }

        if (!await CycleEndedAsync(ticket))
        {
            _notices.Add(OperationError.CleanUpUnseen.Notice($"No cycle of {server} came to its end while it was waited for."));
            return [];
        }

        var wrong = await FindWrongAsync(lot, server, before);
        if (wrong.Count == 0)
        {
            await work.PauseAsync(Replication);
            wrong = await FindWrongAsync(lot, server, before);
        }

        return wrong.Count == 0 ? [] : await HarmedAsync(server, wrong);
    }

    async Task<IReadOnlyList<string>> FindWrongAsync(CleanUpLot lot, string server, CycleBaseline before)
    {
        var there = await work.AskAsync(server, new VerifyAnchors { Groups = lot.Groups });
        return
        [
            .. there.Catalogs.Where(catalog => catalog.Missing > 0).Select(catalog => $"{catalog.GlobalCatalog} misses {catalog.Missing} of {there.Expected} groups"),
            .. await JudgeAsync(lot, server, before),
        ];
    }

    /// <summary>No further cycle, and the rules back. The scheduler stays off until a person has looked: what is calculated the next cycle may still carry out.</summary>
    async Task<IReadOnlyList<string>> HarmedAsync(string server, IReadOnlyList<string> wrong)
    {
        _notices.Add(OperationError.CleanUpHarmed.Notice($"{server}: {wrong[0]}."));
        await work.AskAsync(server, new SetScheduler { Enabled = false });
        await work.AuditAsync("cleanUp.scheduler", "off");
        await work.AskAsync(server, new AddCoexistenceRules());
        return wrong;
    }

    /// <summary>A removal that broke off half way, or that nobody could watch, is taken back at once: the scheduler does not wait for a next start.</summary>
    async Task GiveBackUnwatchedAsync(string server, Notice why)
    {
        try
        {
            var rules = await work.AskAsync(server, new AddCoexistenceRules());
            await work.AuditAsync("cleanUp.givenBack", $"{server}, after {why.Code}: {RuleWords.Of(rules)}");
            if (rules is not { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified }) { _notices.Add(Notices.RulesNotInPlace(server, rules)); }
        }
        catch (Exception stuck) when (Notices.WhyOf(stuck) is not null)
        {
            _notices.Add(OperationError.CleanUpUnseen.Notice($"{server}: they could not be put back either."));
        }

        await work.TellAsync(_notices);
    }

    async Task<bool> CycleEndedAsync(CycleTicket ticket)
    {
        for (var look = 0; look < MostLooks && !work.IsStopped; look++)
        {
            await work.PauseAsync(LookEvery);
            if (await work.AskAsync(ticket.Server, new ReadCycle { Ticket = ticket }) is { InProgress: false, Runs.Count: > 0 }) { return true; }
        }

        return false;
    }

    /// <summary>Gives the rules back, and tells when that takes nothing of it away.</summary>
    async Task<IReadOnlyList<string>> WithRulesAsync(CleanUpLot lot, string server, CycleBaseline before, IReadOnlyList<string> shown)
    {
        var rules = await work.AskAsync(server, new AddCoexistenceRules());
        if (rules is not { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified }) { throw new StageStoppedException(Notices.RulesNotInPlace(server, rules)); }
        _notices.Add(OperationError.CleanUpShows.Notice($"{server}: {shown[0]}{(shown.Count > 1 ? $", and {shown.Count - 1} more" : "")}."));
        if ((await CalculateAsync(lot, server, before)).Count > 0 || before.Deletes.Count > 0) { await DemandNoDeleteAsync(lot, server, calculated: true); }
        return shown;
    }

    /// <summary>A standby that would delete groups although it has its rules must not become the active server.</summary>
    async Task DemandNoDeleteAsync(CleanUpLot lot, string server, bool calculated = false)
    {
        if (!calculated) { await CycleAsync(lot, server); }
        var now = await BaselineAsync(lot, server);
        if (now.Deletes.Count > 0) { _notices.Add(OperationError.CleanUpStandbyUnfit.Notice($"{server}: {now.Deletes[0]}{(now.Deletes.Count > 1 ? $", and {now.Deletes.Count - 1} more" : "")}.")); }
    }

    async Task RemoveAsync(string server)
    {
        // What the cmdlet said is not what counts.
        var now = RuleWords.Of(await work.AskAsync(server, new RetireCoexistenceRules()));
        if (now != RuleWords.None) { throw new StageStoppedException(OperationError.CleanUpNotRead.Notice($"{server}: {now}.")); }
    }

    async Task<IReadOnlyList<string>> CalculateAsync(CleanUpLot lot, string server, CycleBaseline before)
    {
        var cycle = await CycleAsync(lot, server);
        if (cycle.Stopped is { } stopped) { return [$"its Initial came to no end ({stopped.Code}): {stopped.Message}"]; }
        var results = await work.CallAsync<Judgement>("JudgeRuns", new JudgeRunsInput { Runs = cycle.Runs, KnownErrors = before.KnownErrors });
        return results.Reasons.Count > 0 ? results.Reasons : await JudgeAsync(lot, server, before);
    }

    Task<CycleOutcome> CycleAsync(CleanUpLot lot, string server) => work.Context.CallSubOrchestratorAsync<CycleOutcome>(
        nameof(CycleOrchestrator.RunCycle),
        new CycleInput { Request = lot.Request with { MigrationId = work.Request.OperationId, PlanHash = "" }, Server = server, Policy = CyclePolicy.Initial },
        new SubOrchestrationOptions(instanceId: $"{work.Context.InstanceId}:cycle:{work.Context.NewGuid():N}"));

    async Task<IReadOnlyList<string>> JudgeAsync(CleanUpLot lot, string server, CycleBaseline before) =>
        (await work.CallAsync<Judgement>("JudgePending", new JudgePendingInput
        {
            Pending = await work.AskAsync(server, new ReadPendingExports()),
            Baseline = before.Pending,
            Ours = lot.Ours,
            Plan = lot.Request.Plan,
            Planned = lot.Groups,
            Snapshot = lot.Snapshot,
            // Nothing of what was approved for the switch is due any more.
            AfterSwitch = false,
        })).Reasons;

    /// <summary>What is pending with the rules as on every day, and which errors are known. A delete in the writeback container is never among it.</summary>
    async Task<CycleBaseline> BaselineAsync(CleanUpLot lot, string server) => await work.CallAsync<CycleBaseline>("KeepBaseline", new BaselineInput
    {
        Runs = [ServerRuns.Of(server, await work.AskAsync(server, ServerRuns.Question(server)))],
        Accepted = [],
        TakesNewErrors = true,
        Pending = [await work.AskAsync(server, new ReadPendingExports())],
        WritebackOu = lot.WritebackOu,
    });

    Task<ServerFacts> InspectAsync(string server) => work.AskAsync(server, new InspectServer());

    async Task NoteAsync(KeptValue kept, IReadOnlyList<string> shown)
    {
        foreach (var why in shown.Take(MostSentences)) { Leave(kept, why); }
        if (shown.Count == 0) { _ours++; }
        _done++;
        await work.ShowAsync(view => view with { Done = _done, Written = _ours });
    }

    void Leave(KeptValue kept, string why) => _left.Add(new() { Target = kept.Target, Name = kept.Name, Why = why });

    async Task<OperationResult> EndAsync(bool stopped = false) => new()
    {
        Written = _ours,
        Stopped = stopped,
        Left = _left.Count == 0 ? null : (await work.CallAsync<LeftWhole>(nameof(CleanUpActivities.KeepLeft), new LeftList { Values = _left })).Left,
        Notices = _notices,
    };
}
