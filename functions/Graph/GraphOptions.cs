using System.ComponentModel.DataAnnotations;

namespace GwbCloud.Functions.Graph;

/// <summary>Configuration section <c>Graph</c>.</summary>
public sealed class GraphOptions
{
    public const string Section = "Graph";

    /// <summary>Where Graph is; a national cloud has another host. Paths begin with <c>v1.0/</c> or <c>beta/</c>.</summary>
    [Required]
    public Uri BaseUrl { get; set; } = new("https://graph.microsoft.com");

    /// <summary>Scope of the token; without a value the base address and <c>/.default</c>.</summary>
    public string? Scope { get; set; }

    /// <summary>Client id of a user-assigned managed identity; without a value the app's own identity.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>Tries of one request before it is given up for this attempt of the activity.</summary>
    [Range(1, 20)]
    public int Attempts { get; set; } = 8;

    /// <summary>Longest wait that one throttled answer may ask for, in seconds. A longer one is left to the orchestration.</summary>
    [Range(1, 600)]
    public int LongestWaitSeconds { get; set; } = 120;
}
