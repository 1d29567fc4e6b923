using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>How <c>gwb-listener</c> ends.</summary>
public static class ExitCode
{
    /// <summary>Ended as asked.</summary>
    public const int Done = 0;

    /// <summary>Refused, or a check found something; nothing that matters was changed.</summary>
    public const int Refused = 1;

    /// <summary>The arguments or the configuration make no sense.</summary>
    public const int BadUsage = 2;

    /// <summary>This machine, this build or this session cannot do it.</summary>
    public const int NotPossible = 3;

    /// <summary>The cmdlet of the switch was called and the flag does not read false: unknown, not failed.</summary>
    public const int Unknown = 4;

    static readonly HashSet<string> Usage = [JobError.ConfigurationInvalid.Code, ServiceError.SecretInConfiguration.Code];

    static readonly HashSet<string> Impossible =
    [
        ServiceError.NotWindows.Code, ServiceError.NotElevated.Code, ServiceError.DataDirectoryInUse.Code, ServiceError.DataDirectoryDenied.Code,
        ServiceError.KeyUnusable.Code, ServiceError.NoSignedState.Code, AdSyncError.HostMissing.Code, ServiceError.NotTyped.Code, RelayError.NotInThisBuild.Code,
        JobError.JournalBroken.Code, ServiceError.AddressTaken.Code,
    ];

    /// <summary>The exit code that goes with an error.</summary>
    public static int Of(string errorCode) =>
        Usage.Contains(errorCode) ? BadUsage
        : Impossible.Contains(errorCode) ? NotPossible
        : errorCode == ServiceError.SwitchUnclear.Code ? Unknown
        : Refused;
}
