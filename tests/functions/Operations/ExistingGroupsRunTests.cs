using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Operations;

/// <summary>Whether groups may still be switched off as it was planned: the delete-on-disable rule may have come since.</summary>
public sealed class ExistingGroupsRunTests
{
    static readonly string[] s_servers = ["AADC1"];

    ServerFacts _server = Facts.Server("AADC1", staging: false);
    int _parts;

    [Theory]
    [InlineData(WritebackWish.Off, false)]
    [InlineData(WritebackWish.On, true)]
    public async Task SwitchingOff_UnderARuleThatCameAfterThePlan_IsRefused(WritebackWish wish, bool undo)
    {
        _server = _server with { DeleteRuleEnabled = true };

        var view = await OperationOrchestrators.Run(Running(wish, undo));

        Assert.Equal((OperationOutcome.Failed, "GWB2907", 0), (view.Outcome, Assert.Single(view.Notices).Code, _parts));
    }

    [Theory]
    [InlineData(WritebackWish.On, false)]
    [InlineData(WritebackWish.Off, true)]
    public async Task SwitchingOn_UnderTheRule_DeletesNothing_AndIsDone(WritebackWish wish, bool undo)
    {
        _server = _server with { DeleteRuleEnabled = true };

        var view = await OperationOrchestrators.Run(Running(wish, undo));

        Assert.Equal((undo ? OperationOutcome.Undone : OperationOutcome.Completed, 1), (view.Outcome, _parts));
    }

    /// <summary>Whoever approved the deletes has approved them.</summary>
    [Fact]
    public async Task SwitchingOff_UnderTheRuleThatWasApproved_IsDone()
    {
        _server = _server with { DeleteRuleEnabled = true };
        var approved = ExistingGroupsPlanner.DangersOfOff(new() { Version2 = true, Version1 = true, DeleteRuleOn = s_servers });

        var view = await OperationOrchestrators.Run(Running(WritebackWish.Off, undo: false, [.. approved]));

        Assert.Equal((OperationOutcome.Completed, 1), (view.Outcome, _parts));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(true, true, null, true)]
    [InlineData(false, false)]
    [InlineData(null, true, false)]
    public void Flag_OfTheTenant_IsWhatServersAgreeOn(bool? expected, params bool?[] answers) => Assert.Equal(expected, ServerSights.AgreedOn(answers));

    ScriptedContext Running(WritebackWish wish, bool undo, params IReadOnlyList<string> dangers)
    {
        var request = new OperationRequest
        {
            OperationId = "o-20260101-000000-0001", Terms = new ExistingGroupsTerms { Writeback = wish }, RequestedBy = "p",
            Settings = new() { PlanValidHours = 24, ValuesAtOnce = 10, ApprovalFromGroups = 50 },
        };
        var run = new OperationRun
        {
            Request = request, PlanHash = "h", By = "p", Undo = undo, Number = 1,
            Plan = new()
            {
                OperationId = request.OperationId, Terms = request.Terms, PlannedAt = default, ValidUntil = default,
                Draft = new() { Changes = ScriptedContext.Document("value-changes") with { Count = 5 }, Dangers = dangers, Undo = "back" },
            },
        };
        return new ScriptedContext(run)
            .On("PublishOperation", _ => null)
            .On("FindMigrationUnderWay", _ => "")
            .On("ListServers", _ => s_servers)
            .On<InspectServer>(_ => _server)
            .On(undo ? "RevertValues" : "WriteValues", _ =>
            {
                _parts++;
                return new PartOutcome { Ours = undo ? 0 : 5 };
            });
    }
}
