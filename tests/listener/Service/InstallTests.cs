using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Service;
using GwbCloud.RelayListener.Service.Installing;
using GwbCloud.RelayListener.Status;
using GwbCloud.Tests.Listener.CommandLine;

namespace GwbCloud.Tests.Listener.Service;

public sealed class InstallTests : IDisposable
{
    const string Gmsa = @"CONTOSO\gwb$";

    readonly ConsoleScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task Install_OfANewService_RunsExactlyThese()
    {
        var (code, output, error) = await _scene.RunAsync("install");

        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(
            [
                "sc.exe query GwbListener",
                $"icacls.exe {_scene.Data} /setowner *S-1-5-32-544 /T",
                $"icacls.exe {_scene.Data} /reset /T",
                $"sc.exe create GwbListener binPath= \"C:\\Program Files\\GwbCloud\\gwb-listener.exe\" run --config \"{_scene.ConfigFile}\" start= delayed-auto obj= NT SERVICE\\GwbListener DisplayName= GwbCloud Listener",
                "sc.exe description GwbListener Carries out the signed commands of a group writeback migration on this Entra Connect server.",
                "sc.exe failure GwbListener reset= 86400 actions= restart/60000/restart/60000/restart/300000",
                "sc.exe failureflag GwbListener 1",
                $"icacls.exe {_scene.Data} /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F NT SERVICE\\GwbListener:(OI)(CI)M",
                $"icacls.exe {_scene.ConfigFile} /inheritance:r /grant:r *S-1-5-18:F *S-1-5-32-544:F NT SERVICE\\GwbListener:R",
            ],
            _scene.Runner.Lines);
        Assert.True(File.Exists(ListenerKey.FileOf(_scene.Data)));
        Assert.True(_scene.Events.Source);
        Assert.Contains("show-key", output, StringComparison.Ordinal);
        Assert.Contains("ADSyncAdmins", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_Again_BringsTheServiceToTheSettingsAndKeepsTheKey()
    {
        await _scene.RunAsync("install");
        string key = await File.ReadAllTextAsync(ListenerKey.FileOf(_scene.Data), _scene.Cancellation);
        _scene.Runner.Lines.Clear();
        _scene.Runner.Answer = _ => new(0, "STATE : 4 RUNNING");

        var (code, _, _) = await _scene.RunAsync("install");

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains(_scene.Runner.Lines, line => line.StartsWith("sc.exe config GwbListener binPath=", StringComparison.Ordinal));
        Assert.DoesNotContain(_scene.Runner.Lines, line => line.Contains("/reset", StringComparison.Ordinal));
        Assert.DoesNotContain(_scene.Runner.Lines, line => line.StartsWith("sc.exe create", StringComparison.Ordinal));
        Assert.Equal(key, await File.ReadAllTextAsync(ListenerKey.FileOf(_scene.Data), _scene.Cancellation));
    }

    [Theory]
    [InlineData("listener-key.pem")]
    [InlineData("listener-key-next.pem")]
    public async Task Install_OfANewService_RefusesAKeyThatIsThereUnlessToldToKeepIt(string file)
    {
        _scene.MakeKey();
        string planted = Path.Combine(_scene.Data, file);
        if (!File.Exists(planted)) { File.Move(ListenerKey.FileOf(_scene.Data), planted); }
        string key = await File.ReadAllTextAsync(planted, _scene.Cancellation);

        var refused = await _scene.RunAsync("install");
        string[] ran = [.. _scene.Runner.Lines];
        var kept = await _scene.RunAsync("install", "--keep-key");

        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.StartsWith(ServiceError.KeyAlreadyThere.Code, refused.Error, StringComparison.Ordinal);
        Assert.Contains(planted, refused.Error, StringComparison.Ordinal);
        Assert.Equal(["sc.exe query GwbListener"], ran);
        Assert.Equal(ExitCode.Done, kept.Code);
        Assert.Equal(key, await File.ReadAllTextAsync(planted, _scene.Cancellation));
        Assert.True(File.Exists(ListenerKey.FileOf(_scene.Data)));
    }

    [Fact]
    public async Task Install_OfANewService_BelievesNoKeyThatAppearsBeforeTheFolderIsClosed()
    {
        var answer = _scene.Runner.Answer;
        string planted = "";
        _scene.Runner.Answer = line =>
        {
            if (line.StartsWith("sc.exe create", StringComparison.Ordinal))
            {
                _scene.MakeKey();
                planted = File.ReadAllText(ListenerKey.FileOf(_scene.Data));
                File.Copy(ListenerKey.FileOf(_scene.Data), ListenerKey.NextFileOf(_scene.Data));
            }
            return answer(line);
        };

        var (code, _, _) = await _scene.RunAsync("install");

        Assert.Equal(ExitCode.Done, code);
        Assert.NotEqual(planted, await File.ReadAllTextAsync(ListenerKey.FileOf(_scene.Data), _scene.Cancellation));
        Assert.False(File.Exists(ListenerKey.NextFileOf(_scene.Data)));
    }

    [Fact]
    public async Task Install_WithAManagedAccount_LetsWindowsKeepItsPassword()
    {
        var (code, output, _) = await _scene.RunAsync("install", "--account", Gmsa);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains($"obj= {Gmsa} ", _scene.Runner.Lines.Single(line => line.StartsWith("sc.exe create", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("sc.exe managedaccount GwbListener true", _scene.Runner.Lines);
        Assert.Contains("Log on as a service", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"CONTOSO\admin")]
    [InlineData("LocalSystem")]
    [InlineData(@"CONTOSO\gwb$ password= x")]
    public async Task Install_WithAnAccountThatHasAPassword_IsRefused(string account)
    {
        var (code, _, error) = await _scene.RunAsync("install", "--account", account);

        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("--account", error, StringComparison.Ordinal);
        Assert.Empty(_scene.Runner.Lines);
    }

    [Theory]
    [InlineData("install")]
    [InlineData("uninstall")]
    public async Task DryRun_Anywhere_ShowsThePlanAndChangesNothing(string verb)
    {
        _scene.Environment = _scene.Environment with { IsWindows = false, IsElevated = false };

        var (code, output, _) = await _scene.RunAsync(verb, "--dry-run");

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("would ", output, StringComparison.Ordinal);
        Assert.Contains("sc.exe", output, StringComparison.Ordinal);
        Assert.Empty(_scene.Runner.Lines);
        Assert.False(Directory.Exists(_scene.Data));
        Assert.False(_scene.Events.Source);
    }

    [Theory]
    [InlineData("install", false, true, "GWB6502")]
    [InlineData("uninstall", false, true, "GWB6502")]
    [InlineData("install", true, false, "GWB6503")]
    [InlineData("uninstall", true, false, "GWB6503")]
    public async Task Verb_OnTheWrongMachineOrInTheWrongSession_IsRefused(string verb, bool windows, bool elevated, string expected)
    {
        _scene.Environment = _scene.Environment with { IsWindows = windows, IsElevated = elevated };

        var (code, output, error) = await _scene.RunAsync(verb);

        Assert.Equal(ExitCode.NotPossible, code);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.Empty(_scene.Runner.Lines);
    }

    [Fact]
    public async Task Install_WhenAStepFails_StopsThereAndSaysWhatWindowsSaid()
    {
        _scene.Runner.Answer = line => line.StartsWith("sc.exe create", StringComparison.Ordinal) ? new(1057, "The account name is invalid.") : new(1060, "");
        _scene.Runner.Answer = line => line.StartsWith("sc.exe create", StringComparison.Ordinal) ? new(1057, "The account name is invalid.")
            : line.StartsWith("sc.exe query", StringComparison.Ordinal) ? new(1060, "") : new(0, "");

        var (code, _, error) = await _scene.RunAsync("install");

        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith(ServiceError.StepFailed.Code, error, StringComparison.Ordinal);
        Assert.Contains("1057 The account name is invalid.", error, StringComparison.Ordinal);
        Assert.StartsWith("sc.exe create", _scene.Runner.Lines[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(ListenerKey.FileOf(_scene.Data)));
    }

    [Fact]
    public async Task Uninstall_KeepsTheDataUnlessTold()
    {
        _scene.MakeKey();
        _scene.Events.Source = true;

        var kept = await _scene.RunAsync("uninstall");
        bool there = Directory.Exists(_scene.Data);
        var removed = await _scene.RunAsync("uninstall", "--remove-data");

        Assert.Equal((ExitCode.Done, ExitCode.Done), (kept.Code, removed.Code));
        Assert.Equal(["sc.exe stop GwbListener", "sc.exe query GwbListener", "sc.exe delete GwbListener"], _scene.Runner.Lines.Take(3));
        Assert.True(there);
        Assert.False(Directory.Exists(_scene.Data));
        Assert.False(_scene.Events.Source);
    }

    [Fact]
    public async Task Uninstall_OfWhatIsNotThere_IsDone()
    {
        _scene.Runner.Answer = _ => new(InstallPlan.NoSuchService, "The specified service does not exist as an installed service.");

        var (code, _, _) = await _scene.RunAsync("uninstall");

        Assert.Equal(ExitCode.Done, code);
    }

    [Fact]
    public async Task Uninstall_InTheWindow_IsRefusedUnlessForced()
    {
        _scene.Record(Boundaries.InStaging);

        var refused = await _scene.RunAsync("uninstall");
        int lines = _scene.Runner.Lines.Count;
        var forced = await _scene.RunAsync("uninstall", "--force");

        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.StartsWith(ServiceError.InWindow.Code, refused.Error, StringComparison.Ordinal);
        Assert.Contains(nameof(BoundaryState.Staging), refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, lines);
        Assert.Equal(ExitCode.Done, forced.Code);
    }

    [Fact]
    public async Task Uninstall_WhenTheStateCannotBeBelieved_IsRefused()
    {
        _scene.Record(Boundaries.WithRules);
        await File.WriteAllTextAsync(Path.Combine(_scene.Data, BoundaryFile.FileName), "a.b.c", _scene.Cancellation);

        var (code, _, error) = await _scene.RunAsync("uninstall");

        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith(ServiceError.InWindow.Code, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uninstall_AfterAnOrdinaryEnd_IsDone()
    {
        _scene.Record();

        Assert.Equal(ExitCode.Done, (await _scene.RunAsync("uninstall")).Code);
    }
}
