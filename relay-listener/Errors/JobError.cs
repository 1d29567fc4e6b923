using GwbCloud.Contracts;

namespace GwbCloud.RelayListener.Errors;

/// <summary>Errors of the job API and of the listener's own affairs: GWB60xx.</summary>
public static class JobError
{
    public static readonly ErrorEntry NotFound = new("GWB6001", "There is nothing at this address.",
        "The halves have different versions, or the job belongs to another listener.", "Compare the versions and the server's name.");
    public static readonly ErrorEntry QueueFull = new("GWB6002", "Too many commands wait.", "The listener works on earlier commands.",
        "Wait for the earlier commands, then send it again.");
    public static readonly ErrorEntry Stopping = new("GWB6003", "The listener is stopping.", "The service is being stopped or updated.",
        "Send the command again when the listener is back.");
    public static readonly ErrorEntry BodyTooLarge = new("GWB6004", "The request is too large.", "Large content travels as a document in parts.",
        "Send the content as a document.");
    public static readonly ErrorEntry CommandUnreadable = new("GWB6005", "The command is none of the closed list, or not complete.",
        "The halves have different versions.", "Install the same version of both halves.");
    public static readonly ErrorEntry DocumentUnknown = new("GWB6006", "The command names a document that was not uploaded.",
        "The upload was interrupted, or the listener's data directory was emptied.", "Upload the document, then send the command again.");
    public static readonly ErrorEntry DocumentsFull = new("GWB6007", "The listener keeps no more documents.",
        "The limit of its data directory is reached.", "Remove documents of earlier migrations, or raise the limit.");
    public static readonly ErrorEntry Unexpected = new("GWB6008", "The command failed in a way that nobody foresaw.",
        "A fault of the listener; its log tells more.", "Read the listener's log, then start the stage again.");
    public static readonly ErrorEntry ConfigurationInvalid = new("GWB6009", "The listener's configuration is not valid.",
        "A value is missing or malformed.", "Correct the named value, then start the listener again.");
    public static readonly ErrorEntry RequestMalformed = new("GWB6010", "The request is malformed.",
        "The halves have different versions.", "Install the same version of both halves.");

    public static readonly ErrorEntry Cancelled = new("GWB6011", "The command was cancelled.",
        "Another command asked for its early end.", "Nothing to do; what was done until then stays done. Send a new command to go on.");
    public static readonly ErrorEntry ResultGone = new("GWB6012", "The command has ended long ago and its result is no longer kept.",
        "The id was used before, weeks ago.", "Give a new command a new id.");
    public static readonly ErrorEntry OtherPlan = new("GWB6013", "The command names another plan than this migration's earlier ones.",
        "Two plans were mixed up, or somebody altered one.", "Start a migration of its own for the other plan.");
    public static readonly ErrorEntry JournalBroken = new("GWB6014", "The listener can keep no job on disk.",
        "The disk of its data directory is full, fails, or is gone. Whether what it works on has ended is unknown.",
        "Make the disk good; the service ends, is started again by Windows, and goes on with its jobs then.");

    /// <summary>The lines in the order of their codes.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
        [NotFound, QueueFull, Stopping, BodyTooLarge, CommandUnreadable, DocumentUnknown, DocumentsFull, Unexpected, ConfigurationInvalid, RequestMalformed,
        Cancelled, ResultGone, OtherPlan, JournalBroken];
}
