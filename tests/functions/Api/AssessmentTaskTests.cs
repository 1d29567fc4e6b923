using System.Text;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions.Api;

public sealed class AssessmentTaskTests(ApiHost host) : IClassFixture<ApiHost>
{
    static readonly string Mail = $"clear-mail-{Facts.Id(1):D}";
    static readonly string Off = $"enable-or-remove-{Facts.Id(2):D}";

    // Assessments of one app are known by the time of their reading: each test has its own.
    static int _days;

    readonly DateTimeOffset _at = Facts.Now.AddDays(Interlocked.Increment(ref _days));

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tasks_OfABlockedAssessment_AreOpen()
    {
        var id = await BlockedAsync();

        var tasks = (await host.GetAsync($"/api/assessments/{id}/tasks?state=open")).Json;
        var one = await host.GetAsync($"/api/assessments/{id}/tasks/{Mail}");

        Assert.Equal([Mail, Off], tasks.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetString()));
        Assert.Equal((200, "clearMail"), (one.Status, one.Json.GetProperty("kind").GetString()));
        Assert.Contains(Facts.Id(1).ToString("D"), one.Text, StringComparison.Ordinal);
        Assert.Equal((404, "GWB1206"), await StatusAsync($"/api/assessments/{id}/tasks/review-{Facts.Id(1):D}"));
    }

    [Fact]
    public async Task Tasks_OfAnAssessmentWithoutRisks_AreNone()
        => Assert.Equal(0, (await host.GetAsync($"/api/assessments/{(await host.JudgedAsync(Facts.Healthy(), readAt: _at)).AssessmentId}/tasks")).Json.GetProperty("total").GetInt32());

    [Fact]
    public async Task Script_OfATask_IsServedWhereThereIsOne()
    {
        var id = await BlockedAsync();

        var script = await host.GetAsync($"/api/assessments/{id}/tasks/{Off}/script");

        Assert.Equal((200, "text/plain"), (script.Status, script.ContentType));
        Assert.Contains($"$group = [guid] '{Facts.Id(2):D}'", script.Text, StringComparison.Ordinal);
        Assert.Equal((404, "GWB1210"), await StatusAsync($"/api/assessments/{id}/tasks/{Mail}/script"));
    }

    [Fact]
    public async Task Check_IsTakenAndAudited_AndOperatorsAlone()
    {
        var id = await BlockedAsync();

        var taken = await host.PostAsync($"/api/assessments/{id}/tasks/{Mail}/check", null);
        var reader = await host.PostAsync($"/api/assessments/{id}/tasks/{Mail}/check", null, host.Issuer.Access(People.Reader, "Migration.Reader"));

        Assert.Equal((202, Mail), (taken.Status, taken.Json.GetProperty("taskId").GetString()));
        Assert.Equal((403, "GWB1009"), (reader.Status, reader.Code));
        Assert.Contains("task.check", Encoding.UTF8.GetString(await host.Services.GetRequiredService<AuditLog>().ReadAsync(id, Token)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ThatReadItDone_ClosesTheTask()
    {
        var id = await BlockedAsync();
        await host.Services.GetRequiredService<RiskActivities>().PublishRisk(Answer(id, done: true, minutes: 5), Token);

        var task = (await host.GetAsync($"/api/assessments/{id}/tasks/{Mail}")).Json;
        var again = await host.PostAsync($"/api/assessments/{id}/tasks/{Mail}/check", null);

        Assert.Equal(("done", "as read"), (task.GetProperty("state").GetString(), task.GetProperty("reads").GetString()));
        Assert.Equal((409, "GWB1207"), (again.Status, again.Code));
        Assert.Equal(1, (await host.GetAsync($"/api/assessments/{id}/tasks?state=open")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Check_OlderThanTheLast_ChangesNothing()
    {
        var id = await BlockedAsync();
        var activities = host.Services.GetRequiredService<RiskActivities>();

        await activities.PublishRisk(Answer(id, done: true, minutes: 5), Token);
        await activities.PublishRisk(Answer(id, done: false, minutes: 4), Token);

        Assert.Equal("done", (await host.GetAsync($"/api/assessments/{id}/tasks/{Mail}")).Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task LaterAssessment_ClosesWhatItNoLongerFinds_AndOpensWhatItFindsAgain()
    {
        var id = await BlockedAsync();
        await host.Services.GetRequiredService<RiskActivities>().PublishRisk(Answer(id, done: true, minutes: 5), Token);
        var still = Facts.Healthy();
        still.Change(Facts.Id(1), g => g with { Mail = "again@corp.example" });

        var later = await host.JudgedAsync(still, readAt: _at.AddMinutes(30));

        var tasks = (await host.GetAsync($"/api/assessments/{id}/tasks")).Json.GetProperty("items").EnumerateArray().ToDictionary(t => t.GetProperty("id").GetString()!);
        Assert.Equal(("open", "done"), (tasks[Mail].GetProperty("state").GetString(), tasks[Off].GetProperty("state").GetString()));
        Assert.Contains(later.AssessmentId, tasks[Off].GetProperty("reads").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NamesTheTasks()
    {
        var id = await BlockedAsync();

        Assert.Contains("Groups at risk", (await host.GetAsync($"/api/assessments/{id}/report?format=html")).Text, StringComparison.Ordinal);
        Assert.Equal(2, (await host.GetAsync($"/api/assessments/{id}/report")).Json.GetProperty("tasks").GetArrayLength());
    }

    async Task<string> BlockedAsync()
    {
        var facts = Facts.Healthy();
        facts.Change(Facts.Id(1), g => g with { Mail = "doors@corp.example" });
        facts.Change(Facts.Id(2), g => g with { WritebackEnabled = false });
        var outcome = await host.JudgedAsync(facts, readAt: _at);
        Assert.Equal((AssessmentState.Blocked, 2), (outcome.State, outcome.Tasks!.Count));
        return outcome.AssessmentId;
    }

    RiskAnswer Answer(string id, bool done, int minutes) => new()
    {
        Check = new() { AssessmentId = id, TaskId = Mail, CloudId = Facts.Id(1), Server = "AADC1", WritebackOu = Facts.Ou },
        Reading = new() { Done = done, Text = "as read", At = _at.AddMinutes(minutes) },
    };

    async Task<(int, string?)> StatusAsync(string path)
    {
        var answer = await host.GetAsync(path);
        return (answer.Status, answer.Code);
    }
}
