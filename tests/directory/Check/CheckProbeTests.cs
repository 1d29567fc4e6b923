using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.AdSync.PowerShell;
using GwbCloud.RelayListener.Check;
using GwbCloud.RelayListener.Service;
using GwbCloud.Tests.Directory.Ldap;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Check;

/// <summary>The listener's check against a real domain controller: its clock and its certificate.</summary>
public sealed class CheckProbeTests(SambaDc dc) : IClassFixture<SambaDc>
{
    readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [DirectoryFact]
    public async Task Clock_OfTheDomainController_IsItsOwn()
    {
        using var directory = new LdapDirectory(dc.Options(SambaDc.BaseDn));
        await using var ports = new ListenerPorts(directory, new PowerShellAdSync(new() { Server = "AADC01", LogFolder = dc.Folder, WorkFolder = dc.Folder }));

        var there = await new CheckProbe().ReadDirectoryTimeAsync(ports, _cancellation);

        // One machine, one clock; the directory shows whole seconds.
        Assert.InRange(DateTimeOffset.UtcNow - there!.Value, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
    }

    [DirectoryFact]
    public async Task Certificate_OfAStranger_IsShownWithWhatIsWrong()
    {
        var certificate = await new CheckProbe().LookAtCertificateAsync(dc.Address, 636, _cancellation);

        Assert.NotEmpty(certificate.Subject);
        Assert.True(certificate.NotAfter > DateTimeOffset.UtcNow);
        Assert.Contains("is not trusted here", certificate.Problem, StringComparison.Ordinal);
    }

    [DirectoryFact]
    public async Task Certificate_WhereNobodyAnswers_IsAnIoError() =>
        await Assert.ThrowsAsync<IOException>(() => new CheckProbe().LookAtCertificateAsync(dc.Address, 1, _cancellation));
}
