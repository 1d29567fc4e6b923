using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Issuer;

/// <summary>The sign-in service of the simulated tenant: keys, ID tokens for approvals, access tokens for the product's API and for Graph.</summary>
/// <remarks>
/// Times come from the world's clock. The issuer's name does not contain a port, so that a resumed rehearsal on another port keeps its
/// meaning; the discovery document tells where the keys are. It lives in the lab and cannot be deployed.
/// </remarks>
public sealed class LabIssuer : IDisposable
{
    /// <summary>Audience of Microsoft Graph.</summary>
    public const string GraphAudience = "https://graph.microsoft.com";

    /// <summary>File of the signing keys in the data folder.</summary>
    public const string KeyFile = "issuer-keys.pem";

    // One key for every new issuer of this process: making one takes longer than most tests.
    static readonly Lazy<string> SharedKey = new(() =>
    {
        using var key = IssuerKey.Create();
        return key.ToPem();
    });

    readonly Lock _gate = new();
    readonly List<IssuerKey> _keys = [];
    readonly HashSet<Uri> _redirects = [];
    readonly TimeProvider _time;
    readonly string? _file;

    /// <param name="tenantId">The simulated tenant.</param>
    /// <param name="time">The world's clock.</param>
    /// <param name="domain">Verified domain of the tenant; user names end in it.</param>
    /// <param name="folder">Data folder that keeps the keys; null keeps them in memory.</param>
    public LabIssuer(Guid tenantId, TimeProvider time, string domain = "contoso.example", string? folder = null)
    {
        TenantId = tenantId;
        Domain = domain;
        _time = time;
        _file = folder is null ? null : Path.Combine(folder, KeyFile);
        Issuer = $"https://login.lab.example/{tenantId:D}/v2.0";
        LoadKeys();
    }

    public Guid TenantId { get; }
    public string Domain { get; }

    /// <summary>Value of <c>iss</c>.</summary>
    public string Issuer { get; }

    /// <summary>Client id of the product's app registration: audience of ID tokens.</summary>
    public Guid ClientId { get; } = new("00000000-1ab0-4000-9000-000000000001");

    /// <summary>Audience of access tokens for the product's API.</summary>
    public string ApiAudience => $"api://{ClientId:D}";

    /// <summary>Object id of the product's own service principal, as it calls Graph.</summary>
    public Guid ServicePrincipalId { get; } = new("00000000-1ab0-4000-9000-000000000002");

    /// <summary>Secret of the product's app at the token endpoint. It opens nothing but the lab.</summary>
    public string ClientSecret { get; } = "lab-only";

    /// <summary>The host by which browsers come to the issuer: its address is the one of everything else, but the product's site it is not.</summary>
    public const string BrowserHost = "localhost";

    /// <summary>The world's clock.</summary>
    internal TimeProvider Time => _time;

    /// <summary>What a fresh sign-in of a person lasts.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(60);

    /// <summary>The fresh sign-in of an approval: an ID token whose nonce binds it to the decision.</summary>
    /// <param name="person">Who signs in.</param>
    /// <param name="nonce">Goes into the token as it is.</param>
    /// <param name="authTime">When the person proved himself; null is now.</param>
    public string IdToken(LabPerson person, string nonce, DateTimeOffset? authTime = null)
    {
        ArgumentNullException.ThrowIfNull(person);
        var claims = PersonClaims(person, ClientId.ToString("D"), authTime);
        claims["nonce"] = nonce;
        return Sign(claims);
    }

    /// <summary>A person's access token for the product's API.</summary>
    public string ApiToken(LabPerson person)
    {
        ArgumentNullException.ThrowIfNull(person);
        var claims = PersonClaims(person, ApiAudience, authTime: null);
        claims["scp"] = "Migration.Use";
        claims["azp"] = ClientId.ToString("D");
        return Sign(claims);
    }

    /// <summary>The product's app-only access token for Graph (client credentials).</summary>
    /// <param name="permissions">Application permissions (claim <c>roles</c>); null is what the installation grants.</param>
    /// <param name="lifetime">Null is <see cref="Lifetime"/>.</param>
    public string GraphAppToken(IReadOnlyList<string>? permissions = null, TimeSpan? lifetime = null)
    {
        var claims = CommonClaims(GraphAudience, lifetime ?? Lifetime);
        claims["oid"] = ServicePrincipalId.ToString("D");
        claims["sub"] = ServicePrincipalId.ToString("D");
        claims["appid"] = ClientId.ToString("D");
        claims["idtyp"] = "app";
        claims["roles"] = Strings(permissions ?? GraphPermissions.Least);
        return Sign(claims);
    }

    /// <summary>A person's delegated access token for Graph.</summary>
    public string GraphDelegatedToken(LabPerson person, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(person);
        var claims = PersonClaims(person, GraphAudience, authTime: null);
        claims.Remove("roles");
        claims["scp"] = string.Join(' ', scopes);
        return Sign(claims);
    }

    /// <summary>Signs any claims, also wrong ones, as forgeries in tests need them.</summary>
    public string Sign(JsonObject claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        IssuerKey key;
        lock (_gate)
        {
            key = _keys[0];
        }

        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = key.Id };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>A new key signs from now on; the old ones stay published.</summary>
    public void RollKey()
    {
        lock (_gate)
        {
            _keys.Insert(0, IssuerKey.Create());
            SaveKeys();
        }
    }

