using System.Globalization;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>Names, numbers and times for people.</summary>
static class Words
{
    public static string Of(StageName stage) => stage switch
    {
        StageName.Assess => "Assess",
        StageName.PrepareCloudSync => "Prepare Cloud Sync",
        StageName.StampAnchors => "Stamp the anchors",
        StageName.RehearseOnStandby => "Rehearse on the standby servers",
        StageName.ApprovePlan => "Approve the plan",
        StageName.FreezeAndDrain => "Freeze and drain",
        StageName.EnterStagingMode => "Enter staging mode",
        StageName.CoexistenceRules => "Add the coexistence rules",
        StageName.FirstFullSync => "First full synchronisation",
        StageName.ConfirmSwitch => "Confirm the switch",
        StageName.DisableGroupWritebackV2 => "Switch GroupWritebackV2 off",
        StageName.SecondFullSync => "Second full synchronisation",
        StageName.LeaveStagingMode => "Leave staging mode",
        StageName.ResumeScheduler => "Resume the scheduler",
        StageName.StartCloudSync => "Start Cloud Sync, ring by ring",
        _ => "Verify and close",
    };

    public static string Of(StageState state) => $"{state}";

    public static string Of(MigrationOutcome outcome) => outcome switch
    {
        MigrationOutcome.RolledBack => "Rolled back",
        MigrationOutcome.NeedsAttention => "Needs attention",
        _ => $"{outcome}",
    };

    public static string Of(MigrationState state) => state switch
    {
        MigrationState.RollingBack => "Rolling back",
        MigrationState.NeedsAttention => "Needs attention",
        _ => $"{state}",
    };

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with its noun: <c>1 part</c>, <c>2 parts</c>.</summary>
    public static string Count(long number, string one, string many) => number == 1 ? $"1 {one}" : $"{Number(number)} {many}";

    /// <summary>A moment in UTC, which is said.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A stretch of time as people say it: days from 48 hours on.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => Count((long)span.TotalSeconds, "second", "seconds"),
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 48 } => span.Minutes == 0 ? $"{(int)span.TotalHours} h" : $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => span.Hours == 0 ? Count(span.Days, "day", "days") : $"{Count(span.Days, "day", "days")} {span.Hours} h",
    };

    public static string Of(GroupClass kind) => kind switch
    {
        GroupClass.Migrates => "Migrates",
        GroupClass.Freezes => "Freezes",
        GroupClass.FallsToV1 => "Falls to version 1",
        GroupClass.AtRisk => "At risk",
        GroupClass.LetGo => "Let go",
        GroupClass.Orphan => "Orphan",
        _ => "Ours",
    };

    public static string Meaning(GroupClass kind) => kind switch
    {
        GroupClass.Migrates => "moves to Cloud Sync",
        GroupClass.Freezes => "stays, and no longer follows Entra",
        GroupClass.FallsToV1 => "a Microsoft 365 group, a distribution group after the switch",
        GroupClass.AtRisk => "would be lost; blocks until it is resolved",
        GroupClass.LetGo => "written earlier or to be written, and not in Active Directory",
        GroupClass.Orphan => "in the OU, without a group in Entra; left alone",
        _ => "a canary of the migration",
    };

    /// <summary>The rest of a sentence that begins with a number of groups.</summary>
    public static string Of(NameKeeping way) => way switch
    {
        NameKeeping.Mapping => "keep name and place by the one mapping",
        NameKeeping.GroupDn => "keep them by the extension property GroupDN",
        _ => "would be renamed or moved, and block",
    };

    public static string Of(DiscoveryPart part) => part switch
    {
        DiscoveryPart.Settings => "What is on, and how groups are set",
        DiscoveryPart.Prerequisites => "Prerequisites",
        DiscoveryPart.Defaults => "Defaults, and what was changed",
        DiscoveryPart.Capabilities => "What version 2 adds",
        _ => "Limitations",
    };

    public static string Of(DiscoveryStanding standing) => standing switch
    {
        DiscoveryStanding.AsDescribed => "As described",
        DiscoveryStanding.Changed => "Changed",
        DiscoveryStanding.Attention => "To be looked at",
        _ => "Not known",
    };

    public static string Of(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Blocks => "Blocks",
        FindingSeverity.NeedsAcceptance => "Needs acceptance",
        _ => "To know",
    };
}
