namespace GwbCloud.Embedded.Engine;

/// <summary>Order of orchestration versions: none before all; numbers as numbers where both are, else as text without regard to case.</summary>
static class OrchestrationVersion
{
    public static int Compare(string a, string b)
        => (a.Length, b.Length) switch
        {
            (0, 0) => 0,
            (0, _) => -1,
            (_, 0) => 1,
            _ => Version.TryParse(a, out var x) && Version.TryParse(b, out var y) ? x.CompareTo(y) : string.Compare(a, b, StringComparison.OrdinalIgnoreCase),
        };

    public static bool Matches(string instance, EngineOptions options) => options.VersionMatch switch
    {
        VersionMatchStrategy.Strict => Compare(instance, options.DefaultVersion) == 0,
        VersionMatchStrategy.CurrentOrOlder => Compare(instance, options.DefaultVersion) <= 0,
        _ => true,
    };
}
