using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Functions.CloudSync;

/// <summary>What the plan says of names and places, held against what the lab's Cloud Sync writes: the lab knows nothing of the product's beliefs.</summary>
public class NamePredictionTests
{
    // Every thirtieth name needs escaping or leaves ASCII; administrators renamed five objects and moved two.
    static WorldOptions World(ConnectNaming naming) => new() { Groups = 70, M365 = 2, Naming = naming, DeviatingNames = 5, DeviatingPlaces = 2 };

    const string Unseen = "as it was before Cloud Sync came";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ConnectNaming.CloudId)]
    [InlineData(ConnectNaming.DisplayName)]
    public async Task Written_IsWhatCloudSyncWrites(ConnectNaming naming)
    {
        await using var lab = await LabTenant.StartAsync(World(naming));
        var (input, names) = await PreparedAsync(lab);

        await CycleAsync(lab, input, names);

        Assert.Equal((70, 7), (names.Count, names.Count(n => n.KeptBy == NameKeeping.GroupDn)));
        Assert.All(names, name => Assert.Equal((name.WrittenCommonName, name.WrittenContainer, name.WrittenSamAccountName), Now(lab, name)));
        Assert.All(names, name => Assert.Equal((name.CommonName, name.Container, name.SamAccountName), Now(lab, name)));
    }

    [Theory]
    [InlineData(ConnectNaming.CloudId)]
    [InlineData(ConnectNaming.DisplayName)]
    public async Task Mapped_IsWhatCloudSyncWrites_WhereNothingKeepsAName(ConnectNaming naming)
    {
        await using var lab = await LabTenant.StartAsync(World(naming));
        var (input, names) = await PreparedAsync(lab);
        await lab.World.Store.ChangeAsync(change =>
        {
            foreach (var name in names) { lab.World.Groups.Put(change, name.CloudId, lab.World.Groups[name.CloudId] with { Extensions = new Dictionary<string, string>() }); }
        });

        await CycleAsync(lab, input, names);

        Assert.All(names, name => Assert.Equal((name.MappedCommonName, name.MappedContainer, name.SamAccountName), Now(lab, name)));
        Assert.Equal(7, names.Count(name => (name.CommonName, name.Container, name.SamAccountName) != Now(lab, name)));
    }

    [Fact]
    public async Task Names_DifferingInCaseAlone_AreKept()
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions { Groups = 20, M365 = 2, Naming = ConnectNaming.DisplayName });
        var renamed = await lab.World.Store.ChangeAsync(change =>
        {
            var group = lab.World.Groups.Values.First(g => g.WritebackEnabled == true && !g.Unified);
            var o = lab.World.Forest.FindByAdminDescription(group.Anchor).Single();
            lab.World.Forest.Rename(change, o.ObjectGuid, DistinguishedName.Cn(o.DistinguishedName).ToUpperInvariant());
            lab.World.Forest.Update(change, o.ObjectGuid, g => g with { PlacedByHand = true });
            return group.Id;
        });
        var (input, names) = await PreparedAsync(lab);

        await CycleAsync(lab, input, names);

        var name = names.Single(n => n.CloudId == renamed);
        Assert.Equal(NameKeeping.GroupDn, name.KeptBy);
        Assert.Equal((name.CommonName, name.Container, name.SamAccountName), Now(lab, name));
    }

    [Fact]
    public async Task Names_UnderAConfigurationWithItsOwnMappings_AreAllKeptByGroupDn()
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions { Groups = 20, M365 = 2, ExistingConfiguration = ExistingConfiguration.Managing });
        var survey = await lab.CloudSync.SurveyCloudSync(
            new() { Domain = WorldSeeder.Domain, WritebackOu = WorldSeeder.WritebackOu, Naming = NamingStyle.GroupGuid }, Stop);

        var names = await lab.Store.LoadListAsync<NamePrediction>((await lab.AssessAsync(survey)).Names!, Stop);

        Assert.True(Assert.Single(survey.Configurations).OwnMappings);
        Assert.All(names, name => Assert.Equal((NameKeeping.GroupDn, null, name.CommonName), (name.KeptBy, name.MappedCommonName, name.WrittenCommonName)));
    }

    [Fact]
    public async Task Plan_WithOtherNames_HasAnotherHash()
    {
        await using var lab = await LabTenant.StartAsync(World(ConnectNaming.CloudId));
        var before = await lab.AssessAsync();
        await lab.World.Store.ChangeAsync(change =>
        {
            var o = lab.World.Forest.FindByAdminDescription(lab.World.Groups.Values.Last(g => g.WritebackEnabled == true && !g.Unified).Anchor).Single();
            lab.World.Forest.Update(change, o.ObjectGuid, g => g with { SamAccountName = "renamed" });
        });

        var after = await lab.AssessAsync();

        Assert.NotEqual(before.Names, after.Names);
        Assert.NotEqual(before.PlanHash, after.PlanHash);
    }

    static async Task<(CloudSyncInput Input, IReadOnlyList<NamePrediction> Names)> PreparedAsync(LabTenant lab)
    {
        var input = await lab.PreparedAsync();
        var names = await lab.Store.LoadListAsync<NamePrediction>((await lab.PlanAsync(input)).Names!, Stop);
        await lab.World.Store.ChangeAsync(change =>
        {
            foreach (var name in names)
            {
                lab.World.Forest.SetAnchor(change, name.ObjectGuid, $"Group_{name.CloudId:D}");
                lab.World.Forest.Update(change, name.ObjectGuid, o => o with { Description = Unseen });
            }
        });
        return (input, names);
    }

    /// <summary>Every planned group comes into scope, and Cloud Sync runs.</summary>
    static async Task CycleAsync(LabTenant lab, CloudSyncInput input, IReadOnlyList<NamePrediction> names)
    {
        await lab.ForAsync(TimeSpan.FromHours(4), Stop);
        await lab.Portal.SetMembersSwitchAsync(input.Job!.JobId, on: true);
        await lab.CloudSync.LiftCanaryFilter(input, Stop);
        await lab.Portal.RunAssignmentScriptAsync(input.Job.ServicePrincipalId, names.Select(n => n.CloudId));
        await lab.CloudSync.StartJob(input, Stop);
        await lab.ForAsync(TimeSpan.FromHours(2), Stop);
        // It wrote every one of them.
        Assert.All(names, name => Assert.NotEqual(Unseen, lab.World.Store.Read(() => lab.World.Forest.Find(name.ObjectGuid)!.Description)));
    }

    static (string?, string?, string) Now(LabTenant lab, NamePrediction name) => lab.World.Store.Read(() =>
    {
        var o = lab.World.Forest.Find(name.ObjectGuid)!;
        return (DistinguishedName.Cn(o.DistinguishedName), DistinguishedName.Parent(o.DistinguishedName), o.SamAccountName);
    });
}
