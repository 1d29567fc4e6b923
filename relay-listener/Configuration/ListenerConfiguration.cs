using System.Text.Json.Serialization;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.RelayListener.Configuration;

/// <summary>
/// The configuration file of an installed listener, <c>listener.json</c>. Who may command, whose approvals count and which OU is meant
/// stands here, on the server; no message changes it. Read by <see cref="ConfigurationFile"/>.
/// </summary>
/// <remarks>A change takes effect at the next start. Holds no secret: the file is copied, mailed and put into tickets.</remarks>
public sealed record ListenerConfiguration
{
    /// <summary>Where an editor finds the schema; not read.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of this Connect server, as commands and evidence name it.</summary>
    public required string Server { get; init; }

    /// <summary>Directory (tenant) id.</summary>
    public required string Tenant { get; init; }

    /// <summary>Folder of journals, documents, logs and the listener's own key; full path, only for administrators and the service's account.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Keys of the cloud half, as its set-up shows them. Two while a key is being changed.</summary>
    public required IReadOnlyList<PinnedKey> CommandKeys { get; init; }

    /// <summary>Keys of the other Connect servers, as <c>gwb-listener show-key</c> shows them there.</summary>
    public IReadOnlyList<PinnedKey> OtherServers { get; init; } = [];

    /// <summary>Whose approvals count. Without it this listener never switches.</summary>
    public ApprovalConfiguration? Approvals { get; init; }

    public required DirectoryConfiguration Directory { get; init; }

    public AdSyncConfiguration AdSync { get; init; } = new();

    /// <summary>The hybrid connection of this server. Without it the listener answers at <see cref="Url"/>.</summary>
    public RelayOptions? Relay { get; init; }

    /// <summary>Loopback address of the job API where there is no relay; for private networks behind a proxy of their own.</summary>
    public string? Url { get; init; }

    public GuardConfiguration Guard { get; init; } = new();

    public DocumentConfiguration Documents { get; init; } = new();

    public LoggingConfiguration Logging { get; init; } = new();

    /// <summary>What is wrong, one sentence each, beginning with the path; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (string wrong in ListenerOptions.WrongNames(Server, Tenant, CommandKeys, OtherServers)) { yield return wrong; }
        if (!IsFullPath(DataDirectory)) { yield return "dataDirectory: is no full path"; }
        foreach (string wrong in Approvals?.Validate() ?? []) { yield return wrong; }
        foreach (string wrong in Directory.Validate()) { yield return wrong; }
        foreach (string wrong in AdSync.Validate()) { yield return wrong; }
        foreach (string wrong in Guard.Validate()) { yield return wrong; }
        foreach (string wrong in Documents.Validate()) { yield return wrong; }
        foreach (string wrong in Logging.Validate()) { yield return wrong; }
        foreach (string wrong in Relay?.Validate() ?? []) { yield return wrong; }
        if (Relay is null && Url is null) { yield return "relay: is missing, and there is no url"; }
        if (Url is not null && !ListenerOptions.IsLoopback(Url)) { yield return "url: is no loopback http address"; }
        if (Relay is not null && Url is not null) { yield return "url: stands beside a relay; commands come in by one way"; }
    }

    /// <summary>The options of a start.</summary>
    /// <param name="signer">Signs with the listener's own key.</param>
    /// <param name="http">Reads the issuer's keys.</param>
    public ListenerOptions ToOptions(EnvelopeSigner signer, HttpClient http) => new()
    {
        Server = Server,
        Tenant = Tenant,
        DataDirectory = DataDirectory,
        CommandKeys = CommandKeys,
        OtherServers = OtherServers,
        Signer = signer,
        Url = Url ?? "http://127.0.0.1:0",
        Relay = Relay,
        MayChangeStaging = AdSync.MayChangeStaging,
        MayGrantPermissions = AdSync.MayGrantPermissions,
        MayRetireRules = AdSync.MayRetireRules,
        MayAddDeleteRule = AdSync.MayAddDeleteRule,
        GuardSeconds = Guard.Seconds,
        GuardIdleSeconds = Guard.IdleSeconds,
        OrdinaryDeletes = Guard.OrdinaryDeletes,
        MaxDocumentBytes = Documents.MaxBytes,
        Approvals = Approvals is null ? null : new()
        {
            Issuer = Approvals.Issuer,
            Audience = Approvals.Audience,
            Required = Approvals.Required,
            ApproverRole = Approvals.ApproverRole,
            RequesterRole = Approvals.RequesterRole,
            FetchKeys = async cancellationToken => await http.GetByteArrayAsync(Approvals.KeysAddress, cancellationToken),
        },
    };

    /// <summary>A Windows path is full elsewhere too, to be looked at; but a folder is made only where the path means one.</summary>
    /// <exception cref="CommandFailedException">GWB6009: it would be a folder of the current one.</exception>
    internal void RequireDataDirectoryHere()
    {
        if (!Path.IsPathFullyQualified(DataDirectory)) { throw JobError.ConfigurationInvalid.Exception($"dataDirectory: {DataDirectory} is no full path on this machine", transient: false); }
    }

    // Also true for a Windows path that is looked at elsewhere.
    internal static bool IsFullPath(string path) =>
        Path.IsPathFullyQualified(path) || path is [>= 'A' and <= 'Z' or >= 'a' and <= 'z', ':', '\\' or '/', ..];
}

