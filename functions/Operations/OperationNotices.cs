using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations;

/// <summary>The words of what every operation tells.</summary>
static class OperationNotices
{
    public static Notice ApprovalWaits(DateTimeOffset until) => OperationError.ApprovalWaits.Notice($"The plan is not approved, and expires at {until:u}.");

    public static Notice ApprovalExpired(DateTimeOffset until) => OperationError.ApprovalExpired.Notice($"The plan was valid until {until:u}, and nobody decided. Nothing was written.");
}
