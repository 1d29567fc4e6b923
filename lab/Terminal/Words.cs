using System.Globalization;
using System.Text;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Terminal;

/// <summary>Stages, progress and outcome in words.</summary>
static class Words
{
    /// <summary>DisableGroupWritebackV2: Disable group writeback v2.</summary>
    public static string Of(StageName stage)
    {
        var text = new StringBuilder();
        string name = stage.ToString();
        for (int i = 0; i < name.Length; i++)
        {
            bool starts = i > 0 && char.IsUpper(name[i]);
            if (starts) { text.Append(' '); }
            text.Append(starts ? char.ToLowerInvariant(name[i]) : name[i]);
        }

        return text.ToString();
    }

    /// <summary>12,400 of 20,000, 62 %, 100/min, 4 min left; at its end what the stage says of itself.</summary>
    public static string Progress(StageView stage, DateTimeOffset now)
    {
        // A stage that counts while it waits for others does not count its end.
        if (stage.Total <= 0 || stage is { EndedAt: not null, Detail: not null }) { return stage.Detail ?? ""; }
        var text = new StringBuilder(stage.Detail is null ? "" : $"{stage.Detail}: ").Append(string.Create(CultureInfo.InvariantCulture, $"{stage.Done:N0} of {stage.Total:N0}, {100L * stage.Done / stage.Total} %"));
        var taken = (stage.EndedAt ?? now) - (stage.StartedAt ?? now);
        // A ring takes its cycles whatever its size, so groups a minute would foretell days of a stage of hours.
        if (stage is { Done: > 0, Name: not StageName.StartCloudSync } && taken > TimeSpan.Zero)
        {
            double rate = stage.Done / taken.TotalMinutes;
            text.Append(CultureInfo.InvariantCulture, $", {rate:N1}/min");
            if (stage.EndedAt is null && stage.Done < stage.Total) { text.Append(", ").Append(Of(TimeSpan.FromMinutes((stage.Total - stage.Done) / rate))).Append(" left"); }
        }

        return text.ToString();
    }

    /// <summary>3 h 20 min.</summary>
    public static string Of(TimeSpan time) =>
        time < TimeSpan.FromMinutes(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:N0} s")
        : time < TimeSpan.FromHours(1) ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:N0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):N0} h {time.Minutes} min");

    /// <summary>The outcome in one line.</summary>
    public static string Outcome(RehearsalResult result)
    {
        var (groups, account) = (result.Account.Groups, result.Account);
        string kept = groups.Planned == 0 ? "nothing was migrated" : string.Create(CultureInfo.InvariantCulture, $"{groups.Kept:N0} of {groups.Planned:N0} groups kept");
        string harm = account.Harm == 0 ? "no harm" : string.Create(CultureInfo.InvariantCulture, $"harm {account.Harm:N0}");
        string codes = result.Codes.Count == 0 ? "" : $" ({string.Join(", ", result.Codes)})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{account.Outcome}{AtRequest(result.View?.AskedEnd)}{codes}: {kept}, {harm}, {Turned(account.Switch.Transitions)}, {result.Took.TotalSeconds:N1} s, exit code {result.ExitCode}; see {result.Output}");
    }

    /// <summary>, cancelled by Otto Operator.</summary>
    static string AtRequest(AskedEnd? asked)
    {
        if (asked is null) { return ""; }
        string done = asked.Action switch { OperatorAction.Postpone => "postponed", OperatorAction.Stop => "stopped", _ => "cancelled" };
        return $", {done} by {LabPeople.All.FirstOrDefault(person => person.ObjectId.ToString("D") == asked.By)?.Name ?? asked.By}";
    }

    /// <summary>GWB2730: what it says, and what to do.</summary>
    public static string Of(Notice notice) => notice.Remedy is { Length: > 0 } remedy ? $"  {notice.Code} {notice.Message} | What to do: {remedy}" : $"  {notice.Code} {notice.Message}";

    static string Turned(int transitions) => transitions switch
    {
        0 => "switch untouched",
        1 => "switch turned off once",
        _ => string.Create(CultureInfo.InvariantCulture, $"switch turned off {transitions} times"),
    };
}
