using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GwbCloud.Functions.Assessment;

/// <summary>Configuration section <c>Assessment</c>. What it sets goes into the plan; a migration in flight keeps its plan.</summary>
public sealed class AssessmentOptions
{
    public const string Section = "Assessment";

    /// <summary>
    /// Groups that may come or go between plan and freeze without a new plan. Ten, because a tenant lives on for the days of the first
    /// gate, and more than that is another plan than the one that people read.
    /// </summary>
    [Range(0, 1_000)]
    public int NewGroupTolerance { get; set; } = 10;

    /// <summary>
    /// Whether Cloud Sync's documented limits (groups, memberships) block. False goes on above them; the report says so.
    /// </summary>
    public bool EnforceLimits { get; set; } = true;

    /// <summary>Assigned groups that one configuration supports.</summary>
    [Range(1, int.MaxValue)]
    public int GroupLimit { get; set; } = 10_000;

    /// <summary>Memberships of all assigned groups that one configuration supports.</summary>
    [Range(1, int.MaxValue)]
    public int MembershipLimit { get; set; } = 250_000;

    /// <summary>
    /// Oldest backup of the domain that an assessment takes, in days. Seven, because a group that is lost beyond the Recycle Bin comes back as
    /// the backup has it.
    /// </summary>
    [Range(1, 180)]
    public int BackupDays { get; set; } = 7;

    /// <summary>
    /// How long a migration may be started from an assessment, in days from its reading. Fourteen, because people need days to read and accept,
    /// and what was found of servers, domain and licences is watched by nothing until the freeze. An assessment keeps the value of its first
    /// judgement; a migration that was started goes on.
    /// </summary>
    [Range(1, 90)]
    public int ValidDays { get; set; } = 14;

    /// <summary>Longest wait at the second gate, in hours.</summary>
    [Range(1, 24)]
    public int ConfirmHours { get; set; } = 2;

    /// <summary>Length of an Initial cycle when the run history knows none, in minutes.</summary>
    [Range(1, 7 * 24 * 60)]
    public int UnknownInitialMinutes { get; set; } = 120;

    /// <summary>
    /// Groups whose members one activity reads. A thousand is fifty calls, about a minute; fewer, where groups of many thousand members bring an
    /// activity near the app's time-out. A reading under way keeps its own; no judgement depends on it.
    /// </summary>
    [JsonIgnore]
    [Range(1, 10_000)]
    public int GroupsAtOnce { get; set; } = 1_000;
}
