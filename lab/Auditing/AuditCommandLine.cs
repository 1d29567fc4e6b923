using System.CommandLine;
using System.CommandLine.Help;
using GwbCloud.Functions.Audit;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Auditing;

/// <summary>The verb <c>audit</c>: verifies an audit log that was downloaded, and names the first line that is wrong.</summary>
public sealed class AuditCommandLine
{
    public const string Verb = "audit";

    readonly Argument<string> _file = new("FILE") { Description = "The log, as GET /api/migrations/{id}/audit gave it." };
    readonly Option<int?> _lines = StrictOptions.Number("--lines", "N", "A line that the log must have passed, from the report or the header X-Audit-Lines; with --hash.");
    readonly Option<string?> _hash = StrictOptions.Text("--hash", "SHA256", "The hash of that line, from the report or the header X-Audit-Hash.");
    readonly Command _command;

    AuditCommandLine() => _command = new Command(Verb, "Verifies an audit log. Exit code 0: intact, 1: broken, 2: bad usage.") { _file, _lines, _hash, new HelpOption() };

    /// <param name="args">As they were typed, without the verb.</param>
    /// <param name="output">Where the verdict is written.</param>
    public static Task<int> RunAsync(string[] args, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var line = new AuditCommandLine();
        return Shell.RunAsync(line._command, args, stop => line.VerifyAsync(args, output, stop));
    }

    async Task<int> VerifyAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        var parsed = StrictOptions.Parse(_command, args);
        var passed = (parsed.GetValue(_lines), parsed.GetValue(_hash)) switch
        {
            (null, null) => null,
            ({ } lines, { Length: 64 } hash) when lines > 0 => new AuditHead { Lines = lines, Hash = hash.ToLowerInvariant() },
            _ => throw new BadUsageException("--lines and --hash belong together: the number of a line and its SHA-256, 64 hexadecimal digits."),
        };
        byte[] log = await ReadAsync(parsed.GetValue(_file)!, cancellationToken);
        var verdict = passed is null ? AuditChain.Verify(log) : AuditChain.VerifyPast(log, passed);
        await output.WriteLineAsync(verdict.Intact
            ? $"intact: {(verdict.Lines == 1 ? "1 line" : $"{verdict.Lines} lines")}, the last with the hash {verdict.Hash}"
            : $"broken: {verdict.Fault}");
        return verdict.Intact ? ExitCode.Completed : ExitCode.Failed;
    }

    static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadUsageException($"The file {Quoted.Of(file)} can't be read.");
        }
    }
}
