using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.ActiveDirectory;

public sealed class FindDeletedGroupsTests
{
    [Fact]
    public async Task DeletedGroups_AreToldWithTheOuAndHowLongTheyAreKept_InTheirOrder()
    {
        await using var listener = await TestListener.StartAsync();
        var deleted = Enumerable.Range(0, 3).Select(number => listener.Ad.AddPlanned($"Group {number}").ObjectGuid).ToList();
        listener.Ad.AddPlanned("Lives");
        deleted.ForEach(listener.Ad.Delete);
        listener.Ad.ToldAs[deleted[0]] = told => told with { Recycled = true };

        var found = await listener.RunAsync(new FindDeletedGroups());
        var groups = await listener.ReadListAsync<DeletedWritebackGroup>(found.Groups);

        Assert.Equal((FakeDirectory.Ou, true, 180), (found.WritebackOu, found.RecycleBinEnabled, found.KeptDays));
        Assert.Equal(deleted.Order(), groups.Select(group => group.Was.Group.ObjectGuid));
        Assert.Equal(deleted[0], Assert.Single(groups, group => group.Recycled).Was.Group.ObjectGuid);
        Assert.Empty(listener.Ad.Writes);
    }

    /// <summary>Who may not look must not take it for an empty Recycle Bin.</summary>
    [Fact]
    public async Task DeletedGroups_ThatTheAccountMayNotSee_AreAnError()
    {
        await using var listener = await TestListener.StartAsync();
        listener.Ad.Silent = DirectoryError.AccessDenied.ToError("CN=Deleted Objects");

        Assert.Equal(DirectoryError.AccessDenied.Code, await listener.FailAsync(new FindDeletedGroups()));
    }
}
