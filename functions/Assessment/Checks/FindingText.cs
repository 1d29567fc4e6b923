using System.Globalization;

namespace GwbCloud.Functions.Assessment;

/// <summary>Numbers and times as findings name them, the same in every culture.</summary>
static class FindingText
{
    public static string Hours(TimePlan time) => $"{Math.Round(time.PredictedStagingSeconds / 3_600.0, 1).ToString(CultureInfo.InvariantCulture)} hours";

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
