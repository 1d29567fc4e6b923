using GwbCloud.Contracts.Envelopes;
using GwbCloud.Journal;
using GwbCloud.RelayListener.Jobs;
using GwbCloud.RelayListener.Switch;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.RelayListener.Hosting;

/// <summary>What one listener is told at its start. Everything that decides about the switch stands here, on the server, and nowhere else.</summary>
public sealed record ListenerOptions
{
    /// <summary>Name of this Connect server, as commands and evidence name it.</summary>
    public required string Server { get; init; }

    /// <summary>Directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>Folder of journals and documents; made when missing. One listener at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Keys whose commands are carried out. Pinned at installation; two while one replaces the other.</summary>
    public required IReadOnlyList<PinnedKey> CommandKeys { get; init; }

    /// <summary>Signs results and evidence with this listener's own key.</summary>
    public required EnvelopeSigner Signer { get; init; }

    /// <summary>Loopback address; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The hybrid connection on which commands come in; null: on loopback, at <see cref="Url"/>.</summary>
    public RelayOptions? Relay { get; init; }

    /// <summary>Keys of every other Connect server of the tenant, each with its <see cref="PinnedKey.Server"/>. The switch demands evidence of all of them.</summary>
    public IReadOnlyList<PinnedKey> OtherServers { get; init; } = [];

    /// <summary>Whose approvals count. Null: this listener never switches.</summary>
    public ApprovalTrust? Approvals { get; init; }

    /// <summary>Seconds between two looks of the scheduler guard during a migration. Longer gives a cycle more time to start after somebody switched; at most 1,800.</summary>
    public int GuardSeconds { get; init; } = 60;

    /// <summary>The same while no migration is under way: no command for a week, and exports flow. Never shorter than <see cref="GuardSeconds"/>; at most 1,800.</summary>
    public int GuardIdleSeconds { get; init; } = 600;

    /// <summary>
    /// Users and devices that may wait for deletion outside the writeback OU's connector: people leave while exports stand still. More
    /// than that fails the evidence.
    /// </summary>
    public int OrdinaryDeletes { get; init; } = 20;

    /// <summary>
    /// This server's staging flag may be written through its global settings. Microsoft supports the wizard alone, so by default a person does it.
    /// </summary>
    public bool MayChangeStaging { get; init; }

    /// <summary>
    /// Connect's account may be granted what writing groups needs. That takes rights on the directory which nothing else here asks for, so by default an
    /// administrator does it.
    /// </summary>
    public bool MayGrantPermissions { get; init; }

    /// <summary>
    /// The coexistence rules may be removed here although the server exports, after the migration. What Connect then does to the groups is documented
    /// nowhere, so by default nobody but a person at the server does it.
    /// </summary>
    public bool MayRetireRules { get; init; }

    /// <summary>
    /// The delete-on-disable rule may be added here. With it, whoever may switch groups off in Entra deletes them in Active Directory, so by default the
    /// rule is only removed.
    /// </summary>
    public bool MayAddDeleteRule { get; init; }

    /// <summary>Most bytes of documents kept; uploads beyond it are refused.</summary>
    public long MaxDocumentBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Refused commands an hour that get an audit line of their own; what exceeds them is counted, so that nobody can fill the disk.</summary>
    public int AuditedRefusalsPerHour { get; init; } = 100;

    /// <summary>How much of the past is remembered.</summary>
    internal JobLimits JobLimits { get; init; } = new();

    /// <summary>How far a record goes before it is acknowledged. Only rehearsals and tests do with less than the disk.</summary>
    public JournalDurability Durability { get; init; } = JournalDurability.Disk;

    /// <summary>The clock of every decision.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens a hold on a virtual clock while a request or a job is at work; null on wall time.</summary>
    public Func<string, IDisposable>? Busy { get; init; }

    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    /// <summary>What is wrong with these options, one sentence each, with the option's name; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        var wrong = new List<string>();
        wrong.AddRange(WrongNames(Server, Tenant, CommandKeys, OtherServers));
        if (string.IsNullOrWhiteSpace(DataDirectory)) { wrong.Add("dataDirectory: is missing"); }
        if (!IsLoopback(Url)) { wrong.Add("url: is no loopback http address"); }
        wrong.AddRange(WrongKeys([.. CommandKeys, .. OtherServers, Signer.Pin(Server)]).Except(wrong));
        if (GuardSeconds is < 1 or > 1800) { wrong.Add("guardSeconds: 1 to 1800"); }
        if (GuardIdleSeconds is < 1 or > 1800) { wrong.Add("guardIdleSeconds: 1 to 1800"); }
        if (OrdinaryDeletes is < 0 or > 500) { wrong.Add("ordinaryDeletes: 0 to 500"); }
        if (AuditedRefusalsPerHour < 1) { wrong.Add("auditedRefusalsPerHour: at least 1"); }
        if (MaxDocumentBytes < 1024 * 1024) { wrong.Add("maxDocumentBytes: at least 1048576"); }
        if (Approvals is { } trust)
        {
            if (string.IsNullOrWhiteSpace(trust.Issuer)) { wrong.Add("approvals.issuer: is missing"); }
            if (string.IsNullOrWhiteSpace(trust.Audience)) { wrong.Add("approvals.audience: is missing"); }
            if (trust.Required < 1) { wrong.Add("approvals.required: at least 1"); }
        }
        if (Relay is not null) { wrong.AddRange(Relay.Validate()); }
        return wrong;
    }

    /// <summary>What is wrong with names and pinned keys, one sentence each; needs nothing of the machine.</summary>
    internal static IEnumerable<string> WrongNames(string server, string tenant, IReadOnlyList<PinnedKey> commandKeys, IReadOnlyList<PinnedKey> otherServers)
    {
        if (string.IsNullOrWhiteSpace(server)) { yield return "server: is missing"; }
        if (!Guid.TryParse(tenant, out _)) { yield return "tenant: is not a directory id"; }
        if (commandKeys.Count == 0) { yield return "commandKeys: at least one key of the cloud half must be pinned"; }
        if (commandKeys.Any(key => key.Server is not null)) { yield return "commandKeys: a key of the cloud half names no server"; }
        if (otherServers.Any(key => string.IsNullOrEmpty(key.Server))) { yield return "otherServers: every key names its server"; }
        if (otherServers.Any(key => string.Equals(key.Server, server, StringComparison.OrdinalIgnoreCase))) { yield return "otherServers: this server is not another one"; }
        if (otherServers.Where(key => key.NotAfter is null).GroupBy(key => key.Server, StringComparer.OrdinalIgnoreCase).Any(keys => keys.Count() > 1))
        {
            yield return "otherServers: one key for each server; one that is being replaced has a notAfter";
        }
        foreach (string wrong in WrongKeys([.. commandKeys, .. otherServers])) { yield return wrong; }
    }

    // Also across the lists: a key that spoke for two could approve what it did itself.
    static IEnumerable<string> WrongKeys(IReadOnlyCollection<PinnedKey> keys) => PinnedKey.Check(keys).Select(problem => $"keys: {problem}");

    internal static bool IsLoopback(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback;
}
