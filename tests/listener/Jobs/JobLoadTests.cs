using System.Net;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.Tests.Listener.Jobs;

/// <summary>Many at once, bounded in count: every command is answered, each job runs once, and one that writes at a time.</summary>
public sealed class JobLoadTests
{
    [Fact]
    public async Task Commands_TwoHundredAtOnce_AreEachTakenOnceOrRefusedWithATime()
    {
        await using var listener = await TestListener.StartAsync();
        int writing = 0;
        int most = 0;
        listener.AdSync.OnCall = (member, _) =>
        {
            if (member != nameof(RelayListener.AdSync.IAdSync.SetSchedulerAsync)) { return; }
            most = Math.Max(most, Interlocked.Increment(ref writing));
            Interlocked.Decrement(ref writing);
        };
        // Every command twice, as a sender does that got no answer.
        var envelopes = Enumerable.Range(0, 100).Select(i => TestListener.Cloud.Sign(listener.Envelope(Change(i), $"c-{i}"))).SelectMany(text => new[] { text, text }).ToList();

        var answers = await Task.WhenAll(envelopes.Select(listener.PostAsync));
        var refused = answers.Where(answer => answer.Code != HttpStatusCode.Accepted).ToList();
        Assert.All(refused, answer => Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, JobError.QueueFull.Code), (answer.Code, JsonSerializer.Deserialize<CommandError>(answer.Body, ContractJson.Options)!.Code)));

        // Those that were refused are sent again, as their answer says.
        for (int i = 0; i < 100; i++)
        {
            while ((await listener.PostAsync(envelopes[2 * i])).Code != HttpStatusCode.Accepted) { await Task.Yield(); }
        }
        var ended = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => listener.EndedAsync($"c-{i / 2}")));

        Assert.All(ended, status => Assert.Equal(CommandState.Done, status.State));
        Assert.Equal(1, most);
        Assert.Equal(0, listener.Host.OpenJobs);
    }

    [Fact]
    public async Task Queue_ThatIsFull_SaysWhenToComeAgain()
    {
        await using var listener = await TestListener.StartAsync();
        var (reached, go) = listener.HoldWrites();
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups })));
        await reached.Task.WaitAsync(listener.Cancellation);
        var answers = new List<HttpStatusCode>();
        for (int i = 0; i < JobQueue.MaxWaiting; i++) { answers.Add((await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = true })))).Code); }

        using var http = new HttpClient();
        using var content = new StringContent(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = true })));
        using var response = await http.PostAsync(new Uri(listener.Address, "commands"), content, listener.Cancellation);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(15), response.Headers.RetryAfter?.Delta);
        Assert.True(JsonSerializer.Deserialize<CommandError>(await response.Content.ReadAsStringAsync(listener.Cancellation), ContractJson.Options)!.Transient);
        go.SetResult();
    }

    static SetScheduler Change(int number) => new() { Enabled = number % 2 == 0 };
}
