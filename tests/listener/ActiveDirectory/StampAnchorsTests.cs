using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.ActiveDirectory;

public sealed class StampAnchorsTests
{
    [Fact]
    public async Task Groups_OfEveryState_AreWrittenOnlyWhereEmptyAndNamed()
    {
        await using var listener = await TestListener.StartAsync();
        var empty = listener.Ad.AddPlanned("Empty");
        var equal = listener.Ad.AddPlanned("Equal", stamped: true);
        var other = listener.Ad.AddPlanned("Other");
        listener.Ad.Change(other.ObjectGuid, group => group with { ExternalDirectoryObjectId = "Group_of-somebody" });
        var renamed = listener.Ad.AddPlanned("NoLongerNamed");
        listener.Ad.Change(renamed.ObjectGuid, group => group with { AdminDescription = Identities.NewAnchor() });
        var gone = listener.Ad.AddPlanned("Gone");
        listener.Ad.Groups.Remove(gone.ObjectGuid);
        var groups = await listener.UploadAsync("groups", empty, equal, other, renamed, gone);

        var result = await listener.RunAsync(new StampAnchors { Groups = groups });

        Assert.Equal((1, 1), (result.Written, result.AlreadyEqual));
        Assert.Equal([other.DistinguishedName], result.Conflicts);
        Assert.Equal([renamed.DistinguishedName, gone.DistinguishedName], result.Missing);
        Assert.Equal(["stamp Empty"], listener.Ad.Writes);
        Assert.Equal("Group_of-somebody", listener.Ad.Groups[other.ObjectGuid].Group.ExternalDirectoryObjectId);
    }

    [Theory]
    [InlineData("CN=Sales,OU=Elsewhere,DC=contoso,DC=example")]
    [InlineData($"CN=Sales,OU=Inner,{FakeDirectory.Ou}")]
    public async Task Group_ThatMovedSinceThePlan_IsReportedAndLeftAlone(string now)
    {
        await using var listener = await TestListener.StartAsync();
        var moved = listener.Ad.AddPlanned("Sales");
        listener.Ad.Change(moved.ObjectGuid, group => group with { DistinguishedName = now });

        var result = await listener.RunAsync(new StampAnchors { Groups = await listener.UploadAsync("groups", moved) });

        Assert.Equal([now], result.Moved);
        Assert.Equal((0, 1), (result.Written, result.LeftAlone));
        Assert.Empty(listener.Ad.Writes);
    }

    [Fact]
    public async Task Group_ThatWasPlannedOutsideTheOu_IsNeverWritten()
    {
        await using var listener = await TestListener.StartAsync();
        var planned = listener.Ad.AddPlanned("Sales") with { DistinguishedName = "CN=Sales,OU=Elsewhere,DC=contoso,DC=example" };
        listener.Ad.Change(planned.ObjectGuid, group => group with { DistinguishedName = planned.DistinguishedName });

        var result = await listener.RunAsync(new StampAnchors { Groups = await listener.UploadAsync("groups", planned) });

        Assert.Equal([planned.DistinguishedName], result.Moved);
        Assert.Empty(listener.Ad.Writes);
    }

    [Fact]
    public async Task Group_ThatWasRenamedSinceThePlan_IsReportedAndLeftAlone()
    {
        await using var listener = await TestListener.StartAsync();
        var renamed = listener.Ad.AddPlanned("Sales");
        listener.Ad.Change(renamed.ObjectGuid, group => group with { DistinguishedName = $"CN=sales,{FakeDirectory.Ou}" });

        var result = await listener.RunAsync(new StampAnchors { Groups = await listener.UploadAsync("groups", renamed) });

        Assert.Equal([$"CN=sales,{FakeDirectory.Ou}"], result.Renamed);
        Assert.Empty(listener.Ad.Writes);
    }

    [Fact]
    public async Task Anchor_ThatAnotherObjectBears_IsNotWrittenASecondTime()
    {
        await using var listener = await TestListener.StartAsync();
        var planned = listener.Ad.AddPlanned("Sales");
        var other = listener.Ad.Add("Copy", anchor: null, stamp: planned.Anchor);
        var free = listener.Ad.AddPlanned("Free");

        var result = await listener.RunAsync(new StampAnchors { Groups = await listener.UploadAsync("groups", planned, free) });

        Assert.Equal([other.Group.DistinguishedName], result.Duplicates);
        Assert.Equal(["stamp Free"], listener.Ad.Writes);
    }

    [Fact]
    public async Task Document_ThatNamesAGroupTwice_IsRefusedBeforeAnyWrite()
    {
        await using var listener = await TestListener.StartAsync();
        var planned = listener.Ad.AddPlanned("A");
        var other = listener.Ad.AddPlanned("B");
        var groups = await listener.UploadAsync("groups", planned, other with { CloudId = planned.CloudId, Anchor = planned.Anchor });

        Assert.Equal(DirectoryError.IdentityTwice.Code, await listener.FailAsync(new StampAnchors { Groups = groups }));
        Assert.Empty(listener.Ad.Writes);
    }

    [Fact]
    public async Task SecondRun_OfTheSameStamping_WritesNothing()
    {
        await using var listener = await TestListener.StartAsync();
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"), listener.Ad.AddPlanned("B"));
        await listener.RunAsync(new StampAnchors { Groups = groups });

        var again = await listener.RunAsync(new StampAnchors { Groups = groups });

        Assert.Equal((0, 2), (again.Written, again.AlreadyEqual));
        Assert.Equal(2, listener.Ad.Writes.Count);
    }

