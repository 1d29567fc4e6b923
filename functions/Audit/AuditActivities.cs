using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Audit;

/// <summary>The audit log for orchestrations.</summary>
public sealed class AuditActivities(AuditLog log)
{
    [Function("AppendAudit")]
    public Task AppendAsync([ActivityTrigger] AuditLine line, CancellationToken cancellationToken) => log.AppendAsync(line, cancellationToken);
}
