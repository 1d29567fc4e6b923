using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.Check;

/// <summary>The verb <c>check</c>: a table for people, or one document for machines.</summary>
static class CheckVerb
{
    const int Widest = 20;

    public static async Task<int> RunAsync(Verb verb, bool json, CancellationToken cancellationToken)
    {
        var rows = new List<CheckRow>();
        await foreach (var row in new ServiceCheck(verb).RunAsync(cancellationToken))
        {
            rows.Add(row);
            if (!json) { Print(verb, row); }
        }
        bool passed = rows.TrueForAll(row => row.Result is CheckResult.Ok or CheckResult.Attention);
        bool readable = rows[0].Result != CheckResult.Failed;
        if (json)
        {
            verb.Json(new CheckReport
            {
                Server = readable ? verb.Configuration.Server : "",
                At = verb.Environment.Time.GetUtcNow(),
                Passed = passed,
                Rows = rows,
            });
        }
        else
        {
            await verb.Output.WriteLineAsync($"{rows.Count(row => row.Result == CheckResult.Ok)} of {rows.Count} are as they must be.");
        }
        return passed ? ExitCode.Done : verb.Refuse(ServiceError.ChecksFailed.ToError(string.Join(", ", rows
            .Where(row => row.Result is CheckResult.Failed or CheckResult.Unknown).Select(row => row.Name))));
    }

    static void Print(Verb verb, CheckRow row)
    {
        verb.Output.WriteLine($"{WordOf(row.Result),-9} {row.Name.PadRight(Widest)} {row.Seen}");
        if (row.Remedy is not null) { verb.Output.WriteLine($"{"",-9} {"".PadRight(Widest)} -> {row.Remedy}"); }
    }

    static string WordOf(CheckResult result) => result switch
    {
        CheckResult.Ok => "ok",
        CheckResult.Attention => "attention",
        CheckResult.Failed => "FAILED",
        _ => "UNKNOWN",
    };
}