    [Fact]
    public async Task Write_ThatReportsSuccessAndChangesNothing_IsNotCountedAsWritten()
    {
        await using var listener = await TestListener.StartAsync();
        listener.Ad.WritesStick = false;
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));

        var result = await listener.RunAsync(new StampAnchors { Groups = groups });

        Assert.Equal(0, result.Written);
    }

    [Fact]
    public async Task Identity_WhoseAnchorNamesAnotherObject_IsRefusedBeforeAnyWrite()
    {
        await using var listener = await TestListener.StartAsync();
        var honest = listener.Ad.AddPlanned("A");
        var groups = await listener.UploadAsync("groups", honest, listener.Ad.AddPlanned("B") with { Anchor = "anything" });

        Assert.Equal(DirectoryError.IdentityMalformed.Code, await listener.FailAsync(new StampAnchors { Groups = groups }));
        Assert.Empty(listener.Ad.Writes);
    }

    [Fact]
    public async Task Unstamp_ClearsOnlyWhatThisMigrationWroteAndWhatIsStillOurs()
    {
        await using var listener = await TestListener.StartAsync();
        var ours = listener.Ad.AddPlanned("Ours");
        var before = listener.Ad.AddPlanned("StampedBefore", stamped: true);
        var changed = listener.Ad.AddPlanned("ChangedSince");
        var groups = await listener.UploadAsync("groups", ours, before, changed);
        await listener.RunAsync(new StampAnchors { Groups = groups });
        listener.Ad.Change(changed.ObjectGuid, group => group with { ExternalDirectoryObjectId = "Group_of-somebody" });

        await listener.KillAndOpenAsync();
        var result = await listener.RunAsync(new UnstampAnchors { Groups = groups });

        Assert.Equal((1, 2), (result.Cleared, result.LeftAlone));
        Assert.Null(listener.Ad.Groups[ours.ObjectGuid].Group.ExternalDirectoryObjectId);
        Assert.Equal(before.Anchor, listener.Ad.Groups[before.ObjectGuid].Group.ExternalDirectoryObjectId);
        Assert.Equal("Group_of-somebody", listener.Ad.Groups[changed.ObjectGuid].Group.ExternalDirectoryObjectId);
    }

    [Fact]
    public async Task Unstamp_ForAnotherMigration_ClearsNothing()
    {
        await using var listener = await TestListener.StartAsync();
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));
        await listener.RunAsync(new StampAnchors { Groups = groups });
        var envelope = listener.Envelope(new UnstampAnchors { Groups = groups }, migration: "m-20270101-000000-ffff");

        await listener.PostAsync(TestListener.Cloud.Sign(envelope));
        var result = await listener.ReadResultAsync<UnstampResult>(await listener.EndedAsync(envelope.CommandId), envelope);

        Assert.Equal((0, 1), (result.Cleared, result.LeftAlone));
    }

    [Fact]
    public async Task Unstamp_ForAMigrationThatTookUpAnEarlierOne_ClearsTheStampsOfBoth()
    {
        await using var listener = await TestListener.StartAsync();
        var (first, second) = (listener.Ad.AddPlanned("A"), listener.Ad.AddPlanned("B"));
        await listener.RunAsync(new StampAnchors { Groups = await listener.UploadAsync("groups", first) });
        var earlier = listener.Envelope(new StampAnchors { Groups = await listener.UploadAsync("groups", first) }).Migration;
        var both = await listener.UploadAsync("groups", first, second);
        await RunForAsync<StampResult>(listener, new StampAnchors { Groups = both });

        var undone = await RunForAsync<UnstampResult>(listener, new UnstampAnchors { Groups = both, Earlier = [earlier] });
        var again = await listener.RunAsync(new StampAnchors { Groups = await listener.UploadAsync("groups", first) });

        Assert.Equal((2, 0), (undone.Cleared, undone.LeftAlone));
        Assert.Equal((1, 0), (again.Written, again.AlreadyEqual));
    }

    static async Task<TResult> RunForAsync<TResult>(TestListener listener, Command<TResult> command)
        where TResult : class
    {
        var envelope = listener.Envelope(command, migration: "m-20270101-000000-ffff");
        await listener.PostAsync(TestListener.Cloud.Sign(envelope));
        return await listener.ReadResultAsync<TResult>(await listener.EndedAsync(envelope.CommandId), envelope);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public async Task Unstamp_WhileTheFlagDoesNotReadTrue_IsRefused(bool? reads)
    {
        await using var listener = await TestListener.StartAsync();
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));
        await listener.RunAsync(new StampAnchors { Groups = groups });
        listener.AdSync.Features = listener.AdSync.Features with { GroupWritebackV2 = reads };

        Assert.Equal(AdSyncError.WritebackNotOn.Code, await listener.FailAsync(new UnstampAnchors { Groups = groups }));
        Assert.Equal(["stamp A"], listener.Ad.Writes);
    }

    [Fact]
    public async Task Stamping_KilledInItsMiddle_IsFinishedAfterTheRestartAndAllOfItCanBeUndone()
    {
        await using var listener = await TestListener.StartAsync();
        var groups = await listener.UploadAsync("groups", Enumerable.Range(0, 10).Select(i => listener.Ad.AddPlanned($"Group {i}")));
        var (reached, _) = listener.HoldWrites(from: 5);
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "stamp")));
        await reached.Task.WaitAsync(listener.Cancellation);

        listener.Kill();
        listener.Ad.BeforeWrite = null;
        await listener.OpenAsync();
        var ended = await listener.EndedAsync("stamp");
        var undone = await listener.RunAsync(new UnstampAnchors { Groups = groups });

        Assert.Equal(CommandState.Done, ended.State);
        Assert.Equal(10, listener.Ad.Writes.Count(write => write.StartsWith("stamp", StringComparison.Ordinal)));
        Assert.Equal(10, undone.Cleared);
        Assert.All(listener.Ad.Groups.Values, group => Assert.Null(group.Group.ExternalDirectoryObjectId));
    }
}
