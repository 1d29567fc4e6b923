using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

public class FindingCatalogueTests
{
    // Each check by what makes it speak. The healthy tenant proves its silence.
    static readonly Dictionary<string, Action<Facts>> Spoilers = new()
    {
        ["GWB2101"] = f => Server(f, s => s with { Features = s.Features with { GroupWritebackV2 = null } }),
        ["GWB2102"] = f => Server(f, s => s with { Features = s.Features with { UnifiedGroupWriteback = false } }),
        ["GWB2103"] = f => Server(f, s => s with { Version = "2.5.78.9" }),
        ["GWB2104"] = f => f.Servers = [Facts.Server("A", staging: false), Facts.Server("B", staging: false)],
        ["GWB2105"] = f => f.Servers = [Facts.Server("A", staging: false), Facts.Server("a", staging: true)],
        ["GWB2106"] = f => Server(f, s => s with { Scheduler = s.Scheduler with { Suspended = true } }),
        ["GWB2107"] = f => Server(f, s => s with { DeleteRuleEnabled = true }),
        ["GWB2108"] = f => Server(f, s => s with { Coexistence = s.Coexistence with { Outbound = RuleState.Different } }),
        ["GWB2109"] = f => Server(f, s => s with { WritebackOuInScope = false }),
        ["GWB2110"] = f => Server(f, s => s with { WritebackOu = "OU=Other,DC=corp,DC=example" }),
        ["GWB2111"] = f => Server(f, s => s with { LastInitialSeconds = 60_000 }),
        ["GWB2201"] = f => f.Forest = f.Forest with { SchemaVersion = 69 },
        ["GWB2202"] = f => f.Forest = f.Forest with { WritebackOuExists = false },
        ["GWB2203"] = f => f.Forest = f.Forest with { RecycleBinEnabled = false },
        ["GWB2204"] = f => f.Forest = f.Forest with { Agents = [Facts.Agent("SRV1") with { Active = false }] },
        ["GWB2205"] = f => f.Forest = f.Forest with { AgentMayWriteOu = false },
        ["GWB2206"] = f => f.Forest = f.Forest with { Agents = [Facts.Agent("SRV1") with { Version = "1.1.1366.0" }] },
        ["GWB2207"] = f => f.Forest = f.Forest with { GlobalCatalogs = [] },
        ["GWB2208"] = f => f.Tenant = f.Tenant with { PremiumLicence = false },
        ["GWB2301"] = f => f.Inventory.Clear(),
        ["GWB2302"] = f => f.Change(Facts.Id(1), g => g with { Mail = "a@corp.example" }),
        ["GWB2303"] = f => f.Change(Facts.Id(1), g => g with { SoftDeleted = true }),
        ["GWB2304"] = f => f.Change(Facts.Id(1), g => g with { WritebackEnabled = false }),
        ["GWB2305"] = f => f.Change(Facts.Id(1), g => g with { OnPremisesSynced = true }),
        ["GWB2306"] = f => f.ChangeObject(Facts.Id(1), g => g with { ExternalDirectoryObjectId = "User_x" }),
        ["GWB2307"] = f => f.ChangeObject(Facts.Id(1), g => g with { ExternalDirectoryObjectId = $"Group_{Facts.Id(2):D}" }),
        ["GWB2308"] = f => f.ChangeObject(Facts.Id(1), g => g with { DistinguishedName = $"CN=Sales\\0ACNF:{Facts.Id(1):D},{Facts.Ou}" }),
        ["GWB2309"] = f => f.ChangeObject(Facts.Id(1), g => g with { DistinguishedName = $"CN=Group_{Facts.Id(1):D},OU={new string('x', 200)},{Facts.Ou}" }),
        ["GWB2310"] = f => f.Options.GroupLimit = 1,
        ["GWB2311"] = f => f.Options.MembershipLimit = 7,
        ["GWB2401"] = f => f.Change(Facts.Id(2), g => g with { Members = 50_001 }),
        ["GWB2402"] = f => f.Change(Facts.Id(1), g => g with { Unwritable = [Facts.Id(77)] }),
        ["GWB2403"] = f => f.Cloud.Add(Facts.Group(Facts.Id(5)) with { Unified = true, MailEnabled = true, SecurityEnabled = false, WritebackEnabled = false }),
        ["GWB2404"] = f => M365(f, 6, groupType: -2147483640),
        ["GWB2405"] = f => Server(f, s => s with { LastInitialSeconds = 4 * 3_600 }),
        ["GWB2406"] = f => Server(f, s => s with { CustomProvisioningRules = ["Out to AD - copy"] }),
        ["GWB2407"] = f => f.ChangeObject(Facts.Id(1), g => g with { AdminCount = true }),
        ["GWB2408"] = f => f.ChangeObject(Facts.Id(1), g => g with { DistinguishedName = $"CN=Sales,{Facts.Ou}" }),
        ["GWB2501"] = f => Server(f, s => s with { Scheduler = s.Scheduler with { CycleInProgress = true } }),
        ["GWB2502"] = f => Server(f, s => s with { Scheduler = s.Scheduler with { Enabled = false } }),
        ["GWB2503"] = f => Server(f, s => s with { LastInitialSeconds = null }),
        ["GWB2504"] = f => Server(f, s => s with { AutoUpgrade = AutoUpgradeState.Enabled }),
        ["GWB2505"] = f => f.Forest = f.Forest with { Agents = [Facts.Agent("SRV1") with { Version = "1.1.1367.0" }] },
        ["GWB2506"] = f =>
        {
            M365(f, 6, groupType: 8);
            f.Forest = f.Forest with { Exchange = new() };
        },
        ["GWB2507"] = f => f.Tenant = f.Tenant with { NewM365GroupsAreWritten = false },
        ["GWB2508"] = f => f.Inventory.Add(Facts.AdGroup(Facts.Id(50))),
        ["GWB2509"] = f => f.Cloud.Add(Facts.Group(Facts.Id(51))),
        ["GWB2510"] = f => f.ChangeObject(Facts.Id(1), g => g with { ProtectedFromDeletion = true }),
        ["GWB2511"] = f =>
        {
            f.Options.GroupLimit = 1;
            f.Options.EnforceLimits = false;
        },
        ["GWB2601"] = f => f.Cloud.RemoveAll(g => g.Id == f.Canaries.New),
        ["GWB2602"] = f => f.Canaries = f.Canaries with { Match = f.Canaries.New },
        ["GWB2603"] = f => f.Change(f.Canaries.New, g => g with { WritebackEnabled = true }),
        ["GWB2604"] = f => f.Inventory.Add(Facts.AdGroup(f.Canaries.Match)),
        ["GWB2605"] = f => f.CanariesNamed = false,
    };

