using System.Globalization;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>A moment that surely comes: at one of the writes that a rehearsal's journals take, those of world, clock, engine and listeners together.</summary>
public sealed record KillPoint
{
    /// <summary>Which write, from 1.</summary>
    public required int Write { get; init; }

    public required KillMoment Moment { get; init; }

    /// <summary>For <see cref="KillMoment.After"/>: so much later, and no later than the next write.</summary>
    public int Microseconds { get; init; }

    /// <exception cref="BadUsageException">The text is none that <see cref="ToString"/> makes.</exception>
    public static KillPoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':') switch
        {
            ["before", var write] => new() { Write = Number(write, 1), Moment = KillMoment.Before },
            ["within", var write] => new() { Write = Number(write, 1), Moment = KillMoment.Within },
            ["after", var write, var microseconds] => new() { Write = Number(write, 1), Moment = KillMoment.After, Microseconds = Number(microseconds, 0) },
            _ => throw NoPoint(),
        };

        int Number(string digits, int least) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least ? number : throw NoPoint();

        BadUsageException NoPoint() => new($"{KillSwitch.Variable}: {Quoted.Of(text)} is none of before:17, within:17, after:17:350 (microseconds).");
    }

    public override string ToString() => Moment switch
    {
        KillMoment.Before => string.Create(CultureInfo.InvariantCulture, $"before:{Write}"),
        KillMoment.Within => string.Create(CultureInfo.InvariantCulture, $"within:{Write}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"after:{Write}:{Microseconds}"),
    };
}

/// <summary>Where at a write.</summary>
public enum KillMoment
{
    /// <summary>Nothing of it is in the file.</summary>
    Before,

    /// <summary>Half of its bytes are.</summary>
    Within,

    /// <summary>Between it and the next one: in the middle of whatever else is under way, such as a document or an answer.</summary>
    After,
}
