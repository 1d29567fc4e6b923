using System.Globalization;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Service;
using GwbCloud.RelayListener.Service.Installing;
using GwbCloud.RelayListener.Status;

namespace GwbCloud.RelayListener.Check;

/// <summary>What the server itself must have: configuration, folder, keys, PowerShell, service, Event Log, state.</summary>
sealed class LocalChecks(Verb verb)
{
    static readonly TimeSpan KeySoon = TimeSpan.FromDays(14);

    ListenerConfiguration Settings => verb.Configuration;

    public static CheckRow Configuration(Verb verb)
    {
        var options = verb.Configuration;
        using var http = new HttpClient();
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var wrong = options.ToOptions(new(key, "check"), http).Validate();
        return wrong.Count == 0
            ? CheckRow.Ok(CheckNames.Configuration, $"{verb.ConfigFile} is valid")
            : CheckRow.Failed(CheckNames.Configuration, string.Join("; ", wrong), "Correct the named values.");
    }

    public CheckRow ConfigurationFile()
    {
        var sight = verb.Environment.Probe.Look(verb.ConfigFile, tryWriting: false);
        const string Remedy = "Run gwb-listener install: it lets only administrators write the file, which decides whose approvals count.";
        return sight switch
        {
            { Others: null } => CheckRow.Unknown(CheckNames.ConfigurationFile, "its access rights could not be read", "Run the check as administrator."),
            { OpenToAll: true } => CheckRow.Failed(CheckNames.ConfigurationFile, $"may be written by {string.Join(", ", sight.Others)}", Remedy),
            { Others.Count: > 0 } => CheckRow.Attention(CheckNames.ConfigurationFile, $"may also be written by {string.Join(", ", sight.Others)}", Remedy),
            _ => CheckRow.Ok(CheckNames.ConfigurationFile, "only administrators may write it"),
        };
    }

    public CheckRow DataDirectory()
    {
        var sight = verb.Environment.Probe.Look(Settings.DataDirectory, tryWriting: true);
        const string Remedy = "Run gwb-listener install: it makes the folder and closes it.";
        return sight switch
        {
            { Exists: false } => CheckRow.Failed(CheckNames.DataDirectory, $"{Settings.DataDirectory} is not there", Remedy),
            { Writable: not true } => CheckRow.Failed(CheckNames.DataDirectory, $"{Settings.DataDirectory} cannot be written", Remedy),
            { Others: null } => CheckRow.Unknown(CheckNames.DataDirectory, "its access rights could not be read", "Run the check as administrator."),
            { OpenToAll: true } => CheckRow.Failed(CheckNames.DataDirectory, $"open to {string.Join(", ", sight.Others)}: the key and the journals are in it", Remedy),
            { Others.Count: > 1 } => CheckRow.Attention(
                CheckNames.DataDirectory, $"also open to {string.Join(", ", sight.Others)}", "Leave it to administrators and the service's account."),
            _ => CheckRow.Ok(CheckNames.DataDirectory, $"writable, open to administrators{(sight.Others is [var account] ? $" and {account}" : "")} only"),
        };
    }

    public CheckRow OwnKey()
    {
        using var key = ListenerKey.OpenExisting(Settings.DataDirectory);
        // Signing shows that the curve is the right one and that the private half is there.
        _ = ListenerKey.Signer(key, Settings.Server);
        return CheckRow.Ok(CheckNames.OwnKey, $"P-256, fingerprint {ListenerKey.FingerprintOf(key)}");
    }

