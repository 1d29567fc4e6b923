using System.Diagnostics;
using System.Text.Json;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.AdSync.PowerShell;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>What the listener makes of a host process that misbehaves; the process is this executable.</summary>
public sealed class PowerShellHostTests : IDisposable
{
    static readonly TimeSpan Ample = TimeSpan.FromMinutes(5);

    readonly string _folder = Directory.CreateTempSubdirectory("gwb-host-").FullName;
    readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public void Dispose()
    {
        // A child that outlives its parent on purpose is ended by the test that made it.
        foreach (string file in Directory.EnumerateFiles(_folder, "started*").Where(file => int.TryParse(File.ReadAllText(file), out _)))
        {
            try { using var child = Process.GetProcessById(int.Parse(File.ReadAllText(file), null)); child.Kill(); }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException) { /* It has ended. */ }
        }
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("answer")]
    [InlineData("answerWithMark")]
    [InlineData("huge")]
    [InlineData("childSurvives")]
    public async Task Answer_ThatIsWhole_IsTaken(string behaviour)
    {
        Assert.True((await RunAsync(behaviour)).GetProperty("enabled").GetBoolean());
        Assert.Empty(Transcripts());
    }

    [Theory]
    [InlineData("garbage", "GWB6215", "not one JSON document")]
    [InlineData("partial", "GWB6215", "not one JSON document")]
    [InlineData("two", "GWB6215", "not one JSON document")]
    [InlineData("otherShape", "GWB6215", "not the answer of a script")]
    [InlineData("utf16", "GWB6215", "UTF-16")]
    [InlineData("utf16Mark", "GWB6215", "UTF-16")]
    [InlineData("oem", "GWB6215", "not UTF-8")]
    [InlineData("errorsOnly", "GWB6215", "empty")]
    [InlineData("crash", "GWB6217", "exit code 7")]
    [InlineData("crashAfterAnswer", "GWB6217", "exit code 3")]
    [InlineData("crashBeforeReading", "GWB6217", "exit code 9")]
    [InlineData("restricted", "GWB6223", "language mode")]
    [InlineData("flood", "GWB6216", "SetScheduler")]
    [InlineData("floodOfErrors", "GWB6216", "SetScheduler")]
    [InlineData("failure", "GWB6201", "Start-ADSyncSyncCycle")]
    public async Task Host_ThatMisbehaves_IsToldByItsOwnCodeAndLeavesATranscript(string behaviour, string code, string says)
    {
        var failed = await Assert.ThrowsAsync<AdSyncException>(() => RunAsync(behaviour));

        Assert.Equal(code, failed.Error.Code);
        Assert.Contains(says, failed.Error.Message, StringComparison.Ordinal);
        string transcript = Assert.Single(Transcripts());
        Assert.Contains(Path.GetFileName(transcript), failed.Error.Remedy, StringComparison.Ordinal);
        Assert.Contains($"error      {code}", await File.ReadAllTextAsync(transcript, _cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatIsSilent_IsEndedWithEverythingItStarted()
    {
        var clock = new HandClock();
        var running = new PowerShellHost(FakeHost.Options(_folder, "silenceWithChild") with { Time = clock })
            .RunAsync<JsonElement>(AdSyncScript.SetScheduler, new { }, Ample, _cancellation);
        await StartedAsync();

        clock.RunOut();

        var failed = await Assert.ThrowsAsync<AdSyncException>(() => running);
        Assert.Equal(AdSyncError.HostSilent.Code, failed.Error.Code);
        Assert.False(failed.Error.Transient);
        int child = int.Parse(await File.ReadAllTextAsync(FakeHost.StartedFile(_folder), _cancellation), null);
        Assert.True(HasEnded(child));
    }

    [Fact]
    public async Task Host_ThatIsNotThere_IsToldByItsCode()
    {
        var options = FakeHost.Options(_folder, "answer") with { Executable = Path.Combine(_folder, "powershell.exe") };

        var failed = await Assert.ThrowsAsync<AdSyncException>(() => new PowerShellHost(options).RunAsync<JsonElement>(AdSyncScript.GetScheduler, new { }, Ample, _cancellation));

        Assert.Equal(AdSyncError.HostMissing.Code, failed.Error.Code);
        Assert.Single(Transcripts());
    }

    [Fact]
    public async Task Transcript_OfAnOutputWithNames_HoldsItsShapeAndNoName()
    {
        await Assert.ThrowsAsync<AdSyncException>(() => RunAsync("garbage"));
        await Assert.ThrowsAsync<AdSyncException>(() => RunAsync("errorsOnly"));

        string text = string.Concat(Transcripts().Select(File.ReadAllText));
        Assert.DoesNotContain("Erika", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Groups", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("aaaaaaa aaaaaaaaaa", text, StringComparison.Ordinal);
        Assert.Contains("is not known. <dn>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transcripts_BeyondTheirNumber_LoseTheOldest()
    {
        for (int i = 0; i < 5; i++) { await Assert.ThrowsAsync<AdSyncException>(() => RunAsync("errorsOnly")); }

        Assert.Equal(3, Transcripts().Length);
    }

    [Fact]
    public async Task Change_ThatWasCancelledBeforeItsStart_IsNotStarted()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new PowerShellHost(FakeHost.Options(_folder, "surroundings")).RunAsync<JsonElement>(AdSyncScript.SetScheduler, new { }, Ample, new(canceled: true)));

        Assert.False(File.Exists(FakeHost.StartedFile(_folder)));
    }

    [Fact]
    public async Task Change_ThatIsCancelledAfterItsStart_IsWaitedFor()
    {
        using var cancel = new CancellationTokenSource();
        var running = new PowerShellHost(FakeHost.Options(_folder, "answerSlowly")).RunAsync<JsonElement>(AdSyncScript.SetScheduler, new { }, Ample, cancel.Token);
        await StartedAsync();

        await cancel.CancelAsync();
        await File.WriteAllTextAsync(FakeHost.StartedFile(_folder) + ".go", "", _cancellation);

        Assert.True((await running).GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Read_ThatIsCancelledAfterItsStart_EndsAtOnceWithoutATranscript()
    {
        using var cancel = new CancellationTokenSource();
        var running = new PowerShellHost(FakeHost.Options(_folder, "silence")).RunAsync<JsonElement>(AdSyncScript.GetRules, new { }, Ample, cancel.Token);
        await StartedAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(Transcripts());
    }

    [Fact]
    public async Task Request_GoesInByStandardInputAsAsciiAndNothingOfItOnTheCommandLine()
    {
        Environment.SetEnvironmentVariable("GWB_TEST_STRAY", "1");
        await new PowerShellHost(FakeHost.Options(_folder, "surroundings"))
            .RunAsync<JsonElement>(AdSyncScript.DisableGroupWritebackV2, new { userName = "jürgen@contoso.example" }, Ample, _cancellation);

        string[] parts = (await File.ReadAllTextAsync(FakeHost.StartedFile(_folder), _cancellation)).Split("\n---\n");
        Assert.Equal(["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", PowerShellHost.Bootstrap], parts[1].Split('\n'));
        Assert.DoesNotContain("\n", parts[2], StringComparison.Ordinal);
        Assert.All(parts[2], letter => Assert.InRange(letter, ' ', '~'));
        var request = JsonDocument.Parse(parts[2]).RootElement;
        Assert.Equal("jürgen@contoso.example", request.GetProperty("parameters").GetProperty("userName").GetString());
        Assert.Equal(AdSyncScript.DisableGroupWritebackV2.Text, request.GetProperty("script").GetString());
        Assert.Equal(AdSyncScript.Prologue, request.GetProperty("prologue").GetString());
        // The environment is made anew: nothing of the listener's own gets through but what Windows needs.
        Assert.DoesNotContain("GWB_TEST_STRAY", parts[0].Split('\n'));
    }

    [Theory]
    [InlineData(true, "DisableGroupWritebackV2", false)]
    [InlineData(true, "GetRules", true)]
    [InlineData(false, "DisableGroupWritebackV2", true)]
    public async Task Prompts_AreForTheSwitchInTheOperatorsOwnSessionOnly(bool session, string name, bool nonInteractive)
    {
        var options = FakeHost.Options(_folder, "surroundings") with { OperatorSession = session };

        await new PowerShellHost(options).RunAsync<JsonElement>(AdSyncScript.All.Single(script => script.Name == name), new { }, Ample, _cancellation);

        string arguments = (await File.ReadAllTextAsync(FakeHost.StartedFile(_folder), _cancellation)).Split("\n---\n")[1];
        Assert.Equal(nonInteractive, arguments.Split('\n').Contains("-NonInteractive"));
    }

    Task<JsonElement> RunAsync(string behaviour) =>
        new PowerShellHost(FakeHost.Options(_folder, behaviour)).RunAsync<JsonElement>(AdSyncScript.SetScheduler, new { enabled = true }, Ample, _cancellation);

    async Task StartedAsync()
    {
        while (!File.Exists(FakeHost.StartedFile(_folder)))
        {
            _cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    string[] Transcripts() => Directory.Exists(Path.Combine(_folder, "logs")) ? Directory.GetFiles(Path.Combine(_folder, "logs")) : [];

    /// <summary>Its timers run out when the test says so, and from then on at once.</summary>
    sealed class HandClock : TimeProvider
    {
        readonly List<Action> _timers = [];
        bool _out;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            void Fire() => ThreadPool.QueueUserWorkItem(_ => callback(state));
            lock (_timers)
            {
                if (_out) { Fire(); } else { _timers.Add(Fire); }
            }
            return new NoTimer();
        }

        public void RunOut()
        {
            lock (_timers)
            {
                _out = true;
                _timers.ForEach(fire => fire());
            }
        }

        sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    static bool HasEnded(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Refresh();
            return process.HasExited || process.WaitForExit(10_000);
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
