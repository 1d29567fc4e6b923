using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

/// <summary>The plan document's items beside a tenant: what each says when all is as described, and when one thing is not.</summary>
public sealed class DiscoveryTests
{
    /// <summary>What makes an item say something else than in the healthy tenant, by its name.</summary>
    static readonly Dictionary<string, (Action<Facts> Spoil, DiscoveryStanding Standing)> Spoiled = new()
    {
        ["feature-v1"] = (f => Flags(f, v1: false, v2: true), DiscoveryStanding.Attention),
        ["feature-v2"] = (f => Flags(f, v1: true, v2: null), DiscoveryStanding.Unknown),
        ["m365-existing"] = (f => f.Tenant = f.Tenant with { Numbers = new() { M365Off = 1 } }, DiscoveryStanding.Changed),
        ["m365-new"] = (f => f.Tenant = f.Tenant with { NewM365GroupsAreWritten = false, NewM365GroupsDefault = NewGroupsDefault.False }, DiscoveryStanding.Changed),
        ["exchange-prepared"] = (f => f.Forest = f.Forest with { Exchange = new() { Schema = 17003 } }, DiscoveryStanding.Attention),
        ["licence"] = (f => f.Tenant = f.Tenant with { PremiumLicence = false }, DiscoveryStanding.Attention),
        ["connect-build"] = (f => f.Servers[1] = f.Servers[1] with { Version = "2.0.88.0" }, DiscoveryStanding.Attention),
        ["connect-servers"] = (f => f.Tenant = f.Tenant with { ConnectServers = ["AADC1", "AADC2", "OLD9"] }, DiscoveryStanding.Unknown),
        ["exchange-server"] = (f => f.Forest = f.Forest with { Exchange = new() { Schema = 15312, Configuration = 16133, Domain = 13236 } }, DiscoveryStanding.Attention),
        ["m365-all-written"] = (f => f.Tenant = f.Tenant with { Numbers = new() { M365Off = 1 } }, DiscoveryStanding.Changed),
        ["retained"] = (f => f.Servers[0] = f.Servers[0] with { DeleteRuleEnabled = true }, DiscoveryStanding.Attention),
        ["member-limit-m365"] = (f => f.Servers[0] = f.Servers[0] with { MemberLimitEnabled = false }, DiscoveryStanding.Changed),
        ["member-limit-security"] = (f => f.Change(Facts.Id(1), g => g with { Members = 250_001 }), DiscoveryStanding.Attention),
        ["order"] = (f => Flags(f, v1: null, v2: true), DiscoveryStanding.Unknown),
        ["m365-kinds"] = (f => f.Change(Facts.Id(1), g => g with { Unified = true, MailEnabled = true, SecurityEnabled = false }), DiscoveryStanding.Changed),
        ["scope"] = (f => f.ChangeObject(Facts.Id(1), g => g with { GroupType = -2147483646 }), DiscoveryStanding.Attention),
        ["devices"] = (f => f.Change(Facts.Id(1), g => g with { Devices = 2 }), DiscoveryStanding.Unknown),
        ["names"] = (f => f.Servers[0] = f.Servers[0] with { DisplayNameRuleEnabled = true }, DiscoveryStanding.Changed),
        ["preview"] = (f => Flags(f, v1: true, v2: false), DiscoveryStanding.AsDescribed),
        ["domain-local"] = (f => f.ChangeObject(Facts.Id(1), g => g with { Nested = new() { DomainLocal = 1 } }), DiscoveryStanding.Attention),
        ["nested-enabled"] = (f => f.Change(Facts.Id(2), g => g with { WritebackEnabled = null }), DiscoveryStanding.Attention),
        ["single-ou"] = (f => f.Servers[1] = f.Servers[1] with { WritebackOu = "OU=Others,DC=corp,DC=example" }, DiscoveryStanding.Attention),
    };

    /// <summary>Items that only count: there is nothing about them that could be wrong.</summary>
    static readonly string[] Counting = ["security-each", "membership", "nesting", "nested-in-synced", "distribution-lists", "at-scale"];

    public static TheoryData<string> Spoilers => [.. Spoiled.Keys];

