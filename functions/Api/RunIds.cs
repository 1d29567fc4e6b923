using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace GwbCloud.Functions.Api;

/// <summary>Ids of assessments, migrations and operations: a letter, the second, and four random digits.</summary>
public static partial class RunIds
{
    public static string New(char kind, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}-{now.UtcDateTime:yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");

    public static bool IsAssessment(string id) => Form().IsMatch(id) && id[0] == 'a';

    public static bool IsMigration(string id) => Form().IsMatch(id) && id[0] == 'm';

    public static bool IsOperation(string id) => Form().IsMatch(id) && id[0] == 'o';

    /// <summary>The second in an id.</summary>
    public static DateTimeOffset TimeOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return DateTimeOffset.ParseExact(id[2..17], "yyyyMMdd-HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    [GeneratedRegex(@"\A[amo]-[0-9]{8}-[0-9]{6}-[0-9a-f]{4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
