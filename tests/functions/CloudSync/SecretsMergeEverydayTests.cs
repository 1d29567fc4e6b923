using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.CloudSync;

public sealed class SecretsMergeEverydayTests
{
    static Secret Notifications(string value) => new() { Key = SecretsMerge.Notifications, Value = value };

    [Fact]
    public void Everyday_JobOfOurs_HasTheServicesDefaultAndKeepsTheRest()
    {
        Secret[] current = [new() { Key = "Domain", Value = "{}" }, Notifications("""{"Enabled":true,"Recipients":"a@b.example","DeleteThresholdValue":1}""")];

        var everyday = SecretsMerge.Everyday(current, before: null);

        Assert.Equal("{}", everyday[0].Value);
        Assert.Contains("\"DeleteThresholdValue\":500", everyday[1].Value, StringComparison.Ordinal);
        Assert.Contains("a@b.example", everyday[1].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Everyday_JobThatWasThere_HasItsOwnThresholdBack()
    {
        var before = Notifications("""{"DeleteThresholdEnabled":true,"DeleteThresholdValue":7}""");

        Assert.Equal(before.Value, SecretsMerge.Everyday([Notifications("""{"DeleteThresholdValue":1}""")], [before]).Single().Value);
    }
}
