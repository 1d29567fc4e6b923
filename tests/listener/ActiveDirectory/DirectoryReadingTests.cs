using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.ActiveDirectory;

public sealed class DirectoryReadingTests
{
    [Fact]
    public async Task Verification_OfManyGroups_TellsEachCatalogAndEveryDuplicate()
    {
        await using var listener = await TestListener.StartAsync();
        var planned = Enumerable.Range(0, 250).Select(i => listener.Ad.AddPlanned($"Group {i}", stamped: true)).ToList();
        listener.Ad.Hidden["gc2.contoso.example"] = [planned[0].ObjectGuid, planned[249].ObjectGuid];
        listener.Ad.Add("Copy", planned[7].Anchor, planned[7].Anchor);
        var groups = await listener.UploadAsync("groups", planned);

        var result = await listener.RunAsync(new VerifyAnchors { Groups = groups });

        Assert.Equal(250, result.Expected);
        Assert.Equal([("gc1.contoso.example", 0), ("gc2.contoso.example", 2)], result.Catalogs.Select(catalog => (catalog.GlobalCatalog, catalog.Missing)));
        Assert.Equal([planned[7].Anchor], result.Duplicates);
    }

    [Fact]
    public async Task Verification_InAForestWithoutACatalog_FailsInsteadOfPassing()
    {
        await using var listener = await TestListener.StartAsync();
        listener.Ad.GlobalCatalogs.Clear();
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A", stamped: true));

        Assert.Equal(DirectoryError.CatalogsMissing.Code, await listener.FailAsync(new VerifyAnchors { Groups = groups }));
    }

    [Fact]
    public async Task Anchors_OverOneHundred_AreRefused()
    {
        await using var listener = await TestListener.StartAsync();

        string code = await listener.FailAsync(new FindByAnchor { Anchors = [.. Enumerable.Range(0, 101).Select(_ => Identities.NewAnchor())] });

        Assert.Equal(DirectoryError.TooManyAnchors.Code, code);
    }

    [Fact]
    public async Task Snapshot_OfManyGroups_IsReadInSmallBatchesAndSorted()
    {
        await using var listener = await TestListener.StartAsync();
        var planned = Enumerable.Range(0, 230).Select(i => listener.Ad.AddPlanned($"Group {i}")).ToList();
        var groups = await listener.UploadAsync("groups", planned);

        var result = await listener.RunAsync(new SnapshotGroups { Groups = groups });

        var snapshot = await listener.ReadListAsync<GroupSnapshot>(result.Snapshot);
        Assert.Equal((230, 0), (result.Snapshot.Count, result.Missing));
        Assert.Equal(planned.Select(group => group.ObjectGuid).Order(), snapshot.Select(group => group.Group.ObjectGuid));
        Assert.InRange(listener.Ad.LargestRead, 1, 50);
    }

    [Fact]
    public async Task Snapshot_OfAGroupThatIsGone_CountsItAsMissing()
    {
        await using var listener = await TestListener.StartAsync();
        var member = Guid.NewGuid();
        var here = listener.Ad.AddPlanned("Here", false, member);
        var gone = listener.Ad.AddPlanned("Gone");
        listener.Ad.Groups.Remove(gone.ObjectGuid);
        var groups = await listener.UploadAsync("groups", here, gone);

        var result = await listener.RunAsync(new SnapshotGroups { Groups = groups });

        Assert.Equal(1, result.Missing);
        var snapshot = Assert.Single(await listener.ReadListAsync<GroupSnapshot>(result.Snapshot));
        Assert.Equal([member], snapshot.Members);
    }

