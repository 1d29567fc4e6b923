using System.ComponentModel.DataAnnotations;

namespace GwbCloud.Functions.Operations;

/// <summary>Configuration section <c>Operations</c>. An operation takes these along when it is asked for.</summary>
public sealed class OperationOptions
{
    public const string Section = "Operations";

    /// <summary>How long a plan may be started, in hours. A day, because what it read is watched by nobody.</summary>
    [Range(1, 168)]
    public int PlanValidHours { get; set; } = 24;

    /// <summary>Values that one activity writes. Five hundred take some half a minute at Graph's quota for writes; a crash repeats at most one part.</summary>
    [Range(20, 5_000)]
    public int ValuesAtOnce { get; set; } = 500;

    /// <summary>From so many groups on a second person approves, whatever the change.</summary>
    [Range(1, 1_000_000)]
    public int ApprovalFromGroups { get; set; } = 50;

    /// <summary>How long a person has for the wizard, in minutes. The scheduler is off so long, and exports to Entra stand still.</summary>
    [Range(15, 1_440)]
    public int WizardMinutes { get; set; } = 120;

    public OperationSettings ToSettings() => new() { WizardMinutes = WizardMinutes, PlanValidHours = PlanValidHours, ValuesAtOnce = ValuesAtOnce, ApprovalFromGroups = ApprovalFromGroups };
}
