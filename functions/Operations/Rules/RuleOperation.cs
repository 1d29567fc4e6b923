using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Operations.Rules;

/// <summary>An operation that brings one synchronisation rule to a state on every Connect server: the scheduler off, no cycle at work, the rule, the scheduler as it was.</summary>
/// <remarks>Rules are each server's own, so that each is a value with a server as its target, kept and judged as every other value is. Source: modify default behaviour.</remarks>
public abstract class RuleOperation : Operation
{
    /// <summary>Part under which the scheduler's value before is kept: behind those of the servers.</summary>
    const int SchedulerPart = 99_999;

    const string SchedulerTarget = "scheduler";

    /// <summary>A full synchronisation of a large tenant takes hours.</summary>
    const int MostLooks = 12 * 60;

    static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <summary>The rule.</summary>
    protected abstract WritebackRule Rule { get; }

    /// <summary>The state that is asked for.</summary>
    private protected abstract WritebackRuleState WantedBy(OperationWork work);

    /// <summary>What else the kind reads for its plan.</summary>
    private protected virtual Task<RuleQuestion> LookAsync(OperationWork work, RuleQuestion question) => Task.FromResult(question);

    internal override async Task<OperationDraft> PlanAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var question = new RuleQuestion { Rule = Rule, Wanted = WantedBy(work), Servers = [], Sight = await work.InspectAsync() };
        List<ServerRule> servers = [];
        foreach (var server in await work.ServersAsync())
        {
            servers.Add(new() { Server = server, State = question.Sight.Silent.Contains(server) ? null : (await work.AskAsync(server, new ReadWritebackRules())).Of(Rule) });
        }

        return await work.CallAsync<OperationDraft>(nameof(RuleActivities.PlanRule), await LookAsync(work, question with { Servers = servers }));
    }

    internal override Task<OperationResult> RunAsync(OperationWork work) => CarryOutAsync(work, undo: false);

    internal override Task<OperationResult> UndoAsync(OperationWork work) => CarryOutAsync(work, undo: true);

    async Task<OperationResult> CarryOutAsync(OperationWork work, bool undo)
    {
        var list = work.Plan.Draft.Changes!;
        var changes = (await work.CallAsync<RuleChanges>(nameof(RuleActivities.LoadRuleChanges), list)).Changes;
        await work.ShowAsync(view => view with { Done = 0, Total = changes.Count });
        var server = changes[0].Target;
        var scheduler = await HoldSchedulerAsync(work, list, server);
        OperationResult result;
        try
        {
            foreach (var change in changes)
            {
                await AwaitIdleAsync(work, change.Target);
            }

            result = await EachAsync(work, list, changes, undo);
        }
        catch (Exception failed) when (Notices.WhyOf(failed) is not null)
        {
            await ResumeSchedulerAsync(work, server, scheduler);
            throw;
        }

        await ResumeSchedulerAsync(work, server, scheduler);
        return result;
    }

    async Task<OperationResult> EachAsync(OperationWork work, DocumentReference list, IReadOnlyList<ValueChange> changes, bool undo)
    {
        List<LeftValue> left = [];
        var written = 0;
        for (var at = 0; at < changes.Count; at++)
        {
            var change = changes[at];
            var part = PartOf(work, list, at);
            var now = await ReadAsync(work, change.Target);
            var kept = undo
                ? (await work.CallAsync<KeptFound>(nameof(RuleActivities.ReadKeptRule), part)).Part
                : await work.CallAsync<KeptPart>(nameof(RuleActivities.KeepRuleValue), new RuleKeep { Part = part, Changes = [change], Now = now });
            if (kept is null) { continue; }
            foreach (var value in undo ? ValueJudge.ToRevert(kept, now) : ValueJudge.ToWrite(kept, now))
            {
                var set = new SetWritebackRule { Rule = Rule, Expected = RuleWords.Read(now[value.Target]), State = RuleWords.Read(undo ? value.Before : value.After) };
                now = new() { [value.Target] = RuleWords.Of((await work.AskAsync(value.Target, set)).Of(Rule)) };
            }

            var (ours, open) = undo ? ValueJudge.AfterRevert(kept, now, RuleWords.NoRefusals) : ValueJudge.AfterWrite(kept, now, RuleWords.NoRefusals);
            written += ours;
            left.AddRange(open);
            var done = at + 1;
            await work.ShowAsync(view => view with { Done = done, Written = undo ? Math.Max(ours, view.Written - (ours == 0 ? kept.Values.Count : 0)) : written });
        }

        return new()
        {
            Written = written,
            Left = left.Count == 0 ? null : (await work.CallAsync<LeftWhole>(nameof(RuleActivities.SaveLeftValues), new LeftList { Left = left })).Left,
            Notices = left.Count == 0 ? [] : [(undo ? OperationError.UndoLeft : OperationError.ValuesLeft).Notice($"{left.Count} of {changes.Count} servers were left as they are.")],
        };
    }

    async Task<Dictionary<string, string>> ReadAsync(OperationWork work, string server) =>
        new() { [server] = RuleWords.Of((await work.AskAsync(server, new ReadWritebackRules())).Of(Rule)) };

    /// <summary>Turns the scheduler off; whether it was on is kept once, so that a second run still knows.</summary>
    static async Task<bool> HoldSchedulerAsync(OperationWork work, DocumentReference list, string server)
    {
        var before = (await work.AskAsync(server, new SetScheduler { Enabled = false })).Before.Enabled ? WritebackWords.On : WritebackWords.Off;
        var kept = await work.CallAsync<KeptPart>(nameof(RuleActivities.KeepRuleValue), new RuleKeep
        {
            Part = PartOf(work, list, work.View.Backwards ? SchedulerPart - 1 : SchedulerPart),
            Changes = [new() { Target = SchedulerTarget, Before = before, After = "held" }],
            Now = new() { [SchedulerTarget] = before },
        });
        return kept.Values.Any(value => value.Before == WritebackWords.On);
    }

    static async Task ResumeSchedulerAsync(OperationWork work, string server, bool enabled)
    {
        if (enabled) { await work.AskAsync(server, new SetScheduler { Enabled = true }); }
    }

    static async Task AwaitIdleAsync(OperationWork work, string server)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            if (await work.AskAsync(server, new InspectServer()) is { Scheduler.CycleInProgress: false }) { return; }
            await work.Context.CreateTimer(Look, CancellationToken.None);
        }

        throw new StageStoppedException(Notices.ServerStaysBusy(server));
    }

    static ValuePart PartOf(OperationWork work, DocumentReference list, int part) =>
        new() { OperationId = work.Request.OperationId, Kind = ValueKind.ServerRule, Changes = list, Part = part, From = part, Count = 1 };
}

