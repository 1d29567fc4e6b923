using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>Keeps what a failed operation left behind, for the administrator of the server.</summary>
/// <remarks>
/// A transcript holds the operation, its times, how the process ended, its errors without names, and of its output only size, hash and
/// shape: the output of these operations is lists of groups and people.
/// </remarks>
sealed class TranscriptFolder(string? folder, int kept, TimeProvider time)
{
    const int MaxErrorText = 16 * 1024;

    int _number;

    /// <summary>Writes one file; a disk that refuses must not hide the failure itself.</summary>
    /// <returns>The file's name, or null when it could not be written.</returns>
    public string? Write(AdSyncScript script, HostRun? run, CommandError error)
    {
        if (folder is null) { return null; }
        try
        {
            Directory.CreateDirectory(folder);
            string name = string.Create(CultureInfo.InvariantCulture,
                $"adsync-{time.GetUtcNow():yyyyMMdd'T'HHmmssfff'Z'}-{Interlocked.Increment(ref _number):D4}-{script.Name}-{error.Code}.log");
            File.WriteAllText(Path.Combine(folder, name), Text(script, run, error));
            foreach (string old in Directory.EnumerateFiles(folder, "adsync-*.log").OrderDescending(StringComparer.Ordinal).Skip(kept)) { File.Delete(old); }
            return name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    string Text(AdSyncScript script, HostRun? run, CommandError error)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"time       {time.GetUtcNow():u}");
        text.AppendLine(CultureInfo.InvariantCulture, $"operation  {script.Name} ({script.Effect}), script {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.Text)))[..16]}");
        text.AppendLine(CultureInfo.InvariantCulture, $"error      {error.Code} {error.Message}");
        if (run is null) { return text.ToString(); }
        text.AppendLine(CultureInfo.InvariantCulture, $"ended      {run.End}, exit code {run.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "none"}, after {run.Took.TotalSeconds:F1} s");
        text.AppendLine(CultureInfo.InvariantCulture, $"output     {run.Output.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(run.Output))}, first bytes {Convert.ToHexStringLower(run.Output.AsSpan(0, Math.Min(4, run.Output.Length)))}");
        text.AppendLine("output's shape (letters as a, digits as 9):");
        text.AppendLine(Redaction.Shape(run.Output));
        text.AppendLine(CultureInfo.InvariantCulture, $"errors     {run.Errors.Length} bytes, names taken out:");
        text.AppendLine(Redaction.Text(Encoding.UTF8.GetString(run.Errors, 0, Math.Min(MaxErrorText, run.Errors.Length))));
        return text.ToString();
    }
}