    public CheckRow CommandKeys()
    {
        _ = new EnvelopeVerifier(Settings.CommandKeys, verb.Environment.Time, new() { Tenant = Settings.Tenant, Server = Settings.Server });
        var now = verb.Environment.Time.GetUtcNow();
        string kids = string.Join(", ", Settings.CommandKeys.Select(key => key.Kid));
        return !Counts(now)
            ? CheckRow.Failed(CheckNames.CommandKeys, $"none of {kids} counts now", "Pin the key that the cloud half signs with, and look at notBefore and notAfter.")
            : !Counts(now + KeySoon) ? CheckRow.Attention(CheckNames.CommandKeys, $"the last of {kids} ends within two weeks", "Pin the next key beside it before the migration.")
            : Settings.CommandKeys.Count > 2 ? CheckRow.Attention(
                CheckNames.CommandKeys, $"pinned: {kids}", "Take out the keys that the cloud half no longer uses: each of them can command this server.")
            : CheckRow.Ok(CheckNames.CommandKeys, $"pinned: {kids}");

        bool Counts(DateTimeOffset at) => Settings.CommandKeys.Any(key => (key.NotBefore is null || key.NotBefore <= at) && (key.NotAfter is null || at < key.NotAfter));
    }

    public async Task<CheckRow> PowerShellAsync(CancellationToken cancellationToken)
    {
        string path = Settings.AdSync.PowerShellPath;
        string? version = await verb.Environment.Probe.ReadPowerShellVersionAsync(path, verb.Environment.Runner, cancellationToken);
        const string Remedy = "Name Windows PowerShell 5.1 in adSync.powerShell; the module of Entra Connect loads in no other.";
        return version switch
        {
            null => CheckRow.Failed(CheckNames.PowerShell, $"{path} is not there or does not run", Remedy),
            _ when version.StartsWith("5.1", StringComparison.Ordinal) => CheckRow.Ok(CheckNames.PowerShell, version),
            _ => CheckRow.Failed(CheckNames.PowerShell, $"{path} is version {version}", Remedy),
        };
    }

    public async Task<CheckRow> ServiceAsync(CancellationToken cancellationToken)
    {
        var pulse = Heartbeat.Read(Settings.DataDirectory);
        bool alive = pulse is not null && verb.Environment.Time.GetUtcNow() - pulse.At < Heartbeat.Life;
        if (alive) { return CheckRow.Ok(CheckNames.Service, string.Create(CultureInfo.InvariantCulture, $"running since {pulse!.StartedAt:u}")); }
        bool there = verb.Environment.IsWindows
            && (await verb.Environment.Runner.RunAsync(InstallPlan.Query.Program!, InstallPlan.Query.Arguments, cancellationToken)).ExitCode == 0;
        return there
            ? CheckRow.Failed(CheckNames.Service, "registered, and not running", $"sc.exe start {ServiceRun.ServiceName}; when it does not start, read the Event Log and the log files.")
            : CheckRow.Attention(CheckNames.Service, "not registered, or not running", "Run gwb-listener install, or gwb-listener run in a console.");
    }

    public CheckRow EventLog() => !Settings.Logging.EventLog
        ? CheckRow.Attention(CheckNames.EventLog, "switched off in the configuration", "Leave logging.eventLog on: a lost contact is told there.")
        : verb.Environment.EventLog.HasSource()
            ? CheckRow.Ok(CheckNames.EventLog, $"source {Logs.ServiceEvents.Source}")
            : CheckRow.Attention(CheckNames.EventLog, "the source is not registered, so a lost contact stands in the log files only", "Run gwb-listener install.");

    public CheckRow Boundary()
    {
        if (!File.Exists(Path.Combine(Settings.DataDirectory, BoundaryFile.FileName))) { return CheckRow.Ok(CheckNames.Boundary, "no migration has reached this server"); }
        using var key = ListenerKey.OpenExisting(Settings.DataDirectory);
        return verb.ReadBoundary(key) is not { } boundary
            ? CheckRow.Failed(CheckNames.Boundary, "the state does not bear this listener's signature", "Find out who changed the file or the key before a migration goes on.")
            : boundary.StateOf() is var state && state.IsInWindow()
                ? CheckRow.Attention(CheckNames.Boundary, $"{boundary.Migration}: {state}", "A migration is under way here: change nothing by hand while the cloud half is there.")
                : CheckRow.Ok(CheckNames.Boundary, $"{boundary.Migration}: {state}");
    }
}
