using GwbCloud.RelayListener.AdSync.PowerShell;

namespace GwbCloud.RelayListener.Configuration;

/// <summary>Section <c>adSync</c>: Entra Connect on this server.</summary>
public sealed record AdSyncConfiguration
{
    /// <summary>Full path of Windows PowerShell 5.1; without it the one of the system folder. Newer ones cannot load the module.</summary>
    public string? PowerShell { get; init; }

    /// <summary>Full path of ADSync.psd1; without it the one of the installed service.</summary>
    public string? ModulePath { get; init; }

    /// <summary>Seconds for what answers from the service's settings; 10 to 3,600.</summary>
    public int ReadSeconds { get; init; } = 180;

    /// <summary>Seconds for what changes something, an operator's sign-in included; 60 to 3,600. What is stopped has an unknown effect, which is read back.</summary>
    public int EffectSeconds { get; init; } = 900;

    /// <summary>Seconds for one page of a connector space, or the export of a whole one; 60 to 86,400.</summary>
    public int BulkSeconds { get; init; } = 3600;

    /// <summary>
    /// Lets the listener change staging mode by a way that the vendor does not support. Off: the operator uses the wizard, and the listener
    /// reads.
    /// </summary>
    public bool MayChangeStaging { get; init; }

    /// <summary>Lets the listener grant the account of Connect what writing groups needs, and take back what it granted. Off: an administrator does it.</summary>
    public bool MayGrantPermissions { get; init; }

    /// <summary>
    /// Lets the clean-up after a migration remove the coexistence rules although this server exports. Off: they are removed only while the server is in
    /// staging mode.
    /// </summary>
    public bool MayRetireRules { get; init; }

    /// <summary>
    /// Lets the operation deleteRule add the delete-on-disable rule here: from then on whoever switches groups off in Entra deletes them in Active
    /// Directory. Off: the rule is only removed.
    /// </summary>
    public bool MayAddDeleteRule { get; init; }

    /// <summary>The path that counts.</summary>
    internal string PowerShellPath => PowerShell ?? Path.Combine(Environment.SystemDirectory, "WindowsPowerShell", "v1.0", "powershell.exe");

    internal PowerShellOptions ToOptions(string server, string dataDirectory, bool operatorSession) => new()
    {
        Server = server,
        LogFolder = Path.Combine(dataDirectory, "logs", "transcripts"),
        WorkFolder = Path.Combine(dataDirectory, "work"),
        Executable = PowerShellPath,
        ModulePath = ModulePath,
        OperatorSession = operatorSession,
        ReadSeconds = ReadSeconds,
        EffectSeconds = EffectSeconds,
        BulkSeconds = BulkSeconds,
    };

    internal IEnumerable<string> Validate()
    {
        if (PowerShell is not null && !ListenerConfiguration.IsFullPath(PowerShell)) { yield return "adSync.powerShell: is no full path"; }
        if (ModulePath is not null && !ListenerConfiguration.IsFullPath(ModulePath)) { yield return "adSync.modulePath: is no full path"; }
        if (ReadSeconds is < 10 or > 3600) { yield return "adSync.readSeconds: 10 to 3600"; }
        if (EffectSeconds is < 60 or > 3600) { yield return "adSync.effectSeconds: 60 to 3600"; }
        if (BulkSeconds is < 60 or > 86400) { yield return "adSync.bulkSeconds: 60 to 86400"; }
    }
}
