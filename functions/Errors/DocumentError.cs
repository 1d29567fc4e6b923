using GwbCloud.Contracts;

namespace GwbCloud.Functions.Errors;

/// <summary>Errors of the document store (GWB76xx) and of the audit log (GWB77xx).</summary>
public static class DocumentError
{
    const string Restore = "Restore the data folder from its backup; never edit it by hand.";

    public static readonly ErrorEntry Unreadable = new("GWB7601", "A stored document is missing or damaged.",
        "The data folder was changed or lost from outside, or the disk failed.", Restore);
    public static readonly ErrorEntry NamesLost = new("GWB7602", "The names of people can't be read.",
        "The document that holds them was changed from outside, or the disk failed.", "Nothing: people are shown by object id until they act again; see whether other documents are damaged too.");
    public static readonly ErrorEntry AuditTampered = new("GWB7701", "The audit log is not as it was written.",
        "A line was changed, added or removed from outside.", "Keep the file as evidence, find out who changed it, then restore the data folder.");

    public static IReadOnlyList<ErrorEntry> All { get; } = [Unreadable, NamesLost, AuditTampered];
}
