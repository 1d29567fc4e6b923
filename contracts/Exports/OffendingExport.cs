using GwbCloud.Contracts.Commands;

namespace GwbCloud.Contracts.Exports;

/// <summary>A pending export that nobody allowed, explained: which object, what would become of it, and what that breaks.</summary>
public sealed record OffendingExport
{
    /// <summary>The server that would export it; empty where only one was asked.</summary>
    public string Server { get; init; } = "";
    public required string Connector { get; init; }
    public required string ObjectType { get; init; }
    public required string DistinguishedName { get; init; }
    public required ExportOperation Operation { get; init; }

    /// <summary>What the export would do to the object, as a clause: <c>would be renamed to …</c>.</summary>
    public required string Change { get; init; }
    public required ExportRule Breaks { get; init; }

    /// <summary>Why that is not allowed, with the approved number where there is one.</summary>
    public required string Why { get; init; }

    /// <summary>One line for people.</summary>
    public string Sentence() => $"{ObjectType} {DistinguishedName} in {Connector} {Change}: {Why}";

    internal static OffendingExport Of(PendingExport export, ExportRule breaks, string why) => new()
    {
        Connector = export.Connector,
        ObjectType = export.ObjectType,
        DistinguishedName = export.DistinguishedName,
        Operation = export.Operation,
        Change = ChangeOf(export),
        Breaks = breaks,
        Why = why,
    };

    static string ChangeOf(PendingExport export) => export.Operation switch
    {
        ExportOperation.Add => "would be created",
        ExportOperation.Delete => "would be deleted",
        ExportOperation.DeleteAdd => "would be deleted and created anew",
        ExportOperation.Rename => export.NewName is { Length: > 0 } name ? $"would be renamed to {name}" : "would be renamed",
        _ => $"would change: {string.Join(", ", Details(export).DefaultIfEmpty("attributes that the server does not name"))}",
    };

    static IEnumerable<string> Details(PendingExport export)
    {
        if (export.TypeChange) { yield return "its group type"; }
        if (export.MembersRemoved > 0) { yield return $"{export.MembersRemoved} members fewer"; }
        if (export.MembersAdded > 0) { yield return $"{export.MembersAdded} members more"; }
        foreach (string name in export.Attributes.Except(["member", "groupType"], StringComparer.OrdinalIgnoreCase)) { yield return name; }
    }
}
