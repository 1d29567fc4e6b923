using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.CloudSync;

public class SecretsMergeTests
{
    [Fact]
    public void Merge_Nothing_SetsDomainAndThreshold()
    {
        var merged = SecretsMerge.Merge([], "corp.example");

        Assert.Equal("{\"domain\":\"corp.example\"}", merged.Single(s => s.Key == "Domain").Value);
        Assert.True(SecretsMerge.ThresholdIsLowest(merged));
    }

    [Fact]
    public void Merge_OtherKeys_KeepsThemAndTheirOrder()
    {
        Secret[] current = [new() { Key = "SyncAll", Value = "false" }, new() { Key = "AppKey", Value = "*" }];

        var merged = SecretsMerge.Merge(current, "corp.example");

        Assert.Equal(current, merged.Take(2));
    }

    [Fact]
    public void Merge_Recipients_Stay()
    {
        Secret[] current =
        [
            new() { Key = "SyncNotificationSettings", Value = """{"Enabled":true,"Recipients":"a@corp.example","DeleteThresholdEnabled":true,"DeleteThresholdValue":500}""" },
        ];

        var value = SecretsMerge.Merge(current, "corp.example").Single(s => s.Key == "SyncNotificationSettings").Value;

        Assert.Equal("""{"Enabled":true,"Recipients":"a@corp.example","DeleteThresholdEnabled":true,"DeleteThresholdValue":1}""", value);
    }

    [Fact]
    public void Merge_Twice_ChangesNothingMore()
    {
        var once = SecretsMerge.Merge([], "corp.example");

        Assert.Equal(once, SecretsMerge.Merge(once, "CORP.example"));
    }

    [Fact]
    public void Merge_OtherDomain_IsReplaced()
        => Assert.Equal("corp.example", SecretsMerge.DomainOf(SecretsMerge.Merge([new() { Key = "Domain", Value = "{\"domain\":\"old.example\"}" }], "corp.example")));

    [Fact]
    public void Merge_NotJson_IsReplaced()
        => Assert.True(SecretsMerge.ThresholdIsLowest(SecretsMerge.Merge([new() { Key = "SyncNotificationSettings", Value = "oops" }], "corp.example")));

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void TakesAll_AsTheKeySays(string value, bool all)
        => Assert.Equal(all, SecretsMerge.TakesAll([new() { Key = "SyncAll", Value = value }]));
}