/// <summary>The member-limit rule off, and on again.</summary>
public sealed class MemberLimitOperation : RuleOperation
{
    public const string Name = "memberLimit";

    public override string Kind => Name;

    public override Type Terms => typeof(MemberLimitTerms);

    protected override WritebackRule Rule => WritebackRule.MemberLimit;

    private protected override WritebackRuleState WantedBy(OperationWork work) =>
        work.Terms<MemberLimitTerms>().Limit == WritebackWish.Off ? WritebackRuleState.Off : WritebackRuleState.On;
}

/// <summary>The delete-on-disable rule added, with a preview of what it deletes, or removed.</summary>
public sealed class DeleteRuleOperation : RuleOperation
{
    public const string Name = "deleteRule";

    public override string Kind => Name;

    public override Type Terms => typeof(DeleteRuleTerms);

    protected override WritebackRule Rule => WritebackRule.DeleteOnDisable;

    private protected override WritebackRuleState WantedBy(OperationWork work) =>
        work.Terms<DeleteRuleTerms>().Rule == WritebackWish.Off ? WritebackRuleState.Absent : WritebackRuleState.On;

    private protected override async Task<RuleQuestion> LookAsync(OperationWork work, RuleQuestion question)
    {
        if (question.Wanted == WritebackRuleState.Absent) { return question; }
        if (question.Sight.Version2 != true)
        {
            throw new StageStoppedException(OperationError.RuleWouldDeleteAll.Notice(
                question.Sight.Version2 is null ? "Whether version 2 is on could not be read." : "Version 2 is off, so that every security group is out of writeback."));
        }

        var lead = question.Servers.First(server => server.State is not null).Server;
        var forest = await work.AskAsync(lead, new InspectForest());
        var inventory = await work.AskAsync(lead, new InventoryWritebackOu());
        return question with { RecycleBin = forest.RecycleBinEnabled, Inventory = inventory.Groups };
    }
}
