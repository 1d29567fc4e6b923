namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>Where Windows PowerShell and the ADSync module are, and how long and how much an operation may take. Ranges are checked where the configuration is read.</summary>
public sealed record PowerShellOptions
{
    /// <summary>Name of this Connect server, as commands and evidence name it.</summary>
    public required string Server { get; init; }

    /// <summary>Folder of transcripts of failed operations; null writes none.</summary>
    public required string? LogFolder { get; init; }

    /// <summary>Folder of files that live as long as an operation: they hold names, so only the listener's account may read it.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Full path of powershell.exe; by default the one of the system folder, asked of Windows and not of the environment.</summary>
    public string Executable { get; init; } = Path.Combine(System.Environment.SystemDirectory, "WindowsPowerShell", "v1.0", "powershell.exe");

    /// <summary>ADSync.psd1; null finds it by the service's registry key, then in the program folder.</summary>
    public string? ModulePath { get; init; }

    /// <summary>True in the operator's own session: the cmdlet that switches may then open its sign-in window.</summary>
    public bool OperatorSession { get; init; }

    /// <summary>Seconds for what answers from the service's settings. PowerShell alone takes one to three to start.</summary>
    public int ReadSeconds { get; init; } = 180;

    /// <summary>Seconds for what changes a setting, a rule or the flag; the sign-in of an operator falls into it.</summary>
    public int EffectSeconds { get; init; } = 900;

    /// <summary>Seconds for one page of a connector space, or for csexport of a whole one.</summary>
    public int BulkSeconds { get; init; } = 3600;

    /// <summary>Seconds for one run profile: a full import of a large directory takes hours.</summary>
    public int RunProfileSeconds { get; init; } = 12 * 3600;

    /// <summary>Objects of a connector space that one process reads. Memory grows with it, the number of starts shrinks.</summary>
    public int PageSize { get; init; } = 2000;

    /// <summary>Longest answer; what writes more is ended.</summary>
    public int MaxAnswerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Longest text of errors; what writes more is ended.</summary>
    public int MaxErrorBytes { get; init; } = 1024 * 1024;

    /// <summary>Milliseconds that output may still take to arrive when PowerShell has ended but something it started holds its output open.</summary>
    public int DrainMilliseconds { get; init; } = 3000;

    /// <summary>Transcripts kept; the oldest go first.</summary>
    public int TranscriptsKept { get; init; } = 100;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Variables beside those that Windows itself needs; for tests.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
