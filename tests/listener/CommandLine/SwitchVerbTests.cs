using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Service;
using GwbCloud.RelayListener.Status;
using GwbCloud.Tests.Contracts.Approvals;
using GwbCloud.Tests.Listener.Switch;

namespace GwbCloud.Tests.Listener.CommandLine;

/// <summary>The verb in a second session beside a running service, on the service's own folder.</summary>
public sealed class SwitchVerbTests
{
    const string Operator = "operator@contoso.example";

    static readonly string[] Called = [$"disable {Operator}"];

    [Fact]
    public async Task Switch_WithAnOffer_VerifiesCallsReadsBackAndJournals()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());

        var (code, output, error) = await SwitchAsync(scene, TestListener.Server);

        Assert.True(code == ExitCode.Done, error);
        Assert.Equal(Called, scene.AdSync.Calls);
        Assert.Contains("cannot be switched on again", output, StringComparison.Ordinal);
        Assert.Contains("Switched off", output, StringComparison.Ordinal);
        var boundary = BoundaryOf(scene);
        Assert.Equal((SwitchOutcome.Called, false), (boundary.Switch!.Outcome, boundary.Switch.Reads));
    }

    [Fact]
    public async Task Switch_Twice_IsCalledOnce()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());
        scene.AdSync.Disable = _ => Task.CompletedTask;

        var first = await SwitchAsync(scene, TestListener.Server);
        var second = await SwitchAsync(scene, TestListener.Server);

        Assert.Equal(ExitCode.Unknown, first.Code);
        Assert.StartsWith(ServiceError.SwitchUnclear.Code, first.Error, StringComparison.Ordinal);
        AssertRefused(SwitchError.NoOffer.Code, second);
        Assert.Equal(Called, scene.AdSync.Calls);
    }

    [Fact]
    public async Task Switch_WithoutAnOffer_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(new InspectServer());

        AssertRefused(SwitchError.NoOffer.Code, await SwitchAsync(scene, TestListener.Server));
    }

    [Fact]
    public async Task Switch_AfterTheOffersEnd_IsRefusedBeforeAnybodyIsAsked()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());
        scene.Listener.Clock.Now += TimeSpan.FromMinutes(15);

        var refused = await SwitchAsync(scene, TestListener.Server);

        AssertRefused(SwitchError.OfferExpired.Code, refused);
        Assert.Empty(refused.Output);
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Switch_WhenTheOfferEndsWhileItIsConfirmed_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());

        AssertRefused(SwitchError.OfferExpired.Code, await SwitchAsync(
            scene, TestListener.Server, whileTyping: () => scene.Listener.Clock.Now += TimeSpan.FromMinutes(15)));
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Switch_InAnotherMigration_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());
        var (code, body) = await scene.Listener.PostAsync(TestListener.Cloud.Sign(scene.Listener.Envelope(new SetScheduler { Enabled = false }, "other-1", "m-20261109-080000-ffff")));
        Assert.True(code == System.Net.HttpStatusCode.Accepted, body);
        await scene.Listener.EndedAsync("other-1");
        scene.AdSync.Calls.Clear();

        AssertRefused(ServiceError.OfferOfOtherMigration.Code, await SwitchAsync(scene, TestListener.Server));
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Switch_WhenTheEvidenceChangedSince_IsRefusedWithTheReason()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());
        scene.AdSync.Pending.Add(new()
        {
            Connector = FakeAdSync.AdConnector,
            ObjectType = "group",
            Operation = ExportOperation.Delete,
            DistinguishedName = scene.Planned[0].DistinguishedName,
            Anchor = scene.Planned[0].Anchor,
            MailEnabled = false,
        });

        var refused = await SwitchAsync(scene, TestListener.Server);

        AssertRefused(SwitchError.OwnEvidenceFails.Code, refused);
        Assert.Contains("Nothing was called", refused.Error, StringComparison.Ordinal);
        Assert.Empty(scene.AdSync.Calls);
    }

    [Theory]
    [InlineData("aadc01")]
    [InlineData("y")]
    [InlineData("")]
    public async Task Switch_WithAnythingElseTyped_IsRefused(string typed)
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());

        AssertRefused(ServiceError.NotConfirmed.Code, await SwitchAsync(scene, typed));
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Switch_FromAPipe_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());

        var refused = await SwitchAsync(scene, TestListener.Server, typed: false);

        Assert.Equal(ExitCode.NotPossible, refused.Code);
        Assert.StartsWith(ServiceError.NotTyped.Code, refused.Error, StringComparison.Ordinal);
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Switch_WhileSomebodyIsAtIt_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());
        using var journal = GwbCloud.Journal.JournalFile.Open(Path.Combine(scene.Listener.Folder, "switch.journal"));

        AssertRefused(SwitchError.UnderWay.Code, await SwitchAsync(scene, TestListener.Server));
        Assert.Empty(scene.AdSync.Calls);
    }

    static void AssertRefused(string expected, (int Code, string Output, string Error) run)
    {
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.StartsWith(expected, run.Error, StringComparison.Ordinal);
    }

    static Boundary BoundaryOf(SwitchScene scene) => BoundaryFile.Read(
        Path.Combine(scene.Listener.Folder, BoundaryFile.FileName), TestListener.Pinned, scene.Listener.Clock)!;

    /// <summary>A second session with a configuration file that says what the running service was told.</summary>
    [Fact]
    public async Task Switch_InterruptedWhileItVerifies_CallsNothing()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());

        var (code, _, error) = await SwitchAsync(scene, TestListener.Server, interruptible: press => scene.AdSync.OnCall = (member, _) =>
        {
            if (member == nameof(IAdSync.GetPendingExportsAsync)) { press(); }
        });

        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("Nothing was called", error, StringComparison.Ordinal);
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Switch_InterruptedDuringTheCall_IsReadBackAndJournalled()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());

        var (code, _, error) = await SwitchAsync(scene, TestListener.Server, interruptible: press => scene.AdSync.Disable = _ =>
        {
            press();
            scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false };
            return Task.CompletedTask;
        });

        Assert.True(code == ExitCode.Done, error);
        Assert.Equal((SwitchOutcome.Called, false), (BoundaryOf(scene).Switch!.Outcome, BoundaryOf(scene).Switch!.Reads));
    }

    static async Task<(int Code, string Output, string Error)> SwitchAsync(
        SwitchScene scene, string answer, bool typed = true, Action? whileTyping = null, Action<Action>? interruptible = null)
    {
        await using var issuer = await KeyServer.StartAsync(SwitchScene.Jwks());
        using var console = new ConsoleScene { Ad = scene.Listener.Ad, AdSync = scene.AdSync };
        await File.WriteAllTextAsync(
            ListenerKey.FileOf(scene.Listener.Folder), TestListener.ListenerKey.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        console.Configuration = console.Configuration with
        {
            DataDirectory = scene.Listener.Folder,
            OtherServers = [PinnedKey.Of("aadc02", TestListener.OtherKey, SwitchScene.OtherServer)],
            Approvals = new() { Issuer = TestIssuer.Issuer, Audience = TestIssuer.Audience, Required = 1, KeysAddress = issuer.Address },
        };
        console.Environment = console.Environment with { Time = scene.Listener.Clock, IsInputTyped = typed, Input = new Typist(answer, whileTyping) };
        console.Environment = console.Environment with
        {
            OnInterrupt = press =>
            {
                interruptible?.Invoke(press);
                return TextReader.Null;
            },
        };
        var run = await console.RunAsync("switch", "--user", Operator);
        Assert.True(console.PortsOpenedFor is null or PortUse.OperatorSession);
        return run;
    }

    /// <summary>Somebody who takes his time.</summary>
    sealed class Typist(string answer, Action? before) : TextReader
    {
        public override ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
        {
            before?.Invoke();
            return ValueTask.FromResult<string?>(answer);
        }
    }
}
