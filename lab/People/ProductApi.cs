using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;

namespace GwbCloud.Lab.People;

/// <summary>The product's HTTP API in the hands of one person, with that person's own token.</summary>
public sealed partial class ProductApi(HttpClient http, LabIssuer issuer, LabPerson person, TimeProvider clock)
{
    const int PageSize = 500;

    /// <summary>GWB1202: the tenant has a migration already.</summary>
    const string MigrationRuns = "GWB1202";

    static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    string _token = "";
    DateTimeOffset _expires;

    /// <summary>Ids of all assessments.</summary>
    public async Task<IReadOnlyList<string>> AssessmentIdsAsync(CancellationToken cancellationToken) => await IdsAsync("api/assessments", "assessmentId", cancellationToken);

    /// <summary>Ids of all migrations.</summary>
    public async Task<IReadOnlyList<string>> MigrationIdsAsync(CancellationToken cancellationToken) => await IdsAsync("api/migrations", "migrationId", cancellationToken);

    /// <summary>Starts an assessment; its id.</summary>
    public async Task<string> AssessAsync(Canaries canaries, IReadOnlyList<Acceptance> acceptances, CancellationToken cancellationToken)
    {
        var body = new
        {
            canaries = new { canaries.New, canaries.Match, canaries.Unassigned },
            acceptances = acceptances.Select(a => new { a.Code, a.Subject, a.AtMost, a.Set, a.Comment }),
        };
        return await CreatedAsync(await SendAsync(HttpMethod.Post, "api/assessments", body, cancellationToken), "assessmentId", cancellationToken);
    }

