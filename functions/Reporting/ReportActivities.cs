using System.Text;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Reporting;

/// <summary>Writes the report of a migration, as JSON and as a page that needs nothing else.</summary>
public sealed class ReportActivities(IDocumentStore documents, AuditLog audit)
{
    [Function("WriteReport")]
    public async Task WriteAsync([ActivityTrigger] ReportInput input, CancellationToken cancellationToken)
    {
        var id = input.View.MigrationId;
        var plan = await documents.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken);
        var groups = await documents.LoadListAsync<ClassifiedGroup>(plan.Classified, cancellationToken);
        var chain = await audit.VerifyAsync(id, cancellationToken);
        var report = new MigrationReport
        {
            Migration = input.View,
            Plan = plan,
            Groups = groups.GroupBy(group => group.Class).OrderBy(byClass => byClass.Key)
                .ToDictionary(byClass => byClass.Key.ToString(), byClass => byClass.Count()),
            Comparison = input.Comparison is { } comparison ? await documents.LoadOneAsync<DirectoryComparison>(comparison, cancellationToken) : null,
            Verification = input.Verification,
            AuditLines = chain.Lines,
            AuditIntact = chain.Intact,
        };
        await documents.WriteOneAsync(StoreNames.Report(id, "json"), report, cancellationToken);
        await documents.WriteAsync(StoreNames.Report(id, "html"), Encoding.UTF8.GetBytes(ReportPage.Render(report)), etag: null, cancellationToken);
    }
}
