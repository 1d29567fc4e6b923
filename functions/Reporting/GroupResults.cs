using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>What became of every group, from plan, verification and comparison. Streams the groups; holds of the others what differs.</summary>
public sealed class GroupResults(IDocumentStore documents)
{
    /// <exception cref="DocumentException">A document is missing or damaged.</exception>
    public async IAsyncEnumerable<GroupResult> ReadAsync(ReportSources sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var verdicts = new Dictionary<Guid, GroupVerdict>();
        if (sources.Verification is { } verification)
        {
            await foreach (var verdict in documents.EntriesAsync<GroupVerdict>(verification.Verdicts, cancellationToken)) { verdicts[verdict.CloudId] = verdict; }
        }

        var differences = new Dictionary<Guid, GroupDifference>();
        if (sources.Comparison is { } comparison)
        {
            await foreach (var difference in documents.EntriesAsync<GroupDifference>(comparison.Differences, cancellationToken)) { differences[difference.ObjectGuid] = difference; }
        }

        await foreach (var group in documents.EntriesAsync<ClassifiedGroup>(sources.Plan.Classified, cancellationToken))
        {
            yield return ResultOf(
                group,
                group.CloudId is { } id ? verdicts.GetValueOrDefault(id) : null,
                group.ObjectGuid is { } guid ? differences.GetValueOrDefault(guid) : null,
                compared: sources.Comparison is not null);
        }
    }

    static GroupResult ResultOf(ClassifiedGroup group, GroupVerdict? verdict, GroupDifference? difference, bool compared) => new()
    {
        CloudId = group.CloudId,
        ObjectGuid = group.ObjectGuid,
        Name = group.Name,
        Class = group.Class,
        Outcome = group.Class == GroupClass.Migrates
            ? verdict switch { null => GroupOutcome.NotReached, { Verified: true } => GroupOutcome.Verified, _ => GroupOutcome.NotVerified }
            : !compared || group.ObjectGuid is null ? GroupOutcome.NotCompared : difference is null ? GroupOutcome.Unchanged : GroupOutcome.Changed,
        Differs = [.. Differing(verdict, difference).Distinct()],
        MembersLost = difference?.MembersLost.Count ?? 0,
        MembersGained = difference?.MembersGained.Count ?? 0,
    };

    static IEnumerable<string> Differing(GroupVerdict? verdict, GroupDifference? difference)
    {
        if (difference is { Deleted: true }) { yield return "deleted"; }
        if (difference is { Created: true }) { yield return "created"; }
        if (difference is { Renamed: true } || verdict is { SameName: false }) { yield return "renamed"; }
        if (difference is { Moved: true } || verdict is { SamePlace: false }) { yield return "moved"; }
        if (difference is { SidChanged: true }) { yield return "SID changed"; }
        if (difference is { TypeChanged: true }) { yield return "type changed"; }
        if (verdict is { SameObject: false } && difference is null) { yield return "not the same object"; }
        if (difference is { AnchorChanged: true } || verdict is { SameAnchor: false }) { yield return "anchor changed"; }
        if (difference is { AccountNameChanged: true }) { yield return "sAMAccountName changed"; }
        if (difference is { TextChanged: true }) { yield return "display name or description changed"; }
        if (difference is { OwnerChanged: true }) { yield return "owner changed"; }
        if (difference is { AccessListChanged: true }) { yield return "access control entries changed"; }
        if (difference?.MembersLost.Count > 0) { yield return Words.Count(difference.MembersLost.Count, "member lost", "members lost"); }
        if (difference?.MembersGained.Count > 0) { yield return Words.Count(difference.MembersGained.Count, "member gained", "members gained"); }
        if (verdict?.MembersMissing > 0) { yield return Words.Count(verdict.MembersMissing, "member that Entra has is missing", "members that Entra has are missing"); }
        if (verdict?.MembersStrange > 0) { yield return Words.Count(verdict.MembersStrange, "member that Entra does not have", "members that Entra does not have"); }
    }
}

/// <summary>From what the report is made.</summary>
public sealed record ReportSources
{
    public required MigrationView View { get; init; }
    public required MigrationPlan Plan { get; init; }
    public DirectoryComparison? Comparison { get; init; }
    public Verification? Verification { get; init; }
}
