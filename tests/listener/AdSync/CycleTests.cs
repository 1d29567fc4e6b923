using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync;

public sealed class CycleTests
{
    static RunResult Run(int number, string result = "success") =>
        new() { RunNumber = number, Connector = FakeAdSync.AdConnector, Profile = "Full Import", Result = result, Errors = [] };

    [Fact]
    public async Task Cycle_IsStartedOnceAndItsRunsAreThoseAfterTheTicket()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Runs.Add(Run(41));

        var ticket = await listener.RunAsync(new StartCycle { Policy = CyclePolicy.Initial });
        var running = await listener.RunAsync(new ReadCycle { Ticket = ticket });
        listener.AdSync.Runs.Add(Run(42));
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleInProgress = false };
        var ended = await listener.RunAsync(new ReadCycle { Ticket = ticket });

        Assert.Equal(41, ticket.RunsBefore);
        Assert.True(running.InProgress);
        Assert.Empty(running.Runs);
        Assert.False(ended.InProgress);
        Assert.Equal([42], ended.Runs.Select(run => run.RunNumber));
        Assert.Equal(["cycle Initial"], listener.AdSync.Calls);
    }

    [Theory]
    [InlineData(true, false, "GWB6201")]
    [InlineData(false, true, "GWB6202")]
    [InlineData(true, true, "GWB6202")]
    public async Task Cycle_WhileAnotherRunsOrTheWizardIsOpen_IsRefused(bool inProgress, bool suspended, string code)
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleInProgress = inProgress, SchedulerSuspended = suspended };

        Assert.Equal(code, await listener.FailAsync(new StartCycle { Policy = CyclePolicy.Delta }));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Cycle_StartedBeforeAKill_IsNotStartedAgain()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Runs.Add(Run(7));
        listener.AdSync.OnCall = (member, _) =>
        {
            // The cmdlet works, and the process dies before it can say so.
            if (member == nameof(IAdSync.StartCycleAsync)) { listener.Kill(); }
        };
        var envelope = listener.Envelope(new StartCycle { Policy = CyclePolicy.Initial }, "cycle");
        await listener.PostAsync(TestListener.Cloud.Sign(envelope)).ContinueWith(_ => { }, TaskScheduler.Default);
        while (listener.AdSync.Calls.Count == 0 || !listener.AdSync.Scheduler.SyncCycleInProgress) { await Task.Yield(); }

        listener.AdSync.OnCall = null;
        await listener.OpenAsync();
        var ticket = await listener.ReadResultAsync<CycleTicket>(await listener.EndedAsync("cycle"), envelope);

        Assert.Equal(7, ticket.RunsBefore);
        Assert.Equal(["cycle Initial"], listener.AdSync.Calls);
    }

    [Fact]
    public async Task Ticket_OfAnotherServer_IsRefused()
    {
        await using var listener = await TestListener.StartAsync();

        string code = await listener.FailAsync(new ReadCycle { Ticket = new() { Server = "AADC02", Policy = CyclePolicy.Delta, RunsBefore = 0 } });

        Assert.Equal(AdSyncError.OtherServerAsked.Code, code);
    }

    [Fact]
    public async Task Scheduler_SetTwice_TellsEachTimeWhatWasBeforeAndWritesOnce()
    {
        await using var listener = await TestListener.StartAsync();

        var first = await listener.RunAsync(new SetScheduler { Enabled = false });
        var second = await listener.RunAsync(new SetScheduler { Enabled = false });

        Assert.Equal((true, false), (first.Before.Enabled, first.After.Enabled));
        Assert.Equal((false, false), (second.Before.Enabled, second.After.Enabled));
        Assert.Single(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Scheduler_WhileTheFlagIsOffAndRulesAreMissing_StaysOff()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Groups.Add(FakeAdSync.Written("Security"));
        listener.AdSync.Features = listener.AdSync.Features with { GroupWritebackV2 = false };
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleEnabled = false };

        Assert.Equal(AdSyncError.RulesNotInPlace.Code, await listener.FailAsync(new SetScheduler { Enabled = true }));
        await listener.RunAsync(new AddCoexistenceRules());
        Assert.True((await listener.RunAsync(new SetScheduler { Enabled = true })).After.Enabled);
    }

    /// <summary>A server that was set up anew knows no group before its first import, and its first export would delete them.</summary>
    [Theory]
    [InlineData("Group_5c9b2f43-0000-4000-8000-000000000001", true)]
    [InlineData("written by hand", false)]
    [InlineData(null, false)]
    public async Task Scheduler_WithAnEmptyConnectorSpace_GoesByTheDirectory(string? adminDescription, bool refused)
    {
        await using var listener = await TestListener.StartAsync();
        listener.Ad.Add("Security", anchor: adminDescription);
        listener.AdSync.Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = true };
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleEnabled = false };

        if (refused) { Assert.Equal(AdSyncError.RulesNotInPlace.Code, await listener.FailAsync(new SetScheduler { Enabled = true })); }
        else { Assert.True((await listener.RunAsync(new SetScheduler { Enabled = true })).After.Enabled); }
    }

    /// <summary>Where Active Directory was never prepared for Exchange no group has an address: the type tells them apart.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Scheduler_WhereGroupsHaveNoAddress_GoesByTheirType(bool security, bool refused)
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Groups.Add(FakeAdSync.Written("Group") with { Security = security });
        listener.AdSync.Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = true };
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleEnabled = false };

        if (refused) { Assert.Equal(AdSyncError.RulesNotInPlace.Code, await listener.FailAsync(new SetScheduler { Enabled = true })); }
        else { Assert.True((await listener.RunAsync(new SetScheduler { Enabled = true })).After.Enabled); }
    }

    /// <summary>Where version 2 has written no group, version 1 goes on without the rules.</summary>
    [Fact]
    public async Task Scheduler_WhereOnlyMicrosoft365GroupsAreWritten_GoesOn()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Groups.AddRange([FakeAdSync.Written("Team") with { MailEnabled = true }, FakeAdSync.Written("Of the domain itself") with { Anchor = null }]);
        listener.AdSync.Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = true };
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleEnabled = false };

        Assert.True((await listener.RunAsync(new SetScheduler { Enabled = true })).After.Enabled);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Cycle_WhileTheFlagIsOffAndRulesAreMissing_RunsInStagingModeOnly(bool staging, bool starts)
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Groups.Add(FakeAdSync.Written("Security"));
        listener.AdSync.Features = listener.AdSync.Features with { GroupWritebackV2 = false };
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleEnabled = false, StagingModeEnabled = staging };
        var cycle = new StartCycle { Policy = CyclePolicy.Delta };

        if (starts) { await listener.RunAsync(cycle); }
        else { Assert.Equal(AdSyncError.RulesNotInPlace.Code, await listener.FailAsync(cycle)); }

        Assert.Equal(starts ? ["cycle Delta"] : [], listener.AdSync.Calls);
    }

    [Fact]
    public async Task AutoUpgrade_IsSetAndReadBack()
    {
        await using var listener = await TestListener.StartAsync();

        var change = await listener.RunAsync(new SetAutoUpgrade { State = AutoUpgradeState.Suspended });

        Assert.Equal((AutoUpgradeState.Enabled, AutoUpgradeState.Suspended), (change.Before, change.After));
    }

    [Fact]
    public async Task PendingExports_AreCountedByConnectorTypeAndOperation()
    {
        await using var listener = await TestListener.StartAsync();
        PendingExport Of(ExportOperation operation, string type, string dn) =>
            new() { Connector = FakeAdSync.AdConnector, ObjectType = type, Operation = operation, DistinguishedName = dn };
        listener.AdSync.Pending.AddRange([Of(ExportOperation.Add, "group", "b"), Of(ExportOperation.Add, "group", "a"), Of(ExportOperation.Delete, "user", "c")]);

        var result = await listener.RunAsync(new ReadPendingExports());

        Assert.Equal([("group", ExportOperation.Add, 2), ("user", ExportOperation.Delete, 1)], result.Counts.Select(count => (count.ObjectType, count.Operation, count.Count)));
        Assert.Equal(["a", "b", "c"], (await listener.ReadListAsync<PendingExport>(result.Details)).Select(export => export.DistinguishedName));
    }
}
