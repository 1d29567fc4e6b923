using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Tests.Functions.Assessment;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Functions.Support;

/// <summary>Tenants of tests, judged and published as the orchestration does it.</summary>
static class Judged
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<AssessmentOutcome> JudgedAsync(
        this ApiHost host, Facts facts, IReadOnlyList<Acceptance>? acceptances = null, DateTimeOffset? readAt = null)
    {
        var id = Samples.NewId('a');
        var outcome = await host.Services.GetRequiredService<AssessmentActivities>().JudgeTenant(
            new()
            {
                Request = new() { AssessmentId = id, RequestedBy = People.Requester, Canaries = facts.Canaries, Acceptances = acceptances ?? [] },
                Tenant = await host.TenantAsync(facts),
                Forest = facts.Forest,
                Inventory = await host.InventoryAsync(facts),
                Servers = facts.Servers,
                ReadAt = readAt ?? Facts.Now,
            },
            Token);
        await host.Store.WriteOneAsync(StoreNames.AssessmentOutcome(id), outcome, Token);
        return outcome;
    }

    /// <summary>Whether a plan still holds with other facts.</summary>
    public static async Task<PlanDrift> DriftAsync(this ApiHost host, AssessmentOutcome planned, Facts now) =>
        await host.Services.GetRequiredService<AssessmentActivities>().CheckDrift(
            new() { Plan = planned.Plan!, Tenant = await host.TenantAsync(now), Inventory = await host.InventoryAsync(now), Servers = now.Servers }, Token);

    static async Task<TenantFacts> TenantAsync(this ApiHost host, Facts facts) =>
        facts.Tenant with { Groups = await host.Store.SaveListAsync("tenant-groups", facts.Cloud.OrderBy(group => group.Id), Token) };

    static Task<GwbCloud.Contracts.Documents.DocumentReference> InventoryAsync(this ApiHost host, Facts facts) => host.Store.SaveListAsync("inventory", facts.Inventory, Token);
}
