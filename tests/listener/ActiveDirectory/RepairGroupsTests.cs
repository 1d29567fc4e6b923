using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.ActiveDirectory;

public sealed class RepairGroupsTests
{
    const string Elsewhere = "OU=Elsewhere,DC=contoso,DC=example";

    static readonly Guid Stays = Guid.NewGuid();
    static readonly Guid Lost = Guid.NewGuid();
    static readonly Guid Came = Guid.NewGuid();

    [Fact]
    public async Task Groups_ThatWereDeletedRenamedMovedAndEmptied_ComeBackAsTheyWere()
    {
        await using var listener = await TestListener.StartAsync();
        var same = listener.Ad.AddPlanned("Same", false, Stays);
        var deleted = listener.Ad.AddPlanned("Deleted", true, Stays, Lost);
        var renamed = listener.Ad.AddPlanned("Renamed");
        var moved = listener.Ad.AddPlanned("Moved");
        var emptied = listener.Ad.AddPlanned("Emptied", false, Stays, Lost);
        var before = listener.Ad.Groups.Values.ToDictionary(group => group.Group.ObjectGuid);
        var snapshot = await listener.UploadAsync("snapshot", before.Values);
        listener.Ad.Delete(deleted.ObjectGuid);
        listener.Ad.Change(renamed.ObjectGuid, group => group with { DistinguishedName = $"CN=Other,{FakeDirectory.Ou}" });
        listener.Ad.Change(moved.ObjectGuid, group => group with { DistinguishedName = $"CN=Moved,{Elsewhere}" });
        listener.Ad.Groups[emptied.ObjectGuid] = listener.Ad.Groups[emptied.ObjectGuid] with { Members = [Came] };

        var (result, repairs) = await RepairAsync(listener, snapshot, [.. before.Keys]);

        Assert.Equal((1, 4, 0, 0), (result.AsTheyWere, result.Repaired, result.Incomplete, result.Refused));
        Assert.Equal([], repairs[same.ObjectGuid].Done);
        Assert.Equal([RepairAction.Reanimated], repairs[deleted.ObjectGuid].Done);
        Assert.Equal([RepairAction.Renamed], repairs[renamed.ObjectGuid].Done);
        Assert.Equal([RepairAction.Moved], repairs[moved.ObjectGuid].Done);
        Assert.Equal([RepairAction.MembersAdded], repairs[emptied.ObjectGuid].Done);
        Assert.Equal(2, repairs[emptied.ObjectGuid].MembersAdded);
        Assert.Equal([Came], repairs[emptied.ObjectGuid].MembersGained);
        Assert.Equal(["add 2 to Emptied", "reanimate Deleted", "relocate Moved", "relocate Renamed"], listener.Ad.Writes.Order(StringComparer.Ordinal));
        Assert.Equal(before.Values.Select(group => group.Group.DistinguishedName).Order(), listener.Ad.Groups.Values.Select(group => group.Group.DistinguishedName).Order());
        // Who came stays: only people decide about them.
        Assert.Equal(new[] { Stays, Lost, Came }.Order(), listener.Ad.Groups[emptied.ObjectGuid].Members);
    }

