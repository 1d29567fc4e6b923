using System.Collections.Concurrent;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Functions.CloudSync;
using GwbCloud.Tests.Requests;

namespace GwbCloud.Tests.Functions.Graph.Requests;

/// <summary>What goes out to Graph is in requests.txt, and what is in requests.txt goes out. The other half is in tests/rehearsal.</summary>
public sealed class RequestListTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_OfTheWholeFlow_AreTheListedOnes()
    {
        var seen = new ConcurrentDictionary<string, int>();
        await RunAsync(seen);

        var entries = RequestList.Read();

        RequestList.AssertNone("sent, and not in requests.txt", seen.Keys.Except(entries.Select(e => e.Template)));
        RequestList.AssertNone("in requests.txt, and not sent", entries.Where(e => e.Seen == "flow").Select(e => e.Template).Except(seen.Keys));
    }

    [Fact]
    public void Entries_Each_AreOnceAndSayPermissionAndSource()
    {
        var entries = RequestList.Read();

        Assert.Equal(entries.Select(e => e.Template).Distinct(), entries.Select(e => e.Template));
        Assert.Equal(entries.Select(e => e.Name).Distinct(), entries.Select(e => e.Name));
        Assert.All(entries, e => Assert.False(string.IsNullOrWhiteSpace(e.Permission) || string.IsNullOrWhiteSpace(e.Source), e.Name));
        Assert.All(entries, e => Assert.True(e.Seen is "rehearsal" or "flow", e.Name));
    }

    /// <summary>What no rehearsal does by itself stands here: scope by the app, a configuration that was there before, lists of several pages.</summary>
    static async Task RunAsync(ConcurrentDictionary<string, int> seen)
    {
        var world = new WorldOptions { Groups = 24, M365 = 12, DeviatingNames = 2, DeviatingPlaces = 2 };
        await using var lab = await LabTenant.StartAsync(world, new CloudSyncOptions { AssignScope = ScopeAssignment.App }, (_, wire) => new RequestRecorder(seen) { InnerHandler = wire });
        var input = await lab.PreparedAsync();
        var plan = await lab.PlanAsync(input);
        await lab.CloudSync.ReadCloudSync(input, Stop);
        await lab.Scope.AssignScope(new ScopeInput { MigrationId = "m-1", Plan = input.Plan, Job = input.Job!, Ring = 1, Of = 1, Groups = plan.Groups, Untouched = true }, Stop);
        await lab.Entra.FoundedSinceAsync([Anchors.Of(plan.Canaries.New)], new HashSet<string>(), Stop);
        await lab.CloudSync.SurveyCloudSync(new SurveyInput { Domain = plan.Domain, WritebackOu = plan.WritebackOu, Naming = plan.Naming }, Stop);
        var risk = new RiskCheck { AssessmentId = "a-1", TaskId = "t-1", CloudId = Guid.NewGuid(), Server = "AADC1", WritebackOu = plan.WritebackOu };
        await lab.Risks.ReadRisk(new RiskQuestion { Check = risk, At = DateTimeOffset.UnixEpoch }, Stop);
        await lab.RemoveAsync(input);
        await OperateAsync(lab, await lab.Writeback.PlanNewGroups(new() { Terms = new() { Writeback = WritebackWish.Off }, Servers = new() }, Stop), ValueKind.NewGroupsDefault);
        await lab.World.Store.ChangeAsync(change => lab.World.PutTenant(change, lab.World.Tenant with { NewUnifiedGroupWritebackDefault = "true" }));
        await OperateAsync(lab, await lab.Writeback.PlanNewGroups(new() { Terms = new() { Writeback = WritebackWish.Off }, Servers = new() }, Stop), ValueKind.NewGroupsDefault);
        await OperateAsync(
            lab, await lab.Writeback.PlanExistingGroups(new() { Terms = new() { Writeback = WritebackWish.Off }, Servers = new(), ApprovalFrom = 50 }, Stop), ValueKind.GroupWriteback);
    }

    static async Task OperateAsync(LabTenant lab, OperationDraft draft, ValueKind kind)
    {
        var part = new ValuePart { OperationId = $"o-{draft.Changes!.Sha256[..8]}", Kind = kind, Changes = draft.Changes, Part = 0, From = 0, Count = draft.Changes.Count };
        await lab.Values.WriteValues(part, Stop);
        await lab.Values.RevertValues(part, Stop);
    }
}
