using GwbCloud.Contracts.Envelopes;

namespace GwbCloud.Tests.Contracts.Envelopes;

public sealed class ReplayWindowTests
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private readonly CommandEnvelope _command = EnvelopeTests.Command();
    private readonly ManualClock _clock;
    private readonly ReplayWindow _window;

    public ReplayWindowTests()
    {
        _clock = new ManualClock(_command.IssuedAt);
        _window = new ReplayWindow(_clock, Skew, capacity: 2);
    }

    [Fact]
    public void Command_SeenAgain_IsARepeatAndOtherContentAConflict()
    {
        Assert.Equal(ReplayState.First, _window.Observe(_command).State);

        Assert.Equal(ReplayState.Repeat, _window.Observe(_command).State);
        Assert.Equal(ReplayState.Repeat, _window.Observe(_command with { IssuedAt = _command.IssuedAt.AddMinutes(1) }).State);
        var conflict = _window.Observe(_command with { PlanHash = "other" });
        Assert.Equal(ReplayState.Conflict, conflict.State);
        Assert.Equal("GWB7214", conflict.Refusal?.Code);
    }

    [Fact]
    public void Command_StillAcceptableThroughSkew_IsRemembered()
    {
        _window.Observe(_command);

        _clock.Now = _command.ExpiresAt + Skew - TimeSpan.FromSeconds(1);
        Assert.Equal(ReplayState.Repeat, _window.Observe(_command).State);

        _clock.Now = _command.ExpiresAt + Skew;
        Assert.Empty(_window.Export());
    }

    [Fact]
    public void Command_RepeatedWithLaterExpiry_IsRememberedLonger()
    {
        _window.Observe(_command);
        _window.Observe(_command with { ExpiresAt = _command.ExpiresAt.AddMinutes(30) });

        _clock.Now = _command.ExpiresAt.AddMinutes(20);

        Assert.Equal(ReplayState.Conflict, _window.Observe(_command with { PlanHash = "other" }).State);
    }

    [Fact]
    public void Window_WhenFull_RefusesNewIdsUntilOthersExpired()
    {
        _window.Observe(_command);
        _window.Observe(EnvelopeTests.Command("c-2"));

        var third = _window.Observe(EnvelopeTests.Command("c-3"));

        Assert.Equal(ReplayState.Full, third.State);
        Assert.Equal("GWB7215", third.Refusal?.Code);
        Assert.Equal(ReplayState.Repeat, _window.Observe(_command).State);
        _clock.Now = _command.ExpiresAt + Skew;
        Assert.Equal(ReplayState.First, _window.Observe(EnvelopeTests.Command("c-3")).State);
    }

    [Fact]
    public void Window_ExportedAndRestored_RemembersTheSame()
    {
        _window.Observe(_command);
        var restored = new ReplayWindow(_clock, Skew);

        restored.Restore(_window.Export());

        Assert.Equal(_window.Export(), restored.Export());
        Assert.Equal(ReplayState.Repeat, restored.Observe(_command).State);
        Assert.Equal(ReplayState.Conflict, restored.Observe(_command with { PlanHash = "other" }).State);
        var altered = _window.Export()[0] with { CommandHash = "other" };
        Assert.Equal("GWB7214", Refused.CodeOf(() => restored.Restore([altered])));
    }
}
