using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;
using Healthy = GwbCloud.Tests.Functions.Assessment.Facts;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class AssessOrchestratorTests
{
    static readonly CommandReply Nobody = new() { State = CommandState.Queued, Unreachable = true };

    static readonly RunResult Run = new() { RunNumber = 1, Connector = "c", Profile = "Delta Import", Result = "success", Errors = [] };

    AssessInput? _judged;

    [Fact]
    public async Task Assess_EveryServerAnswers_JudgesAllThatWasRead()
    {
        var outcome = await AssessOrchestrator.Run(Context(_ => null));

        Assert.Equal(AssessmentState.Ready, outcome.State);
        Assert.Equal(["AADC1", "AADC2"], _judged!.Servers.Select(s => s.Server));
        Assert.Empty(_judged.Silent);
        Assert.Equal([("AADC1", Run.RunNumber), ("AADC2", Run.RunNumber)], _judged.Runs.Select(of => (of.Server, Assert.Single(of.Runs).RunNumber)));
        Assert.NotNull(_judged.CloudSync);
        Assert.NotNull(_judged.Elsewhere);
    }

    [Fact]
    public async Task Assess_AStandbyIsSilent_IsAFindingAndTheOthersAreRead()
    {
        await AssessOrchestrator.Run(Context(number => number == 2 ? Nobody : null));

        var silent = Assert.Single(_judged!.Silent);
        Assert.Equal("AADC2", silent.Server);
        Assert.Contains("AADC2", silent.Why, StringComparison.Ordinal);
        Assert.Equal(["AADC1"], _judged.Servers.Select(s => s.Server));
    }

    [Fact]
    public async Task Assess_AListenerRefuses_SaysItsOwnCode()
    {
        await AssessOrchestrator.Run(Context(number => number == 2
            ? new CommandReply { State = CommandState.Failed, Error = new() { Code = "GWB6202", Message = "ADSync is not installed here." } }
            : null));

        Assert.StartsWith("GWB6202", Assert.Single(_judged!.Silent).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assess_NobodyAnswers_FailsWithTheirNames()
    {
        var outcome = await AssessOrchestrator.Run(Context(_ => Nobody));

        Assert.Equal((AssessmentState.Failed, null), (outcome.State, _judged));
        Assert.Contains("AADC1", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("AADC2", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assess_NoListenerConfigured_FailsWithASentence()
    {
        var outcome = await AssessOrchestrator.Run(Context(_ => null).On("ListServers", _ => Array.Empty<string>()));

        Assert.Equal(AssessmentState.Failed, outcome.State);
        Assert.Contains("No listener is configured", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assess_TenantCannotBeRead_FailsWithTheReason()
    {
        var stopped = new TenantReading { Stopped = Notices.ActivityFailed(ScriptedContext.Failure("ListTenant")) };

        var outcome = await AssessOrchestrator.Run(Context(_ => null).OnSub("ReadTenant", _ => Task.FromResult<object>(stopped)));

        Assert.Equal((AssessmentState.Failed, null), (outcome.State, _judged));
        Assert.Contains("ListTenant failed after its repetitions: the disk is full", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assess_Asks_OnlyWhatReads()
    {
        var context = Context(_ => null);

        await AssessOrchestrator.Run(context);

        Assert.Equal(
            ["ListServers", nameof(InspectServer), nameof(ReadCycle), nameof(InspectServer), nameof(ReadCycle), nameof(InspectForest), nameof(InventoryWritebackOu), "ReadTenant", "SurveyCloudSync", "JudgeTenant", "PublishAssessment"],
            context.Calls);
    }

    /// <param name="instead">For the first, second, … server inspected: what its listener answers instead of its facts.</param>
    ScriptedContext Context(Func<int, CommandReply?> instead)
    {
        var asked = 0;
        var facts = Healthy.Healthy();
        return new ScriptedContext(new AssessmentRequest { AssessmentId = "a-1", RequestedBy = "p" })
            .On("ListServers", _ => facts.Servers.Select(s => s.Server).ToArray())
            .On("PollCommand", _ => Nobody)
            .On<InspectServer>(_ => (object?)instead(++asked) ?? facts.Servers[asked - 1])
            .On<ReadCycle>(_ => new CycleReport { InProgress = false, Runs = [Run] })
            .On<InspectForest>(_ => facts.Forest)
            .On<InventoryWritebackOu>(_ => new InventoryResult { Groups = Healthy.Document, Elsewhere = Healthy.Document })
            .OnSub("ReadTenant", _ => Task.FromResult<object>(new TenantReading { Tenant = facts.Tenant }))
            .On("SurveyCloudSync", _ => facts.CloudSync)
            .On("JudgeTenant", input =>
            {
                _judged = (AssessInput)input!;
                return new AssessmentOutcome { AssessmentId = "a-1", State = AssessmentState.Ready };
            })
            .On("PublishAssessment", _ => null);
    }
}
