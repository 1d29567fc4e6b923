using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Evidence;

/// <summary>The documents of an <see cref="EvidenceScope"/>, read.</summary>
sealed record LoadedScope
{
    public required EvidenceScope Source { get; init; }
    public required IReadOnlyList<GroupIdentity> Groups { get; init; }
    public required IReadOnlyList<GroupIdentity> Frozen { get; init; }

    /// <summary>Anchors of objects that the migration made itself.</summary>
    public required IReadOnlySet<string> Ours { get; init; }
    public required IReadOnlyList<GroupSnapshot> Snapshot { get; init; }
    public required IReadOnlySet<string> KnownErrors { get; init; }
    public required IReadOnlyList<PendingExport> PendingBaseline { get; init; }

    public static async Task<LoadedScope> LoadAsync(EvidenceScope scope, JobContext job, CancellationToken cancellationToken) => new()
    {
        Source = scope,
        Groups = await job.ReadListAsync<GroupIdentity>(scope.Groups, cancellationToken),
        Frozen = await job.ReadListAsync<GroupIdentity>(scope.Frozen, cancellationToken),
        Ours = (await job.ReadListAsync<string>(scope.Ours, cancellationToken)).ToHashSet(StringComparer.OrdinalIgnoreCase),
        Snapshot = await job.ReadListAsync<GroupSnapshot>(scope.Snapshot, cancellationToken),
        KnownErrors = (await job.ReadListAsync<string>(scope.KnownErrors, cancellationToken)).ToHashSet(StringComparer.Ordinal),
        PendingBaseline = await job.ReadListAsync<PendingExport>(scope.PendingBaseline, cancellationToken),
    };

    public bool IsOurs(AdGroup group) => Ours.Contains(group.AdminDescription ?? "") || Ours.Contains(group.ExternalDirectoryObjectId ?? "");
}
