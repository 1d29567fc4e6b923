using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.Benchmarks.Listening;

/// <summary>The whole listener on a real directory, in a process that can be killed. It ends when its standard input does.</summary>
static class ListenerChild
{
    public static async Task<int> RunAsync()
    {
        var settings = JsonSerializer.Deserialize<ListenerSettings>((await Console.In.ReadLineAsync())!)!;
        using var cloud = ECDsa.Create();
        cloud.ImportSubjectPublicKeyInfo(Convert.FromBase64String(settings.CloudKey), out _);
        using var own = ECDsa.Create();
        own.ImportPkcs8PrivateKey(Convert.FromBase64String(settings.ListenerKey), out _);

        using var directory = new LdapDirectory(OptionsOf(settings));
        await using var host = await ListenerHost.StartAsync(
            new()
            {
                Server = ListenerSettings.Server,
                Tenant = ListenerSettings.Tenant,
                DataDirectory = settings.DataDirectory,
                CommandKeys = [PinnedKey.Of(CloudHalf.CloudKeyId, cloud)],
                Signer = new(own, CloudHalf.ListenerKeyId),
            },
            directory, DispatchProxy.Create<IAdSync, WritebackIsOn>());
        Console.WriteLine(host.Address);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public static LdapOptions OptionsOf(ListenerSettings settings) => new()
    {
        Server = settings.DomainController,
        Addresses = new Dictionary<string, string> { [settings.DomainController] = settings.Address },
        WritebackOu = settings.WritebackOu,
        TrustedCertificatesFolder = settings.TrustFolder,
        Account = new(settings.Account, settings.Password),
    };
}

/// <summary>A Connect server of which only one thing is asked here: whether GroupWritebackV2 is on.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The proxy is made by inheriting from it.")]
class WritebackIsOn : DispatchProxy
{
    protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.Name == nameof(IAdSync.GetFeaturesAsync)
        ? Task.FromResult(new FeatureFlags { GroupWritebackV2 = true, UnifiedGroupWriteback = true })
        : throw new NotSupportedException(targetMethod?.Name);
}
