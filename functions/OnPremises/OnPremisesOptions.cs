using GwbCloud.Contracts.Envelopes;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.OnPremises;

/// <summary>Section <c>OnPremises</c>: the listeners, and the key with which commands are signed.</summary>
public sealed class OnPremisesOptions
{
    public const string Section = "OnPremises";

    /// <summary>P-256 private key that every listener has pinned: PKCS#8 in PEM. Either this or <see cref="SigningKeyFile"/>.</summary>
    public string? SigningKey { get; set; }

    /// <summary>File with the same.</summary>
    public string? SigningKeyFile { get; set; }

    /// <summary>Name of the key in headers; the listeners have pinned the key under it.</summary>
    public string SigningKeyId { get; set; } = "gwbcloud";

    /// <summary>One for each Connect server.</summary>
    public IList<ListenerOptions> Listeners { get; } = [];

    /// <summary>Life of a signed command; a listener refuses more than an hour.</summary>
    public int CommandLifeMinutes { get; set; } = 30;

    /// <summary>An answer that takes longer is no answer. Relays cut at 60 s.</summary>
    public int TimeoutSeconds { get; set; } = 45;

    /// <summary>Client id of a user-assigned managed identity for relays; without a value the app's own identity.</summary>
    public string? ManagedIdentityClientId { get; set; }

    internal string ReadSigningKey() => SigningKey is { Length: > 0 } ? SigningKey : File.ReadAllText(SigningKeyFile!);
}

/// <summary>How to reach one Connect server, and how to know that it was the one who answered.</summary>
public sealed class ListenerOptions
{
    /// <summary>Name of the server, as it calls itself.</summary>
    public string Server { get; set; } = "";

    /// <summary>Base address of its listener.</summary>
    public string Address { get; set; } = "";

    /// <summary>The address is a hybrid connection of Azure Relay: every request carries the app's token for it.</summary>
    public bool Relay { get; set; }

    /// <summary>The keys with which it signs results and evidence, from the enrolment: what <c>gwb-listener show-key</c> shows there.</summary>
    /// <remarks>Two while it changes its key: the old one then has a <see cref="PinnedKey.NotAfter"/>, and nothing that it signed counts from then on.</remarks>
    public IList<PinnedKey> ResultKeys { get; } = [];

    /// <summary>The same keys, none of which speaks for another server.</summary>
    internal IEnumerable<PinnedKey> Pinned => ResultKeys.Select(key => key with { Server = Server });
}

/// <summary>Refuses to start with listeners that could never be asked or believed.</summary>
sealed class OnPremisesOptionsValidator : IValidateOptions<OnPremisesOptions>
{
    public ValidateOptionsResult Validate(string? name, OnPremisesOptions options)
    {
        List<string> faults = [];
        if (options.Listeners.Count > 0 && CheckKey(options) is { } fault)
        {
            faults.Add(fault);
        }

        Require(options.CommandLifeMinutes is >= 1 and <= 60, "CommandLifeMinutes must lie between 1 and 60");
        Require(options.TimeoutSeconds is >= 1 and <= 60, "TimeoutSeconds must lie between 1 and 60");
        Require(options.SigningKeyId is { Length: > 0 }, "SigningKeyId is missing");
        for (var index = 0; index < options.Listeners.Count; index++)
        {
            var listener = options.Listeners[index];
            var at = $"Listeners:{index}:";
            Require(listener.Server is { Length: > 0 }, at + "Server is missing");
            Require(Uri.TryCreate(listener.Address, UriKind.Absolute, out var address) && address.Scheme is "http" or "https",
                at + "Address is no http or https address");
            // The token goes there: in clear text it would be anybody's. Loopback has nobody in between.
            Require(!listener.Relay || address is null || address.Scheme == Uri.UriSchemeHttps || address.IsLoopback,
                at + "Address of a relay is no https address");
            Require(listener.ResultKeys.Count > 0, at + "ResultKeys is missing");
            Require(listener.ResultKeys.All(key => key.Server is not { Length: > 0 } named || string.Equals(named, listener.Server, StringComparison.OrdinalIgnoreCase)),
                at + "ResultKeys holds a key of another server");
            Require(listener.ResultKeys.Count(key => key.NotAfter is null) <= 1, at + "ResultKeys holds two keys without an end; one that is being replaced has a NotAfter");
        }

        Require(options.Listeners.DistinctBy(l => l.Server, StringComparer.OrdinalIgnoreCase).Count() == options.Listeners.Count,
            "Listeners names a server twice");
        // Across the listeners: a key that spoke for two servers could answer for the other one.
        faults.AddRange(PinnedKey.Check([.. options.Listeners.SelectMany(l => l.Pinned)]).Select(wrong => $"{OnPremisesOptions.Section}:Listeners: ResultKeys: {wrong}."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                faults.Add($"{OnPremisesOptions.Section}:{what}.");
            }
        }
    }

    static string? CheckKey(OnPremisesOptions options)
    {
        if (options.SigningKey is not { Length: > 0 } && options.SigningKeyFile is not { Length: > 0 })
        {
            return $"{OnPremisesOptions.Section}:SigningKey or SigningKeyFile is missing.";
        }

        try
        {
            using var key = System.Security.Cryptography.ECDsa.Create();
            key.ImportFromPem(options.ReadSigningKey());
            _ = new EnvelopeSigner(key, "check");
            return null;
        }
        catch (Exception refused) when (refused is ArgumentException or IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException)
        {
            return $"{OnPremisesOptions.Section}:SigningKey is no P-256 private key in PEM.";
        }
    }
}
