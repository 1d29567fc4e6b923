using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Functions.CloudSync;

public sealed class ScopeActivitiesTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_PartOfARing_IsCountedWithoutTheCanaries()
    {
        await using var lab = await LabTenant.StartAsync();
        var (input, _) = await SceneAsync(lab);
        await AssignAsync(lab, input, Ids(await RingAsync(lab, input)).Take(3));

        var facts = await lab.Scope.ReadScope(input, Stop);

        Assert.Equal((3, 7, 0, 0), (facts.Assigned, facts.Missing, facts.TooEarly, facts.Strangers));
        Assert.False(facts.Complete);
    }

    [Fact]
    public async Task Read_GroupsOfALaterRing_AreNamedAndNotTakenForStrangers()
    {
        await using var lab = await LabTenant.StartAsync();
        var (input, rest) = await SceneAsync(lab);
        await AssignAsync(lab, input, [.. Ids(await RingAsync(lab, input)), rest[0].CloudId]);

        var facts = await lab.Scope.ReadScope(input, Stop);

        Assert.Equal((10, 0, 1, 0), (facts.Assigned, facts.Missing, facts.TooEarly, facts.Strangers));
        Assert.Equal([Contracts.ActiveDirectory.DistinguishedName.CommonName(rest[0].DistinguishedName)], facts.Wrong);
        Assert.False(facts.Complete);
    }

    [Fact]
    public async Task Read_GroupsOfALaterRingThatMayBeWritten_AreJudgedWithThisOne()
    {
        await using var lab = await LabTenant.StartAsync();
        var (input, rest) = await SceneAsync(lab);
        await AssignAsync(lab, input, [.. Ids(await RingAsync(lab, input)), rest[0].CloudId]);

        var facts = await lab.Scope.ReadScope(input with { Untouched = false }, Stop);

        Assert.True(facts.Complete);
        Assert.Equal([rest[0].CloudId], Ids(await lab.Store.LoadListAsync<GroupIdentity>(facts.Joined!, Stop)));
    }

    [Fact]
    public async Task Read_EarlierRings_AreNoStrangers()
    {
        await using var lab = await LabTenant.StartAsync();
        var (input, rest) = await SceneAsync(lab);
        var earlier = await lab.Store.SaveListAsync("ring", rest.Take(2), Stop);
        await AssignAsync(lab, input, [.. Ids(await RingAsync(lab, input)), .. rest.Take(2).Select(g => g.CloudId)]);

        Assert.True((await lab.Scope.ReadScope(input with { Earlier = [earlier] }, Stop)).Complete);
    }

    [Fact]
    public async Task Read_CanaryThatMustStayOut_IsAStranger()
    {
        await using var lab = await LabTenant.StartAsync();
        var (input, _) = await SceneAsync(lab);
        await AssignAsync(lab, input, [lab.Canaries().Unassigned]);

        var facts = await lab.Scope.ReadScope(input, Stop);

        Assert.Equal((0, 1), (facts.TooEarly, facts.Strangers));
        Assert.Equal([WorldSeeder.CanaryUnassigned], facts.Wrong);
    }

    [Fact]
    public async Task List_HoldsTheRingAndWhatTheScriptNeeds()
    {
        await using var lab = await LabTenant.StartAsync();
        var (input, _) = await SceneAsync(lab);

        var document = await lab.Scope.PrepareScopeList(input, Stop);

        var list = await lab.Store.LoadOneAsync<ScopeList>(document, Stop);
        Assert.Equal(Ids(await RingAsync(lab, input)).Order(), list.Groups);
        Assert.Equal((input.Job.ServicePrincipalId, input.Job.ScopeRoleId, 1, 2, "Global"), (list.ServicePrincipal, list.AppRole, list.Ring, list.Of, list.Environment));
        Assert.Equal(lab.World.Store.Read(() => lab.World.Tenant.TenantId), list.Tenant);
    }

    [Fact]
    public async Task Assign_WhereThePlanLeavesItToTheOperator_IsRefused()
    {
        await using var lab = await LabTenant.StartAsync();
        var (input, _) = await SceneAsync(lab);

        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.Scope.AssignScope(input, Stop));

        Assert.Equal(10, (await lab.Scope.ReadScope(input, Stop)).Missing);
    }

    [Fact]
    public async Task Assign_WhereThePlanSaysSo_AddsWhatIsMissing_AndTwiceIsOnce()
    {
        await using var lab = await LabTenant.StartAsync();
        var (input, _) = await SceneAsync(lab);
        var plan = await lab.Store.LoadOneAsync<MigrationPlan>(input.Plan, Stop);
        input = input with { Plan = await lab.Store.SaveOneAsync("plan", plan with { AssignScope = ScopeAssignment.App }, Stop) };
        await AssignAsync(lab, input, Ids(await RingAsync(lab, input)).Take(3));
        lab.Faults.UnknownOutcomeEvery = 4;

        var first = await lab.Scope.AssignScope(input, Stop);
        // Lists show what was assigned a while later.
        await lab.ForAsync(TimeSpan.FromMinutes(1), Stop);
        var again = await lab.Scope.AssignScope(input, Stop);

        Assert.Equal((7, 0), (first.Made, first.Left));
        Assert.Equal((0, 0), (again.Made, again.Left));
        Assert.True((await lab.Scope.ReadScope(input, Stop)).Complete);
    }

    /// <summary>A prepared job, a first ring of ten, and the other planned groups.</summary>
    static async Task<(ScopeInput Input, IReadOnlyList<GroupIdentity> Later)> SceneAsync(LabTenant lab)
    {
        var prepared = await lab.PreparedAsync();
        var planned = await lab.Store.LoadListAsync<GroupIdentity>((await lab.PlanAsync(prepared)).Groups, Stop);
        DocumentReference ring = await lab.Store.SaveListAsync("ring", planned.Take(10), Stop);
        return (new ScopeInput { MigrationId = "m-1", Plan = prepared.Plan, Job = prepared.Job!, Ring = 1, Of = 2, Groups = ring, Untouched = true }, [.. planned.Skip(10)]);
    }

    static Task<IReadOnlyList<GroupIdentity>> RingAsync(LabTenant lab, ScopeInput input) => lab.Store.LoadListAsync<GroupIdentity>(input.Groups, Stop);

    static IEnumerable<Guid> Ids(IEnumerable<GroupIdentity> groups) => groups.Select(g => g.CloudId);

    static Task<int> AssignAsync(LabTenant lab, ScopeInput input, IEnumerable<Guid> groups) => lab.Portal.RunAssignmentScriptAsync(input.Job.ServicePrincipalId, groups);
}