    [Fact]
    public async Task Comparison_OfEveryKindOfChange_NamesEach()
    {
        await using var listener = await TestListener.StartAsync();
        Guid stays = Guid.NewGuid(), leaves = Guid.NewGuid(), joins = Guid.NewGuid();
        var same = listener.Ad.AddPlanned("Same", false, stays);
        var deleted = listener.Ad.AddPlanned("Deleted");
        var renamed = listener.Ad.AddPlanned("Renamed");
        var moved = listener.Ad.AddPlanned("Moved");
        var sid = listener.Ad.AddPlanned("Sid");
        var type = listener.Ad.AddPlanned("Type");
        var anchor = listener.Ad.AddPlanned("Anchor");
        var members = listener.Ad.AddPlanned("Members", false, stays, leaves);
        var snapshot = await listener.UploadAsync("snapshot", listener.Ad.Groups.Values);

        listener.Ad.Change(same.ObjectGuid, group => group with { ExternalDirectoryObjectId = same.Anchor });
        listener.Ad.Groups.Remove(deleted.ObjectGuid);
        listener.Ad.Change(renamed.ObjectGuid, group => group with { DistinguishedName = $"CN=Other\\, Name,{FakeDirectory.Ou}" });
        listener.Ad.Change(moved.ObjectGuid, group => group with { DistinguishedName = "CN=Moved,OU=Elsewhere,DC=contoso,DC=example" });
        listener.Ad.Change(sid.ObjectGuid, group => group with { Sid = "S-1-5-21-9-9-9-9" });
        listener.Ad.Change(type.ObjectGuid, group => group with { GroupType = 8 });
        listener.Ad.Change(anchor.ObjectGuid, group => group with { AdminDescription = null });
        listener.Ad.Groups[members.ObjectGuid] = listener.Ad.Groups[members.ObjectGuid] with { Members = [stays, joins] };
        listener.Ad.Add("Created", Identities.NewAnchor());
        var announced = listener.Ad.Add("Announced", Identities.NewAnchor());
        var allowed = await listener.UploadAsync<string>("allowed", announced.Group.AdminDescription!);

        var result = await listener.RunAsync(new CompareWithSnapshot { Snapshot = snapshot, AllowedAnchors = allowed });

        Assert.Equal((8, 0, listener.Clock.Now), (result.Compared, listener.Ad.FullReadings, result.ReadAt));
        Assert.Equal(
            [1, 1, 1, 1, 1, 1, 1, 1, 1],
            [
                result.Deleted, result.Renamed, result.Moved, result.SidChanged, result.TypeChanged, result.Created, result.AnchorsChanged,
                result.MembersLost, result.MembersGained,
            ]);
        var differences = await listener.ReadListAsync<GroupDifference>(result.Differences);
        Assert.Equal(8, differences.Count);
        Assert.DoesNotContain(differences, difference => difference.ObjectGuid == same.ObjectGuid);
        Assert.Equal([leaves], differences.Single(difference => difference.ObjectGuid == members.ObjectGuid).MembersLost);
        Assert.Contains(result.Examples, line => line.EndsWith("lost 1 members, gained 1 members", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Comparison_OfNamesOwnersRightsAndMemberships_TellsEach()
    {
        await using var listener = await TestListener.StartAsync();
        Guid above = Guid.NewGuid(), other = Guid.NewGuid();
        GroupSnapshot Whole(string cn)
        {
            var group = listener.Ad.Groups[listener.Ad.AddPlanned(cn).ObjectGuid] with { Owner = "S-1-5-21-1-2-3-512", AccessList = "D:", MemberOf = [above] };
            return listener.Ad.Groups[group.Group.ObjectGuid] = group;
        }
        void Now(GroupSnapshot was, Func<GroupSnapshot, GroupSnapshot> change) => listener.Ad.Groups[was.Group.ObjectGuid] = change(was);
        var account = Whole("Account");
        var text = Whole("Text");
        var description = Whole("Description");
        var owner = Whole("Owner");
        var rights = Whole("Rights");
        var member = Whole("Member");
        var unread = Whole("Unread");
        var snapshot = await listener.UploadAsync("snapshot", listener.Ad.Groups.Values);

        Now(account, was => was with { Group = was.Group with { SamAccountName = "other" } });
        Now(text, was => was with { Group = was.Group with { DisplayName = "other" } });
        Now(description, was => was with { Description = "other" });
        Now(owner, was => was with { Owner = "S-1-5-21-1-2-3-513" });
        Now(rights, was => was with { AccessList = "D:P" });
        Now(member, was => was with { MemberOf = [other] });
        Now(unread, was => was with { Owner = null, AccessList = null, MemberOf = null });
        var result = await listener.RunAsync(new CompareWithSnapshot { Snapshot = snapshot });

        Assert.Equal(
            [1, 2, 1, 1, 1, 1],
            [result.AccountNamesChanged, result.TextsChanged, result.OwnersChanged, result.AccessListsChanged, result.MemberOfLost, result.MemberOfGained]);
        var differences = await listener.ReadListAsync<GroupDifference>(result.Differences);
        Assert.DoesNotContain(differences, difference => difference.ObjectGuid == unread.Group.ObjectGuid);
        Assert.Equal([above], differences.Single(difference => difference.ObjectGuid == member.Group.ObjectGuid).MemberOfLost);
    }

    [Fact]
    public async Task MatchCanary_MadeTwice_IsOneObject()
    {
        await using var listener = await TestListener.StartAsync();
        var command = new CreateMatchCanary { Anchor = Identities.NewAnchor(), Cn = "Canary", DisplayName = "Canary", Members = [Guid.NewGuid()] };
        var made = await listener.RunAsync(command);

        var found = await listener.RunAsync(command);

        Assert.Equal(made.Identity, found.Identity);
        Assert.Equal(["create Canary"], listener.Ad.Writes);
        // A look for one name must not read the members of every group.
        Assert.Equal(0, listener.Ad.FullReadings);
    }

    [Fact]
    public async Task MatchCanary_WhoseNameIsTaken_IsRefused()
    {
        await using var listener = await TestListener.StartAsync();
        listener.Ad.Add("Canary");

        string code = await listener.FailAsync(new CreateMatchCanary { Anchor = Identities.NewAnchor(), Cn = "canary", DisplayName = "Canary", Members = [] });

        Assert.Equal(DirectoryError.CanaryNameTaken.Code, code);
        Assert.Empty(listener.Ad.Writes);
    }

    [Fact]
    public async Task CanaryRemoval_DeletesOnlyWhereObjectGuidAndBothAnchorsAgree()
    {
        await using var listener = await TestListener.StartAsync();
        var canary = listener.Ad.AddPlanned("Canary", stamped: true);
        var victim = listener.Ad.AddPlanned("Victim", stamped: true);
        listener.Ad.Created[canary.ObjectGuid] = listener.Ad.Created[victim.ObjectGuid] = listener.Clock.Now;
        CanaryIdentity Of(GroupIdentity group, string? anchor = null) => new() { ObjectGuid = group.ObjectGuid, Anchor = anchor ?? group.Anchor };

        var result = await listener.RunAsync(new RemoveCanaryObjects
        {
            Canaries = [Of(canary), Of(victim, canary.Anchor), Of(victim, ""), new() { ObjectGuid = Guid.NewGuid(), Anchor = canary.Anchor }],
        });

        Assert.Equal((1, 1, 2), (result.Removed, result.AlreadyGone, result.Refused));
        Assert.Equal(["delete Canary"], listener.Ad.Writes);
    }

    [Fact]
    public async Task CanaryRemoval_OfAnObjectOlderThanTheMigration_IsRefusedByCode()
    {
        await using var listener = await TestListener.StartAsync();
        var group = listener.Ad.AddPlanned("Somebody's", stamped: true);
        var young = listener.Ad.AddPlanned("Canary", stamped: true);
        listener.Ad.Created[group.ObjectGuid] = listener.Clock.Now - TimeSpan.FromMinutes(6);
        listener.Ad.Created[young.ObjectGuid] = listener.Clock.Now - TimeSpan.FromMinutes(4);
        await listener.RunAsync(new InspectForest());
        listener.Clock.Now += TimeSpan.FromHours(1);

        var result = await listener.RunAsync(new RemoveCanaryObjects
        {
            Canaries = [new() { ObjectGuid = group.ObjectGuid, Anchor = group.Anchor }, new() { ObjectGuid = young.ObjectGuid, Anchor = young.Anchor }],
        });

        Assert.Equal((1, 0, 1), (result.Removed, result.AlreadyGone, result.Refused));
        var error = Assert.Single(result.Older);
        Assert.Equal(DirectoryError.CanaryOlder.Code, error.Code);
        Assert.Contains("CN=Somebody's", error.Message, StringComparison.Ordinal);
        Assert.Equal(["delete Canary"], listener.Ad.Writes);
    }

    [Fact]
    public async Task MatchCanary_WhoseAnchorAnOlderGroupBears_IsNotAdopted()
    {
        await using var listener = await TestListener.StartAsync();
        var group = listener.Ad.AddPlanned("Somebody's", stamped: true);

        string code = await listener.FailAsync(new CreateMatchCanary { Anchor = group.Anchor, Cn = "Canary", DisplayName = "Canary", Members = [] });

        Assert.Equal(DirectoryError.CanaryOlder.Code, code);
        Assert.Empty(listener.Ad.Writes);
    }

    [Fact]
    public async Task Canaries_ThatAPostponedMigrationLeft_AreTakenUpAndRemovedByTheNext()
    {
        await using var listener = await TestListener.StartAsync();
        var command = new CreateMatchCanary { Anchor = Identities.NewAnchor(), Cn = "Canary", DisplayName = "Canary", Members = [] };
        var made = await listener.RunAsync(command);
        listener.Clock.Now += TimeSpan.FromDays(3);
        await listener.KillAndOpenAsync();

        await SendAsync(listener, command, "adopted");
        await SendAsync(listener, new RemoveCanaryObjects { Canaries = [made.Identity] }, "removed");

        Assert.Equal(["create Canary", "delete Canary"], listener.Ad.Writes);
    }

    static async Task SendAsync(TestListener listener, Command command, string id)
    {
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(command, id, "m-20261105-080000-ffff")));
        var status = await listener.EndedAsync(id);
        Assert.True(status.State == CommandState.Done, status.Error?.ToString());
    }

    [Fact]
    public async Task CanaryRemoval_OfAGroupThatWasStamped_IsRefusedInAnyMigration()
    {
        await using var listener = await TestListener.StartAsync();
        var planned = listener.Ad.AddPlanned("Planned");
        await listener.RunAsync(new StampAnchors { Groups = await listener.UploadAsync("groups", planned) });
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(
            new RemoveCanaryObjects { Canaries = [new() { ObjectGuid = planned.ObjectGuid, Anchor = planned.Anchor }] }, "removal", "m-20261109-080000-ffff")));

