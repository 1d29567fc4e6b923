using System.Text.Json;
using System.Text.Json.Nodes;

namespace GwbCloud.Functions.CloudSync;

/// <summary>One key of a job's settings that Graph calls secrets; those used here are none.</summary>
public sealed record Secret
{
    public required string Key { get; init; }
    public string? Value { get; init; }
}

/// <summary>What the job's secrets must be. Writing replaces the whole set, so what is there is kept and only ours is changed.</summary>
public static class SecretsMerge
{
    public const string Domain = "Domain";
    public const string Notifications = "SyncNotificationSettings";
    public const string SyncAll = "SyncAll";

    /// <summary>The lowest threshold: a run that would delete one group stops before it.</summary>
    public const int LowestThreshold = 1;

    /// <summary>The service's own default threshold. Source: Cloud Sync, accidental deletes.</summary>
    public const int DefaultThreshold = 500;

    /// <summary>The set for everyday life: the threshold that was there before the migration, or the service's default.</summary>
    /// <param name="current">The secrets now.</param>
    /// <param name="before">The secrets as they were found; null when the migration made the job.</param>
    public static IReadOnlyList<Secret> Everyday(IReadOnlyList<Secret> current, IReadOnlyList<Secret>? before)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (before is not null && ValueOf(before, Notifications) is { } kept) { return Put(current, Notifications, kept); }
        var settings = Parse(ValueOf(current, Notifications)) ?? new JsonObject { ["Enabled"] = false, ["Recipients"] = string.Empty };
        settings["DeleteThresholdEnabled"] = true;
        settings["DeleteThresholdValue"] = DefaultThreshold;
        return Put(current, Notifications, settings.ToJsonString());
    }

    /// <summary>The set to write, in the order in which it was read; equal to <paramref name="current"/> when nothing is to do.</summary>
    public static IReadOnlyList<Secret> Merge(IReadOnlyList<Secret> current, string domain)
    {
        ArgumentNullException.ThrowIfNull(current);
        var merged = Put(current, Domain, SameDomain(ValueOf(current, Domain), domain) ? null : new JsonObject { ["domain"] = domain }.ToJsonString());
        return Put(merged, Notifications, Threshold(ValueOf(current, Notifications)));
    }

    /// <summary>The domain that the job is for, null when it says none.</summary>
    public static string? DomainOf(IReadOnlyList<Secret> secrets) => (string?)Parse(ValueOf(secrets, Domain))?["domain"];

    /// <summary>Deletes are stopped at the lowest threshold.</summary>
    public static bool ThresholdIsLowest(IReadOnlyList<Secret> secrets) => Threshold(ValueOf(secrets, Notifications)) is null;

    /// <summary>How many deletes stop a run; null when prevention is switched off.</summary>
    public static int? ThresholdOf(IReadOnlyList<Secret> secrets)
    {
        var settings = Parse(ValueOf(secrets, Notifications));
        return (bool?)settings?["DeleteThresholdEnabled"] == false ? null : (int?)settings?["DeleteThresholdValue"] ?? DefaultThreshold;
    }

    /// <summary>Keys whose values Graph shows masked. Writing the set replaces it whole, so a mask would become the credential.</summary>
    public static IReadOnlyList<string> Masked(IReadOnlyList<Secret> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        return [.. secrets.Where(s => IsMask(s.Value)).Select(s => s.Key)];
    }

    /// <summary>The job takes every group, assigned or not.</summary>
    public static bool TakesAll(IReadOnlyList<Secret> secrets)
        => "true".Equals(ValueOf(secrets, SyncAll), StringComparison.OrdinalIgnoreCase);

    // Nothing of a job's settings consists of asterisks alone; empty is what the service shows of some credentials.
    static bool IsMask(string? value) => value is null || (value.Length > 0 && value.All(c => c is '*' or '•'));

    static string? ValueOf(IReadOnlyList<Secret> secrets, string key) => secrets.FirstOrDefault(s => s.Key == key)?.Value;

    static bool SameDomain(string? value, string domain)
        => domain.Equals((string?)Parse(value)?["domain"], StringComparison.OrdinalIgnoreCase);

    // Null when the settings are right already. What else they hold (recipients) stays.
    static string? Threshold(string? value)
    {
        var settings = Parse(value) ?? new JsonObject { ["Enabled"] = false, ["Recipients"] = string.Empty };
        if (value is not null && (bool?)settings["DeleteThresholdEnabled"] == true && (int?)settings["DeleteThresholdValue"] == LowestThreshold)
        {
            return null;
        }

        settings["DeleteThresholdEnabled"] = true;
        settings["DeleteThresholdValue"] = LowestThreshold;
        return settings.ToJsonString();
    }

    static JsonObject? Parse(string? value)
    {
        try
        {
            return value is null ? null : JsonNode.Parse(value) as JsonObject;
        }
        catch (JsonException)
        {
            // Somebody's own text: it is replaced like any other wrong value.
            return null;
        }
    }

    static IReadOnlyList<Secret> Put(IReadOnlyList<Secret> secrets, string key, string? value)
    {
        if (value is null)
        {
            return secrets;
        }

        var secret = new Secret { Key = key, Value = value };
        return secrets.Any(s => s.Key == key) ? [.. secrets.Select(s => s.Key == key ? secret : s)] : [.. secrets, secret];
    }
}
