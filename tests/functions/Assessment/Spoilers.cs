using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.Assessment;

/// <summary>For each check the one fact that makes it speak, in a tenant where all else is well.</summary>
static class Spoilers
{
    const int DomainLocalSecurity = -2147483644;

    /// <summary>Checks that speak of some groups of another one, by the code of that one.</summary>
    public static readonly IReadOnlyDictionary<string, string> Within = new Dictionary<string, string> { ["GWB2124"] = "GWB2401" };

    // Each check by what makes it speak. The healthy tenant proves its silence.
    public static readonly IReadOnlyDictionary<string, Action<Facts>> All = new Dictionary<string, Action<Facts>>
    {
        ["GWB2101"] = f => Server(f, s => s with { Features = s.Features with { GroupWritebackV2 = null } }),
        ["GWB2102"] = f => Server(f, s => s with { Features = s.Features with { UnifiedGroupWriteback = false } }),
        ["GWB2103"] = f => Server(f, s => s with { Version = "2.5.78.9" }),
        ["GWB2104"] = f => f.Servers = [Facts.Server("AADC1", staging: false), Facts.Server("AADC2", staging: false)],
        ["GWB2105"] = f => f.Servers = [.. f.Servers, Facts.Server("aadc2", staging: true)],
        ["GWB2106"] = f => Server(f, s => s with { Scheduler = s.Scheduler with { Suspended = true } }),
        ["GWB2107"] = f => Server(f, s => s with { DeleteRuleEnabled = true }),
        ["GWB2108"] = f => Server(f, s => s with { Coexistence = s.Coexistence with { Outbound = RuleState.Different } }),
        ["GWB2109"] = f => Server(f, s => s with { WritebackOuInScope = false }),
        ["GWB2110"] = f => Server(f, s => s with { WritebackOu = "OU=Other,DC=corp,DC=example" }),
        ["GWB2111"] = f => Server(f, s => s with { LastInitialSeconds = 60_000 }),
        ["GWB2112"] = f => f.Tenant = f.Tenant with { ConnectServers = ["AADC1", "AADC2", "OLDSYNC01"] },
        ["GWB2113"] = f => Server(f, s => s with { WritebackOu = "" }),
        ["GWB2114"] = f => f.Silent.Add(new() { Server = "AADC3", Why = "GWB2701: it was silent." }),
        ["GWB2115"] = f => Server(f, s => s with { FreePrecedences = 1 }),
        ["GWB2116"] = f => f.Runs = [Runs("completed-sync-errors", "k")],
        ["GWB2117"] = f => f.Runs =
        [
            new() { Server = "AADC1", Runs = [Runs("completed-export-errors", "k").Runs[0] with { Details = [new() { Key = "k", Kind = "permission-issue", Group = $"CN=a,{Facts.Ou}" }] }] },
        ],
        ["GWB2118"] = f => f.Runs = [Runs("stopped-server-down")],
        ["GWB2119"] = f => Server(f, s => s with { AdConnector = "fabrikam.example" }),
        ["GWB2120"] = f => Server(f, s => s with { Connectors = [Facts.Connector("fabrikam.example") with { HoldsWritebackOu = true }] }),
        ["GWB2121"] = f => f.Servers =
        [
            f.Servers[0] with { Connectors = [Facts.Connector("corp.example") with { HoldsWritebackOu = true, Domains = ["corp.example", "sub.corp.example"] }] },
            f.Servers[1] with { Connectors = [Facts.Connector("corp.example") with { HoldsWritebackOu = true }] },
        ],
        ["GWB2122"] = f => f.Servers =
        [
            .. f.Servers.Select(s => s with { Connectors = [Facts.Connector("corp.example") with { HoldsWritebackOu = true }, Facts.Connector("fabrikam.example")] }),
        ],
        ["GWB2123"] = f => f.Forest = f.Forest with { OtherDomains = [new() { Domain = "sub.corp.example", Agents = [] }] },
        ["GWB2124"] = f => f.ChangeObject(Facts.Id(1), g => g with { GroupType = DomainLocalSecurity, ForeignMembers = 2 }),
        ["GWB2201"] = f => f.Forest = f.Forest with { SchemaVersion = 69 },
        ["GWB2202"] = f => f.Forest = f.Forest with { WritebackOuExists = false },
        ["GWB2203"] = f => f.Forest = f.Forest with { RecycleBinEnabled = false },
        ["GWB2204"] = f => f.Forest = f.Forest with { Agents = [Facts.Agent("SRV1") with { Active = false }] },
        ["GWB2205"] = f => f.Forest = f.Forest with { AgentMayWriteOu = false },
        ["GWB2206"] = f => f.Forest = f.Forest with { Agents = [Facts.Agent("SRV1") with { Version = "1.1.1366.0" }, .. f.Forest.Agents.Skip(1)] },
        ["GWB2207"] = f => f.Forest = f.Forest with { GlobalCatalogs = [] },
        ["GWB2208"] = f => f.Tenant = f.Tenant with { PremiumLicence = false },
        ["GWB2209"] = f => f.Forest = f.Forest with { UnreachableEndpoints = ["dc2.corp.example:3268"] },
        ["GWB2210"] = f => f.Forest = f.Forest with { LastBackup = Facts.Now - TimeSpan.FromDays(8) },
        ["GWB2211"] = f => f.CloudSync = f.CloudSync with { OtherDomains = 2 },
        ["GWB2212"] = f => f.CloudSync = f.CloudSync with { OtherDomains = 20 },
        ["GWB2213"] = f => f.CloudSync = f.CloudSync with { Configurations = [Facts.Configuration, Facts.Configuration with { JobId = "job2" }] },
        ["GWB2214"] = f => Configuration(f, c => c with { HasRun = true, Managed = 7, CannotPreserve = "it takes every group" }),
        ["GWB2215"] = f => Configuration(f, c => c with { MaskedSecrets = ["Password"] }),
        ["GWB2216"] = f => Configuration(f, c => c with { TakesAll = true }),
        ["GWB2217"] = f => Configuration(f, c => c with { State = SurveyedState.Quarantined, QuarantineReason = "TooManyDeletes" }),
        ["GWB2218"] = f => f.Forest = f.Forest with { ListenerMayStampOu = false },
        ["GWB2301"] = f =>
        {
            f.Inventory.Clear();
            f.Change(Facts.Id(1), g => g with { WritebackEnabled = null });
            f.Change(Facts.Id(2), g => g with { WritebackEnabled = null });
        },
        ["GWB2302"] = f => f.Change(Facts.Id(1), g => g with { Mail = "a@corp.example" }),
        ["GWB2303"] = f => f.Change(Facts.Id(1), g => g with { SoftDeleted = true }),
        ["GWB2304"] = f => f.Change(Facts.Id(1), g => g with { WritebackEnabled = false }),
        ["GWB2305"] = f => f.Change(Facts.Id(1), g => g with { OnPremisesSynced = true }),
        ["GWB2306"] = f => f.ChangeObject(Facts.Id(1), g => g with { ExternalDirectoryObjectId = "User_x" }),
        ["GWB2307"] = f => f.AnchorsElsewhere.Add($"Group_{Facts.Id(1):D}"),
        ["GWB2308"] = f => f.ChangeObject(Facts.Id(1), g => g with { DistinguishedName = $"CN=Sales\\0ACNF:{Facts.Id(1):D},{Facts.Ou}" }),
        ["GWB2309"] = f => f.ChangeObject(Facts.Id(1), g => g with { DistinguishedName = $"CN=Group_{Facts.Id(1):D},OU={new string('x', 200)},{Facts.Ou}" }),
        ["GWB2310"] = f => f.Options.GroupLimit = 1,
        ["GWB2311"] = f => f.Options.MembershipLimit = 7,
        ["GWB2312"] = f => f.ChangeObject(Facts.Id(1), g => g with { AgentMayWrite = false }),
        ["GWB2313"] = f => f.ChangeObject(Facts.Id(1), g => g with { ListenerMayStamp = false }),
        ["GWB2401"] = f => f.Change(Facts.Id(1), g => g with { Members = 50_001 }),
        ["GWB2402"] = f => f.Change(Facts.Id(1), g => g with { Unwritable = [Facts.Id(77)], Devices = 1 }),
        ["GWB2403"] = f => f.Cloud.Add(Facts.Group(Facts.Id(5)) with { Unified = true, MailEnabled = true, SecurityEnabled = false, WritebackEnabled = false }),
        ["GWB2404"] = f => M365(f, 6, groupType: -2147483640),
        ["GWB2405"] = f => Server(f, s => s with { LastInitialSeconds = 4 * 3_600 }),
        ["GWB2406"] = f => Server(f, s => s with { CustomProvisioningRules = ["Out to AD - copy"] }),
        ["GWB2419"] = f => f.Change(Facts.Id(1), g => g with { LongDescription = true }),
        ["GWB2407"] = f => f.ChangeObject(Facts.Id(1), g => g with { AdminCount = true }),
        ["GWB2408"] = f => f.ChangeObject(Facts.Id(1), g => g with { DistinguishedName = $"CN=Sales,{Facts.Ou}" }),
        ["GWB2409"] = f => f.CloudSync = f.CloudSync with
        {
            Inbound = [new() { ServicePrincipalId = Facts.Id(80), Name = "AD to Entra", JobId = "in", Running = true, ReadsWritebackOu = true, LooksAtAdminDescription = false }],
        },
        ["GWB2410"] = f => Configuration(f, c => c with { HasRun = true, Managed = 7 }),
        ["GWB2413"] = f => f.Forest = f.Forest with { Agents = [Facts.Agent("SRV1") with { Version = "", Active = null }, .. f.Forest.Agents.Skip(1)] },
        ["GWB2501"] = f => Server(f, s => s with { Scheduler = s.Scheduler with { CycleInProgress = true } }),
        ["GWB2502"] = f => Server(f, s => s with { Scheduler = s.Scheduler with { Enabled = false } }),
        ["GWB2503"] = f => Server(f, s => s with { LastInitialSeconds = null }),
        ["GWB2504"] = f => Server(f, s => s with { AutoUpgrade = AutoUpgradeState.Enabled }),
        ["GWB2505"] = f => f.Forest = f.Forest with { Agents = [Facts.Agent("SRV1") with { Version = "1.1.1367.0" }, .. f.Forest.Agents.Skip(1)] },
        ["GWB2506"] = f =>
        {
            M365(f, 6, groupType: 8);
            f.Forest = f.Forest with { Exchange = new() };
        },
        ["GWB2507"] = f => f.Tenant = f.Tenant with { NewM365GroupsAreWritten = false },
        ["GWB2508"] = f => f.Inventory.Add(Facts.AdGroup(Facts.Id(50))),
        ["GWB2509"] = f => f.Cloud.Add(Facts.Group(Facts.Id(51))),
        ["GWB2510"] = f => f.ChangeObject(Facts.Id(1), g => g with { ProtectedFromDeletion = true }),
        ["GWB2412"] = f =>
        {
            f.Options.GroupLimit = 1;
            f.Options.EnforceLimits = false;
        },
        ["GWB2512"] = f => f.Acceptances.Add(new() { Code = "GWB2402", By = "p", Comment = "in advance" }),
        ["GWB2513"] = f => f.Tenant = f.Tenant with { Numbers = new() { Users = 200_001 } },
        ["GWB2514"] = f => f.Forest = f.Forest with { Agents = [Facts.Agent("SRV1")] },
        ["GWB2515"] = f => f.Inventory.Add(Facts.AdGroup(Facts.Id(60)) with { AdminDescription = null }),
        ["GWB2516"] = f => f.Change(Facts.Id(1), g => g with { RoleAssignable = true }),
        ["GWB2517"] = f => f.Change(Facts.Id(1), g => g with { Dynamic = true }),
        ["GWB2518"] = f => f.Change(Facts.Id(1), g => g with { Children = [Facts.Id(2), Facts.Id(71)] }),
        ["GWB2519"] = f => f.Change(Facts.Id(1), g => g with { Unwritable = [Facts.Id(70)], CloudOnly = [Facts.Id(70)] }),
        ["GWB2520"] = f => f.ChangeObject(Facts.Id(1), g => g with { Nested = new() { Universal = 1, DomainLocal = 1 } }),
        ["GWB2521"] = f => f.Cloud.Add(Facts.Group(Facts.Id(5)) with { Unified = true, WritebackEnabled = false, Members = 50_001 }),
        ["GWB2522"] = f => Server(f, s => s with { MemberLimitEnabled = false }),
        ["GWB2523"] = f => Server(f, s => s with { DisplayNameRuleEnabled = true }),
        ["GWB2411"] = f => f.CloudSync = f.CloudSync with { Unreadable = ["other app"] },
        ["GWB2525"] = f => Configuration(f, c => c with { Deviations = ["cn"] }),
        ["GWB2526"] = f => Configuration(f, c => c with { DeleteThreshold = null }),
        ["GWB2527"] = f => f.Cloud.Add(Facts.Group(Facts.Id(52)) with { WritebackEnabled = false, OnPremisesGroupType = "universalSecurityGroup" }),
        ["GWB2528"] = f => f.Cloud.Add(Facts.Group(Facts.Id(53)) with { Mail = "late@corp.example" }),
        ["GWB2601"] = f => f.Cloud.RemoveAll(g => g.Id == f.Canaries.New),
        ["GWB2602"] = f => f.Canaries = f.Canaries with { Match = f.Canaries.New },
        ["GWB2603"] = f => f.Change(f.Canaries.New, g => g with { WritebackEnabled = true }),
        ["GWB2604"] = f => f.Inventory.Add(Facts.AdGroup(f.Canaries.Match)),
        ["GWB2605"] = f => f.CanariesNamed = false,
    };

    static void Configuration(Facts facts, Func<SurveyedConfiguration, SurveyedConfiguration> change)
        => facts.CloudSync = facts.CloudSync with { Configurations = [change(Facts.Configuration)] };

    static ServerRuns Runs(string result, params string[] errors) => new()
    {
        Server = "AADC1",
        Runs = [new() { RunNumber = 1, Connector = "corp.example", Profile = "Delta Synchronization", Result = result, Errors = errors }],
    };

    static void Server(Facts facts, Func<ServerFacts, ServerFacts> change) => facts.Servers = [change(facts.Servers[0]), .. facts.Servers.Skip(1)];

    static void M365(Facts facts, int number, int groupType)
    {
        facts.Cloud.Add(Facts.Group(Facts.Id(number)) with { Unified = true, MailEnabled = true, Mail = "m@corp.example", SecurityEnabled = false, WritebackEnabled = null });
        facts.Inventory.Add(Facts.AdGroup(Facts.Id(number)) with { GroupType = groupType });
    }
}
