using System.Net;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>The files of the output folder: <c>report.json</c>, <c>report.html</c>, <c>audit.jsonl</c> from the product, and the world's own <c>world.json</c>.</summary>
static class RehearsalFiles
{
    static readonly JsonSerializerOptions Json = new(ContractJson.Options) { WriteIndented = true };

    public static async Task WriteAsync(string folder, LabCompany company, WorldAccount account, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var api = company.ApiOf(LabPeople.Operator);
        byte[]? json = null, html = null, audit = null;
        if (company.MigrationId is { } id)
        {
            json = await api.DownloadAsync($"api/migrations/{id}/report", cancellationToken);
            html = await api.DownloadAsync($"api/migrations/{id}/report?format=html", cancellationToken);
            audit = await api.DownloadAsync($"api/migrations/{id}/audit", cancellationToken);
        }

        if (json is null)
        {
            // Nothing was started, so that the product has no report of a migration; the assessment is what there is to tell.
            var findings = new List<Finding>();
            var assessment = company.AssessmentId is { } assessed ? await api.AssessmentAsync(assessed, cancellationToken) : null;
            if (assessment?.Findings is not null)
            {
                await foreach (var finding in api.FindingsAsync(assessment.AssessmentId, cancellationToken)) { findings.Add(finding); }
            }

            json = JsonSerializer.SerializeToUtf8Bytes(new { account.Outcome, assessment, findings }, Json);
            html = Encoding.UTF8.GetBytes(PageOf(account, findings));
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, "report.json"), json, cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "report.html"), html ?? [], cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "audit.jsonl"), audit ?? [], cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "world.json"), JsonSerializer.SerializeToUtf8Bytes(account, Json), cancellationToken);
    }

    static string PageOf(WorldAccount account, IEnumerable<Finding> findings)
    {
        var rows = string.Concat(findings.Select(f =>
            $"<tr><td>{Html(f.Code)}</td><td>{f.Severity}</td><td>{Html(f.Title)}</td><td>{f.Groups:N0}</td><td>{Html(f.Remedy)}</td></tr>\n"));
        return $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Assessment: {Html(account.Outcome)}</title></head>
            <body><h1>No migration was started: {Html(account.Outcome)}</h1>
            <table><thead><tr><th>Code</th><th>Severity</th><th>Finding</th><th>Groups</th><th>Remedy</th></tr></thead><tbody>
            {rows}</tbody></table></body></html>
            """;
    }

    static string Html(string text) => WebUtility.HtmlEncode(text);
}
