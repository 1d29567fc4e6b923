using System.Text;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Terminal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>The repair pack of a whole migration, applied to its own world after somebody took the groups apart.</summary>
public sealed class RepairPackTests
{
    [Fact]
    public async Task Ldif_AppliedToGroupsThatWereTakenApart_GivesBackTheFrozenSnapshot()
    {
        var story = Rehearsed.Small();
        using var folder = new TempFolder();
        await using var log = new StringWriter();
        IReadOnlyList<string> broken = [], left = [];

        await RehearsalRun.RunAsync(
            new RehearsalOptions { Story = story with { World = story.World with { DeviatingNames = 3, DeviatingPlaces = 2 } }, Output = folder.File("out") },
            new PlainView(log), TestContext.Current.CancellationToken,
            (host, _) => (broken, left) = RepairAsync(host).GetAwaiter().GetResult());

        Assert.InRange(broken.Count, 4, int.MaxValue);
        Assert.Empty(left);
    }

    static async Task<(IReadOnlyList<string> Broken, IReadOnlyList<string> Left)> RepairAsync(LabHost host)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
        var api = new ProductApi(http, host.Issuer, LabPeople.Operator, host.Clock);
        string id = (await api.MigrationIdsAsync(TestContext.Current.CancellationToken))[0];
        string ldif = Encoding.ASCII.GetString((await api.DownloadAsync($"api/migrations/{id}/repair?format=ldif", TestContext.Current.CancellationToken))!);
        var snapshot = System.Text.Json.JsonSerializer.Deserialize<List<GroupSnapshot>>(
            (await api.DownloadAsync($"api/migrations/{id}/repair?format=snapshot", TestContext.Current.CancellationToken))!, GwbCloud.Contracts.Json.ContractJson.Options)!;
        await TakeApartAsync(host.World, snapshot);

        var broken = Differences(host.World, snapshot);
        await new LdifAdministrator(host.World).ApplyAsync(ldif);

        return (broken, Differences(host.World, snapshot));
    }

    /// <summary>One of each: deleted, renamed, moved, emptied, and the anchor taken.</summary>
    static async Task TakeApartAsync(SimulatedWorld world, List<GroupSnapshot> snapshot) => await world.Store.ChangeAsync(change =>
    {
        var living = snapshot.Where(s => s.Group.AdminDescription is not null && s.Members.Count > 0).Select(s => s.Group.ObjectGuid).ToList();
        world.Forest.Delete(change, living[0]);
        world.Forest.Rename(change, living[1], "Renamed, by \"somebody\"");
        world.Forest.Move(change, living[2], world.ForestFacts.Containers.First(c => !c.Contains("Writeback", StringComparison.OrdinalIgnoreCase)));
        world.Forest.SetMembers(change, living[3], []);
        world.Forest.SetAnchor(change, living[4], null);
        world.Forest.Delete(change, living[5]);
        return true;
    });

    static List<string> Differences(SimulatedWorld world, List<GroupSnapshot> snapshot) => world.Store.Read(() => snapshot.Where(s => s.Group.AdminDescription is not null).SelectMany(was =>
    {
        var now = world.Forest.Find(was.Group.ObjectGuid);
        if (now is null) { return [$"{was.Group.DistinguishedName} is deleted"]; }
        List<string> found = [];
        if (now.DistinguishedName != was.Group.DistinguishedName) { found.Add($"{was.Group.DistinguishedName} is {now.DistinguishedName}"); }
        if (now.ExternalDirectoryObjectId != was.Group.ExternalDirectoryObjectId) { found.Add($"{was.Group.DistinguishedName} lost its anchor"); }
        if (now.Sid != was.Group.Sid || now.AdminDescription != was.Group.AdminDescription) { found.Add($"{was.Group.DistinguishedName} is another"); }
        if (was.Members.Except(now.Members).Any(m => world.Forest.Find(m) is not null)) { found.Add($"{was.Group.DistinguishedName} lacks members"); }
        return found;
    }).ToList());
}
