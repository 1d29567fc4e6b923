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

    /// <summary>A Delta is not in the facts; a sixth of an Initial is more than it takes, and never under five minutes.</summary>
    const int DeltaShare = 6;
    const int ShortestDelta = 5 * 60;

    public static TimePlan Plan(IEnumerable<ServerFacts> servers, int confirmHours, int unknownInitialMinutes)
    {
        var initial = servers.Select(s => s.LastInitialSeconds ?? unknownInitialMinutes * 60).DefaultIfEmpty(unknownInitialMinutes * 60).Max();
        return Of(initial, Math.Max(ShortestDelta, initial / DeltaShare), confirmHours * 3_600);
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
