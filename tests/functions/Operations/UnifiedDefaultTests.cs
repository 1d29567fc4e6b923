using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Tests.Functions.Operations;

public sealed class UnifiedDefaultTests
{
    const string Default = UnifiedSettingPort.ValueName;

    static readonly GroupSettingTemplate Template = new()
    {
        Values = [new() { Name = Default, DefaultValue = "true" }, new() { Name = "Naming", DefaultValue = "" }, new() { Name = "Guests", DefaultValue = "True" }],
    };

    [Fact]
    public void Decide_NoSetting_MakesItOfTheWholeTemplate()
    {
        var write = UnifiedDefault.Decide("off", setting: null, Template);

        Assert.Equal([("Naming", ""), ("Guests", "True"), (Default, "false")], Pairs(write));
    }

    [Fact]
    public void Decide_SettingOfOthers_KeepsEveryOtherValue()
    {
        var write = UnifiedDefault.Decide("off", Setting(("Naming", "GRP-"), (Default, "true")), Template);

        Assert.Equal([("Naming", "GRP-"), (Default, "false")], Pairs(write));
    }

    [Fact]
    public void Decide_BackToNone_DeletesWhatIsStillAsItWasMade() =>
        Assert.True(UnifiedDefault.Decide("absent", Setting((Default, "false"), ("Naming", ""), ("Guests", "true")), Template).Delete);

    [Fact]
    public void Decide_BackToNone_WithSomethingOfOthersInIt_KeepsThat()
    {
        var write = UnifiedDefault.Decide("absent", Setting((Default, "false"), ("Naming", "GRP-")), Template);

        Assert.False(write.Delete);
        Assert.Equal([("Naming", "GRP-"), (Default, "true")], Pairs(write));
    }

    [Fact]
    public void Decide_BackToNone_WhereNoneIs_DoesNothing()
    {
        var write = UnifiedDefault.Decide("absent", setting: null, Template);

        Assert.Equal((false, 0), (write.Delete, write.Values.Count));
    }

    static GroupSetting Setting(params (string Name, string Value)[] values) =>
        new() { Id = "s", Values = [.. values.Select(value => new GroupSettingValue { Name = value.Name, Value = value.Value })] };

    static IEnumerable<(string, string?)> Pairs(UnifiedWrite write) => write.Values.Select(value => (value.Name, value.Value));
}
