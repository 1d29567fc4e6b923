using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.Operations;

/// <summary>Values written and taken back against the simulated tenant, over HTTP.</summary>
public sealed class ValueActivitiesTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Groups_OffAndBack_AreExactlyAsBefore(bool replaces)
    {
        await using var lab = await StartAsync(new WorldSwitches { WritebackPatchReplaces = replaces });
        var before = Groups(lab);
        var part = await PlanAsync(lab, WritebackWish.Off);

        var written = await lab.Values.WriteValues(part, Stop);
        var off = Groups(lab);
        var reverted = await lab.Values.RevertValues(part, Stop);

        Assert.Equal((16, 0), (written.Ours, written.LeftCount));
        Assert.All(off.Where(group => group.Unified), group => Assert.False(group.WritebackEnabled));
        Assert.Equal(before.Select(group => group.OnPremisesGroupType), off.Select(group => group.OnPremisesGroupType));
        Assert.Equal((0, 0), (reverted.Ours, reverted.LeftCount));
        Assert.Equal(before, Groups(lab));
    }

    /// <summary>An activity that runs again finds what it wrote, and never takes its own effect for how things were.</summary>
    [Fact]
    public async Task Groups_WrittenTwice_AreStillTakenBackToWhatTheyWere()
    {
        await using var lab = await StartAsync();
        var before = Groups(lab);
        var part = await PlanAsync(lab, WritebackWish.Off);

        await lab.Values.WriteValues(part, Stop);
        var again = await lab.Values.WriteValues(part, Stop);
        await lab.Values.RevertValues(part, Stop);
        await lab.Values.RevertValues(part, Stop);

        Assert.Equal((16, 0), (again.Ours, again.LeftCount));
        Assert.Equal(before, Groups(lab));
    }

    [Fact]
    public async Task Groups_ChangedByOthersAfterwards_AreLeftToThem()
    {
        await using var lab = await StartAsync();
        var part = await PlanAsync(lab, WritebackWish.Off);
        await lab.Values.WriteValues(part, Stop);
        var first = (await lab.Store.LoadListAsync<ValueChange>(part.Changes, Stop)).First(change => change.Before == WritebackWords.NotSet);
        await SetAsync(lab, Guid.Parse(first.Target), true);

        var reverted = await lab.Values.RevertValues(part, Stop);

        var left = Assert.Single(await lab.Store.LoadListAsync<LeftValue>(reverted.Left!, Stop));
        Assert.Equal((first.Target, "it reads on, not notSet"), (left.Target, left.Why));
        Assert.True(lab.World.Store.Read(() => lab.World.Groups[Guid.Parse(first.Target)].WritebackEnabled));
    }

    [Fact]
    public async Task Groups_ChangedOrGoneSincePlan_AreLeft()
    {
        await using var lab = await StartAsync();
        var part = await PlanAsync(lab, WritebackWish.Off);
        var changes = (await lab.Store.LoadListAsync<ValueChange>(part.Changes, Stop)).Where(change => change.Before == WritebackWords.NotSet).ToList();
        await SetAsync(lab, Guid.Parse(changes[0].Target), true);
        await lab.World.Store.ChangeAsync(change => lab.World.Groups.Delete(change, changes[1].Target));

        var written = await lab.Values.WriteValues(part, Stop);

        Assert.Equal((14, 2), (written.Ours, written.LeftCount));
        Assert.True(lab.World.Store.Read(() => lab.World.Groups[Guid.Parse(changes[0].Target)].WritebackEnabled));
    }

    [Fact]
    public async Task Groups_UnderThrottlingAndLostAnswers_EndTheSame()
    {
        await using var lab = await StartAsync();
        var before = Groups(lab);
        (lab.Faults.ThrottleEvery, lab.Faults.FailEvery, lab.Faults.UnknownOutcomeEvery) = (5, 7, 3);
        var part = await PlanAsync(lab, WritebackWish.Off);

        var written = await lab.Values.WriteValues(part, Stop);
        await lab.Values.RevertValues(part, Stop);

        Assert.Equal((16, 0), (written.Ours, written.LeftCount));
        Assert.Equal(before, Groups(lab));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task Setting_OffAndBack_IsExactlyAsBefore(bool there, bool replaces)
    {
        await using var lab = await StartAsync(new WorldSwitches { SettingPatchReplaces = replaces }, setting: there);
        var before = Setting(lab);
        var part = await PlanNewAsync(lab);

        var written = await lab.Values.WriteValues(part, Stop);
        var off = Setting(lab);
        await lab.Values.RevertValues(part, Stop);

        Assert.Equal(1, written.Ours);
        Assert.StartsWith("false", off, StringComparison.Ordinal);
        Assert.Equal(before?["true".Length..] ?? "", off!["false".Length..]);
        Assert.Equal(before, Setting(lab));
    }

    [Fact]
    public async Task Setting_WithSomethingOfOthersInItMeanwhile_KeepsThat_AndSaysSo()
    {
        await using var lab = await StartAsync();
        var part = await PlanNewAsync(lab);
        await lab.Values.WriteValues(part, Stop);
        await lab.World.Store.ChangeAsync(change =>
            lab.World.PutTenant(change, lab.World.Tenant with { UnifiedSetting = new Dictionary<string, string> { ["EnableGroupCreation"] = "false" } }));

        var reverted = await lab.Values.RevertValues(part, Stop);

        Assert.Equal("true EnableGroupCreation=false", Setting(lab));
        Assert.Equal((0, 1), (reverted.Ours, reverted.LeftCount));
    }

    static Task<LabTenant> StartAsync(WorldSwitches? switches = null, bool setting = false) =>
        LabTenant.StartAsync(new WorldOptions { Groups = 4, M365 = 24, UnifiedSetting = setting, Switches = switches ?? new() });

    static async Task<ValuePart> PlanAsync(LabTenant lab, WritebackWish wish) =>
        PartOf(await lab.Writeback.PlanExistingGroups(new() { Terms = new() { Writeback = wish }, Servers = new(), ApprovalFrom = 50 }, Stop), ValueKind.GroupWriteback);

    static async Task<ValuePart> PlanNewAsync(LabTenant lab) =>
        PartOf(await lab.Writeback.PlanNewGroups(new() { Terms = new() { Writeback = WritebackWish.Off }, Servers = new() }, Stop), ValueKind.NewGroupsDefault);

    static ValuePart PartOf(OperationDraft draft, ValueKind kind) =>
        new() { OperationId = "o-1", Kind = kind, Changes = draft.Changes!, Part = 0, From = 0, Count = draft.Changes!.Count };

    static List<CloudGroup> Groups(LabTenant lab) => lab.World.Store.Read(() => lab.World.Groups.Values.Where(group => group.Unified).ToList());

    static string? Setting(LabTenant lab) => lab.World.Store.Read(() => lab.World.Tenant.NewUnifiedGroupWritebackDefault is { } value
        ? string.Join(' ', lab.World.Tenant.UnifiedSetting.Select(other => $"{other.Key}={other.Value}").Prepend(value)) : null);

    static async Task SetAsync(LabTenant lab, Guid id, bool enabled) =>
        await lab.World.Store.ChangeAsync(change => lab.World.Groups.Put(change, id, lab.World.Groups[id] with { WritebackEnabled = enabled }));
}
