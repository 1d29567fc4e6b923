using GwbCloud.Contracts.Commands;

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

    public static async Task<IReadOnlyList<string>> ServersAsync(StageRun run, EvidenceScope scope, IReadOnlyList<string> servers)
    {
        var answers = await Task.WhenAll(servers.Select(server => run.OnServerAsync(
            server, new GatherEvidence { Scope = scope, IncludeDirectory = server == run.Lead })));
        return [.. answers.SelectMany(a => a.Parts)];
    }
}
