using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Api;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Documents:Folder", null)]
    [InlineData("Identity:Tenant", "contoso")]
    [InlineData("Identity:ClientId", null)]
    [InlineData("Graph:Cloud", "Mars")]
    [InlineData("Graph:WritesPerSecond", "21")]
    [InlineData("Authentication:Mode", "Platform")]
    [InlineData("Assessment:ValidDays", "0")]
    [InlineData("Assessment:ValidDays", "91")]
    [InlineData("Migration:ApprovalsRequired", "0")]
    [InlineData("Migration:SoakHours", "100000")]
    [InlineData("Migration:EscalateAtPercent", "95")]
    [InlineData("Migration:Approvers:0", "somebody@contoso.example")]
    [InlineData("SignIn:AuthorizeAddress", "http://login.example/authorize")]
    [InlineData("SignIn:Address", "https://app.example/path")]
    [InlineData("SignIn:SessionMinutes", "1000")]
    [InlineData("OnPremises:CommandLifeMinutes", "90")]
    [InlineData("OnPremises:Listeners:0:Address", "ftp://server")]
    [InlineData("OnPremises:Listeners:0:ResultKeys", "")]
    public async Task App_WithAWrongSetting_DoesNotStartAndNamesIt(string setting, string? value)
    {
        using var folder = new TempFolder();
        var settings = ApiHost.Settings(folder["data"]);
        settings[setting] = value;

        // Settings that two areas read are refused by both.
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => ApiHost.StartAsync(folder.Path, settings));
        var faults = refused is AggregateException all ? all.Flatten().InnerExceptions : [refused];

        Assert.Contains(faults.SelectMany(fault => Assert.IsType<OptionsValidationException>(fault).Failures), failure => failure.Contains(setting.Split(':')[0], StringComparison.Ordinal) && failure.Contains(setting.Split(':')[^1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_OverPlainHttpFromAfar_AreRefused()
    {
        using var folder = new TempFolder();
        var settings = ApiHost.Settings(folder["data"]);
        settings["Identity:Keys"] = null;
        settings["Identity:KeysAddress"] = "http://login.example/keys";

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => ApiHost.StartAsync(folder.Path, settings));

        Assert.Contains("KeysAddress", refused.Message, StringComparison.Ordinal);
    }
}
