using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Repair;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.Operations.Restore;

/// <summary>Plan, opening and close against the simulated tenant: what changes in between is left, and what is done is found.</summary>
public sealed class RestoreActivitiesTests
{
    const string OperationId = "o-20260101-000000-0001";
    const string Ou = WorldSeeder.WritebackOu;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_FromPlanToClose_FindsWhatIsThere_AndWhatIsToBeSwitchedOn()
    {
        await using var lab = await StartAsync();
        var deleted = Deleted(lab, 3);
        var draft = await lab.Restore.PlanRestore(await AskAsync(lab, deleted, []), Stop);

        var lot = await lab.Restore.OpenRestore(await AskAsync(lab, deleted, [], draft.Changes), Stop);
        var living = deleted.Select(group => group.Was.Group).ToList();
        var end = await lab.Restore.CloseRestore(new() { Question = await AskAsync(lab, [], living), Repairs = [] }, Stop);

        Assert.Equal((3, 3, 3), (draft.Changes!.Count, lot.Total, lot.Parts.Sum(part => part.Count)));
        Assert.Equal(draft.Dangers, lot.Dangers);
        Assert.Equal((3, null, 0), (end.Restored, end.Left, end.SoftDeleted));
        Assert.All(await lab.Store.LoadListAsync<ValueChange>(end.Off!, Stop), change => Assert.Equal((WritebackWords.Off, WritebackWords.On), (change.Before, change.After)));
    }

    [Fact]
    public async Task Group_SwitchedOnSinceThePlan_IsLeft()
    {
        await using var lab = await StartAsync();
        var deleted = Deleted(lab, 2);
        var draft = await lab.Restore.PlanRestore(await AskAsync(lab, deleted, []), Stop);
        var early = RestoreSight.CloudIdOf(deleted[0].Was.Group)!.Value;
        await lab.World.Store.ChangeAsync(change => lab.World.Groups.Put(change, early, lab.World.Groups[early] with { WritebackEnabled = true }));

        var lot = await lab.Restore.OpenRestore(await AskAsync(lab, deleted, [], draft.Changes), Stop);
        var end = await lab.Restore.CloseRestore(new() { Question = await AskAsync(lab, [deleted[0]], [deleted[1].Was.Group]), Repairs = [] }, Stop);

        Assert.Equal((1, 1), (lot.Total, Assert.Single(lot.Parts).Count));
        var left = Assert.Single(await lab.Store.LoadListAsync<LeftValue>(end.Left!, Stop));
        Assert.Contains("its writeback is on in Entra already", left.Why, StringComparison.Ordinal);
        Assert.Equal(1, end.Restored);
    }

    /// <summary>What a run before did is there, and is neither done again nor taken for somebody else's.</summary>
    [Fact]
    public async Task Opening_AfterACrash_GoesOnWithWhatIsStillDeleted()
    {
        await using var lab = await StartAsync();
        var deleted = Deleted(lab, 2);
        var draft = await lab.Restore.PlanRestore(await AskAsync(lab, deleted, []), Stop);
        await lab.Restore.OpenRestore(await AskAsync(lab, deleted, [], draft.Changes), Stop);

        var again = await lab.Restore.OpenRestore(await AskAsync(lab, [deleted[1]], [deleted[0].Was.Group], draft.Changes), Stop);

        Assert.Equal((2, 1), (again.Total, Assert.Single(again.Parts).Count));
    }

