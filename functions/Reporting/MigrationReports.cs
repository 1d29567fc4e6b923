using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>Makes the report of a migration, at any time, from what is kept of it.</summary>
public sealed class MigrationReports(IDocumentStore documents, AuditLog audit, GroupResults groups, KnownPeople people, TimeProvider clock)
{
    /// <summary>What is known of a migration now; null when it has no request, and so no plan.</summary>
    public async Task<ReportSources?> SourcesAsync(MigrationView view, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (await documents.ReadOneAsync<MigrationRequest>(StoreNames.MigrationRequest(view.MigrationId), cancellationToken) is not { } request) { return null; }
        var facts = (await documents.ReadOneAsync<MigrationStanding>(StoreNames.MigrationStanding(view.MigrationId), cancellationToken))?.Facts;
        return await LoadAsync(new() { View = view, Plan = request.Plan, Comparison = facts?.Comparison, Verification = facts?.Verification }, cancellationToken);
    }

    public async Task<ReportSources> LoadAsync(ReportInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new()
        {
            View = input.View,
            Plan = await documents.LoadOneAsync<MigrationPlan>(input.Plan, cancellationToken),
            Comparison = input.Comparison is { } comparison ? await documents.LoadOneAsync<DirectoryComparison>(comparison, cancellationToken) : null,
            Verification = input.Verification,
        };
    }

    public async Task<MigrationReport> MakeAsync(ReportSources sources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var counts = new SortedDictionary<GroupClass, int>();
        var conspicuous = new List<GroupResult>();
        await foreach (var group in groups.ReadAsync(sources, cancellationToken))
        {
            counts[group.Class] = counts.GetValueOrDefault(group.Class) + 1;
            if (group.IsConspicuous && conspicuous.Count < MigrationReport.MostGroups) { conspicuous.Add(group); }
        }

        var chain = await audit.VerifyAsync(sources.View.MigrationId, cancellationToken);
        var decisions = await DecisionsAsync(sources.View.MigrationId, cancellationToken);
        var names = await people.ReadAsync(cancellationToken);
        return new()
        {
            At = clock.GetUtcNow(),
            Migration = sources.View,
            Plan = sources.Plan,
            Groups = counts.ToDictionary(of => of.Key.ToString(), of => of.Value),
            Decisions = decisions,
            People = names.Among([
                sources.View.RequestedBy, .. sources.View.AskedEnd is { } asked ? [asked.By] : Array.Empty<string>(), .. decisions.Select(d => d.By), .. sources.View.Tasks.Select(task => task.CheckedBy).OfType<string>(), .. sources.Plan.Acceptances.Select(a => a.By),
            ]),
            Remains = Leftovers.Of(sources.View),
            RulesMayGo = Leftovers.RulesMayGo(sources.View),
            Comparison = sources.Comparison,
            Verification = sources.Verification,
            Conspicuous = conspicuous,
            AuditLines = chain.Lines,
            AuditIntact = chain.Intact,
            AuditHash = chain.Hash,
        };
    }

    public async Task<IReadOnlyList<ReportedDecision>> DecisionsAsync(string migrationId, CancellationToken cancellationToken)
    {
        List<ReportedDecision> decisions = [];
        foreach (var gate in Enum.GetValues<GateName>())
        {
            foreach (var stored in await documents.LoadDecisionsAsync(migrationId, gate, cancellationToken))
            {
                if (SignedDecision.Read(stored.Statement) is not { } signed) { continue; }
                decisions.Add(new()
                {
                    Gate = gate,
                    Decision = signed.Record.Decision,
                    By = stored.Person,
                    At = stored.At,
                    Comment = stored.Comment,
                    EvidenceDigest = signed.Record.EvidenceDigest,
                    WithdrawnAt = stored.WithdrawnAt,
                });
            }
        }

        return [.. decisions.OrderBy(d => d.At)];
    }
}
