using System.Text;
using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Exports;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Evidence;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Switch;

/// <summary>
/// Whether this listener lets the switch happen. It believes neither the cloud half's word on the approvals nor evidence that it did not
/// gather itself or that another enrolled server did not sign.
/// </summary>
sealed class SwitchGate(SwitchGateSettings settings, EvidenceOfThisServer evidence, IAdSync adSync, PublishedKeys keys, TimeProvider time)
{
    /// <summary>Oldest part of another server.</summary>
    public static readonly TimeSpan PartsAge = TimeSpan.FromMinutes(15);

    /// <summary>How long the flag must have read true after a call before another one is thinkable: a slow tenant shows it late.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromMinutes(15);

    /// <summary>The second gate has hours at most: approvals don't keep, however far off a deadline the cloud half names.</summary>
    public static readonly TimeSpan LongestGate = TimeSpan.FromHours(24);

    const int MostReasons = 20;

    readonly EnvelopeVerifier _others = new(settings.OtherServers, time, new() { Tenant = settings.Tenant });

    readonly IdTokenVerifier _tokens = new(keys.Keys, time, new() { Issuer = settings.Trust.Issuer, Audience = settings.Trust.Audience, Tenant = settings.Tenant });

    /// <summary>Verifies everything, cheap and unforgeable things first.</summary>
    /// <param name="command">What the cloud half sent.</param>
    /// <param name="job">The job with its documents.</param>
    /// <param name="journal">Earlier calls.</param>
    /// <param name="offeredAt">For a held offer when it was verified first: the other servers' parts had to be fresh then.</param>
    /// <param name="cancellationToken">Ends between two checks.</param>
    public async Task<SwitchPermit> VerifyAsync(
        DisableGroupWritebackV2 command, JobContext job, SwitchJournal journal, DateTimeOffset? offeredAt, CancellationToken cancellationToken)
    {
        job.Report("verifying the approvals", 0, 0);
        if (await keys.RefreshAsync(cancellationToken) is { } refusal) { return SwitchPermit.Refuse([refusal.ToError()]); }
        if (CheckTimes(command) is { } untimely) { return SwitchPermit.Refuse([untimely]); }
        if (CheckEarlierCall(command, journal) is { } tooEarly) { return SwitchPermit.Refuse([tooEarly]); }
        var quorum = JudgeQuorum(command, job.Origin, journal, out string digest, out var reasons);
        if (quorum is null) { return SwitchPermit.Refuse(reasons); }

        var scope = await LoadedScope.LoadAsync(command.Scope, job, cancellationToken);
        int runs = await HighestRunAsync(cancellationToken);
        var parts = VerifyOthers(command, job.Origin, offeredAt, reasons);
        var own = await evidence.GatherServerAsync(scope, EvidencePurpose.Switch, job, cancellationToken);
        parts.Add(own);
        parts.Add(await evidence.GatherDirectoryAsync(scope, job, cancellationToken));
        foreach (var part in parts.Skip(parts.Count - 2)) { reasons.AddRange(ProblemsOf(part)); }
        if (ReadCloudPart(command) is { } cloud) { parts.Add(cloud); } else { reasons.Add(SwitchError.CloudVeto.ToError()); }
        if (reasons.Count == 0 && EvidenceDigest.Of(parts) != digest) { reasons.Add(SwitchError.EvidenceDiffers.ToError()); }
        // Only now is the window the one that people approved: it stands in a part of what they signed for.
        if (reasons.Count == 0 && CheckWindow(parts[^1]) is { } outside) { reasons.Add(outside); }
        if (reasons.Count > 0) { return SwitchPermit.Refuse(reasons.Take(MostReasons)); }

        var facts = own.Facts.Deserialize<ServerEvidence>(ContractJson.Options)!;
        job.Report("looking once more", 0, 0);
        reasons.AddRange(await LookOnceMoreAsync(scope, facts, runs, cancellationToken));
        if ((CheckTimes(command) ?? CheckWindow(parts[^1])) is { } late) { reasons.Add(late); }
        return reasons.Count > 0 ? SwitchPermit.Refuse(reasons.Take(MostReasons)) : new() { Reasons = [], EvidenceDigest = digest, Tokens = quorum.CountedTokens };
    }

    CommandError? CheckTimes(DisableGroupWritebackV2 command)
    {
        var now = time.GetUtcNow();
        return command.Deadline <= command.EvidenceAt || command.Deadline > command.EvidenceAt + LongestGate || command.EvidenceAt > now + TimeSpan.FromMinutes(2) ? SwitchError.TimesContradict.ToError()
            : now >= command.Deadline ? SwitchError.DeadlinePassed.ToError()
            : null;
    }

