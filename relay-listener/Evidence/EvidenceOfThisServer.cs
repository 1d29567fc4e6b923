using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Evidence;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Evidence;

/// <summary>The parts that this listener can vouch for, gathered the same way for the gate and for the re-check before the switch.</summary>
sealed class EvidenceOfThisServer(ServerEvidenceGatherer server, DirectoryEvidenceGatherer directory, string name, TimeProvider time)
{
    public async Task<EvidencePart> GatherServerAsync(LoadedScope scope, EvidencePurpose purpose, JobContext job, CancellationToken cancellationToken)
    {
        job.Report("gathering the server's evidence", 0, 0);
        var facts = await server.GatherAsync(scope, purpose, job.Origin, cancellationToken);
        return EvidencePart.Of(purpose == EvidencePurpose.Rehearsal ? EvidencePart.NameOfRehearsal(name) : EvidencePart.NameOf(name), name, time.GetUtcNow(), facts);
    }

    public async Task<EvidencePart> GatherDirectoryAsync(LoadedScope scope, JobContext job, CancellationToken cancellationToken)
    {
        var facts = await directory.GatherAsync(scope, job, cancellationToken);
        return EvidencePart.Of(EvidencePart.Directory, name, time.GetUtcNow(), facts);
    }
}
