using GwbCloud.Contracts;

namespace GwbCloud.Functions.Errors;

/// <summary>Errors of the way to the Connect servers, as the cloud half sees it: GWB30xx.</summary>
public static class OnPremisesError
{
    public static readonly ErrorEntry ServerUnknown = new("GWB3001", "No listener is configured for this server.",
        "The server was found, but has no entry under OnPremises:Listeners.", "Install the listener there and add its entry.");
    public static readonly ErrorEntry CommandMalformed = new("GWB3002", "The command is none of the closed list.",
        "A fault of the orchestration, or an update in mid-migration.", "Install the version with which the migration was started.");
    public static readonly ErrorEntry Unreachable = new("GWB3003", "The listener did not answer.",
        "Network, relay or service are down, or the answer came too late. Whether the command arrived is unknown.",
        "Check the listener's service; the command is asked about again by itself.");
    public static readonly ErrorEntry Refused = new("GWB3004", "The listener refused the request without saying why.",
        "Something between the two halves answered in its place, or the versions differ.", "Check address and version of the listener.");
    public static readonly ErrorEntry AnswerMalformed = new("GWB3005", "The listener's answer can't be read.",
        "The halves have different versions, or something else answered in its place.", "Check address and version of the listener.");
    public static readonly ErrorEntry ResultForged = new("GWB3006", "The listener's result does not bear its signature.",
        "The listener's key was changed without enrolment, or somebody else answered.", "Enrol the listener again after you know why.");
    public static readonly ErrorEntry JobLost = new("GWB3007", "The listener does not know the command any more.",
        "Its data folder was lost after the command had been accepted.", "Read the state of the server, then decide; nothing is repeated blindly.");
    public static readonly ErrorEntry DocumentRefused = new("GWB3008", "A document could not be taken to the listener or from it.",
        "It is missing or damaged on one side.", "Restore the data folder, or start the stage again.");
    public static readonly ErrorEntry CommandIdTaken = new("GWB3009", "The command's id was used before for another command.",
        "A fault of the orchestration.", "Report it; nothing was sent.");
    public static readonly ErrorEntry CommandUnknown = new("GWB3010", "No command of this id was ever submitted.",
        "A fault of the orchestration, or the data folder was lost.", "Restore the data folder.");
    public static readonly ErrorEntry NoListener = new("GWB3011", "No listener is connected to the relay.",
        "The service on the server is stopped or has no way out to the relay, or the hybrid connection is not there.",
        "Look at the service on the server (gwb-listener status), then at the hybrid connection; the command is asked about again by itself.");
    public static readonly ErrorEntry RelayRefused = new("GWB3012", "The relay does not let the app in.",
        "The app's managed identity lacks the role Azure Relay Sender on the hybrid connection, or got it less than five minutes ago.",
        "Assign the role; the command is asked about again by itself.");
    public static readonly ErrorEntry AnsweredLate = new("GWB3013", "No answer came in time.",
        "The server is overloaded, or the relay lost the answer. Whether the command arrived is unknown.",
        "Nothing: the command is asked about again by itself. If it lasts, look at the server's load.");
    public static readonly ErrorEntry NoRelayToken = new("GWB3014", "The app got no token for the relay.",
        "Its managed identity is not there, or the platform's endpoint for tokens does not answer.", "Check the app's identity; nothing was sent.");
    public static readonly ErrorEntry ResultKeyOutOfTime = new("GWB3015", "The listener signed with a key that does not count at this time.",
        "The listener's key was changed before its next one began here, or after the old one ended.",
        "Compare gwb-listener show-key with OnPremises:Listeners, and correct notBefore or notAfter there.");

    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        ServerUnknown, CommandMalformed, Unreachable, Refused, AnswerMalformed, ResultForged, JobLost, DocumentRefused, CommandIdTaken, CommandUnknown,
        NoListener, RelayRefused, AnsweredLate, NoRelayToken, ResultKeyOutOfTime,
    ];
}
