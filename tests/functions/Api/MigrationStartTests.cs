using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Api;

/// <summary>On a host of its own: one that has a running migration.</summary>
public sealed class MigrationStartTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Verb_ForAMigrationWhoseOrchestrationIsGone_IsNotAcknowledged()
    {
        var gone = await host.MigratingAsync(view => view with { Tasks = [Samples.Task("open", TaskState.Open)] });
        await host.MigratingAsync();

        var stop = await host.PostAsync($"/api/migrations/{gone.MigrationId}/stop", null);
        var check = await host.PostAsync($"/api/migrations/{gone.MigrationId}/tasks/open/check", null);

        Assert.Equal((409, "GWB1208"), (stop.Status, stop.Code));
        Assert.Equal((409, "GWB1208"), (check.Status, check.Code));
    }

    [Fact]
    public async Task Migration_OfAnOldAssessment_IsToldItsAgeAndWhatToDo()
    {
        await host.EndMigrationAsync();
        var readAt = DateTimeOffset.UtcNow.AddDays(-20).AddHours(-1);
        var outcome = await host.AssessedAsync(o => o with { ReadAt = readAt, ValidUntil = readAt.AddDays(14) });

        var answer = await host.PostAsync("/api/migrations", new ApiTests(host).StartBody(outcome));

        var detail = answer.Json.GetProperty("detail").GetString()!;
        Assert.Equal((409, "GWB1109"), (answer.Status, answer.Code));
        Assert.Contains("20 days ago", detail, StringComparison.Ordinal);
        Assert.Contains("14 days", detail, StringComparison.Ordinal);
        Assert.Contains("assess again", detail, StringComparison.Ordinal);
        Assert.Equal(outcome.ValidUntil, (await host.GetAsync($"/api/assessments/{outcome.AssessmentId}")).Json.GetProperty("validUntil").GetDateTimeOffset());
    }

    [Theory]
    [InlineData(People.Requester, 409, "GWB5013")]
    [InlineData(People.Second, 202, null)]
    public async Task Migration_ThatTooFewCouldApprove_IsRefused(string secondApprover, int status, string? code)
    {
        await host.EndMigrationAsync();
        var outcome = await host.AssessedAsync();
        var approvers = host.Services.GetRequiredService<IOptions<MigrationOptions>>().Value.Approvers;
        (approvers as List<string>)!.AddRange([People.First, secondApprover]);

        var answer = await host.PostAsync("/api/migrations", new ApiTests(host).StartBody(outcome));
        approvers.Clear();

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Migration_AtTheEndOfTheAssessmentsValidity_Starts()
    {
        await host.EndMigrationAsync();
        var outcome = await host.AssessedAsync(o => o with { ReadAt = DateTimeOffset.UtcNow.AddDays(-14).AddMinutes(5), ValidUntil = DateTimeOffset.UtcNow.AddMinutes(5) });

        Assert.Equal(202, (await host.PostAsync("/api/migrations", new ApiTests(host).StartBody(outcome))).Status);
    }

    [Fact]
    public async Task Request_SentAgainByWhoeverCapturedIt_StartsNothing()
    {
        await host.EndMigrationAsync();
        var outcome = await host.AssessedAsync();
        var body = new ApiTests(host).StartBody(outcome);
        var first = await host.PostAsync("/api/migrations", body);
        await host.EndMigrationAsync();

        var again = await host.PostAsync("/api/migrations", body);
        var log = Encoding.UTF8.GetString(await host.Services.GetRequiredService<AuditLog>().ReadAsync(outcome.AssessmentId, TestContext.Current.CancellationToken));
        var fresh = await host.PostAsync("/api/migrations", new ApiTests(host).StartBody(outcome));

        Assert.Equal(202, first.Status);
        Assert.Equal((409, "GWB5015"), (again.Status, again.Code));
        Assert.Contains("migration.refused", log, StringComparison.Ordinal);
        Assert.Contains("GWB5015", log, StringComparison.Ordinal);
        Assert.Equal(202, fresh.Status);
    }

    [Fact]
    public async Task Request_WhoseSignInDecidedBefore_StartsNothing()
    {
        await host.EndMigrationAsync();
        var outcome = await host.AssessedAsync();
        var (body, statement) = Proof(outcome);
        var token = await host.Services.GetRequiredService<TokenChecks>().VerifyIdTokenAsync(
            statement.IdToken, new() { Nonce = ApprovalNonce.OfText(statement.Record), Role = null }, TestContext.Current.CancellationToken);
        await host.Services.GetRequiredService<SpentTokens>().SpendAsync(token.Token!, "decision/elsewhere", TestContext.Current.CancellationToken);

        var answer = await host.PostAsync("/api/migrations", body);

        Assert.Equal((409, "GWB5015"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_ThatAKillCutOffBeforeAnythingCameOfIt_IsCarriedOutWhenItIsSentAgain(bool kept)
    {
        await host.EndMigrationAsync();
        var outcome = await host.AssessedAsync();
        var (body, statement) = Proof(outcome);
        var id = Samples.NewId('m');
        var proved = await host.Services.GetRequiredService<RequestProofs>().SpendAsync(
            statement, outcome.AssessmentId, outcome.PlanHash!, new() { ObjectId = People.Requester, Roles = ["Migration.Operator"] }, id, TestContext.Current.CancellationToken);
        if (kept)
        {
            await host.Store.WriteOneAsync(
                StoreNames.MigrationRequest(id),
                new MigrationRequest
                {
                    MigrationId = id, AssessmentId = outcome.AssessmentId, Plan = outcome.Plan!, PlanHash = outcome.PlanHash!,
                    Window = new() { Start = DateTimeOffset.UtcNow, End = DateTimeOffset.UtcNow.AddHours(9) }, RequestedBy = People.Requester,
                    RequestProof = await host.Store.SaveOneAsync("request-proof", statement, TestContext.Current.CancellationToken), Settings = new(),
                },
                TestContext.Current.CancellationToken);
        }

        var answer = await host.PostAsync("/api/migrations", body);

        Assert.Equal(id, proved.MigrationId);
        Assert.Equal((202, id), (answer.Status, answer.Json.GetProperty("migrationId").GetString()));
    }

    (object Body, SignedStatement Statement) Proof(AssessmentOutcome outcome)
    {
        var body = JsonSerializer.SerializeToNode(new ApiTests(host).StartBody(outcome), ContractJson.Options)!;
        return (body.ToJsonString(), new() { Record = body["proof"]!["record"]!.GetValue<string>(), IdToken = body["proof"]!["idToken"]!.GetValue<string>() });
    }

    [Fact]
    public async Task Migration_Started_IsShownAndBarsASecondOne()
    {
        await host.EndMigrationAsync();
        var outcome = await host.AssessedAsync();
        var body = new ApiTests(host).StartBody(outcome);

        var first = await host.PostAsync("/api/migrations", body);
        var id = first.Json.GetProperty("migrationId").GetString()!;
        var second = await host.PostAsync("/api/migrations", new ApiTests(host).StartBody(outcome));

        Assert.Equal(202, first.Status);
        Assert.Matches("^m-[0-9]{8}-[0-9]{6}-[0-9a-f]{4}$", id);
        Assert.Equal((409, "GWB1202"), (second.Status, second.Code));
        Assert.Contains(id, second.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var shown = await host.GetAsync($"/api/migrations/{id}");
        Assert.Equal((200, People.Requester), (shown.Status, shown.Json.GetProperty("requestedBy").GetString()));
        Assert.Contains(id, (await host.GetAsync("/api/migrations")).Text, StringComparison.Ordinal);
        var request = await host.Store.ReadOneAsync<MigrationRequest>(StoreNames.MigrationRequest(id), TestContext.Current.CancellationToken);
        Assert.Equal(2, request!.Settings.ApprovalsRequired);
        Assert.Contains("migration.requested", (await host.GetAsync($"/api/migrations/{id}/audit")).Text, StringComparison.Ordinal);
    }
}
