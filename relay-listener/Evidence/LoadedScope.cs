using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Exports;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Evidence;

/// <summary>The documents of an <see cref="EvidenceScope"/>, read.</summary>
sealed record LoadedScope
{
    /// <summary>Microsoft 365 groups that owners found in the hours of a window. The listener can't ask Entra whether they are new; the cloud half does, for each.</summary>
    const int OrdinaryAdds = 20;

    public required EvidenceScope Source { get; init; }
    public required IReadOnlyList<GroupIdentity> Groups { get; init; }
    public required IReadOnlyList<GroupIdentity> Frozen { get; init; }

    /// <summary>Anchors of objects that the migration made itself. Never that of a group that migrates or freezes, whatever the document says: it would excuse any harm to it.</summary>
    public required IReadOnlySet<string> Ours { get; init; }
    public required IReadOnlyList<GroupSnapshot> Snapshot { get; init; }
    public required IReadOnlySet<string> KnownErrors { get; init; }
    public required IReadOnlyList<PendingExport> PendingBaseline { get; init; }

    public static async Task<LoadedScope> LoadAsync(EvidenceScope scope, JobContext job, CancellationToken cancellationToken)
    {
        var groups = await job.ReadListAsync<GroupIdentity>(scope.Groups, cancellationToken);
        var frozen = await job.ReadListAsync<GroupIdentity>(scope.Frozen, cancellationToken);
        var ours = await job.ReadListAsync<string>(scope.Ours, cancellationToken);
        return new()
        {
            Source = scope,
            Groups = groups,
            Frozen = frozen,
            Ours = ours.Except(groups.Concat(frozen).Select(group => group.Anchor), StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase),
            Snapshot = await job.ReadListAsync<GroupSnapshot>(scope.Snapshot, cancellationToken),
            KnownErrors = (await job.ReadListAsync<string>(scope.KnownErrors, cancellationToken)).ToHashSet(StringComparer.Ordinal),
            PendingBaseline = await job.ReadListAsync<PendingExport>(scope.PendingBaseline, cancellationToken),
        };
    }

    /// <summary>Groups that migrate or freeze and that the snapshot does not hold: nobody could tell whether they are as they were.</summary>
    public IEnumerable<string> WithoutSnapshot()
    {
        var held = Snapshot.Select(was => was.Group.ObjectGuid).ToHashSet();
        return Groups.Concat(Frozen).Where(group => !held.Contains(group.ObjectGuid)).Select(group => group.DistinguishedName);
    }

    public bool IsOurs(AdGroup group) => Ours.Contains(group.AdminDescription ?? "") || Ours.Contains(group.ExternalDirectoryObjectId ?? "");

    /// <summary>What a server's pending exports are held against, by this server's own word on connector and container.</summary>
    /// <remarks>
    /// A listener judges before the switch only, where nothing of what people approved is due yet: an export that a ceiling would cover comes of something
    /// else. The approved ceilings stand in the evidence all the same, because people decide on them.
    /// </remarks>
    public ExportTerms TermsFor(AdSyncHost host, int ordinaryDeletes) => new()
    {
        AdConnector = host.AdConnector,
        WritebackOu = host.WritebackOu,
        Held = [.. Groups, .. Frozen],
        Ours = Ours,
        Baseline = PendingBaseline,
        Members = ExportTerms.CountMembers(Snapshot),
        Ceilings = ExportTerms.NothingDue,
        OrdinaryDeletes = ordinaryDeletes,
        OrdinaryAdds = OrdinaryAdds,
    };
}
