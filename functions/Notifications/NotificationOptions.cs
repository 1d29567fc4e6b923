using GwbCloud.Functions.Orchestration;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Notifications;

/// <summary>In what shape a channel takes a message.</summary>
public enum ChannelFormat
{
    /// <summary>An Adaptive Card in the envelope of a Teams workflow.</summary>
    Teams,

    /// <summary>A plain JSON object.</summary>
    Json,
}

/// <summary>Section <c>Notifications</c>. Read at each message: a change reaches migrations in flight.</summary>
public sealed class NotificationOptions
{
    public const string Section = "Notifications";

    /// <summary>At most so many, because each message goes to each.</summary>
    public const int MostChannels = 10;

    /// <summary>Where people reach the pages, with a slash at its end. Without it <c>api/pages/</c> at the address for sign-in; where that is not known either, messages have no button.</summary>
    public string? PagesAddress { get; set; }

    /// <summary>How long one attempt may take.</summary>
    public int TimeoutSeconds { get; set; } = 20;

    public List<ChannelOptions> Channels { get; set; } = [];
}

/// <summary>One webhook.</summary>
public sealed class ChannelOptions
{
    /// <summary>How the channel is called in view and logs: lower-case letters, digits and dashes.</summary>
    public string Name { get; set; } = "";
    public ChannelFormat Format { get; set; } = ChannelFormat.Teams;

    /// <summary>Its address, https. A secret: whoever has it can write there. It belongs into a key vault, and is never shown again.</summary>
    public string Address { get; set; } = "";

    /// <summary><see cref="Orchestration.Audience.Escalation"/> hears only what the second list is told.</summary>
    public Audience Audience { get; set; } = Audience.Concerned;

    /// <summary>Scope of the token that the managed identity shows, for flows that let in named callers only; without it no token is sent.</summary>
    public string? TokenScope { get; set; }

    /// <summary>Client id of a user-assigned identity; without it the system-assigned one.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>Whether it is told what concerns an audience.</summary>
    public bool Hears(Audience audience) => Audience == Audience.Concerned || audience == Audience.Escalation;
}

sealed class NotificationOptionsValidator : IValidateOptions<NotificationOptions>
{
    /// <summary>What an unresolved reference to a key vault leaves in a setting.</summary>
    const string Unresolved = "@Microsoft.KeyVault(";

    public ValidateOptionsResult Validate(string? name, NotificationOptions options)
    {
        List<string> faults = [];
        if (options.TimeoutSeconds is < 1 or > 100) { Fault("TimeoutSeconds", "must lie between 1 and 100"); }
        if (options.Channels.Count > NotificationOptions.MostChannels) { Fault("Channels", $"are at most {NotificationOptions.MostChannels}"); }
        if (options.PagesAddress is { Length: > 0 } pages && (!IsAddress(pages, Uri.UriSchemeHttps, Uri.UriSchemeHttp) || !pages.EndsWith('/')))
        {
            Fault("PagesAddress", "must be an address that ends with a slash");
        }

        foreach (var (at, channel) in options.Channels.Index())
        {
            var setting = $"Channels:{at}";
            if (channel.Name is not { Length: > 0 and <= 40 } || channel.Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            {
                Fault($"{setting}:Name", "must be 1 to 40 lower-case letters, digits or dashes");
            }

            // The value is a secret, so that no fault repeats it.
            if (channel.Address.StartsWith(Unresolved, StringComparison.OrdinalIgnoreCase)) { Fault($"{setting}:Address", "is a reference to a key vault that was not resolved"); }
            else if (!IsAddress(channel.Address, Uri.UriSchemeHttps)) { Fault($"{setting}:Address", "must be an https address without user information"); }
            if (channel.TokenScope is { Length: > 0 } scope && !IsAddress(scope, Uri.UriSchemeHttps, "api")) { Fault($"{setting}:TokenScope", "must be a scope like https://service.flow.microsoft.com//.default"); }
        }

        if (options.Channels.DistinctBy(c => c.Name).Count() != options.Channels.Count) { Fault("Channels", "must have different names"); }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Fault(string setting, string fault) => faults.Add($"{NotificationOptions.Section}:{setting} {fault}.");
    }

    static bool IsAddress(string text, params ReadOnlySpan<string> schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && schemes.Contains(address.Scheme);
}
