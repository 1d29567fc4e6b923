using System.Globalization;
using System.Runtime.CompilerServices;

namespace GwbCloud.Functions.Orchestration;

/// <summary>A state of a migration, how long it lasts at most, and what then happens.</summary>
public sealed record TimeBound
{
    /// <summary>Stage and state, or the name of the wait.</summary>
    public required string State { get; init; }

    /// <summary>How long, in words that name the setting.</summary>
    public required string AtMost { get; init; }

    /// <summary>What happens at the limit.</summary>
    public required string Then { get; init; }

    /// <summary>The bound of one pass through the state, for a test that lets time pass.</summary>
    public required TimeSpan Longest { get; init; }
}

/// <summary>Every named state and its bound in time; docs/time.md lists exactly these, and a test lets each of them run out.</summary>
public static class TimeBounds
{
    const string Back = "blocked, and back";
    const string Parks = "parks";

    /// <summary>One command on a server: two hours of silence, or two days of work, and the stage stops.</summary>
    static readonly TimeSpan OneCommand = TimeSpan.FromHours(50);

    /// <summary>A stage while it runs.</summary>
    public static TimeBound Of(StageName stage, MigrationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return stage switch
        {
            StageName.Assess => Bound(stage, "ended before a migration begins", "", TimeSpan.Zero),
            StageName.PrepareCloudSync => Bound(stage, $"{In("h", settings.TaskHours)} for each task, {In("h", settings.ReplicationWaitHours)}, three times 6 h for the canaries' cycle and 2 h for what it makes, 50 h for a command that hangs", Back, OneCommand),
            StageName.StampAnchors => Bound(stage, $"{In("h", settings.ReplicationWaitHours)}, and 50 h for a command that hangs", Back, OneCommand),
            StageName.RehearseOnStandby => Bound(stage, "a cycle of 48 h, and 50 h for a command that hangs", Back, OneCommand),
            StageName.ApprovePlan => Bound(stage, $"{In("h", settings.PlanGateHours)}, never beyond the window's start", "expired", TimeSpan.FromHours(settings.PlanGateHours)),
            StageName.FreezeAndDrain => Bound(stage, "the window's start, then what leaves room for the rest of the window, and 50 h for a command that hangs", Back, OneCommand),
            StageName.EnterStagingMode => Bound(stage, $"{In("min", settings.WindowTaskMinutes)}, never beyond what leaves room for the rest, and 2 h for a silent listener", Back, OneCommand),
            StageName.CoexistenceRules => Bound(stage, "what leaves room for the rest of the window, and 50 h for a command that hangs", Back, OneCommand),
            StageName.FirstFullSync => Bound(stage, "what leaves room for the second gate and the way back; the cycle is stopped then. 50 h for a command that hangs", Back, OneCommand),
            StageName.ConfirmSwitch => Bound(stage, $"{In("h", settings.ConfirmHours)}, never beyond the window's end less the way back or on", "expired", OneCommand),
            StageName.DisableGroupWritebackV2 => Bound(stage, $"{In("min", settings.SwitchPollMinutes)}, as long again when an operator calls it, 50 h for a command that hangs; an unknown flag 5 days", "back through the second gate, or needs attention", TimeSpan.FromDays(9)),
            StageName.SecondFullSync => Bound(stage, "four times the predicted cycle, 12 h at least and 48 h at most, and 50 h for a command that hangs", Parks, OneCommand),
            StageName.LeaveStagingMode => Bound(stage, $"{In("min", settings.WindowTaskMinutes)}, as a whole four times the predicted time and 12 h at least, and 50 h for a command that hangs", Parks, OneCommand),
            StageName.ResumeScheduler => Bound(stage, "12 h, and 50 h for a command that hangs", Parks, OneCommand),
            StageName.StartCloudSync => Bound(stage, $"for each ring {In("h", settings.TaskHours)}, 4 h until the server rests, a day until steady, 6 h for a cycle of Cloud Sync, 48 h for one of Connect; 50 h for a command that hangs", Parks, OneCommand),
            StageName.VerifyMigration => Bound(stage, $"{In("h", settings.SoakHours)}, then {In("h", settings.TaskHours)} for each task, 6 h for a cycle of Cloud Sync, and 50 h for a command that hangs", Parks, TimeSpan.FromHours(settings.SoakHours) + OneCommand),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "A stage without a bound in time."),
        };
    }

    /// <summary>A gate that waits for people.</summary>
    public static TimeBound Of(Approvals.GateName gate, MigrationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return gate switch
        {
            Approvals.GateName.Plan => new() { State = "gate plan", AtMost = $"{In("h", settings.PlanGateHours)}, never beyond the window's start", Then = "expired", Longest = TimeSpan.FromHours(settings.PlanGateHours) },
            Approvals.GateName.Switch => new() { State = "gate switch", AtMost = $"{In("h", settings.ConfirmHours)}, never beyond the window's end less the way back or on", Then = "expired", Longest = TimeSpan.FromHours(settings.ConfirmHours) },
            _ => throw new ArgumentOutOfRangeException(nameof(gate), gate, "A gate without a bound in time."),
        };
    }

    /// <summary>What the whole migration is in, beside its stages.</summary>
    public static TimeBound Of(MigrationState state, MigrationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return state switch
        {
            MigrationState.Running => new() { State = "running", AtMost = "its stage's", Then = "the stage's", Longest = TimeSpan.Zero },
            MigrationState.Waiting => new() { State = "held", AtMost = $"{In("h", settings.HoldHours)}, never so long that the rest no longer fits", Then = "before the switch expired, after it parks", Longest = TimeSpan.FromHours(settings.HoldHours) },
            MigrationState.RollingBack => new() { State = "rolling back", AtMost = $"{In("h", settings.TaskHours)} for the wizard, as long for a cycle without new errors, a day until a flag that was called off counts as on, 50 h for a command that hangs", Then = "needs attention, taken up by a retry", Longest = TimeSpan.FromDays(9) },
            MigrationState.NeedsAttention => new() { State = "parked", AtMost = $"5 days, a day more when the scheduler is off for longer; with \"Entra only\" {In("days", settings.EntraOnlyDays)}", Then = "needs attention, taken up by a retry", Longest = TimeSpan.FromDays(6) },
            MigrationState.Ended => new() { State = "ended", AtMost = "no limit: nothing runs", Then = "", Longest = TimeSpan.Zero },
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state without a bound in time."),
        };
    }

    /// <summary>"Entra only" while it is in force.</summary>
    public static TimeBound EntraOnly(MigrationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new() { State = "Entra only", AtMost = $"{In("days", settings.EntraOnlyDays)}, 6 h for a round", Then = "needs attention, taken up by a retry", Longest = TimeSpan.FromDays(settings.EntraOnlyDays) + TimeSpan.FromHours(7) };
    }

    /// <summary>All of them, enumerated from what there is.</summary>
    public static IReadOnlyList<TimeBound> All(MigrationSettings settings) =>
    [
        .. Enum.GetValues<StageName>().Select(stage => Of(stage, settings)),
        .. Enum.GetValues<Approvals.GateName>().Select(gate => Of(gate, settings)),
        .. Enum.GetValues<MigrationState>().Select(state => Of(state, settings)),
        EntraOnly(settings),
    ];

    /// <summary>A setting by its name, with its value.</summary>
    static string In(string unit, int value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        string.Create(CultureInfo.InvariantCulture, $"`{name[(name.LastIndexOf('.') + 1)..]}` ({value} {unit})");

    static TimeBound Bound(StageName stage, string atMost, string then, TimeSpan longest) => new() { State = stage.ToString(), AtMost = atMost, Then = then, Longest = longest };
}
