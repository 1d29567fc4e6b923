using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Orchestration.Stages;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class VerifyMigrationTests
{
    /// <summary>A soak beside a job that stands proves nothing; one that others paused is theirs.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_JobThatWePaused_IsStartedBeforeTheSoak(bool ours)
    {
        var job = new CloudSyncJob { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true };
        var unwell = new JobStatus { Code = "Quarantine", QuarantineReason = "TooManyDeletes", LastCycleEnded = null, SteadyState = null, LastState = null };
        var context = new ScriptedContext(ScriptedContext.Input(StageName.VerifyMigration, new() { Job = job, SwitchedOff = true, JobStopped = ours }))
            .On("StartJob", _ => unwell)
            .On("ReadJob", _ => unwell);

        var outcome = await VerifyMigrationStage.Run(context);

        Assert.Equal(ours ? ["StartJob", "ReadJob"] : ["ReadJob"], context.Calls);
        Assert.Equal((StageEnd.Blocked, false), (outcome.End, outcome.Facts.JobStopped));
        var soak = Assert.Single(context.Guarded).Expected;
        Assert.Equal((GuardPhase.Soak, true), (soak.Phase, soak.Job!.Started));
    }
}
