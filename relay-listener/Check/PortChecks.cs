using System.Globalization;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Service;

namespace GwbCloud.RelayListener.Check;

/// <summary>What Entra Connect and Active Directory answer through the listener's own ports.</summary>
sealed class PortChecks(Verb verb, ListenerPorts ports)
{
    const int LdapsPort = 636;

    static readonly TimeSpan CertificateSoon = TimeSpan.FromDays(30);

    /// <summary>Builds below it have stopped synchronising. Source: version history of Connect, 30 September 2026.</summary>
    static readonly Version OldestBuild = new(2, 5, 79, 0);

    ForestFacts? _forest;

    /// <summary>The rows, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        CheckNames.AdSync, CheckNames.Scheduler, CheckNames.Feature, CheckNames.WritebackOu, CheckNames.Directory, CheckNames.Certificate, CheckNames.ClockDirectory,
        CheckNames.Endpoints, CheckNames.GlobalCatalogs, CheckNames.Rights, CheckNames.OtherServers,
    ];

    public IEnumerable<(string Name, Func<CancellationToken, Task<CheckRow>> Check)> All => Names.Zip<string, Func<CancellationToken, Task<CheckRow>>>(
    [
        AdSyncAsync, SchedulerAsync, FeatureAsync, WritebackOuAsync, DirectoryAsync, CertificateAsync, ClockAsync, EndpointsAsync, GlobalCatalogsAsync, RightsAsync,
        OtherServersAsync,
    ]);

    ListenerConfiguration Settings => verb.Configuration;

    async Task<CheckRow> AdSyncAsync(CancellationToken cancellationToken)
    {
        var host = await ports.AdSync.GetHostAsync(cancellationToken);
        string seen = $"Connect {host.Version}, the cmdlet of the switch is {(host.Cmdlet == CmdletGeneration.Interactive ? "interactive" : "unattended")}";
        return !Version.TryParse(host.Version, out var build) ? CheckRow.Unknown(CheckNames.AdSync, seen, "Read the build in the program list of Windows.")
            : build < OldestBuild ? CheckRow.Failed(CheckNames.AdSync, seen, $"Upgrade Entra Connect to {OldestBuild} or later: older builds no longer synchronise.")
            : !string.Equals(host.Server, Settings.Server, StringComparison.OrdinalIgnoreCase)
                ? CheckRow.Attention(CheckNames.AdSync, $"{seen}; it calls itself {host.Server}", $"Compare with server in the configuration, {Settings.Server}.")
            : CheckRow.Ok(CheckNames.AdSync, seen);
    }

    /// <summary>Reading the scheduler wants membership in ADSyncAdmins; an open wizard shows here as well.</summary>
    async Task<CheckRow> SchedulerAsync(CancellationToken cancellationToken)
    {
        var scheduler = await ports.AdSync.GetSchedulerAsync(cancellationToken);
        string seen = $"readable by {Environment.UserName}; scheduler {(scheduler.SyncCycleEnabled ? "on" : "off")}, staging mode {(scheduler.StagingModeEnabled ? "on" : "off")}";
        return scheduler.SchedulerSuspended
            ? CheckRow.Attention(CheckNames.Scheduler, $"{seen}, suspended", "Close the wizard, or wait for the upgrade to end.")
            : CheckRow.Ok(CheckNames.Scheduler, seen);
    }

    async Task<CheckRow> FeatureAsync(CancellationToken cancellationToken) => (await ports.AdSync.GetFeaturesAsync(cancellationToken)).GroupWritebackV2 switch
    {
        true => CheckRow.Ok(CheckNames.Feature, "reads True"),
        false => CheckRow.Attention(CheckNames.Feature, "reads False", "There is nothing to switch; GroupWritebackV2 cannot be switched on again."),
        null => CheckRow.Unknown(CheckNames.Feature, "could not be read", "See whether Connect reaches the tenant, and whether the build shows the flag."),
    };

    async Task<CheckRow> WritebackOuAsync(CancellationToken cancellationToken)
    {
        var host = await ports.AdSync.GetHostAsync(cancellationToken);
        return !DistinguishedName.Same(host.WritebackOu, Settings.Directory.WritebackOu)
            ? CheckRow.Failed(CheckNames.WritebackOu, $"Connect writes to {host.WritebackOu}", "Name the same OU in directory.writebackOu.")
            : host.WritebackOuInScope
                ? CheckRow.Ok(CheckNames.WritebackOu, $"{host.WritebackOu}, as Connect has it")
                : CheckRow.Attention(CheckNames.WritebackOu, $"{host.WritebackOu} is not in the scope of synchronisation", "The assessment will say what that means for the groups.");
    }

    async Task<CheckRow> DirectoryAsync(CancellationToken cancellationToken)
    {
        var forest = await ForestAsync(cancellationToken);
        return !forest.WritebackOuExists ? CheckRow.Failed(CheckNames.Directory, $"{forest.WritebackOu} is not in {forest.Domain}", "Correct directory.writebackOu.")
            : !forest.HasExternalDirectoryObjectId ? CheckRow.Failed(CheckNames.Directory, $"schema version {forest.SchemaVersion} does not hold the anchor's attribute", "Extend the schema to Windows Server 2016 or later.")
            : CheckRow.Ok(CheckNames.Directory, $"{forest.WritableDomainController} of {forest.Domain}, schema version {forest.SchemaVersion}");
    }

    async Task<CheckRow> CertificateAsync(CancellationToken cancellationToken)
    {
        if (Settings.Directory.Transport != LdapTransport.Ldaps) { return CheckRow.Ok(CheckNames.Certificate, "none needed: LDAP is signed and sealed with the account"); }
        string host = await CertificateHostAsync(cancellationToken);
        var certificate = await verb.Environment.Probe.LookAtCertificateAsync(host, LdapsPort, cancellationToken);
        string seen = string.Create(CultureInfo.InvariantCulture, $"{certificate.Subject}, until {certificate.NotAfter:yyyy-MM-dd}");
        return certificate.Problem is { } problem ? CheckRow.Failed(CheckNames.Certificate, $"{seen}: {problem}", "Give the domain controller a certificate that this server trusts and that bears its name.")
            : certificate.NotAfter - verb.Environment.Time.GetUtcNow() < CertificateSoon ? CheckRow.Attention(CheckNames.Certificate, seen, "Renew it before the migration; it may run for weeks.")
            : CheckRow.Ok(CheckNames.Certificate, seen);
    }

    /// <summary>A certificate that is not trusted keeps LDAP from answering, and then this row is the one that can say why.</summary>
    async Task<string> CertificateHostAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await ForestAsync(cancellationToken)).WritableDomainController;
        }
        catch (DirectoryException silent) when (silent.Error.Code == DirectoryError.Unavailable.Code && Settings.Directory.Server is not null)
        {
            return Settings.Directory.Server;
        }
    }

    async Task<CheckRow> ClockAsync(CancellationToken cancellationToken) =>
        await verb.Environment.Probe.ReadDirectoryTimeAsync(ports, cancellationToken) is { } there
            ? CloudChecks.JudgeClock(CheckNames.ClockDirectory, verb.Environment.Time.GetUtcNow() - there, "the domain controller")
            : CheckRow.Unknown(CheckNames.ClockDirectory, "the domain controller shows no time", "Compare the clocks by hand.");

    async Task<CheckRow> EndpointsAsync(CancellationToken cancellationToken)
    {
        var silent = (await ForestAsync(cancellationToken)).UnreachableEndpoints;
        return silent.Count == 0
            ? CheckRow.Ok(CheckNames.Endpoints, "every domain controller answers")
            : CheckRow.Attention(CheckNames.Endpoints, $"silent: {string.Join(", ", silent)}", "Open the ports, or see whether the domain controller is gone: the anchors are read back on each.");
    }

    async Task<CheckRow> GlobalCatalogsAsync(CancellationToken cancellationToken)
    {
        var catalogs = (await ForestAsync(cancellationToken)).GlobalCatalogs;
        return catalogs.Count > 0
            ? CheckRow.Ok(CheckNames.GlobalCatalogs, string.Join(", ", catalogs))
            : CheckRow.Failed(CheckNames.GlobalCatalogs, "the forest shows none", "Check the global catalogs: without one nobody can tell what Cloud Sync will find.");
    }

    async Task<CheckRow> RightsAsync(CancellationToken cancellationToken) => (await ForestAsync(cancellationToken)).ListenerMayStampOu switch
    {
        true => CheckRow.Ok(CheckNames.Rights, "this account may stamp groups that take the OU's rights"),
        false => CheckRow.Failed(CheckNames.Rights, "this account may not write the anchor on groups of the OU", "Grant the rights that docs/listener.md lists on the writeback OU."),
        null => CheckRow.Unknown(CheckNames.Rights, "what this account may do on the OU could not be read", "Run the check as the service's account, or compare the OU's rights with docs/listener.md."),
    };

    async Task<CheckRow> OtherServersAsync(CancellationToken cancellationToken)
    {
        var enrolled = Settings.OtherServers.Select(key => key.Server!).Append(Settings.Server).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = (await ForestAsync(cancellationToken)).ConnectComputers.Where(computer => !enrolled.Contains(computer)).ToList();
        return missing.Count == 0
            ? CheckRow.Ok(CheckNames.OtherServers, Settings.OtherServers.Count == 0 ? "this is the only Connect server" : string.Join(", ", Settings.OtherServers.Select(key => key.Server)))
            : CheckRow.Attention(
                CheckNames.OtherServers, $"accounts of Connect name {string.Join(", ", missing)}, not enrolled here",
                "Enrol each server that lives (show-key there, otherServers here); for one that is gone the migration asks for a signed statement.");
    }

    async Task<ForestFacts> ForestAsync(CancellationToken cancellationToken) => _forest ??= await ports.Directory.InspectAsync(cancellationToken);
}
