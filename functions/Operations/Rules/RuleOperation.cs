using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.Rules;

/// <summary>An operation that brings one synchronisation rule to a state on every Connect server: the scheduler off, no cycle at work, the rule, the scheduler as it was.</summary>
/// <remarks>Rules are each server's own, so that each is a value with a server as its target, kept and judged as every other value is. Source: modify default behaviour.</remarks>
public abstract class RuleOperation : Operation
{
    /// <summary>The rule.</summary>
    protected abstract WritebackRule Rule { get; }

    /// <summary>The state that is asked for.</summary>
    private protected abstract WritebackRuleState WantedBy(OperationWork work);

    /// <summary>What else the kind reads for its plan.</summary>
    private protected virtual Task<RuleQuestion> LookAsync(OperationWork work, RuleQuestion question) => Task.FromResult(question);

    /// <summary>What the plan rests on, read once more before anything is written.</summary>
    /// <exception cref="StageStoppedException">It is not as it was planned, so that it must be planned again.</exception>
    private protected virtual Task DemandAsPlannedAsync(OperationWork work, string lead) => Task.CompletedTask;

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
        if (!undo) { await DemandAsPlannedAsync(work, changes[0].Target); }
        await work.ShowAsync(view => view with { Done = 0, Total = changes.Count });
        return await work.WhileOffAsync([.. changes.Select(change => change.Target)], () => EachAsync(work, list, changes, undo));
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
        var lead = question.Servers.First(server => server.State is not null).Server;
        var inventory = await DemandSafeAsync(work, question.Sight, lead);
        return question with { RecycleBin = true, Inventory = inventory };
    }

    /// <summary>Hours may lie between the plan and its start, and in each somebody may have switched groups off: what would be deleted must be what was read.</summary>
    private protected override async Task DemandAsPlannedAsync(OperationWork work, string lead)
    {
        if (WantedBy(work) == WritebackRuleState.Absent) { return; }
        var inventory = await DemandSafeAsync(work, await work.InspectAsync(), lead);
        var more = await work.CallAsync<MoreAffected>(nameof(RuleActivities.FindMoreAffected), new AffectedQuestion { Inventory = inventory, Known = work.Plan.Draft.Affected });
        if (more.Count > 0)
        {
            throw new StageStoppedException(OperationError.DangerSincePlan.Notice($"The rule would delete {more.Count} objects that the plan does not name; one is {more.Example}."));
        }
    }

    /// <summary>The writeback OU, where the rule may be added at all.</summary>
    /// <exception cref="StageStoppedException">GWB2906 or GWB2908.</exception>
    static async Task<DocumentReference> DemandSafeAsync(OperationWork work, ServerSight sight, string lead)
    {
        if (sight.Version2 != true)
        {
            throw new StageStoppedException(OperationError.RuleWouldDeleteAll.Notice(
                sight.Version2 is null ? "Whether version 2 is on could not be read." : "Version 2 is off, so that every security group is out of writeback."));
        }

        if (!(await work.AskAsync(lead, new InspectForest())).RecycleBinEnabled)
        {
            throw new StageStoppedException(OperationError.RecycleBinOff.Notice("It reads as off."));
        }

        return (await work.AskAsync(lead, new InventoryWritebackOu())).Groups;
    }
}
