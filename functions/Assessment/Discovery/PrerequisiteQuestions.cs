using static GwbCloud.Functions.Assessment.DiscoveryStanding;
using static GwbCloud.Functions.Assessment.DiscoveryText;

namespace GwbCloud.Functions.Assessment;

/// <summary>What writeback needs. Source: plan document, prerequisites and the note on Connect's builds.</summary>
static class PrerequisiteQuestions
{
    /// <summary>Oldest build that the plan document names.</summary>
    static readonly Version OldestBuild = new(2, 0, 89, 0);

    /// <summary>rangeUpper of the schema from Exchange Server 2016 CU7 on, CU15 among them.</summary>
    const int Exchange2016 = 15332;

    public static IReadOnlyList<DiscoveryQuestion> All { get; } =
    [
        new()
        {
            Id = "licence",
            Part = DiscoveryPart.Prerequisites,
            Title = "Licence",
            Says = "Group writeback needs Entra ID P1 or P2.",
            Limit = "Entra ID P1 or P2",
            ReadFrom = "Graph, v1.0/subscribedSkus",
            Look = f => f.Read.Tenant.PremiumLicence
                ? new(AsDescribed, "The tenant has the licence.", new DiscoveredValue(Tenant, "P1 or P2 is there"))
                : new(Attention, "Without it group writeback is not licensed.", new DiscoveredValue(Tenant, "neither P1 nor P2")),
        },
        new()
        {
            Id = "connect-build",
            Part = DiscoveryPart.Prerequisites,
            Title = "Builds of Entra Connect",
            Says = "Version 2 is of the tenant and not of one server, so that every Connect server must have the build.",
            Limit = $"{OldestBuild} or later, on every server",
            ReadFrom = "Each Connect server, by its listener",
            Look = f => f.Read.Servers.Where(s => Versions.Older(s.Version, OldestBuild)).Select(s => s.Server).ToList() is { Count: > 0 } old
                ? new(Attention, $"Too old, or not to be read: {string.Join(", ", old)}.", ByServer(f.Read, s => s.Version))
                : new(f.Read.Silent.Count > 0 ? Unknown : AsDescribed,
                    f.Read.Silent.Count > 0 ? "Those that answered are new enough; nobody knows of the others." : "Every server that has a listener is new enough.", ByServer(f.Read, s => s.Version)),
        },
        new()
        {
            Id = "connect-servers",
            Part = DiscoveryPart.Prerequisites,
            Title = "Connect servers of the tenant",
            Says = "Every Connect server counts, because version 2 is switched on for the tenant.",
            ReadFrom = "Listeners; accounts of Connect in Entra and in Active Directory",
            Look = f =>
            {
                List<string> listened = [.. f.Read.Servers.Select(s => s.Server), .. f.Read.Silent.Select(s => s.Server)];
                var strangers = ServerNames.Strangers(listened, [.. f.Read.Tenant.ConnectServers, .. f.Read.Forest.ConnectComputers]).ToList();
                return new(
                    strangers.Count > 0 || f.Read.Silent.Count > 0 ? Unknown : AsDescribed,
                    strangers.Count > 0 ? "Accounts name servers that nobody could ask: they may be gone, or go on by rules of their own." : "All servers that accounts of Connect name have a listener.",
                    [.. ByServer(f.Read, s => s.Staging ? "staging" : "active"), .. strangers.Order(StringComparer.Ordinal).Select(name => new DiscoveredValue(name, "has no listener"))]);
            },
        },
        new()
        {
            Id = "exchange-server",
            Part = DiscoveryPart.Prerequisites,
            Title = "Exchange Server",
            Says = "Optional: only for Microsoft 365 groups with an Exchange hybrid.",
            Limit = "Exchange Server 2016 CU15 or later, where there is a hybrid",
            ReadFrom = "The forest's schema by LDAP",
            Look = f => f.Read.Forest.Exchange.Schema switch
            {
                null => new(AsDescribed, "There has been no Exchange in the forest; it is needed for an Exchange hybrid alone.", SettingQuestions.Exchange(f)),
                < Exchange2016 => new(Attention, "The schema is older than that of Exchange 2016 CU15. It matters for an Exchange hybrid alone.", SettingQuestions.Exchange(f)),
                _ => new(AsDescribed, "The schema is that of CU15 or later. The directory does not show which cumulative update each Exchange server has: where there is a hybrid, look there.", SettingQuestions.Exchange(f)),
            },
        },
    ];
}
