using System.Net;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Tests.Listener.Jobs;

/// <summary>The disk below the journal of jobs refuses while the listener works.</summary>
public sealed class BrokenDiskTests
{
    [Fact]
    public async Task Jobs_WhoseEndCannotBeKept_AreSaidToBeSoAndEndAfterTheNextStart()
    {
        await using var listener = await TestListener.StartAsync();
        await listener.RunAsync(new InspectServer(), "before");
        listener.AdSync.OnCall = (member, _) =>
        {
            if (member == nameof(IAdSync.SetSchedulerAsync)) { FullDisk.Under(Path.Combine(listener.Folder, "jobs.journal")); }
        };
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false }, "scheduler")));

        var fault = await listener.Host.Broken.WaitAsync(listener.Cancellation);

        Assert.Equal(("GWB6014", true), (fault.Code, fault.Transient));
        Assert.Equal(CommandState.Done, (await listener.StatusAsync("before")).State);
        foreach (string path in (string[])["health", "commands/scheduler"])
        {
            var (code, body) = await listener.ReadAsync(path);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "GWB6014"), (code, CodeOf(body)));
        }

        listener.AdSync.OnCall = null;
        await listener.Host.DisposeAsync();
        await listener.OpenAsync();
        Assert.Equal(CommandState.Done, (await listener.EndedAsync("scheduler")).State);
        Assert.Single(listener.AdSync.Calls);
        Assert.Equal(HttpStatusCode.OK, await listener.GetAsync("health"));
    }

    [Fact]
    public async Task Commands_ThatCannotBeKept_AreNotTakenAndMayBeSentAgain()
    {
        await using var listener = await TestListener.StartAsync();
        FullDisk.Under(Path.Combine(listener.Folder, "jobs.journal"));
        string first = TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false }, "first"));

        foreach (string envelope in (string[])[first, first, TestListener.Cloud.Sign(listener.Envelope(new InspectForest(), "second"))])
        {
            Assert.Equal("GWB6014", await listener.RefusedAsync(envelope, HttpStatusCode.ServiceUnavailable));
        }
        Assert.Empty(listener.AdSync.Calls);

        await listener.KillAndOpenAsync();
        await listener.PostAsync(first);
        Assert.Equal(CommandState.Done, (await listener.EndedAsync("first")).State);
    }

    [Fact]
    public async Task Jobs_ThatWait_DoNotBeginOnceTheDiskRefuses()
    {
        await using var listener = await TestListener.StartAsync();
        var (reached, go) = listener.HoldWrites();
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "at work")));
        await reached.Task.WaitAsync(listener.Cancellation);
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false }, "waits")));

        FullDisk.Under(Path.Combine(listener.Folder, "jobs.journal"));
        go.SetResult();
        await listener.Host.Broken.WaitAsync(listener.Cancellation);

        Assert.Equal("GWB6014", CodeOf((await listener.ReadAsync("commands/waits")).Body));
        listener.Ad.BeforeWrite = null;
        await listener.KillAndOpenAsync();
        Assert.Equal(CommandState.Done, (await listener.EndedAsync("waits")).State);
        Assert.Equal(["scheduler False"], listener.AdSync.Calls);
    }

    static string CodeOf(string body) => JsonSerializer.Deserialize<CommandError>(body, ContractJson.Options)!.Code;
}
