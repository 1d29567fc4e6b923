using System.Globalization;
using System.Text;
using GwbCloud.Functions.Api;

namespace GwbCloud.Functions.Documents;

/// <summary>Names of the documents that change, in one place so that writer and reader agree.</summary>
public static class StoreNames
{
    public const string Assessments = "assessments/";
    public const string Migrations = "migrations/";
    public const string Operations = "operations/";

    /// <summary>Who starts a migration or an operation just now.</summary>
    public const string StartTurn = "start-turn";

    public static string AssessmentRequest(string assessmentId) => $"{Assessments}{assessmentId}/request";

    public static string AssessmentOutcome(string assessmentId) => $"{Assessments}{assessmentId}/outcome";

    /// <summary>Prefix of what people accepted after the assessment: one document for each finding and person.</summary>
    public static string Acceptances(string assessmentId) => $"{Assessments}{assessmentId}/acceptances/";

    /// <summary>What was read of one group at risk since the assessment.</summary>
    public static string RiskReading(string assessmentId, string taskId) => $"{Assessments}{assessmentId}/tasks/{taskId}";

    public static string MigrationRequest(string migrationId) => $"{Migrations}{migrationId}/request";

    public static string MigrationView(string migrationId) => $"{Migrations}{migrationId}/view";

    public static string MigrationStanding(string migrationId) => $"{Migrations}{migrationId}/standing";

    /// <summary>What was to be told to channels, and how far it came.</summary>
    /// <param name="subject">Id of a migration or an operation.</param>
    public static string Notifications(string subject) => $"{(RunIds.IsOperation(subject) ? Operations : Migrations)}{subject}/notifications";

    public static string Report(string migrationId, string extension) => $"{Migrations}{migrationId}/report.{extension}";

    /// <summary>What a repair is made from; there from the freeze on.</summary>
    public static string RepairPack(string migrationId) => $"{Migrations}{migrationId}/repair";

    /// <summary>The last command that a server was sent, so that a stop can call it back.</summary>
    public static string LastCommand(string migrationId, string server) => $"{Migrations}{migrationId}/commands/{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(server.ToUpperInvariant()))}";

    public static string OperationRequest(string operationId) => $"{Operations}{operationId}/request";

    public static string OperationView(string operationId) => $"{Operations}{operationId}/view";

    /// <summary>What the approver of an operation decided; written once.</summary>
    public static string OperationDecision(string operationId) => $"{Operations}{operationId}/decision";

    /// <summary>What the scheduler was before an operation switched it off, and whether it still does.</summary>
    public static string HeldScheduler(string operationId) => $"{Operations}{operationId}/scheduler";

    /// <summary>What was there before group writeback was switched on; written once.</summary>
    public static string EnableBefore(string operationId) => $"{Operations}{operationId}/enable-before";

    /// <summary>What the values of a part were before the first write; written once.</summary>
    public static string ValuesBefore(string operationId, int part) => string.Create(CultureInfo.InvariantCulture, $"{Operations}{operationId}/before/{part:00000}");

    /// <summary>Prefix of what was decided at a gate: one document for each opening.</summary>
    public static string Ballots(string migrationId, string gate) => $"ballots/{migrationId}/{gate}/";

    /// <param name="hash">64 hexadecimal digits: of the token, or of its id.</param>
    public static string SpentToken(string hash) => $"spent-tokens/{hash}";
}
