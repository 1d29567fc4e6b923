using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>What an error of a cmdlet means. Types and ids first, for they are the same in every language; then words of the known texts.</summary>
static class FailureMap
{
    /// <summary>Ids of errors that the scripts themselves raise.</summary>
    public const string ModuleMissing = "GwbModuleMissing", NotSupported = "GwbNotSupported", PrecedenceTaken = "GwbPrecedenceTaken", Refused = "GwbRefused";

    public static CommandError Judge(ScriptFailure failure)
    {
        var (entry, transient) = Meaning(failure);
        string said = Redaction.Line(failure.Messages.Count > 0 ? failure.Messages[0] : failure.Id);
        return entry.ToError(failure.Command is { Length: > 0 } command ? $"{command}: {said}" : said, transient);
    }

    static (ErrorEntry Entry, bool Transient) Meaning(ScriptFailure failure)
    {
        bool Id(params ReadOnlySpan<string> starts) => Any(starts, start => failure.Id.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        bool Type(params ReadOnlySpan<string> parts) => Any(parts, part => failure.Types.Any(type => type.Contains(part, StringComparison.OrdinalIgnoreCase)));
        bool Says(params ReadOnlySpan<string> parts) => Any(parts, part => failure.Messages.Any(message => message.Contains(part, StringComparison.OrdinalIgnoreCase)));

        return true switch
        {
            _ when Id(ModuleMissing, "Modules_ModuleNotFound") => (AdSyncError.ModuleMissing, false),
            _ when Id(PrecedenceTaken) => (AdSyncError.PrecedenceTaken, true),
            _ when Id(NotSupported, "CommandNotFoundException", "NamedParameterNotFound", "TypeNotFound") => (AdSyncError.NotSupported, false),
            // Reading the features signs in, too, but nobody is asked there.
            _ when failure.Command == "Set-ADSyncAADCompanyFeature" && (Says("canceled", "cancelled", "interaction_required", "AADSTS") || Type("Microsoft.Identity.Client.Msal"))
                => (AdSyncError.SignInNotDone, false),
            _ when Type("UnauthorizedAccess", "SecurityAccessDenied", "SecurityException") || failure.Category is "PermissionDenied" or "SecurityError"
                || Says("access is denied", "access denied", "not authorized", "ADSyncAdmins") => (AdSyncError.AccessDenied, false),
            // Before busy: the text of the wizard's suspension also says "already".
            _ when Says("suspended") => (AdSyncError.Suspended, true),
            _ when Says("is busy", "already running", "run is in progress", "sync cycle in progress", "currently running", "already in progress")
                || Type("SyncEngineBusy", "ConnectorBusy") => (AdSyncError.Busy, true),
            _ when Says("precedence") && Says("exist", "already", "in use", "unique", "duplicate", "taken") => (AdSyncError.PrecedenceTaken, true),
            _ when Type("EndpointNotFound", "CommunicationException", "CommunicationObjectFaulted")
                || Says("no endpoint listening", "service is not running", "service has not been started", "cannot open ADSync service", "0x800706BA")
                => (AdSyncError.ServiceDown, true),
            // Everything else is told as it is; whether a repetition helps is not known, so the truth is read first.
            _ => (AdSyncError.CmdletFailed, false),
        };
    }

    static bool Any(ReadOnlySpan<string> texts, Func<string, bool> holds)
    {
        foreach (string text in texts)
        {
            if (holds(text)) { return true; }
        }
        return false;
    }
}
