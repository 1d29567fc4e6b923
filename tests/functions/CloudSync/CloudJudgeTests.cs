using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Tests.Functions.Assessment;

namespace GwbCloud.Tests.Functions.CloudSync;

public class CloudJudgeTests
{
    static readonly Ceilings Approved = new() { M365NewlyWritten = 2, M365TypeChanged = 1, MembersLost = 0 };
    static readonly M365Effect AsApproved = new() { NewlyWritten = 2, TypeChanged = 1 };

    static readonly CloudSyncFacts Good = new()
    {
        Exists = true, Started = false, Quarantined = false, MappingsAsPlanned = true, CanariesOnly = true, SchemaHash = "", SecretsHash = "",
        PlannedInScope = 0, StrangersInScope = 0, CanariesAssigned = true, Deviations = [],
    };

    static readonly Dictionary<string, CloudSyncFacts> Bad = new()
    {
        ["jobExists"] = Good with { Exists = false },
        ["jobPaused"] = Good with { Started = true },
        ["jobHealthy"] = Good with { Quarantined = true },
        ["mappingsAsPlanned"] = Good with { MappingsAsPlanned = false },
        ["canariesOnly"] = Good with { CanariesOnly = false },
        ["noPlannedInScope"] = Good with { PlannedInScope = 1 },
        ["noStrangersInScope"] = Good with { StrangersInScope = 1 },
    };

    public static TheoryData<string> Names => [.. Bad.Keys];

    [Fact]
    public void Checks_AllWell_Hold() => Assert.All(CloudJudge.Checks(Good, true, Approved, AsApproved), c => Assert.True(c.Value, c.Key));

    [Theory]
    [MemberData(nameof(Names))]
    public void Checks_OneThingWrong_ThatOneFails(string name)
        => Assert.Equal([name], CloudJudge.Checks(Bad[name], true, Approved, AsApproved).Where(c => !c.Value).Select(c => c.Key));

    [Fact]
    public void Checks_AboveACeiling_Fail()
    {
        Assert.False(CloudJudge.Checks(Good, true, Approved, AsApproved with { NewlyWritten = 3 })["m365NewlyWrittenWithinCeiling"]);
        Assert.False(CloudJudge.Checks(Good, true, Approved, AsApproved with { TypeChanged = 2 })["m365TypeChangedWithinCeiling"]);
        Assert.False(CloudJudge.Checks(Good, false, Approved, AsApproved)["canariesProved"]);
    }

    [Fact]
    public void M365_OfAHealthyTenant_CountsAsThePlanDoes()
    {
        var facts = Facts.Healthy();
        facts.Cloud.Add(Facts.Group(Facts.Id(40)) with { Unified = true, WritebackEnabled = false });
        facts.Cloud.Add(Facts.Group(Facts.Id(41)) with { Unified = true, WritebackEnabled = null });
        facts.Inventory.Add(Facts.AdGroup(Facts.Id(41)));
        var classified = facts.Classify();

        var effect = M365Effect.Of(classified.Groups, [.. facts.Cloud.Where(g => g.Unified)]);

        Assert.Equal((classified.M365NewlyWritten, classified.M365TypeChanged), (effect.NewlyWritten, effect.TypeChanged));
    }

    [Fact]
    public void M365_NewGroupNotEnabled_IsOneMore()
        => Assert.Equal(1, M365Effect.Of([], [Facts.Group(Facts.Id(40)) with { Unified = true, WritebackEnabled = false }]).NewlyWritten);
}
