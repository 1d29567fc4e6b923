using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync;

public sealed class WritebackPermissionTests
{
    static Task<TestListener> AllowedAsync(Action<TestListener>? prepare = null) => TestListener.StartAsync(listener =>
    {
        listener.Configure = options => options with { MayGrantPermissions = true };
        prepare?.Invoke(listener);
    });

    [Theory]
    [InlineData(PermissionScope.WritebackOu)]
    [InlineData(PermissionScope.AllDomains)]
    public async Task Grant_WithoutTheOptIn_IsRefusedAndNothingIsCalled(PermissionScope scope)
    {
        await using var listener = await TestListener.StartAsync();

        Assert.Equal(AdSyncError.PermissionsNotAllowed.Code, await listener.FailAsync(new GrantWritebackPermissions { Scope = scope }));
        Assert.Empty(listener.AdSync.Calls);
    }

    [Theory]
    [InlineData(PermissionScope.WritebackOu)]
    [InlineData(PermissionScope.AllDomains)]
    public async Task Grant_AndRevoke_LeaveWhatWasThere(PermissionScope scope)
    {
        await using var listener = await AllowedAsync();

        var granted = await listener.RunAsync(new GrantWritebackPermissions { Scope = scope });
        var revoked = await listener.RunAsync(new RevokeWritebackPermissions());
        var again = await listener.RunAsync(new RevokeWritebackPermissions());

        Assert.Equal((2, 0), (granted.Ours, granted.Others));
        Assert.Equal((0, 0, 0, 0), (revoked.Ours, revoked.Others, again.Ours, again.Others));
        Assert.Equal([scope == PermissionScope.WritebackOu ? $"grant {FakeDirectory.Ou}" : "grant all", "revoke 2"], listener.AdSync.Calls);
        Assert.Empty(listener.AdSync.Access);
    }

    [Fact]
    public async Task Revoke_OfWhatWasThereBefore_TakesNothing()
    {
        await using var listener = await AllowedAsync(l => l.AdSync.Access.AddRange(FakeAdSync.Needed.Select(entry => new AccessEntry(FakeDirectory.Ou, entry))));

        var granted = await listener.RunAsync(new GrantWritebackPermissions { Scope = PermissionScope.WritebackOu });
        await listener.RunAsync(new RevokeWritebackPermissions());

        Assert.Equal((0, 2), (granted.Ours, granted.Others));
        Assert.Equal(2, listener.AdSync.Access.Count);
    }

    [Fact]
    public async Task Revoke_OfAPart_TakesOnlyThisPart()
    {
        var there = new AccessEntry(FakeDirectory.Ou, FakeAdSync.Needed[0]);
        await using var listener = await AllowedAsync(l => l.AdSync.Access.Add(there));

        var granted = await listener.RunAsync(new GrantWritebackPermissions { Scope = PermissionScope.WritebackOu });
        await listener.RunAsync(new RevokeWritebackPermissions());

        Assert.Equal((1, 1), (granted.Ours, granted.Others));
        Assert.Equal([there], listener.AdSync.Access);
    }

    /// <summary>An entry that Windows widened is not removed with all that it was: it becomes again what it was.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Revoke_OfAnEntryThatTheGrantWidened_LeavesWhatItWas(int grants)
    {
        var there = new AccessEntry(FakeDirectory.Ou, "(A;;RP;;;S-1-5-21-1-2-3-1105)");
        await using var listener = await AllowedAsync(l => l.AdSync.Access.Add(there));

        var granted = await listener.RunAsync(new GrantWritebackPermissions { Scope = PermissionScope.WritebackOu });
        for (int grant = 1; grant < grants; grant++)
        {
            // An administrator takes it back, and it is granted again.
            listener.AdSync.Access.RemoveAll(entry => entry.Entry.Contains("RPCC", StringComparison.Ordinal));
            listener.AdSync.Access.Add(there);
            await listener.RunAsync(new GrantWritebackPermissions { Scope = PermissionScope.WritebackOu });
        }

        Assert.Contains(listener.AdSync.Access, entry => entry.Entry == "(A;;RPCC;;;S-1-5-21-1-2-3-1105)");
        await listener.RunAsync(new RevokeWritebackPermissions());

        Assert.Equal((2, 0), (granted.Ours, granted.Others));
        Assert.Equal([there], listener.AdSync.Access);
    }

    /// <summary>A second grant finds its own entries, and they stay its own.</summary>
    [Fact]
    public async Task Grant_Twice_ThenKilled_StillKnowsWhatIsItsOwn()
    {
        await using var listener = await AllowedAsync();

        await listener.RunAsync(new GrantWritebackPermissions { Scope = PermissionScope.WritebackOu });
        await listener.KillAndOpenAsync();
        var second = await listener.RunAsync(new GrantWritebackPermissions { Scope = PermissionScope.WritebackOu });
        await listener.RunAsync(new RevokeWritebackPermissions());

        Assert.Equal((2, 0), (second.Ours, second.Others));
        Assert.Empty(listener.AdSync.Access);
    }
}
