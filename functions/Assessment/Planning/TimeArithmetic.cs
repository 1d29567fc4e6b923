using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Assessment;

/// <summary>How long the active server will be in staging mode, when exports and password synchronisation of the tenant stand still.</summary>
/// <remarks>
/// Two Initial cycles of the slowest server (servers work in parallel), the wait at the second gate, and the longer of going back (Initial,
/// Delta) and going forward (30 minutes, Initial, Delta), with a quarter on top.
/// </remarks>
public static class TimeArithmetic
{
    /// <summary>Longer needs acceptance, in seconds.</summary>
    public const int AcceptanceAbove = 12 * 3_600;

    /// <summary>Longer blocks, in seconds: approvals, certificates and people do not last that long.</summary>
    public const int BlocksAbove = 48 * 3_600;

    const int ForwardExtra = 30 * 60;

    /// <summary>
    /// The first Delta after staging exports what piled up: a sixth of an Initial is more than it takes, and never under five minutes. Deltas of the run
    /// history exported next to nothing, and count only when they took longer still.
    /// </summary>
    const int DeltaShare = 6;
    const int ShortestDelta = 5 * 60;

    /// <summary>Without history an Initial is guessed for each so many objects.</summary>
    const int GuessedObjects = 100_000;

    /// <summary>Predicts by the longest of the recent cycles: the window must hold the slow one, and a median is exceeded every other time.</summary>
    /// <param name="servers">What the servers show.</param>
    /// <param name="confirmHours">How long the second gate may wait.</param>
    /// <param name="unknownInitialMinutes">For each 100,000 objects of a server whose run history has no Initial.</param>
    public static TimePlan Plan(IReadOnlyCollection<ServerFacts> servers, int confirmHours, int unknownInitialMinutes)
    {
        ArgumentNullException.ThrowIfNull(servers);
        var initial = servers.Select(s => InitialSeconds(s, unknownInitialMinutes)).DefaultIfEmpty(unknownInitialMinutes * 60).Max();
        var delta = servers.SelectMany(s => s.RecentDeltaSeconds).DefaultIfEmpty(0).Max();
        return Of(initial, Math.Max(ShortestDelta, Math.Max(delta, initial / DeltaShare)), confirmHours * 3_600);
    }

    /// <summary>Whether the run history of a server says nothing about its Initial cycles.</summary>
    public static bool IsGuess(ServerFacts server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server is { LastInitialSeconds: null, RecentInitialSeconds.Count: 0 };
    }

    /// <summary>The longest of the recent Initials of a server, or a guess by the objects of its largest connector.</summary>
    public static int InitialSeconds(ServerFacts server, int unknownInitialMinutes)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (!IsGuess(server)) { return Math.Max(server.LastInitialSeconds ?? 0, server.RecentInitialSeconds.DefaultIfEmpty(0).Max()); }
        var objects = server.Connectors.Max(c => c.Objects) ?? 0;
        var parts = Math.Max(1L, (objects + GuessedObjects - 1L) / GuessedObjects);
        return (int)Math.Min(int.MaxValue, parts * unknownInitialMinutes * 60);
    }

    /// <summary>The plan with what was observed in the place of what was predicted.</summary>
    public static TimePlan Observed(TimePlan plan, int? initialSeconds, int? deltaSeconds)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return initialSeconds is null && deltaSeconds is null
            ? plan
            : Of(initialSeconds ?? plan.InitialSeconds, deltaSeconds ?? plan.DeltaSeconds, plan.ConfirmSeconds);
    }

    public static TimePlan Of(int initialSeconds, int deltaSeconds, int confirmSeconds)
    {
        var undo = initialSeconds + deltaSeconds;
        var forward = ForwardExtra + initialSeconds + deltaSeconds;
        var sum = (2L * initialSeconds) + confirmSeconds + Math.Max(undo, forward);
        return new TimePlan
        {
            InitialSeconds = initialSeconds,
            DeltaSeconds = deltaSeconds,
            ConfirmSeconds = confirmSeconds,
            UndoSeconds = undo,
            ForwardSeconds = forward,
            PredictedStagingSeconds = (int)Math.Min(int.MaxValue, ((sum * 5) + 3) / 4),
        };
    }
}
