using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Audit;
using GwbCloud.RelayListener.Documents;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Evidence;
using GwbCloud.RelayListener.Jobs;
using GwbCloud.RelayListener.Status;
using GwbCloud.RelayListener.Switch;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Hosting;

/// <summary>One listener: the on-premises half of one Connect server, in this process.</summary>
public sealed class ListenerHost : IAsyncDisposable
{
    readonly JobQueue _jobs;
    readonly AuditTrail _audit;
    readonly DocumentFolder _documents;
    readonly StampJournal _stamps;
    readonly RepairJournal _repairs;
    readonly WritebackSwitch _switch;
    readonly SchedulerGuard _guard;
    IListenerTransport? _transport;
    int _ended;

    ListenerHost(ListenerOptions options, IDirectory directory, IAdSync adSync)
    {
        var busy = new BusyHolds(options.Busy);
        var logger = options.Logging.CreateLogger("GwbCloud.RelayListener");
        string File(string name) => Path.Combine(options.DataDirectory, name);

        // First: it takes the folder, and what follows tidies there, which another listener that is at work must not suffer from.
        _stamps = new(File("stamps.journal"), options.Durability);
        _audit = AuditOf(options);
        _documents = new(File("documents"), options.MaxDocumentBytes, options.Durability, options.Time);
        _repairs = new(File("repairs.journal"), options.Durability);
        var evidence = EvidenceOf(options, directory, adSync);
        _switch = SwitchOf(options, evidence, adSync, _audit);
        var boundary = BoundaryOf(options);
        _jobs = new(
            File("jobs.journal"), options.Durability, options.JobLimits, TableOf(options, directory, adSync, evidence), _documents, options.Signer, options.Server,
            options.Time, busy, boundary, _audit, logger);
        var pace = new GuardPace(
            TimeSpan.FromSeconds(options.GuardSeconds), TimeSpan.FromSeconds(options.GuardIdleSeconds), options.Time, () => _jobs.LastRecordedAt, boundary.StandsInWindow);
        _guard = new(adSync, options.DataDirectory, pace, options.Time, busy, logger);
        InteractiveSwitch = new(_switch, _documents, boundary, busy);
    }

    /// <summary>Where the job API answers: on loopback, or at the relay.</summary>
    public Uri Address => _transport!.Address;

    /// <summary>Whether the cloud half can reach it now.</summary>
    public TransportState Transport => _transport!.State;

    /// <summary>When the last verified command came; null when none has since the start.</summary>
    public DateTimeOffset? LastCommandAt => _jobs.LastCommandAt;

    /// <summary>Commands that wait or run.</summary>
    public int OpenJobs => _jobs.Open;

    /// <summary>Ends when the disk refuses what must be on it: the process has to be started again.</summary>
    public Task<CommandError> Broken => _jobs.Broken;

    /// <summary>What the operator's own session runs on builds with an interactive cmdlet.</summary>
    public InteractiveSwitch InteractiveSwitch { get; }

    /// <summary>Opens the data directory, goes on with what an earlier process left, and answers from then on.</summary>
    /// <exception cref="CommandFailedException">GWB6009: an option is not valid; the message names it. GWB6401: a relay is configured and this build has none.</exception>
    /// <exception cref="Journal.JournalException">The data directory is in use, or damaged.</exception>
    public static async Task<ListenerHost> StartAsync(
        ListenerOptions options, IDirectory directory, IAdSync adSync, CancellationToken cancellationToken = default)
    {
        if (options.Validate() is { Count: > 0 } wrong) { throw JobError.ConfigurationInvalid.Exception(string.Join("; ", wrong), transient: false); }
        ListenerTransports.Check(options);
        Directory.CreateDirectory(options.DataDirectory);
        var busy = new BusyHolds(options.Busy);
        using var hold = busy.Hold($"{options.Server} start");
        var host = new ListenerHost(options, directory, adSync);
        try
        {
            var verifier = new EnvelopeVerifier(options.CommandKeys, options.Time, new() { Tenant = options.Tenant, Server = options.Server });
            var api = new ListenerApi(verifier, host._jobs, host._documents, host._audit, options.Server, options.Logging.CreateLogger("GwbCloud.RelayListener"));
            host._audit.Keep(new() { Event = AuditEvent.Started, Detail = TrustOf(options) });
            await host._guard.StartAsync(cancellationToken);
            await host._jobs.ResumeAsync();
            host._transport = await ListenerTransports.OpenAsync(options, api.HandleAsync, busy, cancellationToken);
            return host;
        }
        catch
        {
            host.Kill();
            throw;
        }
    }

