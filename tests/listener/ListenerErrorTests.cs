using GwbCloud.Contracts;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.Tests.Listener;

public sealed class ListenerErrorTests
{
    [Fact]
    public void Tables_HoldEveryErrorOnceInOrderWithCauseAndRemedy()
    {
        Type[] areas = [typeof(JobError), typeof(DirectoryError), typeof(AdSyncError), typeof(SwitchError), typeof(RelayError)];
        IReadOnlyList<ErrorEntry> all = [.. JobError.All, .. DirectoryError.All, .. AdSyncError.All, .. SwitchError.All, .. RelayError.All];

        int declared = areas.Sum(area => area.GetFields().Count(field => field.FieldType == typeof(ErrorEntry)));

        Assert.Equal(declared, all.Count);
        Assert.Equal(all.Select(entry => entry.Code).Distinct().Order(StringComparer.Ordinal), all.Select(entry => entry.Code));
        Assert.All(all, entry =>
        {
            Assert.Matches("^GWB6[0-9]{3}$", entry.Code);
            Assert.All([entry.Message, entry.Cause, entry.Remedy], text => Assert.EndsWith(".", text, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Options_ThatCannotBe_AreRefusedByNameBeforeAnythingStarts()
    {
        await using var listener = new TestListener
        {
            Configure = options => options with { Url = "http://10.0.0.1:80", GuardSeconds = 0, Tenant = "contoso", CommandKeys = [] },
        };

        var refused = await Assert.ThrowsAsync<CommandFailedException>(listener.OpenAsync);

        Assert.Equal(JobError.ConfigurationInvalid.Code, refused.Error.Code);
        Assert.All(["url:", "guardSeconds:", "tenant:", "commandKeys:"], name => Assert.Contains(name, refused.Error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void OtherServers_ThatNameThisOneOrOneTwice_AreRefused()
    {
        var options = new ListenerOptions
        {
            Server = "AADC01",
            Tenant = Guid.NewGuid().ToString(),
            DataDirectory = "data",
            CommandKeys = [new() { Kid = "cloud", PublicKey = "x" }],
            Signer = new(TestListener.ListenerKey, "aadc01"),
        };

        Assert.Empty(options.Validate());
        Assert.NotEmpty((options with { OtherServers = [new() { Kid = "a", PublicKey = "x", Server = "aadc01" }] }).Validate());
        Assert.NotEmpty((options with { OtherServers = [new() { Kid = "a", PublicKey = "x", Server = "B" }, new() { Kid = "b", PublicKey = "x", Server = "b" }] }).Validate());
        Assert.NotEmpty((options with { OtherServers = [new() { Kid = "a", PublicKey = "x" }] }).Validate());
    }
}
