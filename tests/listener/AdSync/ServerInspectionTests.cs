using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync;

public class ServerInspectionTests
{
    [Fact]
    public async Task Inspection_RulesBelowHundred_LeavesTheOthersFree()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Rules.Add(FakeAdSync.Standard("Custom", 50));

        Assert.Equal(98, (await listener.RunAsync(new InspectServer())).FreePrecedences);
    }

    [Fact]
    public async Task Inspection_OnAnotherMachineThanConfigured_IsRefused()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Host = listener.AdSync.Host with { Server = "COPY01" };

        Assert.Equal(AdSyncError.OtherMachine.Code, await listener.FailAsync(new InspectServer()));
    }

    [Theory]
    [InlineData("Out to AD - Group Writeback Member Limit", true, false)]
    [InlineData("Out to AD - Group SOAinAAD - DN", false, true)]
    public async Task Inspection_RuleInForce_IsSeenAndADisabledOneIsNot(string rule, bool limits, bool displayNames)
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Rules.Add(FakeAdSync.Standard(rule, 130));

        var inForce = await listener.RunAsync(new InspectServer());
        listener.AdSync.Rules[^1] = listener.AdSync.Rules[^1] with { Disabled = true };
        var disabled = await listener.RunAsync(new InspectServer());

        Assert.Equal((limits, displayNames), (inForce.MemberLimitEnabled, inForce.DisplayNameRuleEnabled));
        Assert.Equal((false, false), (disabled.MemberLimitEnabled, disabled.DisplayNameRuleEnabled));
    }
}