    /// <summary>Stops in order: no new command, running jobs end their current item, everything is on disk. They go on after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) { return; }
        _guard.Dispose();
        await _jobs.StopAsync();
        if (_transport is not null) { await _transport.DisposeAsync(); }
        _stamps.Dispose();
        _repairs.Dispose();
        _jobs.Dispose();
        _documents.Dispose();
        _audit.Dispose();
    }

    /// <summary>Ends as a killed process would: nothing more reaches the disk. The same data directory can be opened at once.</summary>
    public void Kill()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) { return; }
        _switch.Kill();
        _jobs.Kill();
        _stamps.Abandon();
        _repairs.Abandon();
        _audit.Abandon();
        _guard.Dispose();
        // The port is given back in the background; whoever opens the folder again takes a port of its own.
        _ = _transport?.DisposeAsync().AsTask();
    }

    /// <summary>Whom this listener believes, so that a change of its configuration can be seen later.</summary>
    static string TrustOf(ListenerOptions options) =>
        $"commands by {string.Join(", ", options.CommandKeys.Select(key => key.Kid))}; other servers {string.Join(", ", options.OtherServers.Select(key => key.Kid))}; "
            + (options.Approvals is { } trust ? $"{trust.Required} approvals of {trust.Issuer}" : "no switch");

    internal static EvidenceOfThisServer EvidenceOf(ListenerOptions options, IDirectory directory, IAdSync adSync) => new(
        new(adSync, options.Tenant, options.Server, options.OrdinaryDeletes), new(directory, options.Tenant), options.Server, options.Time);

    internal static AuditTrail AuditOf(ListenerOptions options) => new(
        Path.Combine(options.DataDirectory, "audit"), options.Durability, options.Time, options.AuditedRefusalsPerHour, options.Logging.CreateLogger("GwbCloud.RelayListener"));

    internal static WritebackSwitch SwitchOf(ListenerOptions options, EvidenceOfThisServer evidence, IAdSync adSync, AuditTrail audit) => new(
        Path.Combine(options.DataDirectory, "switch.journal"), options.Durability, adSync,
        GateOf(options, evidence, adSync, Path.Combine(options.DataDirectory, "issuer-keys.json")), audit, options.Time, options.Logging.CreateLogger("GwbCloud.RelayListener"));

    internal static BoundaryFile BoundaryOf(ListenerOptions options) =>
        new(Path.Combine(options.DataDirectory, BoundaryFile.FileName), options.Signer, options.Server, options.Time);

    static GrantedAccess GrantsOf(ListenerOptions options) => new(Path.Combine(options.DataDirectory, "granted-access.json"));

    static SwitchGate? GateOf(ListenerOptions options, EvidenceOfThisServer evidence, IAdSync adSync, string keysFile) => options.Approvals is { } trust
        ? new(
            new() { Tenant = options.Tenant, OtherServers = options.OtherServers, Trust = trust, OrdinaryDeletes = options.OrdinaryDeletes },
            evidence, adSync, new(keysFile, trust.FetchKeys), options.Time)
        : null;

    CommandTable TableOf(ListenerOptions options, IDirectory directory, IAdSync adSync, EvidenceOfThisServer evidence) => new CommandTable()
        .Add(JobEffect.Read, new InspectForestHandler(directory))
        .Add(JobEffect.Read, new InventoryWritebackOuHandler(directory))
        .Add(JobEffect.Read, new SnapshotGroupsHandler(directory))
        .Add(JobEffect.Write, new StampAnchorsHandler(directory, _stamps))
        .Add(JobEffect.Read, new VerifyAnchorsHandler(directory))
        .Add(JobEffect.Write, new UnstampAnchorsHandler(directory, adSync, _stamps))
        .Add(JobEffect.Read, new CompareWithSnapshotHandler(directory, options.Time))
        .Add(JobEffect.Read, new FindByAnchorHandler(directory))
        .Add(JobEffect.Write, new CreateMatchCanaryHandler(directory, migration => _jobs.CanariesSince(migration)))
        .Add(JobEffect.Write, new RemoveCanaryObjectsHandler(directory, _stamps, migration => _jobs.CanariesSince(migration)))
        .Add(JobEffect.Read, new FindDeletedGroupsHandler(directory))
        .Add(JobEffect.Write, new RepairGroupsHandler(directory, directory.Repair, _repairs))
        .Add(JobEffect.Read, new InspectServerHandler(adSync, options.Server))
        .Add(JobEffect.Write, new SetSchedulerHandler(adSync, directory))
        .Add(JobEffect.Write, new SetAutoUpgradeHandler(adSync))
        .Add(JobEffect.Write, new StartCycleHandler(adSync, directory, new(adSync)))
        .Add(JobEffect.Read, new ReadCycleHandler(adSync))
        .Add(JobEffect.Write, new AddCoexistenceRulesHandler(adSync))
        .Add(JobEffect.Write, new RemoveCoexistenceRulesHandler(adSync))
        .Add(JobEffect.Read, new ReadWritebackRulesHandler(adSync))
        .Add(JobEffect.Write, new SetWritebackRuleHandler(adSync, options.MayAddDeleteRule))
        .Add(JobEffect.Write, new RetireCoexistenceRulesHandler(adSync, options.MayRetireRules))
        .Add(JobEffect.Read, new ReadPendingExportsHandler(adSync))
        .Add(JobEffect.Write, new SetStagingHandler(adSync, directory, options.MayChangeStaging))
        .Add(JobEffect.Stop, new StopCycleHandler(adSync))
        .Add(JobEffect.Write, new RunEntraOnlyHandler(adSync, new(adSync)))
        .Add(JobEffect.Read, new ReadLineageHandler(adSync))
        .Add(JobEffect.Write, new GrantWritebackPermissionsHandler(adSync, directory, GrantsOf(options), options.MayGrantPermissions))
        .Add(JobEffect.Write, new RevokeWritebackPermissionsHandler(adSync, GrantsOf(options), options.MayGrantPermissions))
        .Add(JobEffect.Read, new GatherEvidenceHandler(evidence, options.Signer))
        .Add(JobEffect.Stop, new CancelJobHandler((commandId, migration) => _jobs.CancelAsync(commandId, migration), _switch.WithdrawAsync))
        .Add(JobEffect.Irreversible, new DisableGroupWritebackV2Handler(_switch));
}
