namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>The environment of a host process: what Windows, PowerShell and a sign-in window need, and nothing that steers them elsewhere.</summary>
/// <remarks>
/// Profilers, module paths and start-up hooks come in by variables. PSModulePath above all: inherited from a newer PowerShell it makes
/// Windows PowerShell load modules that it can't run.
/// </remarks>
static class HostEnvironment
{
    static readonly string[] Kept =
    [
        "SystemRoot", "windir", "SystemDrive", "ComSpec", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "CommonProgramFiles", "ProgramData",
        "ALLUSERSPROFILE", "PUBLIC", "COMPUTERNAME", "USERNAME", "USERDOMAIN", "USERDNSDOMAIN", "LOGONSERVER", "USERPROFILE", "HOMEDRIVE", "HOMEPATH",
        "APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "SESSIONNAME", "OS", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "PROCESSOR_IDENTIFIER",
        // The way out to Entra may need them.
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    ];

    public static void Apply(IDictionary<string, string?> environment, IReadOnlyDictionary<string, string> extra)
    {
        var kept = Kept.Select(name => (Name: name, Value: environment.TryGetValue(name, out string? value) ? value : null)).Where(v => v.Value is not null).ToList();
        environment.Clear();
        foreach (var (name, value) in kept) { environment[name] = value; }
        if (OperatingSystem.IsWindows())
        {
            string system = Environment.SystemDirectory;
            string shell = Path.Combine(system, "WindowsPowerShell", "v1.0");
            environment["PATH"] = string.Join(';', system, Path.GetDirectoryName(system), Path.Combine(system, "Wbem"), shell);
            environment["PATHEXT"] = ".COM;.EXE";
            environment["PSModulePath"] = Path.Combine(shell, "Modules");
        }
        else
        {
            environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        }
        foreach (var (name, value) in extra) { environment[name] = value; }
    }
}
