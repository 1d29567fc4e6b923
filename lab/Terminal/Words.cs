using System.Globalization;
using System.Text;
using GwbCloud.Functions.Orchestration;
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

    /// <summary>12,400 of 20,000, 62 %, 100/min, 4 min left.</summary>
    public static string Progress(StageView stage, DateTimeOffset now)
    {
        if (stage.Total <= 0) { return stage.Detail ?? ""; }
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{stage.Done:N0} of {stage.Total:N0}, {100L * stage.Done / stage.Total} %"));
        var taken = (stage.EndedAt ?? now) - (stage.StartedAt ?? now);
        if (stage.Done > 0 && taken > TimeSpan.Zero)
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
        string codes = result.Codes.Count == 0 ? "" : $" ({string.Join(", ", result.Codes)})";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{account.Outcome}{codes}: {groups.Kept:N0} of {groups.Planned:N0} groups kept, harm {account.Harm:N0}, {account.Switch.Transitions} transition(s) of the switch, {result.Took.TotalSeconds:N1} s, exit code {result.ExitCode}; see {result.Output}");
    }
}
