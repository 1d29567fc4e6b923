using GwbCloud.Functions.Pages;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Tests.Functions.Reporting;

public sealed class MomentsTests
{
    [Theory]
    [InlineData("The window ends at 2026-11-22 22:00:00Z.", "The window ends at 2026-11-22 22:00 UTC.")]
    [InlineData("2026-11-22 22:00:00Z to 2026-11-23 06:00:00Z", "2026-11-22 22:00 UTC to 2026-11-23 06:00 UTC")]
    [InlineData("no moment", "no moment")]
    [InlineData("2026-13-22 22:00:00Z is none", "2026-13-22 22:00:00Z is none")]
    [InlineData("rel2026-11-22 22:00:00Z", "rel2026-11-22 22:00:00Z")]
    [InlineData(null, "")]
    public void Sentence_WithMoments_SaysThemAsPeopleReadThem(string? sentence, string words)
    {
        Assert.Equal(words, Moments.InWords(sentence));
    }

    [Fact]
    public void Sentence_OnAPage_HasEachMomentAsTimeAndEverythingElseAsText()
    {
        var html = PageParts.Sentence("<b>Sales</b> until 2026-11-22 22:00:00Z\u202E.").ToString();

        Assert.Equal(
            "<bdi>&lt;b&gt;Sales&lt;/b&gt; until <time datetime=\"2026-11-22T22:00:00Z\" title=\"22 Nov 2026, 22:00 UTC\">22 Nov 2026, 22:00 UTC</time>[U202E].</bdi>", html);
    }
}
