using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>On the way back, what Connect only carries over from Entra passes; what would take, double or rename a group that lives does not.</summary>
public sealed class CarriedOverTests
{
    static readonly HashSet<string> NoneKnown = [];
    static readonly Dictionary<string, AdGroup> NothingBefore = [];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delete_OnlyOfAGroupThatIsGoneInEntra_IsCarriedOver()
    {
        await using var lab = await StartAsync();
        var (gone, alive) = (Anchors.Of(Guid.NewGuid()), Anchors.Of(Written(lab).Id));

        var carried = await lab.Entra.CarriedOverAsync([Pending(gone, ExportOperation.Delete), Pending(alive, ExportOperation.Delete)], NoneKnown, NothingBefore, Stop);

        Assert.Equal([gone], carried.Select(c => c.Anchor));
    }

    [Fact]
    public async Task Delete_OfAGroupThatMayBeRestored_IsNotCarriedOver()
    {
        await using var lab = await StartAsync();
        var group = Written(lab);
        await lab.World.Store.ChangeAsync(change => lab.World.Groups.Put(change, group.Id, group with { DeletedAt = lab.World.Clock.GetUtcNow() }));

        Assert.Empty(await lab.Entra.CarriedOverAsync([Pending(Anchors.Of(group.Id), ExportOperation.Delete)], NoneKnown, NothingBefore, Stop));
    }

    [Fact]
    public async Task Delete_OfAnObjectThatConnectKnowsNoAnchorOfAnyMore_IsRecognisedByTheSnapshot()
    {
        await using var lab = await StartAsync();
        var gone = Pending(Anchors.Of(Guid.NewGuid()), ExportOperation.Delete);
        var before = new Dictionary<string, AdGroup> { [gone.DistinguishedName] = Before(gone.Anchor!, "Gone") };

        var carried = await lab.Entra.CarriedOverAsync([gone with { Anchor = null }, gone with { Anchor = null, DistinguishedName = "CN=unknown" }], NoneKnown, before, Stop);

        Assert.Equal([gone.DistinguishedName], carried.Select(c => c.DistinguishedName));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Add_OfALivingGroup_IsCarriedOverUnlessItHasAnObject(bool known, bool carriedOver)
    {
        await using var lab = await StartAsync();
        var anchor = Anchors.Of(Written(lab).Id);

        var carried = await lab.Entra.CarriedOverAsync([Pending(anchor, ExportOperation.Add)], known ? new HashSet<string> { anchor } : NoneKnown, NothingBefore, Stop);

        Assert.Equal(carriedOver, carried.Any(c => c.Anchor == anchor));
    }

    [Theory]
    [InlineData("another name", true)]
    [InlineData(null, false)]
    public async Task Rename_OnlyOfAGroupThatWasRenamedInEntra_IsCarriedOver(string? before, bool carriedOver)
    {
        await using var lab = await StartAsync();
        var group = Written(lab);
        var anchor = Anchors.Of(group.Id);
        var snapshot = new Dictionary<string, AdGroup> { ["CN=x"] = Before(anchor, before ?? group.DisplayName) };

        var carried = await lab.Entra.CarriedOverAsync([Pending(anchor, ExportOperation.Rename)], new HashSet<string> { anchor }, snapshot, Stop);

        Assert.Equal(carriedOver, carried.Any(c => c.Anchor == anchor));
    }

    [Fact]
    public async Task DeleteAndAddOfOneGroup_IsNotCarriedOver()
    {
        await using var lab = await StartAsync();
        var gone = Anchors.Of(Guid.NewGuid());

        Assert.Empty(await lab.Entra.CarriedOverAsync([Pending(gone, ExportOperation.DeleteAdd)], NoneKnown, NothingBefore, Stop));
    }

    static Task<LabTenant> StartAsync() => LabTenant.StartAsync(new WorldOptions { Groups = 4, M365 = 2 }, new CloudSyncOptions());

    static CloudGroup Written(LabTenant lab) => lab.World.Store.Read(() => lab.World.Groups.Values.First(g => g is { WritebackEnabled: true, Unified: false }));

    static AdGroup Before(string anchor, string name) => new()
    {
        ObjectGuid = Guid.NewGuid(), DistinguishedName = "CN=x", SamAccountName = "x", Sid = "S-1-5-21-1", GroupType = -2147483640, MemberCount = 0,
        AdminDescription = anchor, DisplayName = name,
    };

    static PendingExport Pending(string anchor, ExportOperation operation) => new()
    {
        Connector = "contoso.example", ObjectType = "group", Operation = operation, DistinguishedName = "CN=x,OU=GroupWriteback,DC=contoso,DC=example", Anchor = anchor,
    };
}
