using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Functions.CloudSync;

/// <summary>Groups that keep names and places of their own, against the simulated tenant.</summary>
public class GroupDnExtensionTests
{
    const string App = "CloudSyncCustomExtensionsApp";
    static readonly WorldOptions Deviating = new() { Groups = 20, M365 = 2, DeviatingNames = 3, DeviatingPlaces = 2 };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prepare_DeviatingGroups_HoldTheirNamesAndNothingDeviates()
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        var input = await lab.PreparedAsync();

        var facts = await lab.CloudSync.ReadCloudSync(input, Stop);

        Assert.Empty(facts.Deviations);
        var kept = await lab.Store.LoadListAsync<KeptDn>((await lab.PlanAsync(input)).Kept!, Stop);
        Assert.Equal(5, kept.Count);
        // The match canary holds one too.
        Assert.Equal(kept.Select(k => k.Value).Append(KeptCanary.Of(await lab.PlanAsync(input)).Value).Order(), Held(lab).Order());
    }

    [Fact]
    public async Task Prepare_NothingDeviates_MakesNoExtension()
    {
        await using var lab = await LabTenant.StartAsync(Deviating with { DeviatingNames = 0, DeviatingPlaces = 0 });
        await lab.PreparedAsync();

        Assert.Empty(lab.ExtensionApps);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Prepare_AnswersLostAndThrottled_MakesAppAndPropertyOnce(int every)
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        (lab.Faults.UnknownOutcomeEvery, lab.Faults.ThrottleEvery) = (every + 1, every + 4);

        var input = await lab.PreparedAsync();

        Assert.Empty((await lab.CloudSync.ReadCloudSync(input, Stop)).Deviations);
        Assert.Single(Assert.Single(lab.ExtensionApps).Extensions);
    }

    [Fact]
    public async Task Prepare_Twice_WritesNothingMore()
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        var input = await lab.PreparedAsync();
        var before = Held(lab);

        await lab.CloudSync.PrepareCloudSync(input with { Job = null }, Stop);
        await lab.WriteGroupDnAsync(input);

        Assert.Equal(before, Held(lab));
        Assert.Single(lab.ExtensionApps);
    }

    [Fact]
    public async Task Remove_MadeByUs_LeavesNeitherValuesNorApp()
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        var input = await lab.PreparedAsync();

        await lab.RemoveAsync(input);
        await lab.RemoveAsync(input);

        Assert.Empty(Held(lab));
        Assert.Empty(lab.ExtensionApps);
        Assert.Equal(0, lab.World.Store.Read(() => lab.World.Jobs.Count));
    }

    [Fact]
    public async Task Remove_StoppedAfterTheApplicationWasGone_StillTakesTheValuesBack()
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        var input = await lab.PreparedAsync();

        await lab.CloudSync.RemoveCloudSync(input, Stop);
        Assert.NotEmpty(Held(lab));
        await lab.RemoveAsync(input);

        Assert.Empty(Held(lab));
        Assert.Empty(lab.ExtensionApps);
    }

    [Fact]
    public async Task Remove_AppMadeWithoutAnAnswer_IsFoundByItsNameAndRemoved()
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        var input = await lab.PreparedAsync();
        var name = CloudSyncJournal.Name(input.MigrationId);
        var journal = await lab.Store.ReadOneAsync<CloudSyncJournal>(name, Stop);
        await lab.Store.WriteOneAsync(name, journal! with { GroupDn = new() { AppIntended = true } }, Stop);
        await lab.World.Store.ChangeAsync(c => lab.Applications.Put(c, lab.ExtensionApps[0].ObjectId, lab.ExtensionApps[0] with { Extensions = new Dictionary<string, string>() }));

        await lab.RemoveAsync(input);

        Assert.Empty(lab.ExtensionApps);
    }

    /// <summary>More groups than one call writes: each call journals what it is about to write, and none takes longer than the one before.</summary>
    [Fact]
    public async Task Write_ManyGroups_GoesOnWhereItStopped()
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions { Groups = GroupDnExtension.WrittenAtOnce + 20, M365 = 2, Memberships = 0, DeviatingNames = GroupDnExtension.WrittenAtOnce + 20 });
        var input = new CloudSyncInput { MigrationId = "m-1", Plan = (await lab.AssessAsync()).Plan! };
        await lab.CloudSync.PrepareCloudSync(input, Stop);
        var part = new GroupDnInput { MigrationId = "m-1", Plan = input.Plan, From = 0 };

        var first = await lab.CloudSync.WriteGroupDn(part, Stop);
        var held = Held(lab).Count;
        var again = await lab.CloudSync.WriteGroupDn(part, Stop);
        var last = await lab.CloudSync.WriteGroupDn(part with { From = again.Done }, Stop);

        // The match canary is one of them.
        Assert.Equal((GroupDnExtension.WrittenAtOnce, GroupDnExtension.WrittenAtOnce + 21), (first.Done, first.Total));
        Assert.Equal((GroupDnExtension.WrittenAtOnce, first, GroupDnExtension.WrittenAtOnce + 21), (held, again, last.Done));
        Assert.Equal(GroupDnExtension.WrittenAtOnce + 21, Held(lab).Count);
    }

    [Fact]
    public async Task Remove_AppWasThere_GivesBackWhatGroupsHeld()
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        var property = await FindableAppAsync(lab, withProperty: true);
        var (deviating, plain) = (Planned(lab, byHand: true), Planned(lab, byHand: false));
        await HoldAsync(lab, deviating, property, "CN=old,DC=x");
        await HoldAsync(lab, plain, property, "CN=elsewhere,DC=x");
        var input = await lab.PreparedAsync();
        // A value of somebody else's on a group that follows the mapping would rename it: it too holds its own name now.
        Assert.DoesNotContain("CN=elsewhere,DC=x", Held(lab));

        await lab.RemoveAsync(input);

        Assert.Equal(["CN=elsewhere,DC=x", "CN=old,DC=x"], Held(lab).Order());
        Assert.Single(lab.ExtensionApps);
    }

    [Fact]
    public async Task Remove_AppWasThereWithoutProperty_RemovesThePropertyAlone()
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        await FindableAppAsync(lab, withProperty: false);
        var input = await lab.PreparedAsync();

        await lab.RemoveAsync(input);

        Assert.Empty(Assert.Single(lab.ExtensionApps).Extensions);
    }

    [Fact]
    public async Task Remove_SomebodyChangedAValue_LeavesItAndTheProperty()
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        var input = await lab.PreparedAsync();
        var property = lab.ExtensionApps.Single().PropertyName(GroupDn.Name);
        await HoldAsync(lab, Planned(lab, byHand: true), property, "CN=theirs,DC=x");

        await lab.RemoveAsync(input);

        Assert.Equal(["CN=theirs,DC=x"], Held(lab));
        Assert.Single(lab.ExtensionApps);
    }

    [Fact]
    public async Task Prepare_ValuesNotWritten_IsToldBeforeAnybodyIsInScope()
    {
        await using var lab = await LabTenant.StartAsync(Deviating with { Sabotage = [Sabotage.GroupDnNotWritten] });

        var refused = await Assert.ThrowsAsync<GraphTransientException>(() => lab.PreparedAsync());

        Assert.Equal(GraphError.GroupDnNotHeld, refused.Error);
        Assert.Equal(0, lab.World.Store.Read(() => lab.World.Assignments.Count));
    }

    [Fact]
    public async Task Read_ValuesDropped_Deviates()
    {
        await using var lab = await LabTenant.StartAsync(Deviating with { Sabotage = [Sabotage.GroupDnDropped] });
        var input = await lab.PreparedAsync();

        await lab.CloudSync.PauseJob(input, Stop);

        Assert.Contains((await lab.CloudSync.ReadCloudSync(input, Stop)).Deviations, d => d.StartsWith("GWB4212", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refresh_GroupRenamedAndAnotherBackInLine_FollowsActiveDirectory()
    {
        await using var lab = await LabTenant.StartAsync(Deviating);
        var input = await lab.PreparedAsync();
        var (renamed, back) = lab.World.Store.Read(() => lab.World.Objects.Values.Where(o => o.PlacedByHand).Take(2).ToArray()) is [var one, var two] ? (one, two) : throw new InvalidOperationException();
        await lab.World.Store.ChangeAsync(c => lab.World.Forest.Rename(c, renamed.ObjectGuid, "Renamed since"));
        await lab.World.Store.ChangeAsync(c => lab.World.Forest.Rename(c, back.ObjectGuid, back.AdminDescription!));
        var drift = await lab.DriftAsync(input);
        Assert.True(drift.Holds, string.Join("; ", drift.Reasons));
        Assert.NotEmpty((await lab.CloudSync.ReadCloudSync(input, Stop)).Deviations);

        await lab.WriteGroupDnAsync(input);
        var facts = await lab.CloudSync.ReadCloudSync(input, Stop);

        Assert.Empty(facts.Deviations);
        Assert.Contains(Held(lab), v => v.StartsWith("CN=Renamed since,", StringComparison.Ordinal));
        Assert.Equal(5, Held(lab).Count);
    }

    [Fact]
    public async Task Drift_GroupRenamedAndThePlanKeepsNone_DoesNotHold()
    {
        await using var lab = await LabTenant.StartAsync(Deviating with { DeviatingNames = 0, DeviatingPlaces = 0 });
        var input = await lab.PreparedAsync();
        var group = lab.World.Store.Read(() => lab.World.Objects.Values.First(o => o.AdminDescription == Anchor(lab)));
        await lab.World.Store.ChangeAsync(c => lab.World.Forest.Rename(c, group.ObjectGuid, "Renamed since"));

        Assert.Contains((await lab.DriftAsync(input)).Reasons, r => r.Contains("renamed or moved", StringComparison.Ordinal));
    }

    static string Anchor(LabTenant lab) => lab.World.Groups[Planned(lab, byHand: false)].Anchor;

    static List<string> Held(LabTenant lab) => lab.World.Store.Read(() => lab.World.Groups.Values.OrderBy(g => g.Id).SelectMany(g => g.Extensions.Values).ToList());

    static Guid Planned(LabTenant lab, bool byHand) => lab.World.Store.Read(() =>
    {
        var moved = lab.World.Objects.Values.Where(o => o.PlacedByHand).Select(o => o.AdminDescription).ToHashSet();
        return lab.World.Groups.Values.OrderBy(g => g.Id)
            .First(g => g is { WritebackEnabled: true, Unified: false, DeletedAt: null } && moved.Contains(g.Anchor) == byHand).Id;
    });

    static async Task HoldAsync(LabTenant lab, Guid group, string property, string value) => await lab.World.Store.ChangeAsync(change =>
        lab.World.Groups.Put(change, group, lab.World.Groups[group] with { Extensions = new Dictionary<string, string> { [property] = value } }));

    static async Task<string> FindableAppAsync(LabTenant lab, bool withProperty) => await lab.World.Store.ChangeAsync(change =>
    {
        var app = new Lab.Tenant.ApplicationRecord
        {
            ObjectId = Guid.NewGuid(),
            AppId = Guid.NewGuid(),
            DisplayName = App,
            IdentifierUris = [$"api://{lab.World.Tenant.TenantId:D}/{App}"],
            ServicePrincipalId = Guid.NewGuid(),
            // With Application.ReadWrite.OwnedBy nobody adds a property to an application of somebody else.
            OwnerId = lab.ProductId,
            Extensions = withProperty ? new Dictionary<string, string> { [Guid.NewGuid().ToString("D")] = GroupDn.Name } : [],
        };
        lab.Applications.Put(change, app.ObjectId, app);
        return app.PropertyName(GroupDn.Name);
    });
}
