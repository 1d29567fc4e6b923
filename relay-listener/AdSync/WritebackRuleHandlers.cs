using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Reads the rules that change writeback's default behaviour.</summary>
sealed class ReadWritebackRulesHandler(IAdSync adSync) : ICommandHandler<ReadWritebackRules, WritebackRules>
{
    public async Task<WritebackRules> HandleAsync(ReadWritebackRules command, JobContext job, CancellationToken cancellationToken) =>
        WritebackRuleSpec.Judge(await adSync.GetRulesAsync(cancellationToken));
}

/// <summary>Brings one of them to a state; the result is what reads back. A second run finds the state and changes nothing.</summary>
/// <remarks>
/// Adding the delete-on-disable rule lets whoever may switch groups off in Entra delete them in Active Directory: the server's own configuration allows it, and only
/// while GroupWritebackV2 reads true. Without version 2 every security group is out of writeback.
/// </remarks>
sealed class SetWritebackRuleHandler(IAdSync adSync, bool mayAddDeleteRule) : ICommandHandler<SetWritebackRule, WritebackRules>
{
    public async Task<WritebackRules> HandleAsync(SetWritebackRule command, JobContext job, CancellationToken cancellationToken)
    {
        var rules = await adSync.GetRulesAsync(cancellationToken);
        var found = WritebackRuleSpec.Judge(rules);
        if (found.Of(command.Rule) == command.State) { return found; }
        if (found.Of(command.Rule) == WritebackRuleState.Different) { throw AdSyncError.RuleIdInUse.Exception("delete-on-disable", transient: false); }
        if (found.Of(command.Rule) != command.Expected) { throw AdSyncError.RuleNotAsExpected.Exception($"{command.Rule} is {found.Of(command.Rule)}", transient: false); }

        switch (command.Rule, command.State)
        {
            case (WritebackRule.MemberLimit, WritebackRuleState.On or WritebackRuleState.Off) when WritebackRuleSpec.FindMemberLimit(rules) is { } limit:
                await adSync.SetRuleDisabledAsync(limit.Identifier, command.State == WritebackRuleState.Off, cancellationToken);
                break;
            case (WritebackRule.DeleteOnDisable, WritebackRuleState.On) when command.Expected == WritebackRuleState.Absent:
                if (!mayAddDeleteRule) { throw AdSyncError.DeleteRuleNotAllowed.Exception(null, transient: false); }
                bool? reads = (await adSync.GetFeaturesAsync(cancellationToken)).GroupWritebackV2;
                if (reads is not true) { throw AdSyncError.WritebackNotOnForRule.Exception(reads is null ? "it could not be read" : "it reads false", transient: reads is null); }
                await adSync.AddRuleAsync(WritebackRuleSpec.DeleteOnDisable(FreePrecedences.Choose(rules, [RuleIds.EntraConnector], 1)[0]), cancellationToken);
                break;
            case (WritebackRule.DeleteOnDisable, WritebackRuleState.Absent):
                await adSync.RemoveRuleAsync(RuleIds.DeleteOnDisable, cancellationToken);
                break;
            default:
                throw AdSyncError.RuleNotAsExpected.Exception($"{command.Rule} can't become {command.State}", transient: false);
        }

        return WritebackRuleSpec.Judge(await adSync.GetRulesAsync(cancellationToken));
    }
}
