using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Audit;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Listener.Switch;
using GwbCloud.Tests.Listener.Trust;

namespace GwbCloud.Tests.Listener.Jobs;

public sealed class CancelJobTests
{
    [Fact]
    public async Task Job_ThatRuns_EndsBetweenTwoItemsAndFreesItsPlace()
    {
        await using var listener = await TestListener.StartAsync();
        var hold = listener.HoldWrites();
        var groups = await listener.UploadAsync("groups", Enumerable.Range(0, 5).Select(i => listener.Ad.AddPlanned($"Group {i}")));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "stamp")));
        await hold.Reached.Task.WaitAsync(listener.Cancellation);

        var asked = await listener.RunAsync(new CancelJob { CommandId = "stamp" });
        hold.Go.SetResult();
        var ended = await listener.EndedAsync("stamp");

        Assert.Equal(CommandState.Running, asked.State);
        Assert.Equal((CommandState.Failed, JobError.Cancelled.Code), (ended.State, ended.Error?.Code));
        Assert.InRange(listener.Ad.Writes.Count, 0, 4);
        await listener.RunAsync(new SetScheduler { Enabled = false });
        Assert.Equal(
            [("stamp", AuditEvent.Accepted), ("stamp", AuditEvent.Cancelled), ("stamp", AuditEvent.Ended)],
            Traces.AuditOf(listener).Where(line => line.CommandId == "stamp").Select(line => (line.CommandId!, line.Event)));
    }

    [Fact]
    public async Task Job_ThatWaits_NeverRunsAlsoNotAfterARestart()
    {
        await using var listener = await TestListener.StartAsync();
        var hold = listener.HoldWrites();
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "stamp")));
        await hold.Reached.Task.WaitAsync(listener.Cancellation);
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false }, "waits")));

        var asked = await listener.RunAsync(new CancelJob { CommandId = "waits" });
        Assert.Equal(CommandState.Failed, asked.State);
        listener.Kill();
        listener.Ad.BeforeWrite = null;
        await listener.OpenAsync();
        await listener.EndedAsync("stamp");
        await listener.RunAsync(new InspectServer());

        Assert.Equal(JobError.Cancelled.Code, (await listener.StatusAsync("waits")).Error?.Code);
        Assert.Empty(listener.AdSync.Calls);
    }

    [Fact]
    public async Task Job_CancelledJustBeforeAKill_DoesNotGoOnAfterTheRestart()
    {
        await using var listener = await TestListener.StartAsync();
        var hold = listener.HoldWrites();
        var groups = await listener.UploadAsync("groups", Enumerable.Range(0, 5).Select(i => listener.Ad.AddPlanned($"Group {i}")));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "stamp")));
        await hold.Reached.Task.WaitAsync(listener.Cancellation);
        await listener.RunAsync(new CancelJob { CommandId = "stamp" });

        listener.Kill();
        listener.Ad.BeforeWrite = null;
        int before = listener.Ad.Writes.Count;
        await listener.OpenAsync();

        Assert.Equal(JobError.Cancelled.Code, (await listener.EndedAsync("stamp")).Error?.Code);
        Assert.Equal(before, listener.Ad.Writes.Count);
    }

    [Fact]
    public async Task Job_ThatHasEnded_StaysAsItEnded()
    {
        await using var listener = await TestListener.StartAsync();
        await listener.RunAsync(new SetScheduler { Enabled = false }, "done");

        Assert.Equal(CommandState.Done, (await listener.RunAsync(new CancelJob { CommandId = "done" })).State);
        Assert.Equal(CommandState.Done, (await listener.StatusAsync("done")).State);
        Assert.DoesNotContain(Traces.AuditOf(listener), line => line.Event == AuditEvent.Cancelled);
    }

    [Fact]
    public async Task Job_OfAnotherMigrationOrOfNone_IsNotFound()
    {
        await using var listener = await TestListener.StartAsync();
        await listener.RunAsync(new SetScheduler { Enabled = false }, "done");
        var foreign = listener.Envelope(new CancelJob { CommandId = "done" }, "foreign", migration: "m-20250101-000000-0000");
        await listener.PostAsync(TestListener.Cloud.Sign(foreign));

        Assert.Equal(JobError.NotFound.Code, (await listener.EndedAsync("foreign")).Error?.Code);
        Assert.Equal(JobError.NotFound.Code, await listener.FailAsync(new CancelJob { CommandId = "unknown" }));
    }

    [Fact]
    public async Task Cancelling_WhenTheQueueIsFull_StillWorks()
    {
        await using var listener = await TestListener.StartAsync();
        var hold = listener.HoldWrites();
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "stamp")));
        await hold.Reached.Task.WaitAsync(listener.Cancellation);
        for (int i = 0; i < RelayListener.Jobs.JobQueue.MaxWaiting; i++)
        {
            await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false }, $"waits-{i}")));
        }
        Assert.Equal(JobError.QueueFull.Code, await listener.RefusedAsync(
            TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false })), System.Net.HttpStatusCode.ServiceUnavailable));

        Assert.Equal(CommandState.Failed, (await listener.RunAsync(new CancelJob { CommandId = "waits-7" })).State);

        // Its place is free again.
        Assert.Equal(System.Net.HttpStatusCode.Accepted, (await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false })))).Code);
        hold.Go.SetResult();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Switch_AskedToEndDuringItsCall_EndsAsWhatCameOfIt(bool killed)
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        var called = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        scene.AdSync.Disable = async _ =>
        {
            called.TrySetResult();
            await go.Task;
            scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false };
        };
        var envelope = scene.Listener.Envelope(command, "switch");
        await scene.Listener.PostAsync(TestListener.Cloud.Sign(envelope));
        await called.Task.WaitAsync(scene.Listener.Cancellation);

        await scene.Listener.RunAsync(new CancelJob { CommandId = "switch" });
        if (killed) { scene.Listener.Kill(); }
        go.SetResult();
        if (killed) { await scene.Listener.OpenAsync(); }
        var ended = await scene.Listener.EndedAsync("switch");

        var result = await scene.Listener.ReadResultAsync<SwitchResult>(ended, envelope);
        Assert.Equal((SwitchOutcome.Called, false), (result.Outcome, result.Reads));
        Assert.Single(scene.AdSync.Calls, call => call.StartsWith("disable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Switch_AskedToEndBeforeItsCall_CallsNothing()
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        scene.AdSync.OnCall = (member, _) =>
        {
            if (member == nameof(IAdSync.GetPendingExportsAsync) && reached.TrySetResult()) { go.Task.GetAwaiter().GetResult(); }
        };
        await scene.Listener.PostAsync(TestListener.Cloud.Sign(scene.Listener.Envelope(command, "switch")));
        await reached.Task.WaitAsync(scene.Listener.Cancellation);

        await scene.Listener.RunAsync(new CancelJob { CommandId = "switch" });
        go.SetResult();

        Assert.Equal(JobError.Cancelled.Code, (await scene.Listener.EndedAsync("switch")).Error?.Code);
        Assert.DoesNotContain(scene.AdSync.Calls, call => call.StartsWith("disable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Offer_ForTheOperator_IsTakenBack()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        var command = await scene.HonestAsync();
        Assert.Equal(SwitchOutcome.AwaitsOperator, (await scene.Listener.RunAsync(command, "offer")).Outcome);

        await scene.Listener.RunAsync(new CancelJob { CommandId = "offer" });
        var result = await scene.Listener.Host.InteractiveSwitch.RunAsync("admin@contoso.example", scene.Listener.Cancellation);

        Assert.Equal(SwitchError.NoOffer.Code, Assert.Single(result.Reasons).Code);
        Assert.Contains(Traces.AuditOf(scene.Listener), line => line is { Event: AuditEvent.SwitchWithdrawn, CommandId: "offer" });
    }

    [Fact]
    public async Task Offer_ThatIsJustAboutToBeMade_IsNotMade()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        var command = await scene.HonestAsync();
        var (reached, go, last) = (new TaskCompletionSource(), new TaskCompletionSource(), "");
        scene.AdSync.OnCall = (member, _) =>
        {
            // Everything is verified; which generation the cmdlet is, is the last question before the offer.
            bool verified = (last, member) == (nameof(IAdSync.GetFeaturesAsync), nameof(IAdSync.GetHostAsync));
            last = member;
            if (verified && reached.TrySetResult()) { go.Task.GetAwaiter().GetResult(); }
        };
        await scene.Listener.PostAsync(TestListener.Cloud.Sign(scene.Listener.Envelope(command, "offer")));
        await reached.Task.WaitAsync(scene.Listener.Cancellation);

        await scene.Listener.RunAsync(new CancelJob { CommandId = "offer" });
        go.SetResult();

        Assert.Equal(JobError.Cancelled.Code, (await scene.Listener.EndedAsync("offer")).Error?.Code);
        Assert.Null(scene.Listener.Host.InteractiveSwitch.ReadOffer());
    }
}
