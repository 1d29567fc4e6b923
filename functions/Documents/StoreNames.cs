namespace GwbCloud.Functions.Documents;

/// <summary>Names of the documents that change, in one place so that writer and reader agree.</summary>
public static class StoreNames
{
    public const string Assessments = "assessments/";
    public const string Migrations = "migrations/";

    public static string AssessmentRequest(string assessmentId) => $"{Assessments}{assessmentId}/request";

    public static string AssessmentOutcome(string assessmentId) => $"{Assessments}{assessmentId}/outcome";

    /// <summary>Prefix of what people accepted after the assessment: one document for each finding and person.</summary>
    public static string Acceptances(string assessmentId) => $"{Assessments}{assessmentId}/acceptances/";

    /// <summary>Prefix of what was read of single groups at risk since the assessment: one document for each task.</summary>
    public static string RiskReadings(string assessmentId) => $"{Assessments}{assessmentId}/tasks/";

    public static string RiskReading(string assessmentId, string taskId) => $"{RiskReadings(assessmentId)}{taskId}";

    public static string MigrationRequest(string migrationId) => $"{Migrations}{migrationId}/request";

    public static string MigrationView(string migrationId) => $"{Migrations}{migrationId}/view";

    public static string MigrationStanding(string migrationId) => $"{Migrations}{migrationId}/standing";

    public static string Report(string migrationId, string extension) => $"{Migrations}{migrationId}/report.{extension}";

    public static string Decisions(string migrationId, string gate) => $"approvals/{migrationId}/{gate}/";

    /// <summary>Who has decided at one opening of a gate: written once for each person.</summary>
    public static string Seat(string migrationId, string gate, string opening, string person) => $"approval-seats/{migrationId}/{gate}/{opening}/{person}";
}