    [Fact]
    public void Items_AreEachNamedOnce_AndCovered()
    {
        Assert.Equal(Discovery.Ids.Count, Discovery.Ids.Distinct().Count());
        Assert.Equal(Discovery.Ids.Order(StringComparer.Ordinal), Spoiled.Keys.Concat(Counting).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Report_OfAHealthyTenant_FindsOnlyThePreview()
    {
        var report = Report(Facts.Healthy());

        Assert.Equal(["preview"], report.Items.Where(item => item.Standing == DiscoveryStanding.Attention).Select(item => item.Id));
        Assert.Equal(["nested-in-synced"], report.Items.Where(item => item.Standing == DiscoveryStanding.Unknown).Select(item => item.Id));
        Assert.All(report.Items, item => Assert.True(item is { Values.Count: > 0, Meaning.Length: > 0, Says.Length: > 0, ReadFrom.Length: > 0 }, item.Id));
    }

    [Theory]
    [MemberData(nameof(Spoilers))]
    public void Item_OfASpoiledTenant_SaysSo(string id)
    {
        var facts = Facts.Healthy();
        var before = One(facts, id);

        Spoiled[id].Spoil(facts);
        var after = One(facts, id);

        Assert.Equal(Spoiled[id].Standing, after.Standing);
        Assert.NotEqual((before.Standing, before.Meaning), (after.Standing, after.Meaning));
    }

    [Fact]
    public void Item_OfASilentServer_NamesIt_AndIsNotTakenForWell()
    {
        var facts = Facts.Healthy();
        facts.Servers.RemoveAt(1);
        facts.Silent.Add(new() { Server = "AADC2", Why = "nobody at home" });

        foreach (var id in new[] { "connect-build", "connect-servers", "retained", "member-limit-m365" })
        {
            var item = One(facts, id);
            Assert.Equal((id, DiscoveryStanding.Unknown), (item.Id, item.Standing));
            Assert.Contains(new DiscoveredValue("AADC2", "did not answer"), item.Values);
        }
    }

    [Fact]
    public void Item_OfServersThatDisagree_IsNotKnown()
    {
        var facts = Facts.Healthy();
        facts.Servers[0] = facts.Servers[0] with { Features = new() { GroupWritebackV2 = false, UnifiedGroupWriteback = true } };

        Assert.Equal(DiscoveryStanding.Unknown, One(facts, "feature-v2").Standing);
    }

    [Theory]
    [InlineData(NewGroupsDefault.NoSetting, true, "there is no setting Group.Unified")]
    [InlineData(NewGroupsDefault.NotSpecified, true, "the setting does not name it")]
    [InlineData(NewGroupsDefault.True, true, "true")]
    [InlineData(NewGroupsDefault.False, false, "false")]
    [InlineData(null, true, "not false")]
    public void NewGroups_SaysWhatTheSettingItselfSays(NewGroupsDefault? read, bool written, string said)
    {
        var facts = Facts.Healthy();
        facts.Tenant = facts.Tenant with { NewM365GroupsAreWritten = written, NewM365GroupsDefault = read };

        Assert.Equal(said, Assert.Single(One(facts, "m365-new").Values).Value);
    }

    [Fact]
    public void M365Groups_AreListedWithTheirOwnValue_DeletedOnesAside()
    {
        var facts = Facts.Healthy();
        foreach (var (number, writeback) in new (int, bool?)[] { (10, null), (11, true), (12, false), (13, true) })
        {
            facts.Cloud.Add(Facts.Group(Facts.Id(number)) with { Unified = true, MailEnabled = true, SecurityEnabled = false, WritebackEnabled = writeback, SoftDeleted = number == 13 });
        }

        facts.Inventory.Add(Facts.AdGroup(Facts.Id(11)));

        var groups = Discovery.M365Of(facts.Build()).ToList();

        Assert.Equal(
            [(Facts.Id(10), DiscoveredWriteback.NotSet, false), (Facts.Id(11), DiscoveredWriteback.On, true), (Facts.Id(12), DiscoveredWriteback.Off, false)],
            groups.Select(g => (g.Id, g.Writeback, g.InDirectory)));
    }

    static void Flags(Facts facts, bool? v1, bool? v2) =>
        facts.Servers = [.. facts.Servers.Select(s => s with { Features = new FeatureFlags { GroupWritebackV2 = v2, UnifiedGroupWriteback = v1 } })];

    static DiscoveryReport Report(Facts facts) => Discovery.Of(facts.Build(), Facts.Document);

    static DiscoveryItem One(Facts facts, string id) => Report(facts).Items.Single(item => item.Id == id);
}
