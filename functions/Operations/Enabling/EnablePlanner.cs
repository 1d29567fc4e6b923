using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Operations.Enabling;

/// <summary>
/// Plans what switching version 1 on does: which Microsoft 365 groups its first cycle writes, under which names, and where. Groups pass one after another.
/// Decides without I/O.
/// </summary>
sealed class EnablePlanner
{
    /// <summary>The value that the wizard writes: the first line of the plan.</summary>
    public const string Feature = "UnifiedGroupWriteback";

    /// <summary>The fact that names the place: what is started writes there and nowhere else.</summary>
    public const string PlaceFact = "Writeback OU";

    /// <summary>What a group is that will be written.</summary>
    public const string NotWritten = "not written";

    /// <summary>From this build on the cmdlet only takes version 2 off. Source: release notes of Entra Connect.</summary>
    static readonly Version s_lastToEnable = new(2, 3, 2, 0);

    readonly EnableTerms _terms;
    readonly ConnectSights _sights;
    readonly ServerFacts _acting;
    readonly string _ou;
    readonly int _approvalFrom;
    readonly HashSet<Guid> _there;
    readonly HashSet<Guid> _seen = [];
    readonly List<LeftValue> _leftOut = [];
    int _changes, _already;

    /// <param name="terms">What is wished.</param>
    /// <param name="sights">What the servers say; one of them exports.</param>
    /// <param name="ou">The writeback OU of the listener's configuration.</param>
    /// <param name="there">Cloud ids of the groups that have an object in it.</param>
    /// <param name="approvalFrom">From so many groups on a second person approves.</param>
    public EnablePlanner(EnableTerms terms, ConnectSights sights, string ou, IEnumerable<Guid> there, int approvalFrom)
    {
        (_terms, _sights, _acting, _ou, _approvalFrom) = (terms, sights, sights.Acting()!, ou, approvalFrom);
        _there = [.. there];
    }

    /// <summary>It is on already: there is nothing to do.</summary>
    public bool IsOn => IsEnabled(_acting, _ou);

    /// <summary>What is left out, and why.</summary>
    public IReadOnlyList<LeftValue> LeftOut => _leftOut;

    /// <summary>Whether version 1 is on and this server writes to that OU, with its wizard closed.</summary>
    public static bool IsEnabled(ServerFacts server, string ou) =>
        server is { Features.UnifiedGroupWriteback: true, WritebackChosen: not false, Scheduler.Suspended: false } && DistinguishedName.Same(server.WritebackOu, ou);

    /// <summary>Refuses version 2 with the evidence, and version 1 where nobody could do it.</summary>
    /// <exception cref="StageStoppedException">GWB2910 or GWB2912.</exception>
    public static void DemandPossible(EnableTerms terms, ConnectSights sights)
    {
        if (terms.Version == WritebackVersion.Version2) { throw new StageStoppedException(OperationError.VersionTwoEnded.Notice(Evidence(sights))); }
        var why = sights.Acting() is not { } acting
            ? $"{sights.Servers.Count(server => !server.Staging)} servers export, and one must; no answer from: {(sights.Silent.Count == 0 ? "none" : string.Join(", ", sights.Silent))}"
            : acting.Features.UnifiedGroupWriteback is null || acting.Features.GroupWritebackV2 is null ? $"{acting.Server} could not read the tenant's features"
            : acting.DeleteRuleEnabled ? $"the delete-on-disable rule is in force on {acting.Server}"
            : null;
        if (why is not null) { throw new StageStoppedException(OperationError.EnableNotPossible.Notice($"{why}.")); }
    }

    /// <summary>Refuses an OU that is not there, or another than Connect's.</summary>
    /// <exception cref="StageStoppedException">GWB2912.</exception>
    public static void DemandPlace(ServerFacts acting, ForestFacts forest)
    {
        var why = !forest.WritebackOuExists ? $"the listener's configuration names {forest.WritebackOu}, which is not there"
            : acting.WritebackOu.Length > 0 && !DistinguishedName.Same(acting.WritebackOu, forest.WritebackOu)
                ? $"{acting.Server} writes to {acting.WritebackOu}, and the listener's configuration names {forest.WritebackOu}"
            : null;
        if (why is not null) { throw new StageStoppedException(OperationError.EnableNotPossible.Notice($"{why}.")); }
    }

    /// <summary>The lines that stand before the groups.</summary>
    public IEnumerable<ValueChange> Settings() => IsOn ? [] : [new() { Target = Feature, Name = "Group writeback version 1", Before = "off", After = $"on, to {_ou}" }];

    /// <summary>What is written of a group, or null.</summary>
    public ValueChange? Take(CloudGroupFacts group)
    {
        // A list that is read page by page may show a group twice.
        if (IsOn || !group.Unified || !_seen.Add(group.Id)) { return null; }
        if ((group.OnPremisesSynced ? "it comes from Active Directory"
            : _acting.Features.GroupWritebackV2 == true && group.WritebackEnabled == false ? "its writeback is off, and version 2 heeds that" : null) is { } why)
        {
            _leftOut.Add(new() { Target = group.Id.ToString("D"), Name = group.DisplayName, Why = why });
            return null;
        }

        if (_there.Contains(group.Id))
        {
            _already++;
            return null;
        }

        _changes++;
        return new() { Target = group.Id.ToString("D"), Name = group.DisplayName, Before = NotWritten, After = $"CN={Anchors.Of(group.Id)},{_ou}" };
    }

