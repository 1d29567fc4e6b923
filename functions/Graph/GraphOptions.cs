using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Graph;

/// <summary>Configuration section <c>Graph</c>. A change takes effect at the next start; a migration in flight goes on with it.</summary>
public sealed class GraphOptions
{
    public const string Section = "Graph";

    /// <summary>Name of the <see cref="NationalCloud"/> that the tenant lives in. It gives <see cref="BaseUrl"/>, <see cref="Scope"/> and the sign-in service their defaults.</summary>
    public string Cloud { get; set; } = NationalCloud.Global.Name;

    /// <summary>Where Graph is; without a value where the cloud has it. Paths begin with <c>v1.0/</c> or <c>beta/</c>.</summary>
    public Uri? BaseUrl { get; set; }

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

    /// <summary>Time for one request with its whole answer, in seconds. A slower one counts as lost.</summary>
    [Range(5, 600)]
    public int RequestSeconds { get; set; } = 100;

    /// <summary>Writes a second, of all activities together. Graph takes 20 (3,000 in 150 seconds) of one app in one tenant; the default leaves a twentieth of it.</summary>
    [Range(1, 20)]
    public int WritesPerSecond { get; set; } = 19;

    /// <summary>The cloud that <see cref="Cloud"/> names; valid options have one.</summary>
    internal NationalCloud NationalCloud => Named ?? NationalCloud.Global;

    internal NationalCloud? Named => Cloud is { Length: > 0 } name ? NationalCloud.Find(name) : NationalCloud.Global;

    internal Uri EffectiveBaseUrl => BaseUrl ?? NationalCloud.Graph;

    internal string EffectiveScope => Scope is { Length: > 0 } scope ? scope : new Uri(EffectiveBaseUrl, "/.default").ToString();
}

sealed class GraphOptionsValidator : IValidateOptions<GraphOptions>
{
    public ValidateOptionsResult Validate(string? name, GraphOptions options)
    {
        if (options.Named is null)
        {
            return ValidateOptionsResult.Fail(
                $"{GraphOptions.Section}:{nameof(GraphOptions.Cloud)} is '{options.Cloud}', and must be {string.Join(", ", NationalCloud.All.Select(c => c.Name))}.");
        }

        // The token goes to this address: in clear text it would be anybody's. Loopback has nobody in between.
        return options.BaseUrl is null || options.BaseUrl is { IsAbsoluteUri: true } address && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{GraphOptions.Section}:{nameof(GraphOptions.BaseUrl)} is no https address.");
    }
}
