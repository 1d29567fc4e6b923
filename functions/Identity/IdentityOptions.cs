using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Identity;

/// <summary>Section <c>Identity</c>: the tenant and its sign-in service.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Directory (tenant) id.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>Exactly the <c>iss</c> claim of its tokens.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Client id of the product's app registration: audience of the ID tokens that sign decisions.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Audience of bearer tokens; without a value <c>api://</c> and the client id.</summary>
    public string? ApiAudience { get; set; }

    /// <summary>Where the sign-in service publishes its keys (JWKS).</summary>
    public string? KeysAddress { get; set; }

    /// <summary>The key set itself, for networks without a way to the address.</summary>
    public string? Keys { get; set; }

    public string EffectiveApiAudience => ApiAudience is { Length: > 0 } audience ? audience : $"api://{ClientId}";
}

/// <summary>Who proves that a caller is signed in.</summary>
public enum AuthenticationMode
{
    /// <summary>Nobody: every call is refused.</summary>
    None,

    /// <summary>App Service authentication in front of the app.</summary>
    Platform,

    /// <summary>The app itself, by bearer tokens.</summary>
    Bearer,
}

/// <summary>Section <c>Authentication</c>.</summary>
public sealed class AuthenticationOptions
{
    public const string Section = "Authentication";

    /// <summary>The setting by which App Service itself says that it checks sign-in.</summary>
    public const string PlatformSetting = "WEBSITE_AUTH_ENABLED";

    public AuthenticationMode Mode { get; set; } = AuthenticationMode.None;

    /// <summary>What the platform says of itself; bound from <see cref="PlatformSetting"/>.</summary>
    internal bool PlatformChecks { get; set; }
}

sealed class IdentityOptionsValidator : IValidateOptions<IdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        List<string> faults = [];
        Require(Guid.TryParseExact(options.Tenant, "D", out var tenant) && tenant != Guid.Empty, "Tenant is no directory id");
        Require(options.Issuer is { Length: > 0 }, "Issuer is missing");
        Require(options.ClientId is { Length: > 0 }, "ClientId is missing");
        Require(options.Keys is { Length: > 0 } || IsAddress(options.KeysAddress), "KeysAddress is no http or https address, and Keys is missing");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                faults.Add($"{IdentityOptions.Section}:{what}.");
            }
        }
    }

    // Keys fetched without TLS could be anybody's; loopback has nobody in between.
    static bool IsAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}

sealed class AuthenticationOptionsValidator : IValidateOptions<AuthenticationOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthenticationOptions options) =>
        options.Mode == AuthenticationMode.Platform && !options.PlatformChecks
            ? ValidateOptionsResult.Fail(
                $"{AuthenticationOptions.Section}:Mode is Platform, but {AuthenticationOptions.PlatformSetting} is not true: anybody could send the header.")
            : ValidateOptionsResult.Success;
}
