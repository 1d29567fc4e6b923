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

    /// <summary>Kills a run so often, each time where the process after the last kill has come to, and holds its end against that of the unkilled one.</summary>
    /// <remarks>What goes on after a kill may have less to do than it would have had: where a run ends before its last kill, another one begins for the rest.</remarks>
    /// <param name="seed">Of the points.</param>
    /// <param name="kills">How often in all.</param>
    /// <param name="from">Where in the story the first kill may be, 0 to 1.</param>
    public async Task AssertEndsTheSameAsync(int seed, int kills, double from = 0)
    {
        var whole = await UnkilledAsync();
        var random = new Random(seed);
        int done = 0;
        do
        {
            done += await AssertRunEndsTheSameAsync(whole, random, kills - done, from);
        }
        while (done < kills);
    }

    public void Dispose()
    {
        _start.Dispose();
        _once.Dispose();
    }

    /// <returns>How often it was killed: once at least.</returns>
    async Task<int> AssertRunEndsTheSameAsync(Unkilled whole, Random random, int kills, double from)
    {
        using var broken = _start.Copy();
        var (first, last) = (whole.Writes * from, whole.Writes * Certain);
        double part = (last - first) / kills;

        int? ended = await broken.RunAsync(Point(random, 1 + (int)(first + (random.NextDouble() * part))));
        Assert.Null(ended);
        while (ended is null)
        {
            // Each process counts anew.
            ended = await broken.RunAsync(broken.Kills < kills ? Point(random, 1 + (int)(random.NextDouble() * 2 * part)) : null);
        }

        Assert.Equal(EndsWith, ended);
        Assert.Equal(whole.End, await broken.EndAsync());
        return broken.Kills;
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
