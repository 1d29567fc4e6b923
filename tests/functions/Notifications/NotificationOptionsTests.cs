using GwbCloud.Functions.Notifications;

namespace GwbCloud.Tests.Functions.Notifications;

public sealed class NotificationOptionsTests
{
    [Theory]
    [InlineData("http://flow.example/?sig=topsecret")]
    [InlineData("flow.example?sig=topsecret")]
    [InlineData("https://user:topsecret@flow.example/")]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/topsecret)")]
    [InlineData("")]
    public void Address_ThatIsNoHttpsAddress_IsRefusedWithoutBeingRepeated(string address)
    {
        var verdict = Validate(new() { Channels = [new() { Name = "teams", Address = address }] });

        Assert.True(verdict.Failed);
        Assert.DoesNotContain("topsecret", verdict.FailureMessage);
        Assert.Contains("Notifications:Channels:0:Address", verdict.FailureMessage);
    }

    [Theory]
    [InlineData("Teams")]
    [InlineData("a b")]
    [InlineData("")]
    public void Name_ThatIsNoPlainWord_IsRefused(string name) =>
        Assert.True(Validate(new() { Channels = [new() { Name = name, Address = "https://flow.example/" }] }).Failed);

    [Fact]
    public void Names_OfWhichTwoAreTheSame_AreRefused()
    {
        var channel = new ChannelOptions { Name = "teams", Address = "https://flow.example/" };

        Assert.True(Validate(new() { Channels = [channel, channel] }).Failed);
        Assert.False(Validate(new() { Channels = [channel] }).Failed);
    }

    [Theory]
    [InlineData("https://pages.example")]
    [InlineData("javascript:alert(1)/")]
    public void PagesAddress_ThatNoButtonCanOpen_IsRefused(string address) => Assert.True(Validate(new() { PagesAddress = address }).Failed);

    static Microsoft.Extensions.Options.ValidateOptionsResult Validate(NotificationOptions options) => new NotificationOptionsValidator().Validate(null, options);
}
