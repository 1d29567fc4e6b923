using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Lab.Auditing;
using GwbCloud.Lab.Rehearsal;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Lab.Auditing;

/// <summary>What a newcomer types to verify a log that was downloaded.</summary>
public sealed class AuditCommandLineTests : IDisposable
{
    const string Migration = "m-20260101-000000-0000";

    readonly TempFolder _folder = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Log_AsItWasWritten_IsIntact()
    {
        var (code, said) = await VerifyAsync(await LogAsync());

        Assert.Equal(ExitCode.Completed, code);
        Assert.StartsWith("intact: 5 lines, the last with the hash ", said);
    }

    public static TheoryData<string, Func<string[], string[]>, string> Tamperings { get; } = new()
    {
        { "changed", l => [l[0], l[1], l[2].Replace("gwbcloud", "somebody", StringComparison.Ordinal), l[3], l[4]], "broken: Line 4 does not follow from line 3: that one was changed" },
        { "removed", l => [l[0], l[1], l[3], l[4]], "broken: Line 3 bears the number 4." },
        { "swapped", l => [l[0], l[2], l[1], l[3], l[4]], "broken: Line 2 bears the number 3." },
        { "added", l => [l[0], l[1], l[1], l[2], l[3], l[4]], "broken: Line 3 bears the number 2." },
        { "removed and numbered anew", l => [l[0], l[1], l[3].Replace("\"number\":4", "\"number\":3", StringComparison.Ordinal)], "broken: Line 3 does not follow from line 2" },
        { "made unreadable", l => [l[0], "{}", l[2], l[3], l[4]], "broken: Line 2 is not readable." },
        { "cut off at its head", l => l[1..], "broken: Line 1 bears the number 2." },
    };

    [Theory]
    [MemberData(nameof(Tamperings), DisableDiscoveryEnumeration = true)]
    public async Task Log_OfWhichALineWas_IsBrokenAtTheFirstWrongOne(string what, Func<string[], string[]> tamper, string verdict)
    {
        string file = await LogAsync();
        await WriteAsync(file, tamper(await File.ReadAllLinesAsync(file, Token)));

        var (code, said) = await VerifyAsync(file);

        Assert.True(code == ExitCode.Failed, what);
        Assert.StartsWith(verdict, said);
    }

    [Fact]
    public async Task Log_CutOffInTheMiddleOfALine_IsBrokenThere()
    {
        string file = await LogAsync();
        byte[] bytes = await File.ReadAllBytesAsync(file, Token);
        await File.WriteAllBytesAsync(file, bytes[..^10], Token);

        Assert.Equal((ExitCode.Failed, "broken: Line 5 has no end."), await VerifyAsync(file));
    }

    /// <summary>A log that ends early is a log of its own; only who knows where it once stood can tell.</summary>
    [Fact]
    public async Task Log_CutOffAtItsEnd_IsFoundByWhoKnowsWhereItStood()
    {
        string file = await LogAsync();
        string hash = (await VerifyAsync(file)).Said.Split(' ')[^1];
        string[] lines = await File.ReadAllLinesAsync(file, Token);
        await WriteAsync(file, lines[..3]);

        Assert.Equal(ExitCode.Completed, (await VerifyAsync(file)).Code);
        Assert.Equal((ExitCode.Failed, "broken: The log ends after line 3; it had 5 lines."), await VerifyAsync(file, "--lines", "5", "--hash", hash));
    }

    [Fact]
    public async Task Log_ThatGrewSince_IsIntactAndOneOfAnotherIsNot()
    {
        string file = await LogAsync();
        string[] lines = await File.ReadAllLinesAsync(file, Token);
        await WriteAsync(file, lines[..3]);
        string hash = (await VerifyAsync(file)).Said.Split(' ')[^1];
        await WriteAsync(file, lines);

        Assert.Equal(ExitCode.Completed, (await VerifyAsync(file, "--lines", "3", "--hash", hash)).Code);
        Assert.Equal((ExitCode.Failed, "broken: Line 2 is not the one that was there."), await VerifyAsync(file, "--lines", "2", "--hash", hash));
    }

    [Theory]
    [InlineData("--lines", "3")]
    [InlineData("--hash", "abc")]
    [InlineData("--lines", "0", "--hash", "0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Arguments_ThatMakeNoSense_AreRefused(params string[] more) => Assert.Equal(ExitCode.BadUsage, (await VerifyAsync(await LogAsync(), more)).Code);

    [Fact]
    public async Task File_ThatIsNotThere_IsRefused() => Assert.Equal(ExitCode.BadUsage, (await VerifyAsync(Path.Combine(_folder.Path, "none.jsonl"))).Code);

    static async Task<(int Code, string Said)> VerifyAsync(string file, params string[] more)
    {
        await using var output = new StringWriter();
        int code = await AuditCommandLine.RunAsync([file, .. more], output);
        return (code, output.ToString().TrimEnd());
    }

    static Task WriteAsync(string file, string[] lines) => File.WriteAllTextAsync(file, string.Concat(lines.Select(line => line + "\n")), Token);

    async Task<string> LogAsync()
    {
        var options = Options.Create(new DocumentStoreOptions { Folder = _folder.Path, FlushToDisk = false });
        using var store = new FileDocumentStore(options);
        using var log = new AuditLog(options, store);
        for (int n = 1; n <= 5; n++)
        {
            await log.AppendAsync(new() { MigrationId = Migration, LineId = $"{n}", At = DateTimeOffset.UnixEpoch.AddMinutes(n), Who = "gwbcloud", What = "stage.started" }, Token);
        }

        string file = Path.Combine(_folder.Path, "download.jsonl");
        await File.WriteAllBytesAsync(file, await log.ReadAsync(Migration, Token), Token);
        return file;
    }
}
