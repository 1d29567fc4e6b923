using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.Discover;

/// <summary>There is nothing to choose: everything is read.</summary>
public sealed record DiscoverTerms : OperationTerms;

/// <summary>One report over all items of the plan document, beside the tenant's own values. Reads, and writes nothing. Source: plan document.</summary>
public sealed class DiscoverOperation : Operation
{
    public const string Name = "discover";

    public override string Kind => Name;

    public override Type Terms => typeof(DiscoverTerms);

    public override bool ReadsOnly => true;

    /// <remarks>The facts are those of an assessment, read by the same steps, without what only a migration needs.</remarks>
    internal override async Task<OperationDraft> PlanAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var facts = await work.Context.ReadFactsAsync(new AssessmentRequest { AssessmentId = work.Request.OperationId, RequestedBy = work.Request.RequestedBy });
        return await work.CallAsync<OperationDraft>(nameof(DiscoverActivities.DiscoverTenant), facts);
    }

    internal override Task<OperationResult> RunAsync(OperationWork work) => throw new NotSupportedException("A discovery ends with its report.");

    internal override Task<OperationResult> UndoAsync(OperationWork work) => throw new NotSupportedException("A discovery writes nothing.");
}
