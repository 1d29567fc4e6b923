using System.Security.Cryptography;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.Tests.Listener;

public sealed class ListenerErrorTests
{
    [Fact]
    public void Tables_HoldEveryErrorOnceInOrderWithCauseAndRemedy()
    {
        Type[] areas = [typeof(JobError), typeof(DirectoryError), typeof(AdSyncError), typeof(SwitchError), typeof(RelayError), typeof(ServiceError)];
        IReadOnlyList<ErrorEntry> all = [.. JobError.All, .. DirectoryError.All, .. AdSyncError.All, .. SwitchError.All, .. RelayError.All, .. ServiceError.All];

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
            Configure = options => options with { Url = "http://10.0.0.1:80", GuardSeconds = 0, GuardIdleSeconds = 0, Tenant = "contoso", CommandKeys = [] },
        };

        var refused = await Assert.ThrowsAsync<CommandFailedException>(listener.OpenAsync);

        Assert.Equal(JobError.ConfigurationInvalid.Code, refused.Error.Code);
        Assert.All(["url:", "guardSeconds:", "guardIdleSeconds:", "tenant:", "commandKeys:"], name => Assert.Contains(name, refused.Error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void OtherServers_ThatNameThisOneOrOneTwice_AreRefused()
    {
        var options = new ListenerOptions
        {
            Server = "AADC01",
            Tenant = Guid.NewGuid().ToString(),
            DataDirectory = "data",
            CommandKeys = [PinnedKey.Of("cloud", TestListener.CloudKey)],
            Signer = new(TestListener.ListenerKey, "aadc01"),
        };

        Assert.Empty(options.Validate());
        var other = PinnedKey.Of("a", TestListener.OtherKey, "B");
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var replacing = PinnedKey.Of("b", next, "b");
        Assert.Empty((options with { OtherServers = [other] }).Validate());
        Assert.NotEmpty((options with { OtherServers = [other with { Server = "aadc01" }] }).Validate());
        Assert.NotEmpty((options with { OtherServers = [other, replacing] }).Validate());
        Assert.Empty((options with { OtherServers = [other with { NotAfter = DateTimeOffset.MaxValue }, replacing] }).Validate());
        Assert.NotEmpty((options with { OtherServers = [other with { Server = null }] }).Validate());
    }

    [Fact]
    public void Keys_ThatSpeakForTwoOrCannotBe_AreRefused()
    {
        var cloud = PinnedKey.Of("cloud", TestListener.CloudKey);
        var options = new ListenerOptions
        {
            Server = "AADC01",
            Tenant = Guid.NewGuid().ToString(),
            DataDirectory = "data",
            CommandKeys = [cloud],
            Signer = new(TestListener.ListenerKey, "aadc01"),
        };

        Assert.Empty(options.Validate());
        // The cloud half could sign the other server's evidence, or this server's own.
        Assert.Contains("cloud and b are one key", Assert.Single((options with { OtherServers = [cloud with { Kid = "b", Server = "B" }] }).Validate()), StringComparison.Ordinal);
        Assert.NotEmpty((options with { CommandKeys = [PinnedKey.Of("cloud", TestListener.ListenerKey)] }).Validate());
        Assert.NotEmpty((options with { CommandKeys = [cloud, PinnedKey.Of("cloud", TestListener.OtherKey)] }).Validate());
        Assert.NotEmpty((options with { CommandKeys = [cloud with { PublicKey = "x" }] }).Validate());
        Assert.NotEmpty((options with { CommandKeys = [cloud with { NotBefore = DateTimeOffset.UnixEpoch, NotAfter = DateTimeOffset.UnixEpoch }] }).Validate());
    }
}
