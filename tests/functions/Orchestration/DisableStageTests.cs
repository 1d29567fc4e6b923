using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Orchestration.Stages;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class DisableStageTests
{
    static readonly CommandReply Lost = new() { State = CommandState.Unknown, Error = new() { Code = "GWB3006", Message = "lost", Remedy = "read" } };

    [Theory]
    [InlineData(true, StageEnd.Blocked, false)]
    [InlineData(false, StageEnd.Done, true)]
    public async Task Run_AnswerLost_TheFlagDecides(bool reads, StageEnd end, bool off)
    {
        var context = Approved().On("SubmitSwitch", _ => Lost).On<InspectServer>(_ => ScriptedContext.Server(reads));

        var outcome = await DisableGroupWritebackV2Stage.Run(context);

        Assert.Equal((end, off, true), (outcome.End, outcome.Facts.SwitchedOff, outcome.Facts.SwitchAttempted));
    }

    [Fact]
    public async Task Run_ListenerCannotReadTheFlag_WaitsUntilItCan()
    {
        var looks = 0;
        var context = Approved().On("SubmitSwitch", _ => Called()).On<InspectServer>(_ => ++looks < 40
            ? new CommandReply { State = CommandState.Failed, Error = new() { Code = "GWB6201", Message = "down", Remedy = "wait" } }
            : ScriptedContext.Server(flag: false));

        var outcome = await DisableGroupWritebackV2Stage.Run(context);

        Assert.Equal((StageEnd.Done, true), (outcome.End, outcome.Facts.SwitchedOff));
        Assert.Contains(context.Guarded, watch => watch.Expected.Phase == GuardPhase.AtTheSwitch);
    }

    [Fact]
    public async Task Run_CancelledWhileNobodyKnows_ParksAndClaimsNothing()
    {
        ScriptedContext context = null!;
        var looks = 0;
        context = Approved().On("SubmitSwitch", _ => Called()).On<InspectServer>(_ =>
        {
            if (++looks == 30) { context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Cancel, By = "p" }); }
            return ScriptedContext.Server(flag: null);
        });

        var outcome = await DisableGroupWritebackV2Stage.Run(context);

        Assert.Equal((StageEnd.Parked, false), (outcome.End, outcome.Facts.SwitchedOff));
        Assert.InRange(looks, 30, 32);
    }

    [Theory]
    [InlineData(OperatorAction.Stop, Ending.Cancelled)]
    [InlineData(OperatorAction.Cancel, Ending.Cancelled)]
    [InlineData(OperatorAction.Postpone, Ending.Postponed)]
    public async Task Run_AskedOtherwiseBeforeTheCommandIsOut_CallsNothing(OperatorAction action, Ending ending)
    {
        ScriptedContext context = null!;
        context = Gathering(new(TwoServers()));
        context.On<GatherEvidence>(_ =>
        {
            context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = action, By = "p" });
            return new EvidenceResult { Parts = [] };
        });

        var outcome = await DisableGroupWritebackV2Stage.Run(context);

        Assert.Equal((StageEnd.Ended, (Ending?)ending, false), (outcome.End, outcome.Ending, outcome.Facts.SwitchAttempted));
        Assert.Equal((action, "p"), (outcome.View.AskedEnd?.Action, outcome.View.AskedEnd?.By));
        Assert.DoesNotContain("SubmitSwitch", context.Calls);
    }

    [Fact]
    public async Task Run_EndCannotBeAudited_KeepsWhatWasDone()
    {
        var context = Approved().On("SubmitSwitch", _ => Called()).On<InspectServer>(_ => ScriptedContext.Server(flag: true));
        context.On("AppendAudit", line => ((AuditLine)line!).What == "stage.askagain" ? throw ScriptedContext.Failure("AppendAudit") : null);

        var outcome = await DisableGroupWritebackV2Stage.Run(context);

        Assert.True(outcome.Facts.SwitchAttempted);
    }

    [Fact]
    public async Task Run_EvidenceIsAnotherByNow_CallsNothingAndAsksAgain()
    {
        var context = Approved().On("BindEvidence", _ => Evidence('b', "cloud"));

        var outcome = await DisableGroupWritebackV2Stage.Run(context);

        Assert.Equal((StageEnd.AskAgain, false), (outcome.End, outcome.Facts.SwitchAttempted));
        Assert.DoesNotContain("SubmitSwitch", context.Calls);
        var told = Assert.Single(outcome.View.Notices);
        Assert.Equal(GuardError.ApprovalVoid.Code, told.Code);
        Assert.Contains("(cloud)", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EvidenceFailsByNow_CallsNothingAndGoesBack()
    {
        var context = Approved().On("BindEvidence", _ => Evidence('a') with { Reasons = ["directory: does not hold"] });

        var outcome = await DisableGroupWritebackV2Stage.Run(context);

        Assert.Equal((StageEnd.Blocked, false), (outcome.End, outcome.Facts.SwitchAttempted));
        Assert.Equal(OrchestrationError.EvidenceFailed.Code, outcome.View.Notices[^1].Code);
        Assert.DoesNotContain("SubmitSwitch", context.Calls);
    }

    static GateEvidence Evidence(char digest, params string[] parts) => new()
    {
        Digest = new(digest, 64),
        Parts = [.. parts.Select(part => new EvidenceLink { Name = part, Hash = new(digest, 64), Passed = true })],
        Reasons = [],
    };

    /// <summary>Right before the switch the evidence is still the one that was approved.</summary>
    internal static ScriptedContext Gathering(ScriptedContext context) => context
        .On<GatherEvidence>(_ => new EvidenceResult { Parts = ["part"] })
        .On("GatherCloudEvidence", _ => new CloudEvidence { Part = "{}", Passed = true, Reasons = [] })
        .On("BindEvidence", _ => Evidence('a'));

    static CommandReply Called() => new()
    {
        State = CommandState.Done,
        Result = JsonSerializer.Serialize(new SwitchResult { Outcome = SwitchOutcome.Called, Reads = null, Reasons = [] }, ContractJson.Options),
    };

    static ScriptedContext Approved() => Gathering(new(Input()));

    internal static StageInput Input() => ScriptedContext.Input(StageName.DisableGroupWritebackV2, new()
    {
        Approval = new()
        {
            Scope = new()
            {
                Groups = ScriptedContext.Document("groups"),
                Frozen = ScriptedContext.Document("groups"),
                Ours = ScriptedContext.Document("anchors"),
                Snapshot = ScriptedContext.Document("snapshot"),
                KnownErrors = ScriptedContext.Document("known-errors"),
                PendingBaseline = ScriptedContext.Document("pending-baseline"),
                Ceilings = new() { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 },
            },
            EvidenceDigest = new string('a', 64),
            EvidenceAt = DateTimeOffset.UnixEpoch,
            Deadline = DateTimeOffset.UnixEpoch.AddHours(2),
            Decisions = ScriptedContext.Document("decisions"),
            CloudPart = "{}",
        },
        Job = new() { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true },
    });

    static StageInput TwoServers()
    {
        var input = Input();
        return input with { Plan = input.Plan with { Servers = [.. input.Plan.Servers, input.Plan.Servers[0] with { Name = "AADC2", Active = false }] } };
    }
}
