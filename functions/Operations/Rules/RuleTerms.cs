using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Functions.Operations.Rules;

/// <summary>Whether the rule that keeps Microsoft 365 groups of more than 50,000 members out of Active Directory is in force.</summary>
public sealed record MemberLimitTerms : OperationTerms
{
    public required WritebackWish Limit { get; init; }
}

/// <summary>Whether the delete-on-disable rule is there.</summary>
public sealed record DeleteRuleTerms : OperationTerms
{
    public required WritebackWish Rule { get; init; }
}