    [Fact]
    public async Task Repair_SentTwice_WritesNothingTheSecondTime()
    {
        await using var listener = await TestListener.StartAsync();
        var group = listener.Ad.AddPlanned("Group");
        var snapshot = await listener.UploadAsync("snapshot", listener.Ad.Groups.Values);
        listener.Ad.Delete(group.ObjectGuid);
        await RepairAsync(listener, snapshot, group.ObjectGuid);
        listener.Ad.Writes.Clear();

        var (result, repairs) = await RepairAsync(listener, snapshot, group.ObjectGuid);

        Assert.Equal(RepairOutcome.AsItWas, repairs[group.ObjectGuid].Outcome);
        Assert.Equal(1, result.AsTheyWere);
        Assert.Empty(listener.Ad.Writes);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "another first anchor", DirectoryError.RepairOther.Code },
        { "no first anchor", DirectoryError.RepairOther.Code },
        { "another second anchor", DirectoryError.RepairOther.Code },
        { "another SID", DirectoryError.RepairOther.Code },
        { "a deleted object with another anchor", DirectoryError.RepairOther.Code },
        { "a deleted object with another SID", DirectoryError.RepairOther.Code },
        { "a snapshot without the anchor", DirectoryError.RepairOther.Code },
        { "a snapshot from outside the OU", DirectoryError.RepairOutside.Code },
        { "no snapshot", DirectoryError.RepairUnknown.Code },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Group_ThatIsNotWhatTheSnapshotMeans_IsLeftAlone(string because, string code)
    {
        await using var listener = await TestListener.StartAsync();
        var group = listener.Ad.AddPlanned("Group", false, Stays);
        var id = group.ObjectGuid;
        var was = listener.Ad.Groups[id];
        void Now(Func<AdGroup, AdGroup> change) => listener.Ad.Change(id, now => change(now) with { DistinguishedName = $"CN=Other,{FakeDirectory.Ou}" });
        switch (because)
        {
            case "another first anchor": Now(now => now with { AdminDescription = Identities.NewAnchor() }); break;
            case "no first anchor": Now(now => now with { AdminDescription = null }); break;
            case "another second anchor": Now(now => now with { ExternalDirectoryObjectId = Identities.NewAnchor() }); break;
            case "another SID": Now(now => now with { Sid = "S-1-5-21-9-9-9-9" }); break;
            case "a deleted object with another anchor": Now(now => now with { AdminDescription = Identities.NewAnchor() }); listener.Ad.Delete(id); break;
            case "a deleted object with another SID": Now(now => now with { Sid = "S-1-5-21-9-9-9-9" }); listener.Ad.Delete(id); break;
            case "a snapshot without the anchor": Now(now => now); was = was with { Group = was.Group with { AdminDescription = null } }; break;
            case "a snapshot from outside the OU": Now(now => now); was = was with { Group = was.Group with { DistinguishedName = $"CN=Group,{Elsewhere}" } }; break;
            default: Now(now => now); was = was with { Group = was.Group with { ObjectGuid = Guid.NewGuid() } }; break;
        }
        var snapshot = await listener.UploadAsync("snapshot", was);

        var (result, repairs) = await RepairAsync(listener, snapshot, id);

        Assert.Equal(1, result.Refused);
        Assert.Equal((RepairOutcome.Refused, code), (repairs[id].Outcome, repairs[id].Error!.Code));
        Assert.Empty(listener.Ad.Writes);
    }

    [Fact]
    public async Task DeletedGroup_WithoutItsFirstAnchor_IsKnownByItsSid()
    {
        await using var listener = await TestListener.StartAsync();
        var group = listener.Ad.AddPlanned("Group", stamped: true);
        var snapshot = await listener.UploadAsync("snapshot", listener.Ad.Groups.Values);
        listener.Ad.Delete(group.ObjectGuid);
        // As a deletion without the Recycle Bin leaves it; the way back brings the anchor, as the port says.
        var tombstone = listener.Ad.Deleted[group.ObjectGuid];
        listener.Ad.Deleted[group.ObjectGuid] = tombstone with { Group = tombstone.Group with { AdminDescription = null } };

        var (_, repairs) = await RepairAsync(listener, snapshot, group.ObjectGuid);

        Assert.Equal(RepairOutcome.Repaired, repairs[group.ObjectGuid].Outcome);
    }

