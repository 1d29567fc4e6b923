using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Reporting;

/// <summary>An assessment as a scenario of the lab: a tenant of the same size and with the same troubles, and without a single name of it.</summary>
/// <remarks>Its members are those of <c>lab/scenario.schema.json</c>.</remarks>
public sealed record ScenarioExport
{
    const int MostServers = 8;
    const int MostForests = 3;
    const int MostOversized = 10;
    const int MostGroups = 1_000_000;

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true,
    };

    public required string Description { get; init; }
    public required int Groups { get; init; }
    public required int M365 { get; init; }
    public required int Servers { get; init; }
    public required int Forests { get; init; }

    /// <summary>Servers of former times that accounts still name.</summary>
    public required int ForgottenServers { get; init; }

    /// <summary>Left out when it is no build that the lab knows how to simulate.</summary>
    public string? ConnectVersion { get; init; }
    public required int Seed { get; init; }
    public required string Naming { get; init; }
    public required int Orphans { get; init; }
    public required int DisabledRetained { get; init; }
    public required int SoftDeletedRetained { get; init; }
    public required int MailBearing { get; init; }
    public required int DeviatingNames { get; init; }
    public required int DeviatingPlaces { get; init; }
    public required int Oversized { get; init; }
    public required bool DeleteRule { get; init; }
    public required string ClonedRule { get; init; }
    public required string ExistingConfiguration { get; init; }
    public required int ManagedGroups { get; init; }
    public required string OtherJobs { get; init; }
    public required string Licence { get; init; }

    public static ScenarioExport Of(AssessmentReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var (tally, facts) = (report.Tally, report.Facts);
        var oversized = tally[GroupClass.Freezes, ClassReason.TooLarge];
        var configuration = facts.CloudSync?.Configurations is [var first, ..] ? first : null;
        var (disabled, deleted) = (tally[GroupClass.AtRisk, ClassReason.Disabled], tally[GroupClass.AtRisk, ClassReason.SoftDeleted]);
        return new()
        {
            Description = $"Counts of the assessment {report.Outcome.AssessmentId}.",

            // The lab disables and deletes some of the groups that it wrote, and adds those with mail to them.
            Groups = Within(1, tally[GroupClass.Migrates] + tally[GroupClass.Freezes] - oversized + disabled + deleted, MostGroups),
            M365 = Within(0, tally[GroupClass.FallsToV1], MostGroups),
            Servers = Within(1, facts.Servers.Count, MostServers),
            Forests = Within(1, facts.Servers.Select(server => server.Connectors.Count(c => c.Kind == ConnectorKind.ActiveDirectory)).DefaultIfEmpty(1).Max(), MostForests),
            ForgottenServers = Within(0, report.Findings.Where(f => f.Code == FindingCatalogue.ServerWithoutListener).Sum(f => f.Groups), MostServers),
            ConnectVersion = facts.Servers.OrderBy(server => server.Staging).Select(server => server.Version)
                .FirstOrDefault(version => Version.TryParse(version, out var build) && build is { Major: 1 or 2, Revision: >= 0 } && build.ToString() == version),
            Seed = (int)(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(report.Outcome.AssessmentId))) & int.MaxValue),
            Naming = report.Outcome.Naming == NamingStyle.DisplayName ? "display-name" : "cloud-id",
            Orphans = Within(0, tally[GroupClass.Orphan], MostGroups),
            DisabledRetained = Within(0, disabled, MostGroups),
            SoftDeletedRetained = Within(0, deleted, MostGroups),
            MailBearing = Within(0, tally[GroupClass.AtRisk, ClassReason.HasMail] + tally[GroupClass.AtRisk, ClassReason.MailEnabled], MostGroups),
            DeviatingNames = Within(0, tally[GroupClass.Migrates, ClassReason.WrongName] + tally[GroupClass.Migrates, ClassReason.KeptName], MostGroups),
            DeviatingPlaces = Within(0, tally[GroupClass.Migrates, ClassReason.WrongPlace] + tally[GroupClass.Migrates, ClassReason.KeptPlace], MostGroups),
            Oversized = Within(0, oversized, MostOversized),
            DeleteRule = facts.Servers.Any(server => server.DeleteRuleEnabled),

            // A rule that people looked at and accepted leaves alone what Cloud Sync takes over; of another one nobody knows that.
            ClonedRule = facts.Servers.All(server => server.CustomProvisioningRules.Count == 0) ? "none"
                : report.Findings.Any(f => f is { Code: FindingCatalogue.CustomRules, Accepted: true }) ? "harmless" : "provisioning",
            ExistingConfiguration = NameOf(configuration),
            ManagedGroups = configuration is { ManagesGroups: true } ? (int)Math.Min(configuration.GroupsKept, MostGroups) : UsualManagedGroups,
            OtherJobs = facts.CloudSync?.Inbound is not { Count: > 0 } jobs ? "none" : jobs.Any(job => job.WouldReadWrittenGroups) ? "unfiltered" : "filtered",
            Licence = facts.Tenant.PremiumLicence ? "p1" : "none",
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>What the lab takes where nothing is managed.</summary>
    const int UsualManagedGroups = 3;

    static string NameOf(SurveyedConfiguration? configuration) => configuration switch
    {
        null => "none",
        { TakesAll: true } => "sync-all",
        { ManagesGroups: true, State: SurveyedState.Running } => "running",
        { ManagesGroups: true } => "managing",
        _ => "paused",
    };

    static int Within(int least, int value, int most) => Math.Clamp(value, least, most);
}
