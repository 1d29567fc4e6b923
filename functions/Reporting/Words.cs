using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Reporting;

/// <summary>Names of classes and severities for people.</summary>
static class Words
{
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

    public static string Of(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Blocks => "Blocks",
        FindingSeverity.NeedsAcceptance => "Needs acceptance",
        _ => "To know",
    };
}
