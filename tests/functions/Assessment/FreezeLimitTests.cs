using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Assessment;

/// <summary>At the freeze a Microsoft 365 group counts by the member limit that the servers have then.</summary>
public sealed class FreezeLimitTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    public async Task LargeM365Group_IsAnnouncedByTheLimitOfTheServers(bool limitAtPlan, bool limitAtFreeze, bool holds)
    {
        var planned = await host.JudgedAsync(WithLimit(limitAtPlan));

        var drift = await host.DriftAsync(planned, WithLimit(limitAtFreeze));

        Assert.Equal(limitAtPlan ? 0 : 1, planned.M365NewlyWritten);
        Assert.Equal(holds ? [] : ["1 Microsoft 365 groups would appear; approved were 0."], drift.Reasons);
        Assert.Equal(holds, drift.Holds);
    }

    [Fact]
    public async Task CustomRule_SinceThePlan_DoesNotHold()
    {
        var planned = await host.JudgedAsync(Facts.Healthy());
        var now = Facts.Healthy();
        now.Servers = [now.Servers[0] with { CustomProvisioningRules = ["Out to AD - copy"] }, now.Servers[1]];

        var drift = await host.DriftAsync(planned, now);

        Assert.Equal(["AADC1 has a custom rule that provisions groups and that nobody accepted: Out to AD - copy."], drift.Reasons);
    }

    static Facts WithLimit(bool enabled)
    {
        var facts = Facts.Healthy();
        facts.Servers = [facts.Servers[0], facts.Servers[1] with { MemberLimitEnabled = enabled }];
        facts.Cloud.Add(Facts.Group(Facts.Id(40)) with { Unified = true, MailEnabled = true, SecurityEnabled = false, WritebackEnabled = false, Members = 60_000 });
        return facts;
    }
}
