using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>
/// The files of the output folder: <c>report.json</c>, <c>report.html</c>, <c>report-groups.csv</c>, <c>audit.jsonl</c> and the results of the assessment from the product,
/// the world's own <c>world.json</c>, and in <c>messages</c> what people were told through their chat systems.
/// </summary>
static class RehearsalFiles
{
    static readonly JsonSerializerOptions Json = new(ContractJson.Options) { WriteIndented = true };

    public static async Task WriteAsync(string folder, LabCompany company, WorldAccount account, WebhookReceiver messages, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        CopyMessages(messages, Path.Combine(folder, "messages"));
        var api = company.ApiOf(LabPeople.Operator);
        byte[]? json = null, html = null, audit = null;
        if (company.MigrationId is { } id)
        {
            json = await api.DownloadAsync($"api/migrations/{id}/report", cancellationToken);
            html = await api.DownloadAsync($"api/migrations/{id}/report?format=html", cancellationToken);
            audit = await api.DownloadAsync($"api/migrations/{id}/audit", cancellationToken);
            var groups = await api.DownloadAsync($"api/migrations/{id}/report?format=csv&table=groups", cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(folder, "report-groups.csv"), groups ?? [], cancellationToken);
        }

        var assessment = company.AssessmentId is { } assessed ? await api.AssessmentAsync(assessed, cancellationToken) : null;
        if (assessment?.Findings is not null) { await WriteAssessmentAsync(folder, assessment.AssessmentId, api, cancellationToken); }

        if (json is null)
        {
            // Nothing was started, so that the product has no report of a migration; the assessment is what there is to tell.
            var findings = new List<Finding>();
            if (assessment?.Findings is not null)
            {
                await foreach (var finding in api.FindingsAsync(assessment.AssessmentId, cancellationToken)) { findings.Add(finding); }
                html = await api.DownloadAsync($"api/assessments/{assessment.AssessmentId}/report?format=html", cancellationToken);
            }

            json = JsonSerializer.SerializeToUtf8Bytes(new { account.Outcome, assessment, findings }, Json);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, "report.json"), json, cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "report.html"), html ?? [], cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "audit.jsonl"), audit ?? [], cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "world.json"), JsonSerializer.SerializeToUtf8Bytes(account, Json), cancellationToken);
    }

    /// <summary>Those of an earlier rehearsal make room.</summary>
    public static void CopyMessages(WebhookReceiver messages, string folder)
    {
        if (messages.Folder is not { } from) { return; }
        Directory.CreateDirectory(folder);
        foreach (string old in Directory.GetFiles(folder, WebhookReceiver.Files)) { File.Delete(old); }
        foreach (string file in Directory.GetFiles(from, WebhookReceiver.Files)) { File.Copy(file, Path.Combine(folder, Path.GetFileName(file))); }
    }

    static async Task WriteAssessmentAsync(string folder, string id, ProductApi api, CancellationToken cancellationToken)
    {
        foreach (var (file, query) in new[]
        {
            ("assessment.html", "format=html"), ("assessment-scenario.json", "format=scenario"), ("assessment-groups.csv", "format=csv&table=groups"),
            ("assessment-findings.csv", "format=csv&table=findings"), ("assessment-losses.csv", "format=csv&table=losses"),
            ("assessment-names.csv", "format=csv&table=names"), ("assessment-discovery.csv", "format=csv&table=discovery"),
        })
        {
            var content = await api.DownloadAsync($"api/assessments/{id}/report?{query}", cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(folder, file), content ?? [], cancellationToken);
        }
    }
}
