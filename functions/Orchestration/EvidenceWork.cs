using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Evidence of the on-premises half: each server signs its own part, the lead also the directory's.</summary>
static class EvidenceWork
{
    public static EvidenceScope ScopeOf(StageRun run) => new()
    {
        Groups = run.Groups,
        Frozen = run.Plan.Frozen,
        Ours = run.Facts.Ours!,
        Snapshot = run.Facts.FrozenSnapshot!,
        KnownErrors = run.Facts.KnownErrors!,
        PendingBaseline = run.Facts.PendingBaseline!,
        Ceilings = run.Plan.Ceilings,
    };

    /// <summary>What the standbys saw, signed by each, for the first gate. Document of compact JWS.</summary>
    /// <remarks>Of what our own judgement excused only the canaries are told: the listeners' word is worth something because it does not rest on ours.</remarks>
    public static async Task<DocumentReference> RehearsalAsync(StageRun run, CycleBaseline baseline)
    {
        var ours = await OursAsync(run);
        var parts = new List<string>();
        foreach (var standby in run.Plan.Standbys)
        {
            var scope = new EvidenceScope
            {
                Groups = run.Groups,
                Frozen = run.Plan.Frozen,
                Ours = ours,
                Snapshot = run.Facts.FirstSnapshot!,
                KnownErrors = baseline.KnownErrors,
                PendingBaseline = baseline.Pending,
                Ceilings = run.Plan.Ceilings,
            };
            var answer = await run.OnServerAsync(
                standby.Name, new GatherEvidence { Scope = scope, IncludeDirectory = false, Purpose = EvidencePurpose.Rehearsal });
            parts.AddRange(answer.Parts);
        }
        return (await run.CallAsync<DocumentBox>("SaveStrings", new StringList { Kind = "rehearsal-evidence", Strings = parts })).Document;
    }

    /// <summary>Document of strings: anchors of the canaries.</summary>
    public static async Task<DocumentReference> OursAsync(StageRun run) =>
        (await run.CallAsync<DocumentBox>("SaveStrings", new StringList { Kind = "anchors", Strings = [.. run.Plan.Canaries.All.Select(Anchors.Of)] })).Document;

    public static async Task<IReadOnlyList<string>> ServersAsync(StageRun run, EvidenceScope scope, IReadOnlyList<string> servers)
    {
        var answers = await Task.WhenAll(servers.Select(server => run.OnServerAsync(
            server, new GatherEvidence { Scope = scope, IncludeDirectory = server == run.Lead })));
        return [.. answers.SelectMany(a => a.Parts)];
    }
}
