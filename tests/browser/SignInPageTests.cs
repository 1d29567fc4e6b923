using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Issuer;
using GwbCloud.Tests.Browser.Support;

namespace GwbCloud.Tests.Browser;

/// <summary>The lab's own sign-in page.</summary>
public sealed class SignInPageTests(Chromium chromium)
{
    [BrowserFact]
    public async Task SignInPage_OfTheLab_IsUsableByEverybody()
    {
        await using var stage = await Stage.StartAsync([LabPeople.Operator]);
        await using var reader = await Visitor.OpenAsync(chromium, stage, LabPeople.Reader);
        var issuer = stage.Host.Issuer;

        await reader.GoAsync($"{issuer.AuthorizeAddress(stage.Host.GraphAddress.GetLeftPart(UriPartial.Authority))}?client_id={issuer.ClientId:D}"
            + $"&redirect_uri={Uri.EscapeDataString(new Uri(stage.Host.Address, ProductHost.RedirectPath).AbsoluteUri)}"
            + "&response_type=id_token&response_mode=form_post&scope=openid&nonce=n");

        await Screens.LookAsync(reader.Page, "sign-in");
        reader.AssertNothingFailed();
    }
}
