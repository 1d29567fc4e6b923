using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Reporting;

/// <summary>An assessment as a scenario of the lab: a tenant of the same size and with the same troubles, and without a single name of it.</summary>
/// <remarks>Its members are those of <c>lab/scenario.schema.json</c>.</remarks>
public sealed record ScenarioExport
{
    const int MostServers = 8;
    const int MostGroups = 1_000_000;

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true,
    };

    public required string Description { get; init; }
    public required int Groups { get; init; }
    public required int M365 { get; init; }
    public required int Servers { get; init; }

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
    public required bool DeleteRule { get; init; }

    public static ScenarioExport Of(AssessmentReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var (tally, facts) = (report.Tally, report.Facts);
        var (disabled, deleted) = (tally[GroupClass.AtRisk, ClassReason.Disabled], tally[GroupClass.AtRisk, ClassReason.SoftDeleted]);
        return new()
        {
            Description = $"Counts of the assessment {report.Outcome.AssessmentId}.",

            // The lab disables and deletes some of the groups that it wrote, and adds those with mail to them.
            Groups = Within(1, tally[GroupClass.Migrates] + tally[GroupClass.Freezes] + disabled + deleted, MostGroups),
            M365 = Within(0, tally[GroupClass.FallsToV1], MostGroups),
            Servers = Within(1, facts.Servers.Count, MostServers),
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
            DeleteRule = facts.Servers.Any(server => server.DeleteRuleEnabled),
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    static int Within(int least, int value, int most) => Math.Clamp(value, least, most);
}
