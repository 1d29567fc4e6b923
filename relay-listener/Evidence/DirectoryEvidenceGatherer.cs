using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Evidence;

/// <summary>Gathers the directory's part of the evidence. Reads only.</summary>
sealed class DirectoryEvidenceGatherer(IDirectory directory, string tenant)
{
    public async Task<DirectoryEvidence> GatherAsync(LoadedScope scope, JobContext job, CancellationToken cancellationToken)
    {
        var planned = scope.Groups;
        var views = await directory.SearchAsync(
            [.. planned.Select(group => group.Anchor)], (done, total) => job.Report("asking the global catalogs", done, total), cancellationToken);
        var differences = await CompareAsync(scope, job, cancellationToken);

        var findings = new Findings();
        findings.CheckNone("anchorsOnEveryCatalog", views.Select(view => (view.GlobalCatalog, Missing: view.MissingIn(planned)))
            .Where(view => view.Missing > 0).Select(view => $"{view.GlobalCatalog} does not show {view.Missing} of {planned.Count} anchors"));
        findings.CheckNone("noDuplicateAnchor", views.Duplicates());
        findings.CheckNone("snapshotComplete", scope.WithoutSnapshot());
        findings.CheckNone("nothingDeleted", Named(differences, difference => difference.Deleted));
        findings.CheckNone("nothingRenamed", Named(differences, difference => difference.Renamed));
        findings.CheckNone("nothingMoved", Named(differences, difference => difference.Moved));
        findings.CheckNone("noSidChanged", Named(differences, difference => difference.SidChanged));
        findings.CheckNone("noTypeChanged", Named(differences, difference => difference.TypeChanged));
        findings.CheckNone("noAccountNameChanged", Named(differences, difference => difference.AccountNameChanged));
        findings.CheckNone("noAnchorChanged", Named(differences, difference => difference.AnchorChanged));

        return new()
        {
            Tenant = tenant,
            Migration = job.Origin.MigrationId,
            Scope = ScopeHashes.Of(scope.Source),
            Ceilings = scope.Source.Ceilings,
            GlobalCatalogs = [.. views.Select(view => view.GlobalCatalog)],
            Planned = planned.Count,
            Checks = findings.Checks,
            Problems = findings.Problems,
            Passed = findings.Passed,
        };
    }

    static IEnumerable<string> Named(List<GroupDifference> differences, Func<GroupDifference, bool> which) =>
        differences.Where(which).Select(difference => difference.DistinguishedName);

    /// <summary>Members, texts and rights are left out: they change while a tenant lives on, and the rings judge them later.</summary>
    async Task<List<GroupDifference>> CompareAsync(LoadedScope scope, JobContext job, CancellationToken cancellationToken)
    {
        var snapshot = scope.Snapshot.Where(was => !scope.IsOurs(was.Group)).ToList();
        var groups = new Dictionary<Guid, AdGroup>();
        await foreach (var group in directory.ReadGroupsAsync([.. snapshot.Select(was => was.Group.ObjectGuid)], cancellationToken))
        {
            groups[group.ObjectGuid] = group;
            job.Report("comparing with the snapshot", groups.Count, snapshot.Count);
        }
        var differences = new List<GroupDifference>();
        foreach (var was in snapshot)
        {
            var still = groups.TryGetValue(was.Group.ObjectGuid, out var now) ? was with { Group = now } : null;
            if (SnapshotComparison.Compare(was, still) is { } difference) { differences.Add(difference); }
        }
        return differences;
    }
}
