using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync;

public sealed class StagingAndEntraOnlyTests
{
    static Task<TestListener> AllowedAsync(Action<TestListener>? prepare = null) => TestListener.StartAsync(listener =>
    {
        listener.Configure = options => options with { MayChangeStaging = true };
        prepare?.Invoke(listener);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Staging_WithoutTheOptIn_IsRefusedAndNothingIsCalled(bool on)
    {
        await using var listener = await TestListener.StartAsync();

        Assert.Equal(AdSyncError.StagingNotAllowed.Code, await listener.FailAsync(new SetStaging { On = on }));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Staging_WithTheOptIn_IsWrittenOnceAndReadBack()
    {
        await using var listener = await AllowedAsync();

        var first = await listener.RunAsync(new SetStaging { On = true });
        var second = await listener.RunAsync(new SetStaging { On = true });

        Assert.Equal((false, true), (first.Before, first.After));
        Assert.Equal((true, true), (second.Before, second.After));
        Assert.Equal(["staging True"], listener.AdSync.Calls);
    }

    [Theory]
    [InlineData(true, false, "GWB6201")]
    [InlineData(false, true, "GWB6202")]
    public async Task Staging_WhileACycleRunsOrTheWizardIsOpen_IsRefused(bool inProgress, bool suspended, string code)
    {
        await using var listener = await AllowedAsync();
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleInProgress = inProgress, SchedulerSuspended = suspended };

        Assert.Equal(code, await listener.FailAsync(new SetStaging { On = true }));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Staging_LeftWithWritebackOffAndNoRules_IsRefused()
    {
        await using var listener = await AllowedAsync();
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { StagingModeEnabled = true, SyncCycleEnabled = false };
        listener.AdSync.Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = true };
        listener.AdSync.Groups.Add(FakeAdSync.Written("Security"));

        Assert.Equal(AdSyncError.RulesNotInPlace.Code, await listener.FailAsync(new SetStaging { On = false }));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Stop_OfACycleThatRuns_CallsOnceAndOfNoneNever()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleInProgress = true };

        var stopped = await listener.RunAsync(new StopCycle());
        var again = await listener.RunAsync(new StopCycle());

        Assert.Equal((true, false), (stopped.WasInProgress, stopped.InProgress));
        Assert.Equal((false, false), (again.WasInProgress, again.InProgress));
        Assert.Equal(["stop"], listener.AdSync.Calls);
    }

    [Fact]
    public async Task Stop_WhileAnotherCommandWrites_DoesNotWaitForIt()
    {
        var release = new TaskCompletionSource();
        await using var listener = await TestListener.StartAsync();
        Quiet(listener);
        listener.AdSync.OnStep = _ => release.Task;
        var envelope = listener.Envelope(new RunEntraOnly());
        await listener.PostAsync(TestListener.Cloud.Sign(envelope));
        while (listener.AdSync.Calls.Count == 0) { await Task.Yield(); }
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleInProgress = true };

        var stopped = await listener.RunAsync(new StopCycle());
        release.SetResult();

        Assert.True(stopped.WasInProgress);
        Assert.Equal(CommandState.Done, (await listener.EndedAsync(envelope.CommandId)).State);
    }

    [Fact]
    public async Task EntraOnly_OnAQuietActiveServer_RunsImportsSyncsAndTheEntraExportInOrder()
    {
        await using var listener = await TestListener.StartAsync();
        Quiet(listener);

        var report = await listener.RunAsync(new RunEntraOnly());

        Assert.Equal(["run AdImport", "run EntraImport", "run AdSync", "run EntraSync", "run EntraExport"], listener.AdSync.Calls);
        Assert.Equal(5, report.Steps.Count);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task EntraOnly_WithTheSchedulerOnOrInStaging_IsRefused(bool enabled, bool staging)
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleEnabled = enabled, StagingModeEnabled = staging };

        Assert.Equal(AdSyncError.EntraOnlyRefused.Code, await listener.FailAsync(new RunEntraOnly()));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task EntraOnly_WhenTheSchedulerComesOnInBetween_StopsBeforeTheNextStep()
    {
        await using var listener = await TestListener.StartAsync();
        Quiet(listener);
        listener.AdSync.OnStep = step =>
        {
            if (step == EntraOnlyStep.AdSync) { listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleEnabled = true }; }
            return Task.CompletedTask;
        };

        Assert.Equal(AdSyncError.EntraOnlyRefused.Code, await listener.FailAsync(new RunEntraOnly()));
        Assert.Equal(["run AdImport", "run EntraImport", "run AdSync"], listener.AdSync.Calls);
    }

    [Fact]
    public async Task EntraOnly_WithARunThatDidNotComeToItsEnd_ExportsNothing()
    {
        await using var listener = await TestListener.StartAsync();
        Quiet(listener);
        listener.AdSync.OnStep = step =>
        {
            listener.AdSync.Runs.Add(new()
            {
                RunNumber = listener.AdSync.Runs.Count + 1,
                Connector = FakeAdSync.AdConnector,
                Profile = "Delta Import",
                Result = step == EntraOnlyStep.EntraImport ? "stopped-server-down" : "completed-sync-errors",
                Errors = [],
            });
            return Task.CompletedTask;
        };

        var report = await listener.RunAsync(new RunEntraOnly());

        Assert.Equal([EntraOnlyStep.AdImport, EntraOnlyStep.EntraImport], report.Steps);
        Assert.Equal(["completed-sync-errors", "stopped-server-down"], report.Runs.Select(run => run.Result));
    }

    static void Quiet(TestListener listener) => listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleEnabled = false };
}