    public static TheoryData<string> Codes => [.. Spoilers.Keys];

    [Fact]
    public void Catalogue_HealthyTenant_FindsNothing()
        => Assert.Empty(Facts.Healthy().Codes());

    [Theory]
    [MemberData(nameof(Codes))]
    public void Check_WhatItLooksFor_Speaks(string code)
    {
        var facts = Facts.Healthy();

        Spoilers[code](facts);

        Assert.Contains(code, facts.Codes());
    }

    [Fact]
    public void Catalogue_EveryCheck_IsTestedAndUnique()
    {
        Assert.Equal(FindingCatalogue.All.Select(c => c.Code).Order(), Spoilers.Keys.Order());
    }

    [Fact]
    public void Catalogue_LimitsNotEnforced_OnlyTells()
    {
        var facts = Facts.Healthy();

        Spoilers["GWB2511"](facts);

        Assert.DoesNotContain("GWB2310", facts.Codes());
    }

    [Fact]
    public void Canary_ObjectOfAnEarlierMigration_IsOurs()
    {
        var facts = Facts.Healthy();
        facts.Inventory.Add(Facts.AdGroup(facts.Canaries.Match));

        facts.KnownCanaries.Add(facts.Canaries.Match);

        Assert.Empty(facts.Codes());
    }

    [Fact]
    public void Canary_WithoutSyncedUser_IsNotSuitable()
    {
        var facts = Facts.Healthy();

        facts.Change(facts.Canaries.New, g => g with { Members = 1, Unwritable = [Facts.Id(70)], CloudOnly = [Facts.Id(70)] });

        Assert.Contains("GWB2603", facts.Codes());
    }

    [Fact]
    public void Acceptance_OfABlockingCode_AcceptsNothing()
    {
        var facts = Facts.Healthy();
        Spoilers[FindingCatalogue.DeleteRuleActive](facts);

        var findings = FindingCatalogue.Run(facts.Build(), [new() { Code = FindingCatalogue.DeleteRuleActive, By = "p", Comment = "please" }]);

        Assert.False(Assert.Single(findings).Accepted);
    }

    [Fact]
    public void Acceptance_OfAConsequence_IsMarked()
    {
        var facts = Facts.Healthy();
        Spoilers["GWB2402"](facts);

        var findings = FindingCatalogue.Run(facts.Build(), [new() { Code = "GWB2402", By = "p", Comment = "known" }]);

        Assert.True(Assert.Single(findings).Accepted);
    }

    [Fact]
    public void Findings_ManyGroups_ShowAtMostTwentyNames()
    {
        var facts = Facts.Healthy();
        for (var number = 100; number < 150; number++)
        {
            facts.Inventory.Add(Facts.AdGroup(Facts.Id(number)));
        }

        var finding = Assert.Single(FindingCatalogue.Run(facts.Build(), []));

        Assert.Equal(50, finding.Groups);
        Assert.Equal(20, finding.Examples.Count);
    }

    [Fact]
    public void Documentation_ListsEveryCheck_AsItIs()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "GwbCloud.sln")))
        {
            root = root.Parent;
        }

        var lines = File.ReadAllLines(Path.Combine(root!.FullName, "docs", "findings.md")).Where(l => l.StartsWith("| GWB", StringComparison.Ordinal));

        Assert.Equal(FindingCatalogue.All.Select(c => $"| {c.Code} | {c.Severity} | {c.Title} | {c.Cause} | {c.Remedy} |"), lines);
    }

    static void Server(Facts facts, Func<ServerFacts, ServerFacts> change) => facts.Servers = [change(facts.Servers[0]), .. facts.Servers.Skip(1)];

    static void M365(Facts facts, int number, int groupType)
    {
        facts.Cloud.Add(Facts.Group(Facts.Id(number)) with { Unified = true, MailEnabled = true, Mail = "m@corp.example", SecurityEnabled = false, WritebackEnabled = null });
        facts.Inventory.Add(Facts.AdGroup(Facts.Id(number)) with { GroupType = groupType });
    }
}
