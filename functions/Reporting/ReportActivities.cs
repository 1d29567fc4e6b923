using System.Text;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Reporting;

/// <summary>Writes the report of a migration at its end, as JSON and as a page that needs nothing else.</summary>
public sealed class ReportActivities(IDocumentStore documents, MigrationReports reports)
{
    [Function("WriteReport")]
    public async Task WriteAsync([ActivityTrigger] ReportInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var id = input.View.MigrationId;
        var report = await reports.MakeAsync(await reports.LoadAsync(input, cancellationToken), cancellationToken);
        await documents.WriteOneAsync(StoreNames.Report(id, "json"), report, cancellationToken);
        await documents.WriteAsync(StoreNames.Report(id, "html"), Encoding.UTF8.GetBytes(ReportPage.Render(report)), etag: null, cancellationToken);
    }
}
