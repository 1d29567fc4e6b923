using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Identity;

/// <summary>Section <c>SignIn</c>: how people sign in with a browser. Without <see cref="AuthorizeAddress"/> only bearer tokens are taken.</summary>
public sealed class SignInOptions
{
    public const string Section = "SignIn";

    /// <summary>The setting in which App Service names the app's own host.</summary>
    public const string PlatformHostSetting = "WEBSITE_HOSTNAME";

    /// <summary>The identity provider's authorization endpoint.</summary>
    public string? AuthorizeAddress { get; set; }

    /// <summary>Where browsers reach the app, without a path. Never taken from a request of the outside: who sends one chooses its host.</summary>
    public string? Address { get; set; }

    /// <summary>How long a session lasts; it is not prolonged by use. A change counts for sessions that begin after it.</summary>
    public int SessionMinutes { get; set; } = 60;

    /// <summary>How long a sign-in may take from its beginning to the decision.</summary>
    public int FlowMinutes { get; set; } = 10;
}

sealed class SignInOptionsValidator : IValidateOptions<SignInOptions>
{
    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        List<string> faults = [];
        Require(options.AuthorizeAddress is null or "" || IsAddress(options.AuthorizeAddress), "AuthorizeAddress is no https address");
        Require(options.Address is null or "" || (IsAddress(options.Address) && new Uri(options.Address).PathAndQuery == "/"), "Address is no https address without a path");
        Require(options.SessionMinutes is >= 5 and <= 480, "SessionMinutes must lie between 5 and 480");
        Require(options.FlowMinutes is >= 2 and <= 30, "FlowMinutes must lie between 2 and 30");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                faults.Add($"{SignInOptions.Section}:{what}.");
            }
        }
    }

    static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
