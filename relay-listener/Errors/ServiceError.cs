using GwbCloud.Contracts;

namespace GwbCloud.RelayListener.Errors;

/// <summary>Errors of the service and its command line: GWB65xx.</summary>
public static class ServiceError
{
    public static readonly ErrorEntry SecretInConfiguration = new("GWB6501", "The configuration holds what looks like a secret.",
        "Passwords, shared access keys, tokens and private keys never stand in the file.",
        "Remove the value from the file and consider it known to others; the listener signs in with its own account.");
    public static readonly ErrorEntry NotWindows = new("GWB6502", "This verb works on Windows only.",
        "The service lives on an Entra Connect server.", "Run it on the Entra Connect server; --dry-run shows the plan anywhere.");
    public static readonly ErrorEntry NotElevated = new("GWB6503", "The session is not elevated.",
        "Services, access rights and the listener's folder are the administrators' own.", "Open the console as administrator, then run it again.");
    public static readonly ErrorEntry StepFailed = new("GWB6504", "A step of the installation failed.",
        "Windows refused it; what it said stands beside it.", "Remove the cause, then run it again: steps that are done already are repeated without harm.");
    public static readonly ErrorEntry InWindow = new("GWB6505", "This server stands in the window of a migration.",
        "Without the service nobody here guards the scheduler, signs the state or goes on.",
        "End the migration first, or follow gwb-listener by-hand; --force removes the service all the same.");
    public static readonly ErrorEntry DataDirectoryInUse = new("GWB6506", "The data directory is in use.",
        "Another listener works in it.", "Stop the other one, the service or a run in a console; each listener has a data directory of its own.");
    public static readonly ErrorEntry DataDirectoryDenied = new("GWB6507", "The data directory cannot be read or written.",
        "Only administrators and the service's account have access.", "Open the console as administrator, or correct the folder's access rights.");
    public static readonly ErrorEntry KeyUnusable = new("GWB6508", "The listener's own key is missing or cannot be read.",
        "The installation has not made it, or the file was changed.", "Run gwb-listener install; after a change of the key enrol the listener again.");
    public static readonly ErrorEntry NoSignedState = new("GWB6509", "There is no state that this listener signed.",
        "No migration has reached this server yet, or the file was changed by somebody else.",
        "Read flag, staging mode, scheduler and rules on the server itself before anything is done.");
    public static readonly ErrorEntry NotConfirmed = new("GWB6510", "The switch was not confirmed.",
        "What was typed is not this server's name.", "Nothing was called. Run it again and type the name that is shown.");
    public static readonly ErrorEntry OfferOfOtherMigration = new("GWB6511", "The offer belongs to another migration than the one that this server is in.",
        "A newer migration has reached this server since the offer.", "Nothing was called. Wait for the task of the present migration.");
    public static readonly ErrorEntry NotTyped = new("GWB6512", "The confirmation must be typed by a person.",
        "The input does not come from a console.", "Run gwb-listener switch in a console window on the server.");
    public static readonly ErrorEntry ChecksFailed = new("GWB6513", "Something that the service needs is not as it must be.",
        "The rows of the check say what.", "Follow the remedy of each row, then run gwb-listener check again.");
    public static readonly ErrorEntry SwitchUnclear = new("GWB6514", "The cmdlet was called, and GroupWritebackV2 does not read false.",
        "The tenant shows the change late, the sign-in failed, or the answer was lost.",
        "Do not call it again. Read the flag for 15 minutes; gwb-listener by-hand shows the way on.");
    public static readonly ErrorEntry AddressTaken = new("GWB6515", "The loopback address of the job API is in use.",
        "Another program on this server listens there, or another listener does.", "End the other one, or give url another port; the proxy before it must know that one too.");
    public static readonly ErrorEntry KeyAlreadyThere = new("GWB6516", "There is a key already, and the service has never been installed here.",
        "It is of an earlier installation, or somebody who knows it put it there before the folder was closed.",
        "Move the file away, then run it again; --keep-key keeps it, when you know that it is this listener's own.");

    /// <summary>The lines in the order of their codes.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        SecretInConfiguration, NotWindows, NotElevated, StepFailed, InWindow, DataDirectoryInUse, DataDirectoryDenied, KeyUnusable, NoSignedState,
        NotConfirmed, OfferOfOtherMigration, NotTyped, ChecksFailed, SwitchUnclear, AddressTaken, KeyAlreadyThere,
    ];
}
