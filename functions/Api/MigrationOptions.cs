using GwbCloud.Functions.Orchestration;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Api;

/// <summary>
/// Section <c>Migration</c>; see <see cref="MigrationSettings"/>. A migration takes these along when it starts: a later change never
/// reaches one in flight.
/// </summary>
public sealed class MigrationOptions
{
    public const string Section = "Migration";

    static readonly MigrationSettings Defaults = new();

    /// <summary>How many people must approve at each gate.</summary>
    public int ApprovalsRequired { get; set; } = Defaults.ApprovalsRequired;

    /// <summary>objectIds of those who decide, if they also have the role; empty: everybody who has it.</summary>
    public IList<string> Approvers { get; } = [];

    /// <summary>objectIds of a second list, asked when a share of a gate's time is over without enough decisions.</summary>
    public IList<string> EscalationApprovers { get; } = [];

    /// <summary>That share, in percent.</summary>
    public int EscalateAtPercent { get; set; } = Defaults.EscalateAtPercent;
    public int PlanGateHours { get; set; } = Defaults.PlanGateHours;
    public int ConfirmHours { get; set; } = Defaults.ConfirmHours;
    public int TaskHours { get; set; } = Defaults.TaskHours;
    public int WindowTaskMinutes { get; set; } = Defaults.WindowTaskMinutes;
    public int SwitchPollMinutes { get; set; } = Defaults.SwitchPollMinutes;
    public int SoakHours { get; set; } = Defaults.SoakHours;
    public int ReplicationWaitHours { get; set; } = Defaults.ReplicationWaitHours;
    public int HoldHours { get; set; } = Defaults.HoldHours;
    public int EntraOnlyMinutes { get; set; } = Defaults.EntraOnlyMinutes;
    public int EntraOnlyDays { get; set; } = Defaults.EntraOnlyDays;

    public MigrationSettings ToSettings() => new()
    {
        ApprovalsRequired = ApprovalsRequired,
        Approvers = [.. Approvers.Select(person => person.ToLowerInvariant()).Distinct()],
        EscalationApprovers = [.. EscalationApprovers.Select(person => person.ToLowerInvariant()).Distinct()],
        EscalateAtPercent = EscalateAtPercent,
        PlanGateHours = PlanGateHours,
        ConfirmHours = ConfirmHours,
        TaskHours = TaskHours,
        WindowTaskMinutes = WindowTaskMinutes,
        SwitchPollMinutes = SwitchPollMinutes,
        SoakHours = SoakHours,
        ReplicationWaitHours = ReplicationWaitHours,
        HoldHours = HoldHours,
        EntraOnlyMinutes = EntraOnlyMinutes,
        EntraOnlyDays = EntraOnlyDays,
    };
}

sealed class MigrationOptionsValidator : IValidateOptions<MigrationOptions>
{
    public ValidateOptionsResult Validate(string? name, MigrationOptions options)
    {
        List<string> faults = [];
        Require(options.ApprovalsRequired, 1, 10, nameof(options.ApprovalsRequired));
        Require(options.EscalateAtPercent, 10, 90, nameof(options.EscalateAtPercent));
        RequirePeople(options.Approvers, nameof(options.Approvers));
        RequirePeople(options.EscalationApprovers, nameof(options.EscalationApprovers));
        if (options.Approvers.Count > 0 && options.Approvers.Concat(options.EscalationApprovers).Distinct(StringComparer.OrdinalIgnoreCase).Count() < options.ApprovalsRequired)
        {
            faults.Add($"{MigrationOptions.Section}:{nameof(options.Approvers)} names fewer people than must approve.");
        }

        Require(options.PlanGateHours, 1, 24 * 30, nameof(options.PlanGateHours));
        Require(options.ConfirmHours, 1, 24, nameof(options.ConfirmHours));
        Require(options.TaskHours, 1, 24 * 30, nameof(options.TaskHours));
        Require(options.WindowTaskMinutes, 5, 24 * 60, nameof(options.WindowTaskMinutes));
        Require(options.SwitchPollMinutes, 1, 24 * 60, nameof(options.SwitchPollMinutes));
        Require(options.SoakHours, 0, 24 * 30, nameof(options.SoakHours));
        Require(options.ReplicationWaitHours, 1, 24 * 7, nameof(options.ReplicationWaitHours));
        Require(options.HoldHours, 1, 24 * 30, nameof(options.HoldHours));
        Require(options.EntraOnlyMinutes, 10, 24 * 60, nameof(options.EntraOnlyMinutes));
        Require(options.EntraOnlyDays, 1, 60, nameof(options.EntraOnlyDays));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void RequirePeople(IList<string> people, string setting)
        {
            foreach (var (index, person) in people.Index())
            {
                if (!Guid.TryParseExact(person, "D", out _))
                {
                    faults.Add($"{MigrationOptions.Section}:{setting}:{index} is no object id.");
                }
            }
        }

        void Require(int value, int least, int most, string setting)
        {
            if (value < least || value > most)
            {
                faults.Add($"{MigrationOptions.Section}:{setting} must lie between {least} and {most}.");
            }
        }
    }
}
