using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Status;

namespace GwbCloud.RelayListener.Service.Installing;

/// <summary>The verbs <c>install</c> and <c>uninstall</c>: say what they do, do it, and say what is left to people.</summary>
static class InstallVerb
{
    public static async Task<int> InstallAsync(Verb verb, string account, bool keepKey, bool dryRun, CancellationToken cancellationToken)
    {
        if (RefuseSession(verb, dryRun) is { } refused) { return verb.Refuse(refused); }
        if (ServiceAccount.Refuse(account) is { } wrong) { return verb.Refuse(JobError.ConfigurationInvalid.ToError(wrong)); }
        var plan = PlanOf(verb);
        bool there = !dryRun && (await verb.Environment.Runner.RunAsync(InstallPlan.Query.Program!, InstallPlan.Query.Arguments, cancellationToken)).ExitCode == 0;
        if (!dryRun && !there && !keepKey && KeyOf(verb) is { } key) { return verb.Refuse(ServiceError.KeyAlreadyThere.ToError(key)); }
        int code = await CarryOutAsync(verb, plan.Install(account, there, keepKey), dryRun, cancellationToken);
        if (code == ExitCode.Done)
        {
            await verb.Output.WriteLineAsync("\nNext:");
            foreach (string next in plan.Next(account)) { await verb.Output.WriteLineAsync($"  - {next}"); }
        }
        return code;
    }

    public static async Task<int> UninstallAsync(Verb verb, bool removeData, bool force, bool dryRun, CancellationToken cancellationToken)
    {
        if (RefuseSession(verb, dryRun) is { } refused) { return verb.Refuse(refused); }
        if (!force && InWindow(verb) is { } reason) { return verb.Refuse(ServiceError.InWindow.ToError(reason)); }
        int code = await CarryOutAsync(verb, PlanOf(verb).Uninstall(removeData), dryRun, cancellationToken);
        if (code == ExitCode.Done && !removeData) { await verb.Output.WriteLineAsync($"\n{verb.Configuration.DataDirectory} was kept; --remove-data removes it, and install --keep-key goes on with its key."); }
        return code;
    }

    static InstallPlan PlanOf(Verb verb) => new(verb.Configuration, verb.Environment, verb.ConfigFile);

    static CommandError? RefuseSession(Verb verb, bool dryRun) =>
        dryRun ? null
        : !verb.Environment.IsWindows ? ServiceError.NotWindows.ToError()
        : !verb.Environment.IsElevated ? ServiceError.NotElevated.ToError()
        : null;

    /// <summary>A key, present or next, that is there; whoever put it there has it.</summary>
    static string? KeyOf(Verb verb)
    {
        string data = verb.Configuration.DataDirectory;
        return new[] { ListenerKey.FileOf(data), ListenerKey.NextFileOf(data) }.FirstOrDefault(File.Exists);
    }

    /// <summary>Why the service is needed here; null when it is not. What cannot be believed is no reason to go on.</summary>
    static string? InWindow(Verb verb)
    {
        string data = verb.Configuration.DataDirectory;
        if (!File.Exists(Path.Combine(data, BoundaryFile.FileName))) { return null; }
        if (!File.Exists(ListenerKey.FileOf(data))) { return "the last state cannot be verified, its key is missing"; }
        using var key = ListenerKey.OpenExisting(data);
        if (verb.ReadBoundary(key) is not { } boundary) { return "the last state does not bear this listener's signature"; }
        return boundary.StateOf() is var state && state.IsInWindow() ? $"{boundary.Migration}: {state}" : null;
    }

    static async Task<int> CarryOutAsync(Verb verb, IEnumerable<InstallStep> steps, bool dryRun, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await verb.Output.WriteLineAsync($"{(dryRun ? "would " : "")}{step.What}");
            if (step.CommandLine is { } line) { await verb.Output.WriteLineAsync($"    {line}"); }
            if (dryRun) { continue; }
            if (await FailAsync(verb, step, cancellationToken) is { } failure) { return verb.Refuse(ServiceError.StepFailed.ToError($"{step.What}: {failure}")); }
        }
        return ExitCode.Done;
    }

    static async Task<string?> FailAsync(Verb verb, InstallStep step, CancellationToken cancellationToken)
    {
        if (step.Deed is { } deed)
        {
            try
            {
                await deed(cancellationToken);
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
            {
                return e.Message;
            }
        }
        var run = await verb.Environment.Runner.RunAsync(step.Program!, step.Arguments, cancellationToken);
        return run.ExitCode == 0 || step.AlsoGood.Contains(run.ExitCode) ? null : $"{run.ExitCode} {run.Output}";
    }
}
