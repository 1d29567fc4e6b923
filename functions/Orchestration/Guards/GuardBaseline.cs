using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>What was true when the guards first looked, where no plan says what must be.</summary>
public sealed record GuardBaseline
{
    public required bool? WritebackV1 { get; init; }

    /// <summary>The scheduler before anybody of us touched it.</summary>
    public required bool SchedulerOn { get; init; }
    public required IReadOnlyList<ServerBaseline> Servers { get; init; }

    /// <summary>See <see cref="JobSight.Configuration"/>; replaced whenever we ourselves changed it.</summary>
    public string? JobConfiguration { get; init; }
    public int PlannedInScope { get; init; }
    public int StrangersInScope { get; init; }

    /// <summary>The baseline of a first look; null while a server has not answered, because half a baseline would hide what came before the other half.</summary>
    public static GuardBaseline? Of(GuardSight sight, MigrationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(plan);
        if (sight.Servers.Count == 0 || sight.Servers.Any(s => s.Facts is null)) { return null; }
        List<ServerFacts> servers = [.. sight.Servers.Select(s => s.Facts!)];
        return new()
        {
            WritebackV1 = servers.Select(s => s.Features.UnifiedGroupWriteback).FirstOrDefault(v1 => v1 is not null),
            SchedulerOn = servers[0].Scheduler.Enabled,
            Servers = [.. sight.Servers.Select(s => ServerBaseline.Of(s.Server, s.Facts!) with
            {
                // What was approved is the plan's.
                Version = plan.Servers.FirstOrDefault(p => p.Name == s.Server)?.Version ?? s.Facts!.Version,
            })],
            JobConfiguration = sight.Job?.Configuration,
            PlannedInScope = sight.Job?.PlannedInScope ?? 0,
            StrangersInScope = sight.Job?.StrangersInScope ?? 0,
        };
    }

    /// <summary>What is asked for again on fresh evidence is what must be from now on: build and rules of the servers that answered.</summary>
    public GuardBaseline Taking(GuardSight? seen) => this with
    {
        Servers = [.. Servers.Select(s => seen?.Servers.FirstOrDefault(f => f.Server == s.Server)?.Facts is { } facts ? ServerBaseline.Of(s.Server, facts) : s)],
    };
}

public sealed record ServerBaseline
{
    public required string Server { get; init; }
    public required string Version { get; init; }
    public required CoexistenceRules Rules { get; init; }

    /// <summary>Custom outbound rules that provision groups and were accepted with the plan.</summary>
    public required IReadOnlyList<string> ProvisioningRules { get; init; }

    internal static ServerBaseline Of(string server, ServerFacts facts) => new()
    {
        Server = server, Version = facts.Version, Rules = facts.Coexistence, ProvisioningRules = facts.CustomProvisioningRules,
    };
}