        await listener.EndedAsync("removal");

        Assert.Contains(planned.ObjectGuid, listener.Ad.Groups.Keys);
        Assert.DoesNotContain("delete Planned", listener.Ad.Writes);
    }

    [Fact]
    public async Task Inventory_OfTheOu_IsTheSameDocumentWhateverTheOrder()
    {
        await using var listener = await TestListener.StartAsync();
        listener.Ad.AddPlanned("A");
        listener.Ad.AddPlanned("B");

        var first = await listener.RunAsync(new InventoryWritebackOu());
        var reversed = listener.Ad.Groups.Reverse().ToList();
        listener.Ad.Groups.Clear();
        foreach (var (key, group) in reversed) { listener.Ad.Groups.Add(key, group); }
        var second = await listener.RunAsync(new InventoryWritebackOu());

        Assert.Equal(2, first.Groups.Count);
        Assert.Equal(first.Groups, second.Groups);
    }

    [Fact]
    public async Task Inventory_AnObjectElsewhereBearsAnAnchor_NamesIt()
    {
        await using var listener = await TestListener.StartAsync();
        var planned = listener.Ad.AddPlanned("A");
        var copy = listener.Ad.Add("Copy", stamp: planned.Anchor);
        listener.Ad.Change(copy.Group.ObjectGuid, group => group with { DistinguishedName = "CN=Copy,OU=Elsewhere,DC=contoso,DC=example" });

        var result = await listener.RunAsync(new InventoryWritebackOu());

        var holder = Assert.Single(await listener.ReadListAsync<AnchorHolder>(result.Elsewhere));
        Assert.Equal((copy.Group.ObjectGuid, planned.Anchor), (holder.ObjectGuid, holder.Anchor));
    }

    [Fact]
    public async Task Inventory_WithoutGlobalCatalogs_StillReadsTheGroups()
    {
        await using var listener = await TestListener.StartAsync();
        listener.Ad.AddPlanned("A");
        listener.Ad.GlobalCatalogs.Clear();

        var result = await listener.RunAsync(new InventoryWritebackOu());

        Assert.Equal((1, 0), (result.Groups.Count, result.Elsewhere.Count));
    }
}