    /// <summary>The claims of a token of this issuer for an audience, or null with the reason when it is none, or expired.</summary>
    public JsonObject? Read(string token, string audience, out string? refusal)
    {
        ArgumentNullException.ThrowIfNull(token);
        var parts = token.Split('.');
        if (parts.Length != 3 || !TryVerify(parts))
        {
            refusal = "Access token validation failure. Invalid signature.";
            return null;
        }

        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        refusal = (string?)claims["aud"] != audience ? "Access token validation failure. Invalid audience."
            : (long?)claims["exp"] <= _time.GetUtcNow().ToUnixTimeSeconds() ? "Lifetime validation failed, the token is expired."
            : null;
        return refusal is null ? claims : null;
    }

    /// <summary>The discovery document, its addresses below a base address.</summary>
    public JsonObject Discovery(string baseAddress) => new()
    {
        ["issuer"] = Issuer,
        ["authorization_endpoint"] = AuthorizeAddress(baseAddress).OriginalString,
        ["token_endpoint"] = $"{baseAddress}/{TenantId:D}/oauth2/v2.0/token",
        ["jwks_uri"] = KeysAddress(baseAddress).OriginalString,
        ["response_types_supported"] = Strings(["id_token"]),
        ["response_modes_supported"] = Strings(["form_post"]),
        ["subject_types_supported"] = Strings(["pairwise"]),
        ["claims_supported"] = Strings(["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "name", "preferred_username", "oid", "tid", "roles"]),
        ["id_token_signing_alg_values_supported"] = Strings(["RS256"]),
        ["scopes_supported"] = Strings(["openid", "profile"]),
    };

    /// <summary>Where a browser is sent to sign in, below a base address.</summary>
    public Uri AuthorizeAddress(string baseAddress) =>
        new UriBuilder(new Uri($"{baseAddress}/{TenantId:D}/oauth2/v2.0/authorize")) { Host = BrowserHost }.Uri;

    /// <summary>Registers an address of the product at which sign-ins may end.</summary>
    public void AllowRedirect(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        lock (_gate) { _redirects.Add(address); }
    }

    /// <summary>Whether a sign-in may end there: exactly at a registered address.</summary>
    public bool RedirectsTo(Uri address)
    {
        lock (_gate) { return _redirects.Contains(address); }
    }

    /// <summary>Where the published keys are, below a base address.</summary>
    public Uri KeysAddress(string baseAddress) => new($"{baseAddress}/{TenantId:D}/discovery/v2.0/keys");

    /// <summary>The published keys (JWKS), newest first.</summary>
    public JsonObject Keys()
    {
        lock (_gate)
        {
            return new JsonObject { ["keys"] = new JsonArray([.. _keys.Select(k => k.ToJwk(Issuer))]) };
        }
    }

    /// <summary>The user name of a person.</summary>
    public string UserName(LabPerson person) => $"{person?.Alias}@{Domain}";

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    JsonObject PersonClaims(LabPerson person, string audience, DateTimeOffset? authTime)
    {
        var claims = CommonClaims(audience, Lifetime);
        if (person.ForeignTenant is { } foreign)
        {
            // As the keys of one sign-in service sign for every tenant.
            claims["iss"] = Issuer.Replace(TenantId.ToString("D"), foreign.ToString("D"), StringComparison.Ordinal);
            claims["tid"] = foreign.ToString("D");
        }

        claims["oid"] = person.ObjectId.ToString("D");
        claims["sub"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{audience}|{person.ObjectId:D}")));
        claims["name"] = person.Name;
        claims["preferred_username"] = UserName(person);
        claims["roles"] = Strings(person.Roles);
        claims["auth_time"] = (authTime ?? _time.GetUtcNow()).ToUnixTimeSeconds();
        return claims;
    }

    JsonObject CommonClaims(string audience, TimeSpan lifetime)
    {
        var now = _time.GetUtcNow();
        return new JsonObject
        {
            ["ver"] = "2.0",
            ["iss"] = Issuer,
            ["aud"] = audience,
            ["tid"] = TenantId.ToString("D"),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.Add(lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
    }

    bool TryVerify(string[] parts)
    {
        try
        {
            var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!.AsObject();
            var id = (string?)header["kid"];
            lock (_gate)
            {
                var key = (string?)header["alg"] == "RS256" ? _keys.FirstOrDefault(k => k.Id == id) : null;
                return key?.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2])) == true;
            }
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    void LoadKeys()
    {
        if (_file is null)
        {
            _keys.Add(IssuerKey.FromPem(SharedKey.Value));
        }
        else if (File.Exists(_file))
        {
            var pem = File.ReadAllText(_file);
            for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
            {
                _keys.Add(IssuerKey.FromPem(rest[fields.Location].ToString()));
            }
        }
        else
        {
            _keys.Add(IssuerKey.FromPem(SharedKey.Value));
            SaveKeys();
        }
    }

    void SaveKeys()
    {
        if (_file is null)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        // Replaced as a whole: a kill in the middle must not leave half a key behind.
        var fresh = _file + ".new";
        File.WriteAllText(fresh, string.Join('\n', _keys.Select(k => k.ToPem())));
        File.Move(fresh, _file, overwrite: true);
    }

    static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);

    static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
