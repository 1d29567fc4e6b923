using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Reads the tenant in steps that each fit into one activity: the list, the members part by part, the join.</summary>
/// <remarks>
/// The parts are read one after another: Graph's quota is of the tenant, so two at once would be no faster where it counts, and only one activity
/// ever waits for it.
/// </remarks>
public static class ReadTenantOrchestrator
{
    [Function(nameof(ReadTenant))]
    public static async Task<TenantReading> ReadTenant([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var request = context.GetInput<AssessmentRequest>() ?? throw new InvalidOperationException("A reading has no request.");
        try
        {
            var list = await context.CallActivityAsync<TenantList>("ListTenant", request, Retries.Standard);
            var members = new List<DocumentReference>();
            for (var from = 0; from < list.Questions.Count; from += list.PartSize)
            {
                var part = new MemberPart
                {
                    AssessmentId = request.AssessmentId,
                    Questions = list.Questions,
                    From = from,
                    Count = Math.Min(list.PartSize, list.Questions.Count - from),
                    ForestDomains = request.ForestDomains,
                };
                members.Add(await context.CallActivityAsync<DocumentReference>("ReadMembers", part, Retries.Standard));
            }

            var parts = new TenantParts { AssessmentId = request.AssessmentId, List = list, Members = members };
            return new TenantReading { Tenant = await context.CallActivityAsync<TenantFacts>("JoinTenant", parts, Retries.Standard) };
        }
        catch (TaskFailedException failure)
        {
            return new TenantReading { Stopped = Notices.ActivityFailed(failure) };
        }
    }

    /// <summary>The tenant's facts, read by an orchestration of its own, so that the caller's history stays short.</summary>
    /// <exception cref="StageStoppedException">An activity gave up.</exception>
    internal static async Task<TenantFacts> ReadTenantAsync(this TaskOrchestrationContext context, AssessmentRequest request)
    {
        var reading = await context.CallSubOrchestratorAsync<TenantReading>(nameof(ReadTenant), request);
        return reading.Tenant ?? throw new StageStoppedException(reading.Stopped!);
    }
}

/// <summary>What a reading of the tenant came to: one of both.</summary>
public sealed record TenantReading
{
    public TenantFacts? Tenant { get; init; }

    /// <summary>Why it could not be read.</summary>
    public Notice? Stopped { get; init; }
}
