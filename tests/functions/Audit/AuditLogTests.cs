using System.Text;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Audit;

public sealed class AuditLogTests : IDisposable
{
    const string Migration = "m-20260101-000000-0000";

    readonly TempFolder _folder = new();
    readonly FileDocumentStore _store;

    public AuditLogTests() => _store = Stores.Open(_folder);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    string File => Path.Combine(_folder["audit"], Migration + ".jsonl");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Log_WrittenAndReopened_StaysOneChain()
    {
        await WriteAsync("1", "2");
        await WriteAsync("3");

        var verdict = await VerifyAsync();

        Assert.True(verdict.Intact, verdict.Fault);
        Assert.Equal(3, verdict.Lines);
    }

    [Fact]
    public async Task Line_WithAnIdThatIsThere_IsNotWrittenAgain()
    {
        await WriteAsync("1", "1");
        await WriteAsync("1", "2");

        Assert.Equal(2, (await VerifyAsync()).Lines);
    }

    public static TheoryData<string, Func<string[], string[]>> Tamperings { get; } = new()
    {
        { "a line changed", lines => [lines[0], lines[1].Replace("gwbcloud", "somebody", StringComparison.Ordinal), lines[2]] },
        { "the last line changed", lines => [lines[0], lines[1], lines[2].Replace("gwbcloud", "somebody", StringComparison.Ordinal)] },
        { "a line removed", lines => [lines[0], lines[2]] },
        { "the last line removed", lines => [lines[0], lines[1]] },
        { "lines swapped", lines => [lines[1], lines[0], lines[2]] },
        { "a line repeated", lines => [lines[0], lines[1], lines[1], lines[2]] },
        { "all lines removed", _ => [] },
    };

    [Theory]
    [MemberData(nameof(Tamperings), DisableDiscoveryEnumeration = true)]
    public async Task Log_TamperedWith_IsFoundAndNeverContinued(string what, Func<string[], string[]> tamper)
    {
        await WriteAsync("1", "2", "3");

        await System.IO.File.WriteAllLinesAsync(File, tamper(await System.IO.File.ReadAllLinesAsync(File, Token)), Token);

        Assert.False((await VerifyAsync()).Intact, what);
        var refused = await Assert.ThrowsAsync<AuditException>(() => WriteAsync("4"));
        Assert.Equal("GWB7701", refused.Refusal.Code);
    }

    [Fact]
    public async Task Lines_OfTwoInstancesAtOnce_AreOneChain()
    {
        using var otherStore = Stores.Open(_folder);
        using var one = new AuditLog(Stores.Options(_folder), _store);
        using var other = new AuditLog(Stores.Options(_folder), otherStore);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(() => (n % 2 == 0 ? one : other).AppendAsync(Line($"{n / 2}"), Token), Token)));

        var verdict = await VerifyAsync();
        Assert.True(verdict.Intact, verdict.Fault);
        Assert.Equal(100, verdict.Lines);
    }

    [Fact]
    public async Task Line_OfAnotherInstanceThatWasKilledBeforeItsHead_StaysInTheChain()
    {
        using var one = new AuditLog(Stores.Options(_folder), _store);
        using var killed = new AuditLog(Stores.Options(_folder), new RacedStore(_store, "audit/", () => throw new IOException("killed")));
        await WriteAsync("1");
        await one.AppendAsync(Line("2"), Token);
        await Assert.ThrowsAsync<IOException>(() => killed.AppendAsync(Line("3"), Token));

        await one.AppendAsync(Line("4"), Token);

        var verdict = await VerifyAsync();
        Assert.True(verdict.Intact, verdict.Fault);
        Assert.Equal(4, verdict.Lines);
    }

    [Fact]
    public async Task Line_CutOffByACrash_IsWrittenAgain()
    {
        await WriteAsync("1");
        await System.IO.File.AppendAllTextAsync(File, "{\"number\":2,\"line", Token);

        await WriteAsync("2");

        var verdict = await VerifyAsync();
        Assert.True(verdict.Intact, verdict.Fault);
        Assert.Equal(2, verdict.Lines);
    }

    [Fact]
    public async Task Line_WrittenBeforeACrashLostItsHead_IsTakenAndNotRepeated()
    {
        await WriteAsync("1");
        var head = await _store.ReadAsync($"audit/{Migration}/head", Token);
        await WriteAsync("2");
        await _store.WriteAsync($"audit/{Migration}/head", head!.Content, null, Token);

        await WriteAsync("2", "3");

        var verdict = await VerifyAsync();
        Assert.True(verdict.Intact, verdict.Fault);
        Assert.Equal(3, verdict.Lines);
    }

    [Fact]
    public async Task Lines_WrittenAtOnce_FormOneChain()
    {
        using var log = new AuditLog(Stores.Options(_folder), _store);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Run(() => log.AppendAsync(Line($"{n}"), Token), Token)));

        var verdict = await log.VerifyAsync(Migration, Token);
        Assert.True(verdict.Intact, verdict.Fault);
        Assert.Equal(50, verdict.Lines);
    }

    async Task WriteAsync(params string[] ids)
    {
        using var log = new AuditLog(Stores.Options(_folder), _store);
        foreach (var id in ids)
        {
            await log.AppendAsync(Line(id), Token);
        }
    }

    async Task<AuditVerdict> VerifyAsync()
    {
        using var log = new AuditLog(Stores.Options(_folder), _store);
        return await log.VerifyAsync(Migration, Token);
    }

    static AuditLine Line(string id) => new()
    {
        MigrationId = Migration, LineId = id, At = DateTimeOffset.UnixEpoch, Who = "gwbcloud", What = "stage.started", Detail = "a\nb",
    };
}
