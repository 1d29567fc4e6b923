using System.Text.RegularExpressions;

namespace GwbCloud.RelayListener.Hosting;

/// <summary>Section <c>relay</c>: the hybrid connection of this Connect server. Without it the listener answers on loopback only.</summary>
/// <remarks>Only the build that is deployed has a relay; another refuses the section with GWB6401. A change takes effect at the next start.</remarks>
public sealed partial record RelayOptions
{
    /// <summary>Environment variable of the shared access key: a key in a file would be copied along with it.</summary>
    public const string SharedAccessKeyVariable = "GWB_RELAY_KEY";

    /// <summary>Host name, <c>contoso.servicebus.windows.net</c>; with a port only in development.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the hybrid connection. One for each Connect server: several listeners on one are chosen at random.</summary>
    public required string HybridConnection { get; init; }

    /// <summary>How the listener signs in; by default as the machine itself, which leaves no secret on it.</summary>
    public RelayCredential Credential { get; init; } = new();

    /// <summary>The way out of the network.</summary>
    public RelayProxy Proxy { get; init; } = new();

    /// <summary>Seconds between two signs of life on an idle connection. Firewalls forget idle connections after about four minutes, some after less.</summary>
    public int KeepAliveSeconds { get; init; } = 60;

    /// <summary>Seconds that requests in flight have to finish when the listener stops.</summary>
    public int DrainSeconds { get; init; } = 20;

    /// <summary>Allows what no production server should have: a shared access key, and a relay on another port.</summary>
    public bool Development { get; init; }

    internal Uri ListenAddress => new($"sb://{Namespace}/{HybridConnection}");

    /// <summary>Ends with a slash, so that paths can be joined to it.</summary>
    internal Uri CallAddress => new($"https://{Namespace}/{HybridConnection}/");

    /// <summary>What is wrong, one sentence each, with the field's name; empty when nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (!HostName.IsMatch(Namespace)) { yield return "relay.namespace: is no host name, such as contoso.servicebus.windows.net"; }
        else if (Namespace.Contains(':', StringComparison.Ordinal) && !Development) { yield return "relay.namespace: names a port, which only development does"; }
        if (!ConnectionName.IsMatch(HybridConnection)) { yield return "relay.hybridConnection: is no name of a hybrid connection (letters, digits, . - _ and / between them)"; }
        foreach (string wrong in Credential.Validate(Development)) { yield return wrong; }
        foreach (string wrong in Proxy.Validate()) { yield return wrong; }
        if (KeepAliveSeconds is < 10 or > 210) { yield return "relay.keepAliveSeconds: 10 to 210"; }
        if (DrainSeconds is < 1 or > 120) { yield return "relay.drainSeconds: 1 to 120"; }
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?\z", RegexOptions.IgnoreCase)]
    private static partial Regex HostName { get; }

    [GeneratedRegex(@"\A[a-z0-9_]([a-z0-9._/-]{0,258}[a-z0-9_])?\z", RegexOptions.IgnoreCase)]
    private static partial Regex ConnectionName { get; }
}

/// <summary>Who the listener is to the relay. The identity needs the role Azure Relay Listener on its own hybrid connection, no more.</summary>
public sealed partial record RelayCredential
{
    public RelayCredentialKind Kind { get; init; } = RelayCredentialKind.ManagedIdentity;

    /// <summary>Client id of the app registration that holds the certificate.</summary>
    public string? ClientId { get; init; }

    /// <summary>Thumbprint (SHA-1, as Windows shows it) of a certificate in LocalMachine\My or CurrentUser\My whose key the service may use.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>Sign-in service of a national cloud, <c>https://login.microsoftonline.us</c>; without a value the global one.</summary>
    public Uri? Authority { get; init; }

    /// <summary>Name of the shared access policy; its key comes from <see cref="RelayOptions.SharedAccessKeyVariable"/>.</summary>
    public string? KeyName { get; init; }

    internal IEnumerable<string> Validate(bool development)
    {
        bool certificate = Kind == RelayCredentialKind.Certificate;
        bool sharedKey = Kind == RelayCredentialKind.SharedAccessKey;
        if (certificate && !Guid.TryParse(ClientId, out _)) { yield return "relay.credential.clientId: is no client id of an app registration"; }
        if (certificate && !Sha1.IsMatch(Thumbprint ?? "")) { yield return "relay.credential.thumbprint: is no thumbprint of 40 hexadecimal digits"; }
        if (!certificate && ClientId is not null) { yield return "relay.credential.clientId: belongs to the kind certificate"; }
        if (!certificate && Thumbprint is not null) { yield return "relay.credential.thumbprint: belongs to the kind certificate"; }
        if (!certificate && Authority is not null) { yield return "relay.credential.authority: belongs to the kind certificate"; }
        if (Authority is { } authority && !(authority is { IsAbsoluteUri: true } && authority.Scheme == Uri.UriSchemeHttps)) { yield return "relay.credential.authority: is no https address"; }
        if (sharedKey && !development) { yield return "relay.credential.kind: sharedAccessKey is for development only (relay.development)"; }
        if (sharedKey && string.IsNullOrWhiteSpace(KeyName)) { yield return "relay.credential.keyName: is missing"; }
        if (!sharedKey && KeyName is not null) { yield return "relay.credential.keyName: belongs to the kind sharedAccessKey"; }
    }

    [GeneratedRegex(@"\A[0-9a-f]{40}\z", RegexOptions.IgnoreCase)]
    private static partial Regex Sha1 { get; }
}

public enum RelayCredentialKind
{
    /// <summary>The machine's own identity from Azure Arc. The service's account must be in the local group "Hybrid agent extension applications".</summary>
    ManagedIdentity,

    /// <summary>An app registration with a certificate from the machine's store, for servers without Azure Arc.</summary>
    Certificate,

    /// <summary>A shared access key: whoever has it is the listener, and nobody can tell who that was. For development only.</summary>
    SharedAccessKey,
}

/// <summary>The way out of the network.</summary>
public sealed record RelayProxy
{
    public RelayProxyKind Kind { get; init; } = RelayProxyKind.System;

    /// <summary><c>http://proxy:8080</c>, for the kind explicit. Holds no user: a proxy that asks gets the service's own account.</summary>
    public Uri? Address { get; init; }

    internal IEnumerable<string> Validate()
    {
        bool named = Kind == RelayProxyKind.Explicit;
        if (named && Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) { yield return "relay.proxy.address: is no http or https address"; }
        if (named && Address is { IsAbsoluteUri: true, UserInfo.Length: > 0 }) { yield return "relay.proxy.address: holds a user; a secret has no place in this file"; }
        if (!named && Address is not null) { yield return "relay.proxy.address: belongs to the kind explicit"; }
    }
}

public enum RelayProxyKind
{
    /// <summary>As the machine is set up.</summary>
    System,

    /// <summary>Straight out.</summary>
    None,

    /// <summary>The one that <see cref="RelayProxy.Address"/> names.</summary>
    Explicit,
}
