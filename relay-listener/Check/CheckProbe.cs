using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Security.Principal;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Service;

namespace GwbCloud.RelayListener.Check;

/// <summary>The real machine and network.</summary>
sealed class CheckProbe : ICheckProbe
{
    const string CurrentTime = "currentTime";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public PathSight Look(string path, bool tryWriting)
    {
        if (!File.Exists(path) && !Directory.Exists(path)) { return new() { Exists = false }; }
        var sight = new PathSight { Exists = true, Writable = tryWriting ? CanWrite(path) : null };
        try
        {
            return OperatingSystem.IsWindows() ? WindowsRights(path, sight) : UnixRights(path, sight);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return sight;
        }
    }

    public async Task<HttpSight> LookAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience };
        using var answer = await http.GetAsync(address, cancellationToken);
        return new((int)answer.StatusCode, answer.Headers.Date, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    public async Task<CertificateSight> LookAtCertificateAsync(string host, int port, CancellationToken cancellationToken)
    {
        X509Certificate2? shown = null;
        string? problem = null;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancellationToken);
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(
                new()
                {
                    TargetHost = host,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        shown = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
                        problem = errors == SslPolicyErrors.None ? null : Describe(errors, chain);
                        return problem is null;
                    },
                },
                cancellationToken);
        }
        catch (AuthenticationException) when (shown is not null)
        {
            // Refused by this machine: that is the answer.
        }
        catch (Exception e) when (e is SocketException or AuthenticationException)
        {
            throw new IOException($"{host}:{port}: {e.Message}", e);
        }
        using (shown)
        {
            return shown is null
                ? throw new IOException($"{host}:{port} shows no certificate")
                : new() { Subject = shown.Subject, NotAfter = shown.NotAfter.ToUniversalTime(), Problem = problem };
        }
    }

    public Task<CommandError?> TryRelayAsync(RelayOptions relay, string tenant, CancellationToken cancellationToken) =>
        ListenerTransports.ProbeAsync(relay, tenant, cancellationToken);

    public async Task<DateTimeOffset?> ReadDirectoryTimeAsync(ListenerPorts ports, CancellationToken cancellationToken)
    {
        if (ports.Directory is not LdapDirectory directory) { return null; }
        var session = await directory.WritableAsync(cancellationToken);
        return (await session.ReadAsync(new() { Base = "", Attributes = [CurrentTime], Subtree = false }, cancellationToken))?.Time(CurrentTime);
    }

    public async Task<string?> ReadPowerShellVersionAsync(string path, ICommandRunner runner, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) { return null; }
        var run = await runner.RunAsync(path, ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion.ToString()"], cancellationToken);
        return run.ExitCode == 0 && run.Output.Length > 0 ? run.Output : null;
    }

    static bool CanWrite(string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, $"check-{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static string Describe(SslPolicyErrors errors, X509Chain? chain)
    {
        var what = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) { what.Add("bears another name"); }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)) { what.Add($"is not trusted here ({string.Join(", ", chain?.ChainStatus.Select(status => status.Status) ?? [])})"); }
        return string.Join(" and ", what.DefaultIfEmpty("is missing"));
    }

    [UnsupportedOSPlatform("windows")]
    static PathSight UnixRights(string path, PathSight sight)
    {
        var mode = File.GetUnixFileMode(path);
        bool folder = Directory.Exists(path);
        var group = folder ? UnixFileMode.GroupRead | UnixFileMode.GroupWrite : UnixFileMode.GroupWrite;
        var others = folder ? UnixFileMode.OtherRead | UnixFileMode.OtherWrite : UnixFileMode.OtherWrite;
        return sight with
        {
            Others = [.. ((mode & group) != 0 ? new[] { "its group" } : []), .. ((mode & others) != 0 ? new[] { "everybody" } : [])],
            OpenToAll = (mode & others) != 0,
        };
    }

    [SupportedOSPlatform("windows")]
    static PathSight WindowsRights(string path, PathSight sight)
    {
        bool folder = Directory.Exists(path);
        FileSystemSecurity security = folder ? new DirectoryInfo(path).GetAccessControl() : new FileInfo(path).GetAccessControl();
        // The folder holds the key, so reading counts there; the configuration is no secret.
        var wanted = FileSystemRights.Write | FileSystemRights.Delete | FileSystemRights.ChangePermissions | FileSystemRights.TakeOwnership
            | (folder ? FileSystemRights.ReadData : 0);
        var others = security.GetAccessRules(true, true, typeof(SecurityIdentifier)).Cast<FileSystemAccessRule>()
            .Where(rule => rule.AccessControlType == AccessControlType.Allow && (rule.FileSystemRights & wanted) != 0)
            .Select(rule => (SecurityIdentifier)rule.IdentityReference)
            .Append(security.GetOwner(typeof(SecurityIdentifier)) as SecurityIdentifier)
            .OfType<SecurityIdentifier>()
            .Where(sid => !IsAdministrators(sid))
            .Distinct().ToList();
        return sight with { Others = [.. others.Select(NameOf)], OpenToAll = others.Exists(IsEverybody) };
    }

    [SupportedOSPlatform("windows")]
    static bool IsAdministrators(SecurityIdentifier sid) =>
        sid.IsWellKnown(WellKnownSidType.LocalSystemSid) || sid.IsWellKnown(WellKnownSidType.BuiltinAdministratorsSid) || sid.IsWellKnown(WellKnownSidType.CreatorOwnerSid)
        || sid.IsWellKnown(WellKnownSidType.AccountDomainAdminsSid) || sid.Value.StartsWith("S-1-5-80-956008885-", StringComparison.Ordinal);

    [SupportedOSPlatform("windows")]
    static bool IsEverybody(SecurityIdentifier sid) =>
        sid.IsWellKnown(WellKnownSidType.WorldSid) || sid.IsWellKnown(WellKnownSidType.AuthenticatedUserSid) || sid.IsWellKnown(WellKnownSidType.BuiltinUsersSid)
        || sid.IsWellKnown(WellKnownSidType.InteractiveSid) || sid.IsWellKnown(WellKnownSidType.AccountDomainUsersSid);

    [SupportedOSPlatform("windows")]
    static string NameOf(SecurityIdentifier sid)
    {
        try
        {
            return sid.Translate(typeof(NTAccount)).Value;
        }
        catch (IdentityNotMappedException)
        {
            return sid.Value;
        }
    }
}
