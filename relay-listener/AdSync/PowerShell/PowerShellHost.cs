using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>Carries out one script in one Windows PowerShell process and turns whatever comes of it into a value or a typed error.</summary>
/// <remarks>
/// Scripts and parameters go in by standard input, as one JSON document: no file that others could change, nothing on the command line but
/// <see cref="Bootstrap"/>, and no question of execution policy, which governs files. Source: ADR 22.
/// </remarks>
sealed class PowerShellHost(PowerShellOptions options)
{
    /// <summary>Exit code of the bootstrap in a restricted language mode.</summary>
    const int Restricted = 23;

    /// <summary>Plain text rather than an encoded command: whoever reads the process list or the security log sees what is run.</summary>
    public const string Bootstrap =
        "if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { exit 23 }; "
        + "$request = ConvertFrom-Json -InputObject (-join @($input)); & ([scriptblock]::Create($request.prologue)) $request";

    readonly TranscriptFolder _transcripts = new(options.LogFolder, options.TranscriptsKept, options.Time);

    /// <summary>Runs the script and reads its answer as <typeparamref name="T"/>.</summary>
    /// <exception cref="AdSyncException">With the code that tells why not.</exception>
    /// <exception cref="OperationCanceledException">Before the start; for a script that only reads, also in the middle.</exception>
    public async Task<T> RunAsync<T>(AdSyncScript script, object parameters, TimeSpan limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] input = JsonSerializer.SerializeToUtf8Bytes(
            new { prologue = AdSyncScript.Prologue, script = script.Text, parameters, module = options.ModulePath }, ScriptJson.Options);
        HostRun run;
        try
        {
            // An effect that has begun is waited for: what came of a call that was cut off in the middle nobody could tell.
            run = await HostProcess.RunAsync(StartOf(script), input, options, limit, script.Effect == ScriptEffect.Read ? cancellationToken : CancellationToken.None);
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw Failed(script, null, AdSyncError.HostMissing.ToError(e is Win32Exception os ? $"error {os.NativeErrorCode}" : e.GetType().Name), e);
        }
        return Judge<T>(script, run, limit);
    }

    T Judge<T>(AdSyncScript script, HostRun run, TimeSpan limit)
    {
        if (run.End == HostEnd.TimeLimit) { throw Failed(script, run, AdSyncError.HostSilent.ToError($"{script.Name}, {limit.TotalSeconds:F0} s", transient: script.Effect == ScriptEffect.Read)); }
        if (run.End == HostEnd.Flood) { throw Failed(script, run, AdSyncError.AnswerTooLarge.ToError(script.Name)); }
        if (run.ExitCode == Restricted) { throw Failed(script, run, AdSyncError.ScriptRefused.ToError(script.Name)); }
        if (run.ExitCode != 0) { throw Failed(script, run, AdSyncError.HostCrashed.ToError($"{script.Name}, exit code {run.ExitCode}")); }

        var (answer, wrong) = HostAnswerReader.Read(run.Output);
        if (answer is null) { throw Failed(script, run, AdSyncError.AnswerUnreadable.ToError($"{script.Name}: {wrong}")); }
        if (answer.Failure is { } failure) { throw Failed(script, run, FailureMap.Judge(failure)); }
        try
        {
            return answer.Value!.Value.Deserialize<T>(ScriptJson.Options) ?? throw new JsonException("The value is null.");
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            throw Failed(script, run, AdSyncError.AnswerUnreadable.ToError($"{script.Name}: a value is not as expected"), e);
        }
    }

    AdSyncException Failed(AdSyncScript script, HostRun? run, CommandError error, Exception? inner = null)
    {
        string? transcript = _transcripts.Write(script, run, error);
        return new(transcript is null ? error : error with { Remedy = $"{error.Remedy} Transcript: {transcript}." }, inner);
    }

    ProcessStartInfo StartOf(AdSyncScript script)
    {
        bool interactive = options.OperatorSession && script == AdSyncScript.DisableGroupWritebackV2;
        var start = new ProcessStartInfo(options.Executable)
        {
            UseShellExecute = false,
            CreateNoWindow = !interactive,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(options.Executable)!,
        };
        start.ArgumentList.Add("-NoLogo");
        start.ArgumentList.Add("-NoProfile");
        // With it every prompt is an error instead of a wait; the operator's sign-in is a prompt that is wanted.
        if (!interactive) { start.ArgumentList.Add("-NonInteractive"); }
        start.ArgumentList.Add("-Command");
        start.ArgumentList.Add(Bootstrap);
        HostEnvironment.Apply(start.Environment, options.Environment);
        return start;
    }
}
