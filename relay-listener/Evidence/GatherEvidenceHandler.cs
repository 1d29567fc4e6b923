using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Evidence;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Evidence;

/// <summary>This server's part, and where asked the directory's, each signed with the listener's own key.</summary>
sealed class GatherEvidenceHandler(EvidenceOfThisServer evidence, EnvelopeSigner signer) : ICommandHandler<GatherEvidence, EvidenceResult>
{
    public async Task<EvidenceResult> HandleAsync(GatherEvidence command, JobContext job, CancellationToken cancellationToken)
    {
        var scope = await LoadedScope.LoadAsync(command.Scope, job, cancellationToken);
        var parts = new List<EvidencePart> { await evidence.GatherServerAsync(scope, command.Purpose, job, cancellationToken) };
        if (command.IncludeDirectory) { parts.Add(await evidence.GatherDirectoryAsync(scope, job, cancellationToken)); }
        return new() { Parts = [.. parts.Select(signer.Sign)] };
    }
}
