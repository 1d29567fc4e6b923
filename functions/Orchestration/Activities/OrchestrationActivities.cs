using System.Text.RegularExpressions;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Exports;
using GwbCloud.Contracts.Runs;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Small work on documents that orchestrators, which do no I/O, hand to activities.</summary>
public sealed partial class OrchestrationActivities(IDocumentStore documents)
{
    const int UnwritableKept = 50;
    const int MostReasons = 50;

    [Function(nameof(LoadPlan))]
    public Task<MigrationPlan> LoadPlan([ActivityTrigger] DocumentBox input, CancellationToken cancellationToken)
        => documents.LoadOneAsync<MigrationPlan>(input.Document, cancellationToken);

    [Function(nameof(SaveIdentities))]
    public async Task<DocumentBox> SaveIdentities([ActivityTrigger] IdentityList input, CancellationToken cancellationToken)
        => new() { Document = await documents.SaveListAsync("groups", input.Groups, cancellationToken) };

    [Function(nameof(SaveStrings))]
    public async Task<DocumentBox> SaveStrings([ActivityTrigger] StringList input, CancellationToken cancellationToken)
        => new() { Document = await documents.SaveListAsync(input.Kind, input.Strings, cancellationToken) };

    /// <summary>Names every group of an inventory, those without an anchor with an empty id.</summary>
    [Function(nameof(IdentifyInventory))]
    public async Task<DocumentBox> IdentifyInventory([ActivityTrigger] DocumentBox input, CancellationToken cancellationToken)
    {
        var inventory = await documents.LoadListAsync<AdGroup>(input.Document, cancellationToken);
        var identities = inventory.Select(g => new GroupIdentity
        {
            CloudId = Anchor().Match(g.AdminDescription ?? "") is { Success: true } m ? Guid.Parse(m.Groups[1].ValueSpan) : Guid.Empty,
            ObjectGuid = g.ObjectGuid,
            DistinguishedName = g.DistinguishedName,
            Anchor = g.AdminDescription ?? "",
        });
        return new() { Document = await documents.SaveListAsync("inventory", identities, cancellationToken) };
    }

    /// <summary>Planned groups of an inventory that the agents may not write; a right that could not be read counts as there.</summary>
    [Function(nameof(FindUnwritable))]
    public async Task<StringList> FindUnwritable([ActivityTrigger] UnwritableInput input, CancellationToken cancellationToken)
    {
        var planned = (await documents.LoadListAsync<GroupIdentity>(input.Planned, cancellationToken)).Select(g => g.ObjectGuid).ToHashSet();
        var inventory = await documents.LoadListAsync<AdGroup>(input.Inventory, cancellationToken);
        return new()
        {
            Kind = "unwritable",
            Strings = [.. inventory.Where(g => g is { AgentMayWrite: false, AdminCount: false } && planned.Contains(g.ObjectGuid)).Take(UnwritableKept).Select(g => g.DistinguishedName)],
        };
    }

    [Function(nameof(KeepBaseline))]
    public async Task<CycleBaseline> KeepBaseline([ActivityTrigger] BaselineInput input, CancellationToken cancellationToken)
    {
        var pending = new List<PendingExport>();
        var offending = new List<OffendingExport>();
        foreach (var server in input.Pending)
        {
            var exports = await documents.LoadListAsync<PendingExport>(server.Details, cancellationToken);
            pending.AddRange(exports);
            offending.AddRange(ExportJudge.NeverInABaseline(exports, input.WritebackOu).Select(export => export with { Server = server.Server }));
        }
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var accepted in input.Accepted) { known.UnionWith(await documents.LoadListAsync<string>(accepted, cancellationToken)); }
        if (input.TakesNewErrors) { known.UnionWith(input.Runs.SelectMany(of => of.Errors)); }
        return new()
        {
            KnownErrors = await documents.SaveListAsync("known-errors", known.Order(StringComparer.Ordinal), cancellationToken),
            Pending = await documents.SaveListAsync("pending-baseline", pending, cancellationToken),
            Deletes = [.. offending.Select(export => export.Sentence()).Distinct().Take(MostReasons)],
            Offending = offending.Count == 0 ? null : await documents.SaveListAsync("offending-exports", offending, cancellationToken),
            RunReasons = [.. input.Runs.SelectMany(of => RunJudge.Judge(of.Runs, known).Select(reason => $"{of.Server}: {reason}")).Take(MostReasons)],
        };
    }

    [GeneratedRegex("^Group_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$", RegexOptions.CultureInvariant)]
    private static partial Regex Anchor();
}
