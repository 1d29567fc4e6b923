using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Errors;

namespace GwbCloud.Functions.Approvals;

/// <summary>What a gate asks beyond the quorum, which both halves judge: comment, typed domain, and who is named.</summary>
public static class DecisionRules
{
    /// <summary>Null when the decision is offered and everything that it takes is there.</summary>
    public static Refusal? OfMatter(OpenGate gate, ApprovalDecision decision, string? comment, string? domain)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return decision == ApprovalDecision.DenyAndLeave && gate.Gate != GateName.Plan ? ContractError.DecisionNotOffered.Because()
            : decision is ApprovalDecision.Deny or ApprovalDecision.DenyAndLeave && string.IsNullOrWhiteSpace(comment) ? ApprovalError.CommentMissing.Because()
            : decision != ApprovalDecision.Approve ? null
            : gate.Evidence.Any(part => !part.Passed) ? ApprovalError.EvidenceFails.Because()

            // A gate that an earlier version opened knows no domain.
            : gate.Domain is { } own && !string.Equals(own, domain?.Trim(), StringComparison.OrdinalIgnoreCase) ? ApprovalError.DomainDiffers.Because()
            : null;
    }

    /// <summary>Null when the person is one of those who decide here. The role, and that it is not the requester, is judged elsewhere.</summary>
    public static Refusal? OfPerson(OpenGate gate, string person, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return gate.Approvers.Count == 0 || gate.Approvers.Contains(person, StringComparer.OrdinalIgnoreCase)
            || (gate.Escalation is { } escalation && now >= escalation.At && escalation.Approvers.Contains(person, StringComparer.OrdinalIgnoreCase))
            ? null
            : ApprovalError.NotNamed.Because();
    }
}
