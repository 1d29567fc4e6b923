using System.Globalization;
using System.Text.Json;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The rehearsal of an operation as the shell sees it: lines or JSON, <c>operation.json</c>, and an exit code.</summary>
public static class OperationProgram
{
    /// <summary>Of what a person sees; <c>operation.json</c> has the whole.</summary>
    const int MostDifferences = 20, MostCharacters = 200;

    public static async Task<int> RunAsync(RehearsalOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        bool quiet = options.Console is ConsoleMode.Quiet or ConsoleMode.QuietJson, json = options.Console is ConsoleMode.Json or ConsoleMode.QuietJson;
        try
        {
            Directory.CreateDirectory(options.Output);
            if (options.Data is { } data) { Directory.CreateDirectory(data); }
            var account = await OperationRehearsal.RunAsync(options, text => { if (!quiet && !json) { System.Console.WriteLine(text); } }, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(options.Output, "operation.json"), JsonSerializer.Serialize(account, LabJson.Options), cancellationToken);
            await System.Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(account, LabJson.Options) : string.Join(Environment.NewLine, Lines(account)));
            return account.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await FailAsync(options.Data is null ? "Stopped." : "Stopped; the same --data goes on.");
        }
        catch (Exception e) when (e is RehearsalFailedException or IOException or UnauthorizedAccessException or Journal.JournalException)
        {
            return await FailAsync(e.Message);
        }
    }

    static async Task<int> FailAsync(string message)
    {
        await System.Console.Error.WriteLineAsync(message);
        return ExitCode.Failed;
    }

    static IEnumerable<string> Lines(OperationAccount account)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{account.Kind}: {account.Outcome}, {account.Planned:N0} {(account.Planned == 1 ? "value" : "values")} planned, {account.Written:N0} {(account.Written == 1 ? "is" : "are")} its own, {account.Left:N0} left; {account.VirtualSeconds:N0} s, the quota allows {account.QuotaSeconds:N0} s; {account.WallSeconds:N1} s on the wall");
        if (account.Codes.Count > 0) { yield return $"codes: {string.Join(", ", account.Codes)}"; }
        foreach (string difference in account.Differences.Take(MostDifferences)) { yield return $"  world: {(difference.Length > MostCharacters ? string.Concat(difference.AsSpan(0, MostCharacters), "…") : difference)}"; }
        if (account.Differences.Count > MostDifferences) { yield return FormattableString.Invariant($"  world: {account.Differences.Count - MostDifferences:N0} more; operation.json has all of them"); }
    }
}