    [Fact]
    public async Task WhatCannotComeBack_IsToldAndKeepsNobodyElse()
    {
        await using var listener = await TestListener.StartAsync();
        var gone = listener.Ad.AddPlanned("Gone");
        var poorer = listener.Ad.AddPlanned("Poorer", false, Stays, Lost);
        var refused = listener.Ad.AddPlanned("Refused");
        var fine = listener.Ad.AddPlanned("Fine");
        var snapshot = await listener.UploadAsync("snapshot", listener.Ad.Groups.Values);
        listener.Ad.Groups.Remove(gone.ObjectGuid);
        listener.Ad.Nobody.Add(Lost);
        listener.Ad.Groups[poorer.ObjectGuid] = listener.Ad.Groups[poorer.ObjectGuid] with { Members = [] };
        foreach (var group in new[] { refused, fine }) { listener.Ad.Change(group.ObjectGuid, now => now with { DistinguishedName = $"CN=Other,{FakeDirectory.Ou}" }); }
        listener.Ad.BeforeRelocating = id => id == refused.ObjectGuid ? throw new DirectoryException(DirectoryError.AccessDenied.ToError("Refused")) : Task.CompletedTask;

        var (result, repairs) = await RepairAsync(listener, snapshot, gone.ObjectGuid, poorer.ObjectGuid, refused.ObjectGuid, fine.ObjectGuid);

        Assert.Equal((1, 3), (result.Repaired, result.Incomplete));
        Assert.Equal(DirectoryError.RepairGone.Code, repairs[gone.ObjectGuid].Error!.Code);
        Assert.Equal(1, repairs[poorer.ObjectGuid].MembersAdded);
        Assert.Equal([Lost], repairs[poorer.ObjectGuid].MembersMissing);
        Assert.Equal(DirectoryError.AccessDenied.Code, repairs[refused.ObjectGuid].Error!.Code);
        Assert.Empty(repairs[refused.ObjectGuid].Done);
        Assert.Equal(RepairOutcome.Repaired, repairs[fine.ObjectGuid].Outcome);
    }

    [Fact]
    public async Task DirectoryThatIsDown_FailsTheCommand()
    {
        await using var listener = await TestListener.StartAsync();
        var group = listener.Ad.AddPlanned("Group");
        var snapshot = await listener.UploadAsync("snapshot", listener.Ad.Groups.Values);
        listener.Ad.Change(group.ObjectGuid, now => now with { DistinguishedName = $"CN=Other,{FakeDirectory.Ou}" });
        listener.Ad.BeforeWrite = () => throw new DirectoryException(DirectoryError.Unavailable.ToError(transient: true));

        string code = await listener.FailAsync(new RepairGroups { Snapshot = snapshot, Objects = await listener.UploadAsync("objects", group.ObjectGuid) });

        Assert.Equal(DirectoryError.Unavailable.Code, code);
    }

    [Fact]
    public async Task Repair_KilledInItsMiddle_GoesOnAndTellsAllThatItDid()
    {
        await using var listener = await TestListener.StartAsync();
        var groups = Enumerable.Range(0, 6).Select(i => listener.Ad.AddPlanned($"Group {i}", false, Stays)).ToList();
        var snapshot = await listener.UploadAsync("snapshot", listener.Ad.Groups.Values);
        var objects = await listener.UploadAsync("objects", groups.Select(group => group.ObjectGuid));
        foreach (var group in groups)
        {
            listener.Ad.Groups[group.ObjectGuid] = listener.Ad.Groups[group.ObjectGuid] with { Members = [] };
            listener.Ad.Delete(group.ObjectGuid);
        }
        var (reached, _) = listener.HoldWrites(from: 6);
        var envelope = listener.Envelope(new RepairGroups { Snapshot = snapshot, Objects = objects }, "repair");
        await listener.PostAsync(TestListener.Cloud.Sign(envelope));
        await reached.Task.WaitAsync(listener.Cancellation);

        listener.Kill();
        listener.Ad.BeforeWrite = null;
        await listener.OpenAsync();
        var result = await listener.ReadResultAsync<RepairResult>(await listener.EndedAsync("repair"), envelope);

        Assert.Equal(6, result.Repaired);
        Assert.All(await listener.ReadListAsync<GroupRepair>(result.Groups), one =>
        {
            Assert.Equal([RepairAction.Reanimated, RepairAction.MembersAdded], one.Done);
            Assert.Equal(1, one.MembersAdded);
        });
        Assert.Equal(12, listener.Ad.Writes.Count);
    }

    static async Task<(RepairResult Result, Dictionary<Guid, GroupRepair> Repairs)> RepairAsync(TestListener listener, DocumentReference snapshot, params Guid[] objects)
    {
        var result = await listener.RunAsync(new RepairGroups { Snapshot = snapshot, Objects = await listener.UploadAsync("objects", objects) });
        return (result, (await listener.ReadListAsync<GroupRepair>(result.Groups)).ToDictionary(repair => repair.ObjectGuid));
    }
}
