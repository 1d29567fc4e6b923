using System.Globalization;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Api;

/// <summary>Reads the window of a request, and refuses an impossible one with the name of the field that makes it so.</summary>
public static class WindowReader
{
    /// <summary>The scheduler may be off for no longer.</summary>
    static readonly TimeSpan LongestWindow = TimeSpan.FromDays(5);

    /// <summary>A plan is not true for longer.</summary>
    static readonly TimeSpan FarthestWindow = TimeSpan.FromDays(90);

    /// <summary>Somebody must be able to read a notice and answer it.</summary>
    static readonly TimeSpan ShortestHold = TimeSpan.FromMinutes(30);
    const int MostBlackouts = 100;

    /// <summary>Everything that can be judged without the plan.</summary>
    /// <exception cref="ApiException">400 with the field.</exception>
    public static MigrationWindow Read(WindowBody? body, DateTimeOffset now)
    {
        var given = RequestReader.Required(body, "window");
        var window = new MigrationWindow
        {
            Start = RequestReader.Required(given.Start, "window.start").ToUniversalTime(),
            End = RequestReader.Required(given.End, "window.end").ToUniversalTime(),
            ChangeNumber = given.ChangeNumber is null ? null : RequestReader.Required(given.ChangeNumber, "window.changeNumber", 64).Trim(),
            Blackouts = ReadBlackouts(given.Blackouts),
            HoldBefore = ReadHolds(given.HoldBefore),
        };
        if (window.ChangeNumber?.Any(char.IsControl) == true)
        {
            throw ApiException.BadRequest(ApiError.FieldInvalid, "window.changeNumber", "one line of text");
        }

        return window.End <= window.Start ? throw Impossible("window.end", "not after its start")
            : window.End <= now ? throw Impossible("window.end", "in the past")
            : now - window.Start > TimeSpan.FromDays(1) ? throw Impossible("window.start", "in the past")
            : window.Start - now > FarthestWindow ? throw Impossible("window.start", "more than 90 days ahead")
            : window.End - window.Start > LongestWindow ? throw Impossible("window.end", "longer than 5 days")
            : ClearOfBlackouts(window);
    }

    /// <summary>Whether the plan fits into the window, the holds that are asked for included.</summary>
    /// <exception cref="ApiException">400 with the field.</exception>
    public static void DemandFits(MigrationWindow window, TimePlan time, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(time);
        var spare = window.End - (window.Start > now ? window.Start : now) - TimeSpan.FromSeconds(time.PredictedStagingSeconds);
        if (spare < TimeSpan.Zero)
        {
            var minutes = (time.PredictedStagingSeconds + 59) / 60;
            throw Impossible("window.end", string.Create(CultureInfo.InvariantCulture, $"the plan needs {minutes:N0} minutes"));
        }

        var inside = window.HoldBefore.Where(TimeLimits.IsInsideWindow).ToList();
        if (spare < ShortestHold * inside.Count)
        {
            throw Impossible("window.holdBefore", string.Create(
                CultureInfo.InvariantCulture,
                $"beside the plan the window has {(int)spare.TotalMinutes:N0} minutes to spare, and {inside.Count} holds inside it need {(int)(ShortestHold * inside.Count).TotalMinutes:N0}"));
        }
    }

    static MigrationWindow ClearOfBlackouts(MigrationWindow window) =>
        window.Blackouts.FirstOrDefault(b => b.Overlaps(window.Start, window.End)) is { } hit
            ? throw Impossible($"window.blackouts[{window.Blackouts.ToList().IndexOf(hit)}]", $"the window overlaps the blackout from {hit}")
            : window;

    static IReadOnlyList<BlackoutPeriod> ReadBlackouts(IReadOnlyList<BlackoutBody?>? given)
    {
        if (given is { Count: > MostBlackouts })
        {
            throw ApiException.BadRequest(ApiError.FieldInvalid, "window.blackouts", "more than 100");
        }

        return [.. (given ?? []).Select((blackout, index) => ReadBlackout(RequestReader.Required(blackout, $"window.blackouts[{index}]"), $"window.blackouts[{index}]"))];
    }

    static BlackoutPeriod ReadBlackout(BlackoutBody body, string field)
    {
        var from = RequestReader.Required(body.From, $"{field}.from", 40);
        var until = body.Until is null ? from : RequestReader.Required(body.Until, $"{field}.until", 40);
        if (body.Until is null && !IsDate(from))
        {
            throw ApiException.BadRequest(ApiError.FieldMissing, $"{field}.until");
        }

        var period = new BlackoutPeriod
        {
            From = ReadMoment(from, $"{field}.from"),
            Until = IsDate(until) ? ReadMoment(until, $"{field}.until").AddDays(1) : ReadMoment(until, $"{field}.until"),
        };
        return period.Until > period.From ? period : throw ApiException.BadRequest(ApiError.FieldInvalid, $"{field}.until", "not after its begin");
    }

    static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <remarks>A moment without its offset would mean another one on each machine.</remarks>
    static DateTimeOffset ReadMoment(string text, string field) =>
        DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        && (IsDate(text) || text[^1] == 'Z' || text[10..].AsSpan().ContainsAny('+', '-'))
            ? moment.ToUniversalTime()
            : throw ApiException.BadRequest(ApiError.FieldInvalid, field, "a date (2026-12-24), or a moment with its offset (2026-12-24T18:00:00Z)");

    static IReadOnlyList<StageName> ReadHolds(IReadOnlyList<string?>? given)
    {
        var stages = new List<StageName>();
        for (var index = 0; index < (given?.Count ?? 0); index++)
        {
            var field = $"window.holdBefore[{index}]";
            var name = RequestReader.Required(given![index], field, 40);
            if (!Enum.GetNames<StageName>().Contains(name) || Enum.Parse<StageName>(name) is var stage && stage == StageName.Assess)
            {
                throw ApiException.BadRequest(ApiError.FieldInvalid, field, $"one of {string.Join(", ", Enum.GetNames<StageName>().Skip(1))}");
            }

            if (stages.Contains(stage))
            {
                throw ApiException.BadRequest(ApiError.FieldInvalid, field, "named twice");
            }

            stages.Add(stage);
        }

        return [.. stages.Order()];
    }

    static ApiException Impossible(string field, string detail) => ApiException.BadRequest(ApiError.WindowImpossible, field, detail);
}
