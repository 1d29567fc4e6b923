using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Approvals;

/// <summary>Gates for orchestrations.</summary>
public sealed class ApprovalActivities(GateDecisions decisions)
{
    [Function("TallyGate")]
    public Task<GateTally> TallyAsync([ActivityTrigger] TallyInput input, CancellationToken cancellationToken) =>
        decisions.TallyAsync(input, cancellationToken);
}