    // Clearing the feature lets Connect delete whatever it ever wrote, so that nothing may have been there, of whatever group.
    bool CanGoBack => _there.Count == 0 && _acting.Features.UnifiedGroupWriteback != true;

    /// <summary>The plan, after the last group.</summary>
    public OperationDraft Finish() => new()
    {
        Facts =
        [
            new("Server", $"{_acting.Server}, build {_acting.Version}"),
            new("Group writeback version 1", Flag(_acting.Features.UnifiedGroupWriteback)),
            new("Group writeback version 2", Flag(_acting.Features.GroupWritebackV2)),
            new(PlaceFact, _ou),
            new("Scheduler", _acting.Scheduler.Enabled ? "on" : "off"),
            new("Groups that the first cycle writes", Words.Number(_changes)),
            new("Microsoft 365 groups with an object in the OU", Words.Number(_already)),
            .. _there.Count > _already ? (OperationFact[])[new("Objects of other groups of Entra in the OU", Words.Number(_there.Count - _already))] : [],
            .. _sights.Silent.Count == 0 ? (OperationFact[])[] : [new("Servers that did not answer", string.Join(", ", _sights.Silent))],
        ],
        AlreadySo = _already,
        Consequences = IsOn ? [] : [.. Consequences()],
        Dangers = IsOn ? [] : [.. Dangers()],
        Undo = !CanGoBack ? null
            : "A person clears group writeback in the wizard; the full cycle that follows deletes the objects that were made. Permissions that were granted here are taken back. "
                + "Who has used one of the objects meanwhile loses it.",
    };

    IEnumerable<string> Consequences()
    {
        yield return $"{Words.Number(_changes)} Microsoft 365 groups are written to {_ou} as universal distribution groups; every one that is made from then on follows.";
        yield return "Names are as listed, or made of the display name where the wizard's box for that is ticked.";
        yield return "Changes to these objects in Active Directory are overwritten by the next cycle.";
        yield return $"The scheduler of all servers is off while a person runs the wizard on {_acting.Server} and until the first full cycle has ended; exports to Entra stand still meanwhile.";
        yield return _terms.Permissions switch
        {
            WritebackGrant.WritebackOu => "Connect's account is granted what writing groups needs on the writeback OU.",
            WritebackGrant.AllDomains => "Connect's account is granted what writing groups needs on every domain of the forest.",
            _ => "No permissions are granted: where Connect's account lacks them, the first cycle reports errors.",
        };
        if (_acting.Features.GroupWritebackV2 == false) { yield return "While version 2 is off, version 1 writes every Microsoft 365 group, whatever its own setting says."; }
        yield return _acting.MemberLimitEnabled ? "Groups of more than 50,000 members are not written." : "Groups of more than 250,000 members are not written.";
        if (_already > 0) { yield return $"{Words.Number(_already)} Microsoft 365 groups have an object there already. It follows Entra again."; }
        foreach (var standby in _sights.Servers.Where(server => server.Staging)) { yield return $"{standby.Server} needs the same choice in its own wizard before it becomes active."; }
    }

    IEnumerable<string> Dangers()
    {
        if (_changes >= _approvalFrom) { yield return $"{Words.Number(_changes)} groups are written to Active Directory at once."; }
        yield return CanGoBack ? "Going back deletes every object that was made, also of groups that came later."
            : _there.Count > 0 ? $"It cannot be undone: {Words.Number(_there.Count)} objects were there before, and going back would delete them as well."
            : "It cannot be undone: version 1 was on before.";
        if (_terms.Permissions == WritebackGrant.AllDomains) { yield return "Permissions are written on every domain of the forest, where the OU alone would do."; }
        if (_sights.Silent.Count > 0) { yield return $"{string.Join(", ", _sights.Silent)} did not answer: nobody knows whether another server exports."; }
    }

    static string Evidence(ConnectSights sights)
    {
        var seen = sights.Servers.Select(server =>
            $"{server.Server} has build {server.Version}, {(Version.TryParse(server.Version, out var build) && build < s_lastToEnable ? "whose cmdlet still took it" : "whose cmdlet takes it no more")}, "
            + $"and reads GroupWritebackV2 as {Flag(server.Features.GroupWritebackV2)}");
        return $"The service ended the preview on 30 June 2024, and clients refuse it from build {s_lastToEnable} on. "
            + $"{string.Join("; ", [.. seen, .. sights.Silent.Select(server => $"{server} did not answer")])}. Cloud Sync writes security groups in its place.";
    }

    static string Flag(bool? value) => value switch { true => "on", false => "off", null => "not known" };
}
