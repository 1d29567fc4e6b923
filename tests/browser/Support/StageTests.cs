using Xunit.Sdk;

namespace GwbCloud.Tests.Browser.Support;

/// <summary>A wait for what never comes ends, and says what it waited for.</summary>
public sealed class StageTests
{
    [BrowserFact]
    public async Task Wait_ForWhatNeverComes_EndsWithWhatWasWaitedForAndWhatWasSeen()
    {
        await using var stage = await Stage.StartAsync([]);
        await stage.PassUntilAsync("a migration", _ => true);
        stage.Patience = TimeSpan.Zero;

        var failure = await Assert.ThrowsAsync<FailException>(() => stage.PassUntilAsync("a sixth gate", _ => false));

        Assert.StartsWith("Never came: a sixth gate. It is 2026-11-02", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"The migration stands at {stage.View!.State}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("At work: somebody at a browser", failure.Message, StringComparison.Ordinal);
    }
}
