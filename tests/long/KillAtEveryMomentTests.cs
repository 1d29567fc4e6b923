using GwbCloud.Tests.Rehearsal;

namespace GwbCloud.Tests.Long;

public sealed class KillAtEveryMomentTests(UnkilledRehearsal unkilled) : IClassFixture<UnkilledRehearsal>
{
    /// <summary>Seeds of the moments.</summary>
    public static TheoryData<int> Moments { get; } = LongRun.Seeds(50);

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Rehearsal_KilledOnce_EndsAsTheUnkilledOne(int seed)
    {
        var whole = await unkilled.RunAsync();
        using var broken = new KilledRehearsal(UnkilledRehearsal.Story);

        int? ended = await broken.RunAsync(new Random(seed).NextInt64(whole.Written)) ?? await broken.RunAsync();

        Assert.Equal(whole.ExitCode, ended);
        Assert.Equal(whole.Account, broken.Account());
        Assert.Equal(whole.End, await broken.EndAsync());
    }
}

/// <summary>The rehearsal that nobody killed; run once for all.</summary>
public sealed class UnkilledRehearsal : IDisposable
{
    public static readonly string[] Story = ["--groups", "20", "--m365", "6"];

    readonly SemaphoreSlim _once = new(1, 1);
    Facts? _facts;

    public async Task<Facts> RunAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_facts is not null) { return _facts; }
            using var rehearsal = new KilledRehearsal(Story);
            int? code = await rehearsal.RunAsync();
            return _facts = new Facts { ExitCode = code!.Value, Written = rehearsal.Written, Account = rehearsal.Account(), End = await rehearsal.EndAsync() };
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    /// <summary>What every killed one must come to.</summary>
    public sealed record Facts
    {
        public required int ExitCode { get; init; }
        public required long Written { get; init; }
        public required string Account { get; init; }
        public required string End { get; init; }
    }
}