/// <summary>Section <c>approvals</c>: whose approvals this listener believes.</summary>
public sealed record ApprovalConfiguration
{
    /// <summary>Exactly the <c>iss</c> claim of the tenant's ID tokens.</summary>
    public required string Issuer { get; init; }

    /// <summary>Client id of the application that people sign in to for an approval.</summary>
    public required string Audience { get; init; }

    /// <summary>How many different people must approve the switch; at least 1. Must agree with the cloud half's own number: the larger one wins.</summary>
    public required int Required { get; init; }

    /// <summary>Where the issuer publishes its keys (<c>jwks_uri</c>); https.</summary>
    public required Uri KeysAddress { get; init; }

    /// <summary>App role of those who decide.</summary>
    public string ApproverRole { get; init; } = "Migration.Approver";

    /// <summary>App role of the one who requests.</summary>
    public string RequesterRole { get; init; } = "Migration.Operator";

    internal IEnumerable<string> Validate()
    {
        if (!Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme is not ("https" or "http")) { yield return "approvals.issuer: is no address"; }
        if (string.IsNullOrWhiteSpace(Audience)) { yield return "approvals.audience: is missing"; }
        if (Required is < 1 or > 20) { yield return "approvals.required: 1 to 20"; }
        // Keys that come in the clear could be anybody's.
        if (!KeysAddress.IsAbsoluteUri || !(KeysAddress.Scheme == Uri.UriSchemeHttps || (KeysAddress.Scheme == Uri.UriSchemeHttp && KeysAddress.IsLoopback)))
        {
            yield return "approvals.keysAddress: is no https address";
        }
        if (string.IsNullOrWhiteSpace(ApproverRole)) { yield return "approvals.approverRole: is missing"; }
        if (string.IsNullOrWhiteSpace(RequesterRole)) { yield return "approvals.requesterRole: is missing"; }
        if (ApproverRole == RequesterRole) { yield return "approvals.approverRole: is the requester's role as well"; }
    }
}

/// <summary>Section <c>guard</c>: what the listener watches by itself.</summary>
public sealed record GuardConfiguration
{
    /// <summary>Seconds between two looks of the scheduler guard during a migration; 1 to 1,800. Longer gives a cycle more time to start after somebody switched.</summary>
    public int Seconds { get; init; } = 60;

    /// <summary>The same while no migration is under way; 1 to 1,800, and never shorter than <see cref="Seconds"/>.</summary>
    public int IdleSeconds { get; init; } = 600;

    /// <summary>Users and devices that may wait for deletion outside the writeback OU's connector; more fails the evidence. 0 to 500.</summary>
    public int OrdinaryDeletes { get; init; } = 20;

    /// <summary>Minutes without a command, while this server stands in staging mode within a migration, before the Event Log is warned; 5 to 1,440.</summary>
    public int ContactMinutes { get; init; } = 60;

    internal IEnumerable<string> Validate()
    {
        if (Seconds is < 1 or > 1800) { yield return "guard.seconds: 1 to 1800"; }
        if (IdleSeconds is < 1 or > 1800) { yield return "guard.idleSeconds: 1 to 1800"; }
        if (OrdinaryDeletes is < 0 or > 500) { yield return "guard.ordinaryDeletes: 0 to 500"; }
        if (ContactMinutes is < 5 or > 1440) { yield return "guard.contactMinutes: 5 to 1440"; }
    }
}

/// <summary>Section <c>documents</c>: what the cloud half uploads.</summary>
public sealed record DocumentConfiguration
{
    /// <summary>Most bytes kept; 1 MB at least. When full, what nobody asked for in a long time goes first.</summary>
    public long MaxBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    internal IEnumerable<string> Validate()
    {
        if (MaxBytes < 1024 * 1024) { yield return "documents.maxBytes: at least 1048576"; }
    }
}

/// <summary>Section <c>logging</c>: the files in <c>logs</c> below the data directory, and the Windows Event Log.</summary>
public sealed record LoggingConfiguration
{
    /// <summary>The least level that is written to the files.</summary>
    public LogDepth Level { get; init; } = LogDepth.Information;

    /// <summary>Bytes after which a new file begins; 64 KB to 1 GB.</summary>
    public long MaxFileBytes { get; init; } = 10L * 1024 * 1024;

    /// <summary>Files that are kept; 2 to 1,000.</summary>
    public int Files { get; init; } = 20;

    /// <summary>Whether the events of the operator's page go to the Windows Event Log.</summary>
    public bool EventLog { get; init; } = true;

    internal IEnumerable<string> Validate()
    {
        if (MaxFileBytes is < 64 * 1024 or > 1024 * 1024 * 1024) { yield return "logging.maxFileBytes: 65536 to 1073741824"; }
        if (Files is < 2 or > 1000) { yield return "logging.files: 2 to 1000"; }
    }
}

/// <summary>How much the log files hold.</summary>
public enum LogDepth
{
    Debug,
    Information,
    Warning,
    Error,
}
