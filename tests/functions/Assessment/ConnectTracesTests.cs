using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

public class ConnectTracesTests
{
    [Theory]
    [InlineData("Sync_AADC01_0a1b2c3d4e5f@contoso.onmicrosoft.com", "AADC01")]
    [InlineData("Sync_SRV_SYNC_2_0A1B2C3D4E5F@contoso.onmicrosoft.com", "SRV_SYNC_2")]
    [InlineData("ConnectSyncProvisioning_AADC01_0a1b2c3d4e5f", "AADC01")]
    public void Servers_NameOfConnect_TellsTheServer(string name, string server)
        => Assert.Equal([server], ConnectTraces.Servers([name]));

    [Theory]
    [InlineData("Sync_team@contoso.com")]
    [InlineData("Sync_AADC01_short@contoso.com")]
    [InlineData("MySync_AADC01_0a1b2c3d4e5f@contoso.com")]
    [InlineData(null)]
    public void Servers_NameThatOnlyBeginsAlike_TellsNone(string? name)
        => Assert.Empty(ConnectTraces.Servers([name]));

    [Fact]
    public void Servers_UserAndApplicationOfOne_AreOne()
        => Assert.Equal(["A", "B"], ConnectTraces.Servers(["Sync_b_0a1b2c3d4e5f@x", "Sync_a_0a1b2c3d4e5f@x", "ConnectSyncProvisioning_A_0a1b2c3d4e5f"]));
}
