using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Guards;

/// <summary>One look: every server at the same time, then the cloud. Reads only, and bears that nobody answers.</summary>
static class GuardLook
{
    public static async Task<GuardSight> ReadAsync(TaskOrchestrationContext context, GuardWatch watch, bool groups)
    {
        var servers = await Task.WhenAll(watch.Expected.Servers.Select(s => ServerAsync(context, watch.Request, s.Name)));
        return new()
        {
            Servers = servers,
            Job = watch.Job is { } job ? await TryAsync(() => context.CallActivityAsync<JobSight>(
                "GuardJob", new CloudSyncInput { MigrationId = watch.Request.MigrationId, Plan = watch.Request.Plan, Job = job })) : null,
            Groups = groups && watch.Expected.Groups ? await TryAsync(() => context.CallActivityAsync<GroupSight>(
                nameof(GuardActivities.GuardGroups), new GuardGroupsInput { Plan = watch.Request.Plan, Groups = watch.Groups })) : null,
        };
    }

    /// <summary>Since when each listener has been silent.</summary>
    public static IReadOnlyList<SilentListener> Silent(IReadOnlyList<SilentListener> before, GuardSight seen, DateTimeOffset now) =>
    [
        .. seen.Servers.Where(s => s.Facts is null).Select(s => before.FirstOrDefault(b => b.Server == s.Server) ?? new SilentListener { Server = s.Server, Since = now }),
    ];

    public static IEnumerable<GuardChange> Told(IReadOnlyList<SilentListener> silent, DateTimeOffset now) => silent
        .Where(s => now - s.Since >= GuardPace.Silence)
        .Select(s => new GuardChange { Kind = GuardKind.ListenerSilent, Subject = s.Server, Reads = $"no answer since {s.Since:u}" });

    /// <summary>Once and shortly: what does not answer now is asked again at the next look.</summary>
    static async Task<ServerSight> ServerAsync(TaskOrchestrationContext context, MigrationRequest request, string server)
    {
        var facts = await TryAsync(() => context.RunOnPremAsync(request.MigrationId, request.PlanHash, server, new InspectServer(), GuardPace.Patience, GuardPace.LongestLook, attempts: 1));
        return new() { Server = server, Facts = facts };
    }

    static async Task<T?> TryAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (Exception failed) when (failed is StageStoppedException or TaskFailedException)
        {
            return null;
        }
    }
}
