using System.Text.Json;
using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Support;

namespace GwbCloud.Tests.Browser;

/// <summary>The way through the identity provider, with the cookies that it leaves.</summary>
public sealed class SignInTests(Chromium chromium)
{
    [BrowserFact]
    public async Task Reader_WhoSignsIn_IsKnownAfterwards()
    {
        await using var stage = await Stage.StartAsync([LabPeople.Operator]);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);

        await reader.SignInAsync("/api/session");

        using var session = JsonDocument.Parse(await reader.Page.InnerTextAsync("body"));
        Assert.True(session.RootElement.GetProperty("signedIn").GetBoolean());
        Assert.Equal(LabPeople.Reader.ObjectId.ToString("D"), session.RootElement.GetProperty("objectId").GetString());
        Assert.All(await reader.Page.Context.CookiesAsync(), cookie => Assert.True(cookie.HttpOnly, cookie.Name));
        reader.AssertNothingFailed();
    }

    [BrowserFact]
    public async Task Foreigner_WhoSignsIn_IsNobody()
    {
        await using var stage = await Stage.StartAsync([LabPeople.Operator]);
        await using var foreigner = await Visitor.OpenAsync(chromium, stage, LabPeople.Foreigner);

        await foreigner.SignInAsync("/api/session", refused: true);

        using var session = JsonDocument.Parse(await (await foreigner.GoAsync("/api/session"))!.TextAsync());
        Assert.False(session.RootElement.GetProperty("signedIn").GetBoolean());
        Assert.DoesNotContain(await foreigner.Page.Context.CookiesAsync([stage.Host.Address.AbsoluteUri]), cookie => cookie.Name.EndsWith("session", StringComparison.Ordinal));
    }
}
