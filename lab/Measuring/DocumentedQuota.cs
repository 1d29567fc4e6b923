using GwbCloud.Lab.Hosting;

namespace GwbCloud.Lab.Measuring;

/// <summary>What Graph's documentation says that a reading costs and may cost. Source: throttling limits of identity and access.</summary>
/// <remarks>Written from the documentation for this measurement alone: neither the simulated Graph nor the product decides by it.</remarks>
public sealed record DocumentedQuota
{
    /// <summary>Quotas count in windows of ten seconds.</summary>
    public const int WindowSeconds = 10;

    /// <summary>Resource units for one app in one tenant in a window.</summary>
    public required int UnitsPerWindow { get; init; }

    /// <summary>Seconds that so many units take at best.</summary>
    public double SecondsFor(int units) => (double)units * WindowSeconds / UnitsPerWindow;

    /// <summary>The quota of a tenant by its users: small below 50, large above 500.</summary>
    public static DocumentedQuota Of(int users) => new() { UnitsPerWindow = users < 50 ? 3_500 : users <= 500 ? 5_000 : 8_000 };

    /// <summary>Units of one request: members cost 3 and other reads 1; $select saves one, and so does a $top below 20, but nothing costs less than 1.</summary>
    /// <param name="pathAndQuery">From the version on.</param>
    public static int UnitsOf(string pathAndQuery)
    {
        ArgumentNullException.ThrowIfNull(pathAndQuery);
        string[] parts = pathAndQuery.Split('?', 2);
        string[] segments = parts[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        string query = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
        // An item of a batch has its version in the batch's own address.
        int units = (segments is ["v1.0" or "beta", ..] ? segments[1..] : segments) switch
        {
            ["groups", _, "members", ..] => 3,
            ["groups", _, "transitiveMembers", ..] => 5,
            ["servicePrincipals", _, "appRoleAssignments" or "appRoleAssignedTo"] or ["applications", ..] => 2,
            _ => 1,
        };
        if (query.Contains("$select=", StringComparison.Ordinal)) { units--; }
        if (query.Contains("$expand=", StringComparison.Ordinal)) { units++; }
        return Math.Max(1, units);
    }

    /// <summary>What nobody can do without who wants every group and every member of those that are written: pages of 999, by $select.</summary>
    public static NeededReading Needed(WorldSize size)
    {
        ArgumentNullException.ThrowIfNull(size);
        int lists = WorldSize.PagesOf(size.CloudGroups) + WorldSize.PagesOf(size.DeletedGroups);
        return new NeededReading { Requests = lists + size.WrittenMemberPages, Units = lists + size.WrittenMemberPages * 2 };
    }
}

/// <summary>The least that a reading takes.</summary>
public sealed record NeededReading
{
    public required int Requests { get; init; }
    public required int Units { get; init; }
}
