using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Ldap;

/// <summary>Two controllers of one domain: what is written on one is not yet on the other.</summary>
public sealed class ReplicaTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [DirectoryFact]
    public async Task Anchor_WrittenOnOneController_ShowsOnTheOthersCatalogAfterReplication()
    {
        await using var first = await SambaDc.StartAsync(replicates: true);
        string ou = await first.Tools.AddOuAsync("Replicated");
        var group = (await first.Tools.AddGroupsAsync(ou, 1))[0];
        await using var second = await first.JoinAsync();
        await second.PullAsync(first);
        using var directory = new LdapDirectory(OptionsOf(first, second, ou));

        var servers = await directory.ServersAsync(Stop);
        var written = (await directory.WriteAnchorsAsync([new() { ObjectGuid = group.ObjectGuid, Value = group.Anchor! }], Stop))[0];
        var (here, before) = (await SeenAsync(SambaDc.HostName), await SeenAsync(SambaDc.ReplicaHostName));
        await second.PullAsync(first);
        int after = await SeenAsync(SambaDc.ReplicaHostName);

        Assert.Equal([SambaDc.HostName, SambaDc.ReplicaHostName], servers.GlobalCatalogs, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(SambaDc.HostName, servers.WritableDomainController);
        Assert.Equal(AnchorState.Written, written.State);
        Assert.Equal((1, 0, 1), (here, before, after));

        async Task<int> SeenAsync(string catalog) => (await directory.FindInCatalogAsync(catalog, [group.Anchor!], Stop)).Count(entry => entry.ObjectGuid == group.ObjectGuid);
    }

    [DirectoryFact]
    public async Task Controller_ReplacedBehindItsName_IsRefusedUntilTheFirstIsBack()
    {
        await using var first = await SambaDc.StartAsync(replicates: true);
        await using var second = await first.JoinAsync();
        var addresses = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [SambaDc.HostName] = first.Address };
        using var directory = new LdapDirectory(OptionsOf(first, second, SambaDc.BaseDn) with { Addresses = addresses });
        await directory.ServersAsync(Stop);

        await first.StopAsync();
        await Assert.ThrowsAsync<DirectoryException>(() => directory.ServersAsync(Stop));
        // As a load balancer or a changed DNS entry would do.
        addresses[SambaDc.HostName] = second.Address;
        var refused = await Assert.ThrowsAsync<DirectoryException>(() => directory.ServersAsync(Stop));
        addresses[SambaDc.HostName] = first.Address;
        await first.ResumeAsync();

        Assert.Equal(DirectoryError.ServerUnfit.Code, refused.Error.Code);
        Assert.Contains($"{SambaDc.ReplicaHostName} answers where {SambaDc.HostName} did before", refused.Error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(SambaDc.HostName, (await directory.ServersAsync(Stop)).WritableDomainController);
    }

    /// <summary>The way to the first, with both certificates trusted.</summary>
    static LdapOptions OptionsOf(SambaDc first, SambaDc second, string ou)
    {
        foreach (string certificate in System.IO.Directory.GetFiles(second.TrustFolder, "*.0"))
        {
            File.Copy(certificate, Path.Combine(first.TrustFolder, Path.GetFileName(certificate)));
        }
        var options = first.Options(ou);
        return options with { Addresses = new Dictionary<string, string>(options.Addresses, StringComparer.OrdinalIgnoreCase) { [SambaDc.ReplicaHostName] = second.Address } };
    }
}
