using System.Net;
using System.Text.Json;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>What people are told through their chat systems while a migration goes its way.</summary>
public sealed class MessagesTests
{
    [Fact]
    public async Task Messages_OfACompletedMigration_AskForEveryTaskAndDecisionAndTellTheEnd()
    {
        IReadOnlyList<ReceivedMessage> received = [];

        var run = await Rehearsed.RunAsync(Rehearsed.Small(), inspect: host => received = host.Messages.Received);

        run.AssertCompleted();
        Assert.All(received, message => Assert.Equal("teams", message.Channel));
        var heads = received.Select(m => HeadOf(m.Body)).ToList();
        Assert.Equal(2, heads.Count(h => h == "A decision is asked for"));
        Assert.Equal(run.Result.View!.Tasks.Count, heads.Count(h => h == "A task for an operator"));
        Assert.Equal("Completed", heads[^1]);
        Assert.Equal(heads.Count, run.Result.View.Tasks.Count + 3);
        Assert.All(received, message =>
        {
            Assert.InRange(message.Body.Length, 1, 28 * 1024);
            Assert.DoesNotContain(WebhookReceiver.Secret, message.Body);
            Assert.Equal(["Content-Length", "Content-Type"], message.Headers.Keys.Order());
        });
        Assert.Equal((received.Count, 0, 0), (run.Result.View.Deliveries!.Delivered, run.Result.View.Deliveries.Waiting, run.Result.View.Deliveries.Failed.Count));
    }

    [Fact]
    public async Task Channel_ThatTakesNothing_IsShownAndStopsNothing()
    {
        var run = await Rehearsed.RunAsync(
            Rehearsed.Small(), started: host => host.Messages.Answer("teams", [.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 5_000)]));

        run.AssertCompleted();
        Assert.Equal(0, run.Result.View!.Deliveries!.Delivered);
        Assert.NotEmpty(run.Result.View.Deliveries.Failed);
        Assert.All(run.Result.View.Deliveries.Failed, failed => Assert.Equal(("teams", "GWB5101"), (failed.Channel, failed.Reason.Code)));
    }

    [Fact]
    public async Task Gate_ThatNobodyDecides_IsRemindedAndEscalatedAndExpires()
    {
        IReadOnlyList<ReceivedMessage> received = [];

        var run = await Rehearsed.RunAsync(
            Rehearsed.Small() with { Decision = RehearsedDecision.Expire, At = RehearsedGate.Plan }, Kept.Nothing, inspect: host => received = host.Messages.Received);

        Assert.Equal("expired", run.Result.Account.Outcome);
        var heads = received.Where(m => m.Channel == "teams").Select(m => HeadOf(m.Body)).ToList();
        Assert.Contains("A decision is asked for", heads);
        Assert.Contains(heads, h => h.StartsWith("A migration waits", StringComparison.Ordinal));
        Assert.Equal("Expired", heads[^1]);
    }

    /// <summary>The heads of the messages in an output folder, in the order in which they came to the first channel.</summary>
    internal static IEnumerable<string> HeadsIn(string output) =>
        Directory.GetFiles(Path.Combine(output, "messages"), "*-teams.json").Order(StringComparer.Ordinal).Select(file => HeadOf(File.ReadAllText(file)));

    static string HeadOf(string body) => JsonElement.Parse(body).GetProperty("attachments")[0].GetProperty("content").GetProperty("body")[0].GetProperty("items")[0].GetProperty("text").GetString()!;
}
