using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

/// <summary>What lies just on the good side of each border, and so must not be found.</summary>
public class EdgeTests
{
    static readonly Dictionary<string, Action<Facts>> Good = new()
    {
        ["oldest Connect"] = f => f.Servers = [.. f.Servers.Select(s => s with { Version = "2.5.79.0" })],
        ["no precedence, and no need of one"] = f => f.Servers =
        [
            .. f.Servers.Select(s => s with { FreePrecedences = 0, Coexistence = new() { Inbound = RuleState.AsSpecified, Outbound = RuleState.AsSpecified } }),
        ],
        ["two precedences"] = f => f.Servers = [.. f.Servers.Select(s => s with { FreePrecedences = 2 })],
        ["server by its full name"] = f => f.Tenant = f.Tenant with { ConnectServers = ["aadc1.corp.example", "AADC2"] },
        ["server with a name that NetBIOS cuts"] = f =>
        {
            f.Servers = [Facts.Server("AADCONNECT-EUROPE-01", staging: false), f.Servers[1]];
            f.Tenant = f.Tenant with { ConnectServers = ["AADCONNECT-EURO", "AADC2"] };
            f.Forest = f.Forest with { ConnectComputers = ["AADCONNECT-EURO", "AADC2"] };
        },
        ["OU in another spelling"] = f => f.Servers = [.. f.Servers.Select(s => s with { WritebackOu = "ou=groups, dc=CORP,dc=example" })],
        ["less than twelve hours of staging"] = f => f.Servers = [.. f.Servers.Select(s => s with { LastInitialSeconds = 2 * 3_600 })],
        ["schema of 2016"] = f => f.Forest = f.Forest with { SchemaVersion = 87 },
        ["current agents"] = f => f.Forest = f.Forest with { Agents = [.. f.Forest.Agents.Select(a => a with { Version = "1.1.2334.0" })] },
        ["an old agent that is stopped"] = f => f.Forest = f.Forest with { Agents = [.. f.Forest.Agents, Facts.Agent("SRV9") with { Version = "1.1.1.0", Active = false }] },
        ["a stopped agent of unknown version"] = f => f.Forest = f.Forest with { Agents = [.. f.Forest.Agents, Facts.Agent("SRV9") with { Version = "", Active = false }] },
        ["groups with their rights"] = f => f.ChangeObject(Facts.Id(1), g => g with { AgentMayWrite = true, ListenerMayStamp = true }),
        ["rights of the listener that nobody could read"] = f => f.Forest = f.Forest with { ListenerMayStampOu = null },
        ["backup of seven days ago"] = f => f.Forest = f.Forest with { LastBackup = Facts.Now - TimeSpan.FromDays(7) },
        ["no Exchange, and no group that needs it"] = f => f.Forest = f.Forest with { Exchange = new() },
        ["second configuration"] = f => f.CloudSync = f.CloudSync with { OtherDomains = 1 },
        ["third configuration, with Governance"] = f =>
        {
            f.CloudSync = f.CloudSync with { OtherDomains = 2 };
            f.Tenant = f.Tenant with { GovernanceLicence = true };
        },
        ["configuration of the domain among many"] = f => f.CloudSync = f.CloudSync with { OtherDomains = 19, Configurations = [Facts.Configuration] },
        ["credentials in our own configuration"] = f => f.CloudSync = f.CloudSync with { Configurations = [Facts.Configuration with { Ours = true, MaskedSecrets = ["Password"] }] },
        ["application without a job"] = f => f.CloudSync = f.CloudSync with
        {
            Configurations = [Facts.Configuration with { JobId = null, State = GwbCloud.Functions.CloudSync.SurveyedState.NoJob, DeleteThreshold = null, TakesAll = true }],
        },
        ["inbound job with the filter"] = f => f.CloudSync = f.CloudSync with
        {
            Inbound = [new() { ServicePrincipalId = Facts.Id(80), Name = "in", JobId = "in", Running = true, ReadsWritebackOu = true, LooksAtAdminDescription = true }],
        },
        ["inbound job elsewhere"] = f => f.CloudSync = f.CloudSync with
        {
            Inbound = [new() { ServicePrincipalId = Facts.Id(80), Name = "in", JobId = "in", Running = true, ReadsWritebackOu = false, LooksAtAdminDescription = false }],
        },
        ["second anchor as the first"] = f => f.ChangeObject(Facts.Id(1), g => g with { ExternalDirectoryObjectId = g.AdminDescription }),
        ["as many groups as are supported"] = f => f.Options.GroupLimit = 2,
        ["as many memberships as are supported"] = f => f.Options.MembershipLimit = 8,
        ["a tenant as large as documents assume"] = f => f.Tenant = f.Tenant with { Numbers = new() { Users = 200_000, Groups = 40_000, Memberships = 1_000_000 } },
        ["users that could not be counted"] = f => f.Tenant = f.Tenant with { Numbers = new() { Users = null } },
        ["fifty thousand members"] = f => f.Change(Facts.Id(1), g => g with { Members = 50_000 }),
        ["deleted group that was never written"] = f => f.Cloud.Add(Facts.Group(Facts.Id(30)) with { SoftDeleted = true, WritebackEnabled = null }),
        ["mail on a group that is not written"] = f => f.Cloud.Add(Facts.Group(Facts.Id(31)) with { WritebackEnabled = null, Mail = "x@corp.example" }),
        ["synchronised group"] = f => f.Cloud.Add(Facts.Group(Facts.Id(32)) with { OnPremisesSynced = true }),
    };

    public static TheoryData<string> Names => [.. Good.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Checks_OnTheGoodSideOfTheBorder_SayNothing(string name)
    {
        var facts = Facts.Healthy();

        Good[name](facts);

        Assert.Empty(facts.Codes());
    }
}
