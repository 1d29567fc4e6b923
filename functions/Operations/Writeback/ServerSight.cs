using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Operations.Writeback;

/// <summary>What the Connect servers say about writeback, for operations in Entra whose effect in Active Directory depends on it.</summary>
public sealed record ServerSight
{
    /// <summary>Group writeback version 2; null when no server could say, or they disagree.</summary>
    public bool? Version2 { get; init; }

    /// <summary>Version 1; null when no server could say, or they disagree.</summary>
    public bool? Version1 { get; init; }

    /// <summary>Servers on which the delete-on-disable rule is in force.</summary>
    public IReadOnlyList<string> DeleteRuleOn { get; init; } = [];

    /// <summary>Servers that gave no answer: nobody knows what they would do.</summary>
    public IReadOnlyList<string> Silent { get; init; } = [];
}

/// <summary>Asks every server, side by side. One that does not answer is told and no failure.</summary>
static class ServerSights
{
    /// <summary>The feature is the tenant's: servers that read it differently know nothing.</summary>
    internal static bool? AgreedOn(IEnumerable<bool?> flags) => flags.OfType<bool>().Distinct().ToList() is [var only] ? only : null;

    public static async Task<ServerSight> InspectAsync(this OperationWork work)
    {
        var servers = await work.ServersAsync();
        var answers = await Task.WhenAll(servers.Select(FindAsync));
        var facts = answers.OfType<ServerFacts>().ToList();
        return new()
        {
            Version2 = AgreedOn(facts.Select(server => server.Features.GroupWritebackV2)),
            Version1 = AgreedOn(facts.Select(server => server.Features.UnifiedGroupWriteback)),
            DeleteRuleOn = [.. facts.Where(server => server.DeleteRuleEnabled).Select(server => server.Server)],
            Silent = [.. servers.Zip(answers).Where(pair => pair.Second is null).Select(pair => pair.First)],
        };

        async Task<ServerFacts?> FindAsync(string server)
        {
            try
            {
                return await work.AskAsync(server, new InspectServer(), briefly: true);
            }
            catch (Exception silent) when (silent is StageStoppedException or TaskFailedException)
            {
                return null;
            }
        }
    }
}
