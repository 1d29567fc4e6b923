using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Operations.CleanUp;

/// <summary>
/// What may go after a completed migration, and the coexistence rules' way out: first from the standbys, as a trial, and from the active server only
/// when an Initial without them showed that nothing would be deleted. Source: migrate how-to, steps 3 to 6.
/// </summary>
public sealed class CleanUpOperation : Operation
{
    public const string Name = "cleanUp";

    public override string Kind => Name;

    public override Type Terms => typeof(CleanUpTerms);

    internal override async Task<OperationDraft> PlanAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var servers = await work.ServersAsync();
        var sights = await Task.WhenAll(servers.Select(FindAsync));
        return await work.CallAsync<OperationDraft>(nameof(CleanUpActivities.PlanCleanUp), new CleanUpQuestion
        {
            Step = work.Terms<CleanUpTerms>().Step,
            Servers = [.. sights.OfType<RuleSight>()],
            Silent = [.. servers.Zip(sights).Where(pair => pair.Second is null).Select(pair => pair.First)],
        });

        async Task<RuleSight?> FindAsync(string server)
        {
            try
            {
                var facts = await work.AskAsync(server, new InspectServer());
                return new() { Server = facts.Server, Staging = facts.Staging, Version2 = facts.Features.GroupWritebackV2, Rules = facts.Coexistence };
            }
            catch (Exception silent) when (silent is StageStoppedException or TaskFailedException)
            {
                return null;
            }
        }
    }

    internal override Task<OperationResult> RunAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var run = new CleanUpRun(work);
        return work.Terms<CleanUpTerms>().Step == CleanUpStep.Active ? run.FromActiveAsync() : run.FromStandbysAsync();
    }

    internal override Task<OperationResult> UndoAsync(OperationWork work) => new CleanUpRun(work).GiveBackAsync();
}
