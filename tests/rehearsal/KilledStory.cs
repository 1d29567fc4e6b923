using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>One story of the lab: run once undisturbed, and then by processes that kill themselves at drawn points. Each must end as the first one.</summary>
/// <remarks>
/// A point is a write of the journals, counted over the part that the story is about, so that it surely comes: the unkilled run says how many there are, and one
/// run differs from the next by a handful of them. Drawn with equal chances are a kill before the write, one in the middle of its bytes, and one up to two milliseconds later
/// (but before the next write), wherever the process is then. An operation after a migration begins on copies of one folder, so that the migration is lived once.
/// </remarks>
sealed class KilledStory : IDisposable
{
    /// <summary>Writes at the end that another run may not have: it is never drawn there.</summary>
    const double Certain = 0.97;
    const int LongestAfter = 2_000;

    static readonly KillPoint First = new() { Write = 1, Moment = KillMoment.Before };

    readonly KilledRehearsal _start;
    readonly SemaphoreSlim _once = new(1, 1);
    Unkilled? _unkilled;

    /// <param name="verb">The verb and what it is about; empty is a migration.</param>
    /// <param name="story">The options.</param>
    public KilledStory(string[] verb, params string[] story) => _start = new KilledRehearsal(story) { Verb = verb };

    /// <summary>How it ends.</summary>
    public int EndsWith { get; init; } = ExitCode.Completed;

    /// <summary>One run that is killed so often, and taken up each time where the kill left it.</summary>
    /// <param name="seed">Of the points.</param>
    /// <param name="kills">How often.</param>
    /// <param name="from">Which part of the story they are drawn from: its beginning, 0 to 1.</param>
    /// <param name="until">And its end.</param>
    public async Task AssertEndsTheSameAsync(int seed, int kills, double from = 0, double until = 1)
    {
        var whole = await UnkilledAsync();
        var random = new Random(seed);
        var (first, last) = (1 + (int)(whole.Writes * from), (int)(whole.Writes * until * Certain));
        int[] writes = [.. Enumerable.Range(0, kills).Select(_ => random.Next(first, last)).Order()];
        using var broken = _start.Copy();

        int? ended = null;
        for (int kill = 0; kill < kills; kill++)
        {
            // Each process counts anew. What the one before had not acknowledged is done again, so that none of these comes too late.
            ended ??= await broken.RunAsync(Point(random, Math.Max(1, kill == 0 ? writes[0] : writes[kill] - writes[kill - 1])));
        }

        ended ??= await broken.RunAsync();

        Assert.Equal((kills, EndsWith), (broken.Kills, ended));
        Assert.Equal(whole.End, await broken.EndAsync());
    }

    public void Dispose()
    {
        _start.Dispose();
        _once.Dispose();
    }

    async Task<Unkilled> UnkilledAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_unkilled is not null) { return _unkilled; }
            if (_start.Verb is ["undo" or "cleanup", ..]) { Assert.Null(await _start.RunAsync(First)); }
            using var whole = _start.Copy();
            Assert.Equal(EndsWith, await whole.RunAsync());
            return _unkilled = new Unkilled { Writes = whole.Writes, End = await whole.EndAsync() };
        }
        finally
        {
            _once.Release();
        }
    }

    static KillPoint Point(Random random, int write) => random.Next(3) switch
    {
        0 => new() { Write = write, Moment = KillMoment.Before },
        1 => new() { Write = write, Moment = KillMoment.Within },
        _ => new() { Write = write, Moment = KillMoment.After, Microseconds = random.Next(LongestAfter) },
    };

    /// <summary>What every killed run must come to.</summary>
    sealed record Unkilled
    {
        public required int Writes { get; init; }
        public required string End { get; init; }
    }
}