    /// <summary>A part that names no window allows no moment.</summary>
    CommandError? CheckWindow(EvidencePart cloud)
    {
        var window = WindowOf(cloud.Facts);
        return window is null ? SwitchError.OutsideWindow.ToError("the cloud's part names no window")
            : window.Holds(time.GetUtcNow()) ? null
            : SwitchError.OutsideWindow.ToError($"approved from {window.Start:u} to {window.End:u}");
    }

    static EvidenceWindow? WindowOf(JsonElement facts)
    {
        try
        {
            return facts.TryGetProperty("window", out var window) ? window.Deserialize<EvidenceWindow>(ContractJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Evidence that was complete a while after the call, and passes, has itself read the flag as true.</summary>
    static CommandError? CheckEarlierCall(DisableGroupWritebackV2 command, SwitchJournal journal) =>
        journal.LastCall is { } call && (command.EvidenceAt < call.At + RepeatAfter || command.Deadline == call.Deadline)
            ? SwitchError.CalledBefore.ToError($"called at {call.At:u}")
            : null;

    QuorumVerdict? JudgeQuorum(DisableGroupWritebackV2 command, JobOrigin origin, SwitchJournal journal, out string digest, out List<CommandError> reasons)
    {
        (digest, reasons) = ("", []);
        var request = SignedRequest.Read(command.Request);
        var decisions = command.Decisions.Select(SignedDecision.Read).ToList();
        if (request is null || decisions.Contains(null)) { reasons.Add(SwitchError.RequestUnreadable.ToError()); }
        else if (string.IsNullOrEmpty(origin.PlanHash) || request.Record.PlanHash != origin.PlanHash) { reasons.Add(SwitchError.OtherMatter.ToError()); }
        else if (decisions.Count == 0) { reasons.Add(SwitchError.NoDecision.ToError()); }
        if (reasons.Count > 0) { return null; }

        // All decisions must name one digest; whether that is the digest of what is true now is judged after gathering.
        digest = decisions[0]!.Record.EvidenceDigest;
        var verdict = new ApprovalQuorum(_tokens, time).Judge(
            new()
            {
                Tenant = settings.Tenant,
                MigrationId = origin.MigrationId,
                RequestSubject = request!.Record.Subject,
                PlanHash = origin.PlanHash!,
                Gate = ApprovalGate.Switch,
                EvidenceDigest = digest,
                Required = settings.Trust.Required,
                ApproverRole = settings.Trust.ApproverRole,
                RequesterRole = settings.Trust.RequesterRole,
                NotBefore = command.EvidenceAt,
                Deadline = command.Deadline,
                UsedTokens = journal.UsedTokens,
            },
            request,
            decisions!);
        if (verdict.State == QuorumState.Approved) { return verdict; }

        if (verdict.RequestRefusal is { } unproven) { reasons.Add(unproven.ToError()); }
        reasons.AddRange(verdict.Refusals.Select(refused => refused.Refusal.ToError()));
        reasons.Add(verdict.State switch
        {
            QuorumState.Pending => SwitchError.QuorumMissing.ToError($"{verdict.Approvers.Count} of {settings.Trust.Required}"),
            QuorumState.Expired => SwitchError.DeadlinePassed.ToError(),
            _ => SwitchError.NotApproved.ToError(),
        });
        return null;
    }

    List<EvidencePart> VerifyOthers(DisableGroupWritebackV2 command, JobOrigin origin, DateTimeOffset? offeredAt, List<CommandError> reasons)
    {
        var maxAge = PartsAge + (offeredAt is { } then ? time.GetUtcNow() - then : TimeSpan.Zero);
        var parts = new List<EvidencePart>();
        foreach (string text in command.OtherServers)
        {
            var verdict = _others.VerifyEvidence(text, maxAge);
            if (!verdict.IsAccepted) { reasons.Add(verdict.Refusal.ToError()); }
            else { parts.Add(verdict.Envelope); }
        }
        // A server has two keys while one replaces the other; its part counts once all the same.
        var servers = settings.OtherServers.Select(key => key.Server!).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
        foreach (string server in servers)
        {
            var own = parts.Where(part => string.Equals(part.Server, server, StringComparison.OrdinalIgnoreCase)).ToList();
            if (own.Count != 1 || own[0].Name != EvidencePart.NameOf(own[0].Server!)) { reasons.Add(SwitchError.OtherServersIncomplete.ToError(server)); }
            else if (!SpeaksOf(own[0], command, origin)) { reasons.Add(SwitchError.OtherServerFails.ToError(server)); }
        }
        if (parts.Count != servers.Count) { reasons.Add(SwitchError.OtherServersIncomplete.ToError($"{parts.Count} of {servers.Count}")); }
        return parts;
    }

    /// <summary>The part passes, and was measured for the same migration against the same documents as ours.</summary>
    bool SpeaksOf(EvidencePart part, DisableGroupWritebackV2 command, JobOrigin origin)
    {
        try
        {
            return part.Facts.Deserialize<ServerEvidence>(ContractJson.Options) is { Passed: true } facts
                && facts.Checks.Values.All(holds => holds)
                && string.Equals(facts.Tenant, settings.Tenant, StringComparison.OrdinalIgnoreCase)
                && facts.Migration == origin.MigrationId
                && facts.Scope == ScopeHashes.Of(command.Scope)
                && facts.Ceilings == command.Scope.Ceilings;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static IEnumerable<CommandError> ProblemsOf(EvidencePart part)
    {
        var facts = part.Facts.Deserialize<EvidenceFacts>(ContractJson.Lenient)!;
        return facts.Passed ? [] : facts.Problems.Select(problem => SwitchError.OwnEvidenceFails.ToError(problem));
    }

    static EvidencePart? ReadCloudPart(DisableGroupWritebackV2 command)
    {
        try
        {
            using var document = CanonicalJson.Parse(Encoding.UTF8.GetBytes(command.CloudPart));
            var facts = document.RootElement.Clone();
            return facts.ValueKind == JsonValueKind.Object && facts.TryGetProperty("passed", out var passed) && passed.ValueKind == JsonValueKind.True
                ? new() { Name = EvidencePart.Cloud, GatheredAt = command.EvidenceAt, Facts = facts }
                : null;
        }
        catch (ContractException)
        {
            return null;
        }
    }

    /// <summary>The last look before the call: whatever can change in seconds.</summary>
    async Task<List<CommandError>> LookOnceMoreAsync(LoadedScope scope, ServerEvidence facts, int runs, CancellationToken cancellationToken)
    {
        var host = await adSync.GetHostAsync(cancellationToken);
        var pending = await adSync.PendingAsync(cancellationToken);
        var rules = await adSync.GetRulesAsync(cancellationToken);
        int runsNow = await HighestRunAsync(cancellationToken);
        var scheduler = await adSync.GetSchedulerAsync(cancellationToken);
        var features = await adSync.GetFeaturesAsync(cancellationToken);

        var changed = new List<string>();
        if (new ExportJudge(scope.TermsFor(host, settings.OrdinaryDeletes)).Judge(pending).Offending.Any(export => export.Breaks == ExportRule.NoPendingDelete)) { changed.Add("pending deletes"); }
        if (CoexistenceRuleSpec.Judge(rules, host.AdConnectorId).ContentHash != facts.RulesHash) { changed.Add("coexistence rules"); }
        if (ServerEvidenceGatherer.HashOfGroupRules(rules) != facts.GroupRulesHash) { changed.Add("rules for groups"); }
        if (ServerInspection.HasActiveDeleteRule(rules)) { changed.Add("delete rule"); }
        if (runsNow != runs) { changed.Add("runs"); }
        if (!scheduler.StagingModeEnabled) { changed.Add("staging mode"); }
        if (scheduler.SyncCycleEnabled) { changed.Add("scheduler"); }
        if (scheduler.SchedulerSuspended) { changed.Add("scheduler suspended"); }
        if (scheduler.SyncCycleInProgress) { changed.Add("cycle in progress"); }
        if (features.GroupWritebackV2 is not true) { changed.Add("GroupWritebackV2"); }
        return [.. changed.Select(what => SwitchError.LastMinute.ToError(what))];
    }

    async Task<int> HighestRunAsync(CancellationToken cancellationToken) =>
        (await adSync.GetRunsAsync(0, cancellationToken)).Select(run => run.RunNumber).DefaultIfEmpty(0).Max();
}

/// <summary>What the gate knows by its own configuration.</summary>
sealed record SwitchGateSettings
{
    public required string Tenant { get; init; }

    /// <summary>Keys of every other Connect server; two of one while one replaces the other.</summary>
    public required IReadOnlyList<PinnedKey> OtherServers { get; init; }
    public required ApprovalTrust Trust { get; init; }
    public required int OrdinaryDeletes { get; init; }
}

/// <summary>Whether the cmdlet may be called now, and on what that rests.</summary>
sealed record SwitchPermit
{
    /// <summary>Why not; empty when it may.</summary>
    public required IReadOnlyList<CommandError> Reasons { get; init; }

    public string EvidenceDigest { get; init; } = "";

    /// <summary>Hashes of the tokens that counted.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    public bool IsGranted => Reasons.Count == 0;

    public static SwitchPermit Refuse(IEnumerable<CommandError> reasons) => new() { Reasons = [.. reasons] };
}
