using GwbCloud.Functions.Operations.Changes;

namespace GwbCloud.Tests.Functions.Operations;

public sealed class ValueJudgeTests
{
    static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Keep_ValueAsPlanned_IsToBeWritten()
    {
        var kept = ValueJudge.Keep([Change("a")], Now(("a", "notSet")));

        Assert.Equal(("a", "notSet", "off"), kept.Values.Select(value => (value.Target, value.Before, value.After)).Single());
        Assert.Empty(kept.Left);
    }

    [Fact]
    public void Keep_ValueAlreadySo_IsNeverOurs()
    {
        var kept = ValueJudge.Keep([Change("a")], Now(("a", "off")));

        Assert.Equal((0, 1, 0), (kept.Values.Count, kept.AlreadySo, kept.Left.Count));
    }

    /// <summary>Not set and on have the same effect, and are two values: who set it since the plan has decided something.</summary>
    [Fact]
    public void Keep_ValueChangedSincePlan_IsLeft()
    {
        var kept = ValueJudge.Keep([Change("a")], Now(("a", "on")));

        Assert.Empty(kept.Values);
        Assert.Contains("from notSet to on", Assert.Single(kept.Left).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Keep_TargetGone_IsLeft() => Assert.Equal("it is gone", Assert.Single(ValueJudge.Keep([Change("a")], Nothing).Left).Why);

    [Fact]
    public void ToWrite_AfterAKill_LeavesOutWhatIsWritten()
    {
        var part = Part("a", "b");

        Assert.Equal(["b"], ValueJudge.ToWrite(part, Now(("a", "off"), ("b", "notSet"))).Select(value => value.Target));
    }

    [Fact]
    public void ToRevert_TakesOnlyWhatIsStillOurs()
    {
        var part = Part("a", "b", "c", "d");

        Assert.Equal(["a"], ValueJudge.ToRevert(part, Now(("a", "off"), ("b", "on"), ("c", "notSet"))).Select(value => value.Target));
    }

    [Fact]
    public void AfterWrite_CountsWhatReadsBack_AndNamesTheRest()
    {
        var (ours, left) = ValueJudge.AfterWrite(Part("a", "b", "c"), Now(("a", "off"), ("b", "notSet")), new Dictionary<string, string> { ["b"] = "GWB4005: no" });

        Assert.Equal(1, ours);
        Assert.Equal([("b", "GWB4005: no"), ("c", "it is gone")], left.Select(value => (value.Target, value.Why)));
    }

    [Fact]
    public void AfterRevert_ValueOfSomebodyElse_IsToldAndNotOurs()
    {
        var (ours, left) = ValueJudge.AfterRevert(Part("a", "b", "c"), Now(("a", "notSet"), ("b", "on"), ("c", "off")), Nothing);

        Assert.Equal(1, ours);
        Assert.Equal([("b", "it reads on, not notSet"), ("c", "it reads off, not notSet")], left.Select(value => (value.Target, value.Why)));
    }

    static ValueChange Change(string target) => new() { Target = target, Before = "notSet", After = "off" };

    static KeptPart Part(params string[] targets) => new() { Values = [.. targets.Select(target => new KeptValue { Target = target, Before = "notSet", After = "off" })] };

    static Dictionary<string, string> Now(params (string Target, string Value)[] values) => values.ToDictionary(value => value.Target, value => value.Value);
}