    /// <summary>Accepts consequences of an assessment that has ended.</summary>
    /// <param name="assessmentId">The assessment.</param>
    /// <param name="acceptances">What is accepted.</param>
    /// <param name="prove">The person's sign-in for a statement that needs one; null where none is needed.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task AcceptAsync(
        string assessmentId, IReadOnlyList<Acceptance> acceptances, Func<Acceptance, SignedStatement?> prove, CancellationToken cancellationToken)
    {
        var body = new { acceptances = acceptances.Select(a => new { a.Code, a.Subject, a.AtMost, a.Set, a.Comment, Proof = prove(a) }) };
        using var answer = await SendAsync(HttpMethod.Post, $"api/assessments/{assessmentId}/acceptances", body, cancellationToken);
        if (!answer.IsSuccessStatusCode) { throw await UnexpectedAsync(answer, cancellationToken); }
    }

    public async Task<AssessmentOutcome> AssessmentAsync(string id, CancellationToken cancellationToken) =>
        await ReadAsync<AssessmentOutcome>($"api/assessments/{id}", cancellationToken);

    public IAsyncEnumerable<Finding> FindingsAsync(string assessmentId, CancellationToken cancellationToken) =>
        PagesAsync<Finding>($"api/assessments/{assessmentId}/findings", cancellationToken);

    public IAsyncEnumerable<ClassifiedGroup> GroupsAsync(string assessmentId, CancellationToken cancellationToken) =>
        PagesAsync<ClassifiedGroup>($"api/assessments/{assessmentId}/groups", cancellationToken);

    public IAsyncEnumerable<GroupLoss> LossesAsync(string assessmentId, CancellationToken cancellationToken) =>
        PagesAsync<GroupLoss>($"api/assessments/{assessmentId}/losses", cancellationToken);

    /// <summary>The groups at risk of an assessment, as they stand now.</summary>
    public IAsyncEnumerable<RiskTask> RiskTasksAsync(string assessmentId, CancellationToken cancellationToken) =>
        PagesAsync<RiskTask>($"api/assessments/{assessmentId}/tasks", cancellationToken);

    /// <summary>Asks for a look at the group of a task; one that is closed meanwhile is nobody's mistake.</summary>
    public async Task CheckRiskAsync(string assessmentId, string taskId, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"api/assessments/{assessmentId}/tasks/{taskId}/check", body: null, cancellationToken);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Conflict) { throw await UnexpectedAsync(answer, cancellationToken); }
    }

    /// <summary>Starts a migration; its id, or null when another one runs.</summary>
    public async Task<string?> MigrateAsync(
        string assessmentId, string planHash, IReadOnlyList<string> confirm, MigrationWindow window, SignedStatement proof, CancellationToken cancellationToken)
    {
        var body = new { assessmentId, planHash, confirm, window, proof = new { proof.Record, proof.IdToken } };
        var answer = await SendAsync(HttpMethod.Post, "api/migrations", body, cancellationToken);
        return answer.StatusCode == HttpStatusCode.Conflict && await CodeAsync(answer, cancellationToken) == MigrationRuns
            ? null
            : await CreatedAsync(answer, "migrationId", cancellationToken);
    }

    public async Task<MigrationView> MigrationAsync(string id, CancellationToken cancellationToken) =>
        await ReadAsync<MigrationView>($"api/migrations/{id}", cancellationToken);

    /// <summary>What was done and seen, from the first line on.</summary>
    public async Task<IReadOnlyList<AuditNote>> AuditAsync(string migrationId, CancellationToken cancellationToken)
    {
        string text = Encoding.UTF8.GetString(await DownloadAsync($"api/migrations/{migrationId}/audit", cancellationToken) ?? []);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<AuditNote>(line, ContractJson.Lenient)!)];
    }

    /// <summary>Hands a decision in; null when it was taken, else the code of the refusal.</summary>
    public async Task<string?> DecideAsync(string migrationId, GateName gate, SignedStatement statement, string comment, string? domain, CancellationToken cancellationToken)
    {
        string name = gate == GateName.Plan ? "plan" : "switch";
        using var answer = await SendAsync(
            HttpMethod.Post, $"api/migrations/{migrationId}/gates/{name}/decisions", new { statement.Record, statement.IdToken, comment, domain }, cancellationToken);
        return answer.IsSuccessStatusCode ? null : await CodeAsync(answer, cancellationToken);
    }

    /// <summary>The list of a task that assigns groups.</summary>
    public async Task<ScopeList> ScopeListAsync(string migrationId, string taskId, CancellationToken cancellationToken) =>
        await ReadAsync<ScopeList>($"api/migrations/{migrationId}/tasks/{taskId}/attachment", cancellationToken);

    /// <summary>Says that a task is done; a task that is closed meanwhile is nobody's mistake.</summary>
    public async Task CheckAsync(string migrationId, string taskId, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"api/migrations/{migrationId}/tasks/{taskId}/check", new { }, cancellationToken);
        if (!answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Conflict) { throw await UnexpectedAsync(answer, cancellationToken); }
    }

    /// <summary>Asks a parked migration to try again; false when it is not parked any more.</summary>
    public Task<bool> RetryAsync(string migrationId, CancellationToken cancellationToken) => RetryAsync(migrationId, [], cancellationToken);

    /// <summary>Asks a parked migration to try again, and accepts what its review lists under these names; false when it is not parked any more.</summary>
    public Task<bool> RetryAsync(string migrationId, IReadOnlyList<string> accept, CancellationToken cancellationToken) =>
        AskAsync($"api/migrations/{migrationId}/retry", new { comment = "Looked at; what was wrong may have passed.", accept }, cancellationToken);

    /// <summary>Asks for a migration's end before the switch; false when it can't be had any more.</summary>
    public Task<bool> CancelAsync(string migrationId, CancellationToken cancellationToken) => AskAsync($"api/migrations/{migrationId}/cancel", new { }, cancellationToken);

    /// <summary>Stops everything that moves; false when the migration has ended.</summary>
    public Task<bool> StopAsync(string migrationId, CancellationToken cancellationToken) => AskAsync($"api/migrations/{migrationId}/stop", new { }, cancellationToken);

    /// <summary>Has groups brought back, each with the name that it had in the frozen snapshot; false in a state that does not offer it.</summary>
    public Task<bool> RepairAsync(string migrationId, IReadOnlyList<(Guid ObjectGuid, string Name)> groups, CancellationToken cancellationToken) => AskAsync(
        $"api/migrations/{migrationId}/repair",
        new { groups = groups.Select(g => new { g.ObjectGuid, g.Name }), comment = "They are to be as they were." }, cancellationToken);

    /// <summary>What a person must look at before a retry.</summary>
    public IAsyncEnumerable<ReviewItem> ReviewAsync(string migrationId, CancellationToken cancellationToken) =>
        PagesAsync<ReviewItem>($"api/migrations/{migrationId}/review", cancellationToken);

    /// <summary>A document of the migration as it is served; null when there is none.</summary>
    public async Task<byte[]?> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, body: null, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound ? null
            : answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(cancellationToken)
            : throw await UnexpectedAsync(answer, cancellationToken);
    }

    /// <summary>False where the migration's state does not offer it any more: nobody's mistake.</summary>
    async Task<bool> AskAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, body, cancellationToken);
        return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict ? answer.IsSuccessStatusCode : throw await UnexpectedAsync(answer, cancellationToken);
    }

    async Task<IReadOnlyList<string>> IdsAsync(string path, string name, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await foreach (var item in PagesAsync<JsonElement>(path, cancellationToken)) { ids.Add(item.GetProperty(name).GetString()!); }
        return ids;
    }

    /// <summary>Goes through the pages of a list, from the first.</summary>
    async IAsyncEnumerable<T> PagesAsync<T>(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long read = 0;
        for (int number = 1; ; number++)
        {
            var page = await ReadAsync<Slice<T>>(string.Create(CultureInfo.InvariantCulture, $"{path}?page={number}&size={PageSize}"), cancellationToken);
            foreach (var item in page.Items) { yield return item; }
            read += page.Items.Count;
            if (page.Items.Count == 0 || read >= page.Total) { yield break; }
        }
    }

    async Task<T> ReadAsync<T>(string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, body: null, cancellationToken);
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<T>(ContractJson.Lenient, cancellationToken))!
            : throw await UnexpectedAsync(answer, cancellationToken);
    }

    async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) { request.Content = JsonContent.Create(body, body.GetType(), options: ContractJson.Options); }
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token());
        return await http.SendAsync(request, cancellationToken);
    }

    string Token()
    {
        var now = clock.GetUtcNow();
        if (now + Margin >= _expires) { (_token, _expires) = (issuer.ApiToken(person), now + LabIssuer.Lifetime); }
        return _token;
    }

    static async Task<string> CreatedAsync(HttpResponseMessage answer, string name, CancellationToken cancellationToken)
    {
        using (answer)
        {
            if (!answer.IsSuccessStatusCode) { throw await UnexpectedAsync(answer, cancellationToken); }
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return body.GetProperty(name).GetString()!;
        }
    }

    static async Task<ApiException> UnexpectedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return new ApiException($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.PathAndQuery} answered {(int)answer.StatusCode}: {text}");
    }

    static async Task<string> CodeAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            if (problem.TryGetProperty("code", out var code) && code.GetString() is { } known && (int)answer.StatusCode < 500) { return known; }
        }
        catch (JsonException)
        {
            // No problem details: told as it came.
        }

        throw await UnexpectedAsync(answer, cancellationToken);
    }

    sealed record Slice<T>
    {
        public required IReadOnlyList<T> Items { get; init; }
        public required int Total { get; init; }
    }
}