    [Fact]
    public async Task Close_TellsWhatTheListenerRefused_AndMembersThatStayAway()
    {
        await using var lab = await StartAsync();
        var deleted = Deleted(lab, 2);
        var draft = await lab.Restore.PlanRestore(await AskAsync(lab, deleted, []), Stop);
        await lab.Restore.OpenRestore(await AskAsync(lab, deleted, [], draft.Changes), Stop);
        var repairs = await lab.Store.SaveListAsync("repairs", (GroupRepair[])
        [
            Repair(deleted[0]) with { Outcome = RepairOutcome.Incomplete, Error = new() { Code = "GWB6106", Message = "The name is taken." } },
            Repair(deleted[1]) with { Outcome = RepairOutcome.Incomplete, MembersMissing = [Guid.NewGuid()] },
        ], Stop);

        var end = await lab.Restore.CloseRestore(new() { Question = await AskAsync(lab, [deleted[0]], [deleted[1].Was.Group]), Repairs = [repairs] }, Stop);

        var left = (await lab.Store.LoadListAsync<LeftValue>(end.Left!, Stop)).ToDictionary(one => one.Target, one => one.Why);
        Assert.Contains("GWB6106", left[deleted[0].Was.Group.ObjectGuid.ToString("D")], StringComparison.Ordinal);
        Assert.Contains("1 of its members", left[deleted[1].Was.Group.ObjectGuid.ToString("D")], StringComparison.Ordinal);
        Assert.Equal(1, end.Restored);
    }

    [Fact]
    public async Task Plan_TakesTheNewestSnapshotOfAMigration()
    {
        await using var lab = await StartAsync();
        var deleted = Deleted(lab, 1);
        var group = deleted[0].Was;
        foreach (var (migration, text) in new[] { ("m-20260101-000000-0001", "old"), ("m-20260201-000000-0001", "new") })
        {
            var snapshot = await lab.Store.SaveListAsync("snapshot", [group with { Description = text }], Stop);
            await lab.Store.WriteOneAsync(StoreNames.RepairPack(migration), new RepairPack { MigrationId = migration, Snapshot = snapshot, WritebackOu = Ou, FrozenAt = default }, Stop);
        }

        var draft = await lab.Restore.PlanRestore(await AskAsync(lab, deleted, [], bin: false), Stop);

        var report = await lab.Store.LoadOneAsync<RestoreReport>(draft.Report!, Stop);
        Assert.Equal("m-20260201-000000-0001", Assert.Single(report.Findings).SnapshotOf);
        Assert.Equal("new", Assert.Single(await lab.Store.LoadListAsync<GroupSnapshot>(report.Snapshot!, Stop)).Description);
    }

    static Task<LabTenant> StartAsync() => LabTenant.StartAsync(new WorldOptions { Groups = 10, M365 = 3, DisabledRetained = 3 });

    /// <summary>Groups whose writeback is off, as if their objects had been deleted.</summary>
    static List<DeletedWritebackGroup> Deleted(LabTenant lab, int count) => lab.World.Store.Read(() => lab.World.Groups.Values
        .Where(group => group is { Unified: false, WritebackEnabled: false } && lab.World.Forest.FindByAdminDescription(group.Anchor).Count > 0)
        .Select(group => lab.World.Forest.FindByAdminDescription(group.Anchor)[0]).Take(count)
        .Select(o => new DeletedWritebackGroup
        {
            Was = new()
            {
                Group = new()
                {
                    ObjectGuid = o.ObjectGuid, DistinguishedName = o.DistinguishedName, SamAccountName = o.SamAccountName, Sid = o.Sid, GroupType = o.GroupType,
                    AdminDescription = o.AdminDescription, MemberCount = 0,
                },
                Members = o.Members,
            },
            DeletedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        }).ToList());

    static GroupRepair Repair(DeletedWritebackGroup deleted) =>
        new() { ObjectGuid = deleted.Was.Group.ObjectGuid, DistinguishedName = deleted.Was.Group.DistinguishedName, Outcome = RepairOutcome.Repaired };

    static async Task<RestoreQuestion> AskAsync(LabTenant lab, IReadOnlyList<DeletedWritebackGroup> deleted, IReadOnlyList<AdGroup> living, DocumentReference? changes = null, bool bin = true) => new()
    {
        OperationId = OperationId,
        Terms = new(),
        Servers = new() { Version2 = true, Version1 = true },
        Deleted = new() { WritebackOu = Ou, RecycleBinEnabled = bin, KeptDays = 180, Groups = await lab.Store.SaveListAsync("deleted-groups", deleted, Stop) },
        Inventory = await lab.Store.SaveListAsync("inventory", living, Stop),
        ReadAt = default,
        Changes = changes,
    };
}
