using GwbCloud.Contracts.Runs;
using GwbCloud.Functions.Orchestration;
using static GwbCloud.Functions.Assessment.Check;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>How the last runs of the servers ended: what is in error before anything is done is accepted, or mended.</summary>
static class RunChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        Of("GWB2116", NeedsAcceptance, "Objects are in error on a server",
            "The last runs name them. Only an error that was known before can be told from one that the migration brings.",
            "Mend them; or accept them, and their number with them. New ones block from the first gate on.",
            f => f.Runs.SelectMany(of => of.Runs.Where(run => !RunJudge.IsUnknown(run)).SelectMany(run => run.Errors
                    .Except(RunJudge.OfGroups(run).Select(error => error.Key), StringComparer.Ordinal)
                    .Select(key => new Concern
                    {
                        Name = RunEvidence.Name(of.Server, run.Details.FirstOrDefault(error => error.Key == key)?.Kind, key),
                        Detail = $"{run.Connector} {run.Profile}",
                    })))
                .DistinctBy(concern => concern.Name)),
        Of("GWB2117", Blocks, "Groups of the writeback OU are in error on a server",
            "Nobody can tell what becomes of a group that Connect cannot read or write now.",
            "Mend the named groups in the Synchronization Service Manager, let a cycle run, then assess again.",
            f => f.Runs.SelectMany(of => of.Runs.SelectMany(RunJudge.OfGroups)
                .Select(error => new Concern { Name = error.Group!, Detail = $"{of.Server}: {error.Kind}" })).DistinctBy(concern => (concern.Name, concern.Detail))),
        Of("GWB2118", Blocks, "A run did not come to its end, or in a way that nobody knows",
            "What it would have brought is unknown, and nothing can be measured against that.",
            "Look at the run in the Synchronization Service Manager, let a whole cycle end, then assess again.",
            f => f.Runs.SelectMany(of => of.Runs.Where(RunJudge.IsUnknown)
                .Select(run => new Concern { Name = $"{of.Server}: {run.Connector} {run.Profile}", Detail = run.Result }))),
    ];
}
