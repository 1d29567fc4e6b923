using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.Assessment;

/// <summary>A small tenant in which nothing is wrong; tests spoil one thing.</summary>
sealed class Facts
{
    public const string Ou = "OU=Groups,DC=corp,DC=example";

    public static readonly DateTimeOffset Now = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    public static BlastRadius Blast { get; } = new()
    {
        Migrating = 1, LosingMembers = 0, MembersLost = 0, M365NewlyWritten = 0, M365TypeChanged = 0, M365TooLarge = 0, CannotMove = 0, Freezing = 0, Orphans = 0,
    };

    public List<CloudGroupFacts> Cloud { get; } = [];

    public List<AdGroup> Inventory { get; } = [];

    public List<ServerFacts> Servers { get; set; } = [Server("AADC1", staging: false), Server("AADC2", staging: true)];

    public IReadOnlyList<ServerRuns> Runs { get; set; } = [];

    public ForestFacts Forest { get; set; } = new()
    {
        Domain = "corp.example",
        WritableDomainController = "dc1.corp.example",
        GlobalCatalogs = ["dc1.corp.example"],
        SchemaVersion = 88,
        HasExternalDirectoryObjectId = true,
        RecycleBinEnabled = true,
        LastBackup = Now - TimeSpan.FromHours(9),
        Exchange = new() { Schema = 17003, Configuration = 16760, Domain = 13243 },
        WritebackOu = Ou,
        WritebackOuExists = true,
        AgentMayWriteOu = true,
        Agents = [Agent("SRV1"), Agent("SRV2"), Agent("SRV3")],
        UnreachableEndpoints = [],
        ConnectComputers = ["AADC1", "AADC2"],
    };

    public TenantFacts Tenant { get; set; } = new() { Tenant = Id(9_000), PremiumLicence = true, NewM365GroupsAreWritten = true, Groups = Document, ConnectServers = ["AADC1", "AADC2"] };

    public List<SilentServer> Silent { get; } = [];

    public List<string> AnchorsElsewhere { get; } = [];

    public CloudSyncSurvey CloudSync { get; set; } = new() { Domain = "corp.example", Configurations = [], OtherDomains = 0, Inbound = [], Unreadable = [] };

    public List<Acceptance> Acceptances { get; } = [];

    public AssessmentOptions Options { get; } = new();

    public Canaries Canaries { get; set; } = new() { New = Id(9_001), Match = Id(9_002), Unassigned = Id(9_003) };

    public bool CanariesNamed { get; set; } = true;

    public HashSet<Guid> KnownCanaries { get; } = [];

    public static DocumentReference Document { get; } = new() { Kind = "test", Sha256 = new string('0', 64), Bytes = 0, Count = 0 };

    /// <summary>Two groups that migrate, the second nested in the first, and three canaries.</summary>
    public static Facts Healthy()
    {
        var facts = new Facts();
        facts.Written(1, members: 3);
        facts.Written(2, members: 5);
        facts.Change(Id(1), g => g with { Children = [Id(2)] });
        foreach (var canary in facts.Canaries.All)
        {
            facts.Cloud.Add(Group(canary) with { Members = 1, WritebackEnabled = null });
        }

        return facts;
    }

    public static Guid Id(int number) => new(number, 0, 0, [0xA0, 0, 0, 0, 0, 0, 0, (byte)(number % 251)]);

    public static CloudGroupFacts Group(Guid id) => new()
    {
        Id = id,
        DisplayName = $"Group {id.ToString("D")[..8]}",
        SecurityEnabled = true,
        MailEnabled = false,
        Unified = false,
        WritebackEnabled = true,
        Members = 3,
    };

    public static AdGroup AdGroup(Guid id) => new()
    {
        ObjectGuid = new Guid([.. id.ToByteArray().Reverse()]),
        DistinguishedName = $"CN=Group_{id:D},{Ou}",
        SamAccountName = $"$g-{id:N}"[..20],
        Sid = "S-1-5-21-1-2-3-1000",
        DisplayName = "group",
        GroupType = -2147483640,
        AdminDescription = $"Group_{id:D}",
        MemberCount = 3,
    };

    /// <summary>A configuration that somebody made and never used.</summary>
    public static SurveyedConfiguration Configuration { get; } = new()
    {
        ServicePrincipalId = Id(8_000), Name = "corp.example", JobId = "job", State = SurveyedState.Paused, Ours = false, Domain = "corp.example",
        TakesAll = false, DeleteThreshold = 500, Assigned = 0, HasRun = false, MaskedSecrets = [], Deviations = [],
    };

    public static ProvisioningAgent Agent(string computer) => new() { Computer = computer, Version = "1.1.2505.0", Active = true };

    public static ServerFacts Server(string name, bool staging) => new()
    {
        Server = name,
        Version = "2.6.92.0",
        Cmdlet = CmdletGeneration.Interactive,
        Staging = staging,
        Scheduler = new() { Enabled = true, Suspended = false, CycleInProgress = false, IntervalSeconds = 1_800 },
        Features = new() { GroupWritebackV2 = true, UnifiedGroupWriteback = true },
        Coexistence = new() { Inbound = RuleState.Absent, Outbound = RuleState.Absent },
        DeleteRuleEnabled = false,
        CustomProvisioningRules = [],
        FreePrecedences = 99,
        MemberLimitEnabled = true,
        DisplayNameRuleEnabled = false,
        AutoUpgrade = AutoUpgradeState.Disabled,
        WritebackOu = Ou,
        WritebackOuInScope = true,
        AdConnector = "corp.example",
        LastInitialSeconds = 3_600,
    };

    public static ConnectorFacts Connector(string forest) => new()
    {
        Name = forest, Identifier = Guid.Empty, Kind = ConnectorKind.ActiveDirectory, Forest = forest, Domains = [forest], Objects = 1_000,
    };

    public void Written(int number, int members = 3)
    {
        Cloud.Add(Group(Id(number)) with { Members = members });
        Inventory.Add(AdGroup(Id(number)));
    }

    public void Change(Guid id, Func<CloudGroupFacts, CloudGroupFacts> change)
    {
        var at = Cloud.FindIndex(g => g.Id == id);
        Cloud[at] = change(Cloud[at]);
    }

    public void ChangeObject(Guid id, Func<AdGroup, AdGroup> change)
    {
        var at = Inventory.FindIndex(g => g.AdminDescription == $"Group_{id:D}");
        Inventory[at] = change(Inventory[at]);
    }

    public Classification Classify() => new GroupClassifier(Cloud, Inventory, KnownCanaries.Concat(Canaries.All), Forest.WritebackOu, AnchorsElsewhere).Classify();

    public AssessmentFacts Build() => new()
    {
        Tenant = Tenant,
        Forest = Forest,
        Servers = Servers,
        Silent = Silent,
        Runs = Runs,
        CloudSync = CloudSync,
        ReadAt = Now,
        Inventory = Inventory,
        Cloud = Cloud.ToDictionary(g => g.Id),
        Classified = Classify(),
        Canaries = CanariesNamed ? Canaries : null,
        KnownCanaries = KnownCanaries,
        Time = TimeArithmetic.Plan(Servers, Options.ConfirmHours, Options.UnknownInitialMinutes),
        Options = Options,
    };

    public IReadOnlyList<string> Codes() => [.. FindingCatalogue.Run(Build(), Acceptances).Select(f => f.Code)];
}
