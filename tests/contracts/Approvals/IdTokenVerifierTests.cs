using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Tests.Contracts.Envelopes;

namespace GwbCloud.Tests.Contracts.Approvals;

public sealed class IdTokenVerifierTests
{
    private const string Oid = "0a000000-0000-4000-8000-00000000000a";
    private const string Nonce = "nonce-of-the-record";
    private const string Role = "Migration.Approver";

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly TestIssuer _issuer = new();
    private readonly ManualClock _clock = new(Start.AddMinutes(1));
    private readonly IdTokenVerifier _verifier;

    public IdTokenVerifierTests() => _verifier = new IdTokenVerifier(_issuer, _clock, TestIssuer.Options);

    /// <summary>Bent headers: member, its JSON or nothing to remove it, and the code that refuses it.</summary>
    public static TheoryData<string, string?, string> Headers => new()
    {
        { "alg", "\"none\"", "GWB7305" },
        { "alg", "\"HS256\"", "GWB7305" },
        { "alg", "\"RS384\"", "GWB7305" },
        { "alg", "\"PS256\"", "GWB7305" },
        { "alg", "\"rs256\"", "GWB7305" },
        { "alg", "null", "GWB7305" },
        { "alg", null, "GWB7305" },
        { "typ", "\"at+jwt\"", "GWB7306" },
        { "typ", "\"gwb-command\"", "GWB7306" },
        { "typ", null, "GWB7306" },
        { "jwk", "{\"kty\":\"RSA\"}", "GWB7304" },
        { "jku", "\"https://evil.example/keys\"", "GWB7304" },
        { "x5c", "[]", "GWB7304" },
        { "x5u", "\"https://evil.example/cert\"", "GWB7304" },
        { "crit", "[\"b64\"]", "GWB7304" },
        { "b64", "false", "GWB7304" },
        { "kid", "\"issuer-2\"", "GWB7307" },
        { "kid", "\"../issuer-1\"", "GWB7307" },
        { "kid", "\"\"", "GWB7307" },
        { "kid", "1", "GWB7307" },
        { "kid", null, "GWB7307" },
        { "kid", "\"weak\"", "GWB7308" },
        { "kid", "\"exponent-one\"", "GWB7308" },
        { "kid", "\"unreadable\"", "GWB7308" },
        { "kid", "\"another\"", "GWB7309" },
    };

    /// <summary>Bent claims, truly signed.</summary>
    public static TheoryData<string, string?, string> Claims => new()
    {
        { "iss", "\"https://login.example/other/v2.0\"", "GWB7310" },
        { "iss", $"\"{TestIssuer.Issuer}/\"", "GWB7310" },
        { "iss", null, "GWB7310" },
        { "aud", "\"another-app\"", "GWB7311" },
        { "aud", $"[\"{TestIssuer.Audience}\",\"another-app\"]", "GWB7311" },
        { "aud", null, "GWB7311" },
        { "tid", "\"7b2e4c1a-0000-4000-8000-000000000002\"", "GWB7312" },
        { "tid", null, "GWB7312" },
        { "exp", null, "GWB7315" },
        { "iat", null, "GWB7315" },
        { "exp", "\"tomorrow\"", "GWB7315" },
        { "exp", "1e300", "GWB7315" },
        { "iat", "1.5", "GWB7315" },
        { "iat", "0", "GWB7315" },
        { "nbf", "\"now\"", "GWB7315" },
        { "nonce", "\"of-another-record\"", "GWB7316" },
        { "nonce", "\"\"", "GWB7316" },
        { "nonce", null, "GWB7316" },
        { "roles", "[\"Migration.Operator\"]", "GWB7317" },
        { "roles", "\"Migration.Approver\"", "GWB7317" },
        { "roles", "[\"migration.approver\"]", "GWB7317" },
        { "roles", "[[\"Migration.Approver\"]]", "GWB7317" },
        { "roles", null, "GWB7317" },
        { "auth_time", null, "GWB7318" },
        { "auth_time", "\"now\"", "GWB7318" },
        { "oid", null, "GWB7319" },
        { "oid", "\"\"", "GWB7319" },
        { "oid", "\"somebody@contoso.example\"", "GWB7319" },
        { "oid", "\"00000000-0000-0000-0000-000000000000\"", "GWB7319" },
    };

    [Fact]
    public void Token_OfAFreshSignIn_IsAcceptedWithItsFacts()
    {
        var verdict = Verify(TestIssuer.Sign(Honest()));

        Assert.True(verdict.IsAccepted);
        Assert.Equal(Oid, verdict.Token.Oid);
        Assert.Equal(Start, verdict.Token.IssuedAt);
        Assert.Equal(Start, verdict.Token.SignedInAt);
        Assert.Equal($"session-of-{Oid}", verdict.Token.SessionId);
        Assert.DoesNotContain("somebody", verdict.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public void Token_WithABentHeader_IsRefused(string member, string? json, string code)
    {
        using var weak = RSA.Create(1024);
        _issuer.Published["weak"] = SigningKey.Of("weak", weak);
        _issuer.Published["another"] = SigningKey.Of("another", TestIssuer.StrangersKey);
        _issuer.Published["exponent-one"] = _issuer.Published[TestIssuer.Kid] with { E = "AQ" };
        _issuer.Published["unreadable"] = new() { Kid = "unreadable", N = "not base64url!", E = "AQAB" };
        var header = TestIssuer.Header();
        Bend(header, member, json);

        Assert.Equal(code, Code(TestIssuer.Sign(header, Honest())));
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public void Token_WithBentClaims_IsRefused(string member, string? json, string code)
    {
        var claims = Honest();
        Bend(claims, member, json);

        Assert.Equal(code, Code(TestIssuer.Sign(claims)));
    }

    // Seconds from the start of issue, not-before, expiry and sign-in; it is read 60 seconds after the start.
    [Theory]
    [InlineData(0, 0, 3600, 0, null)]
    [InlineData(-300, -300, 3600, 0, null)]
    [InlineData(-421, -421, 3600, 0, "GWB7315")]
    [InlineData(180, 180, 3600, 0, null)]
    [InlineData(181, 181, 3600, 0, "GWB7314")]
    [InlineData(0, 181, 3600, 0, "GWB7314")]
    [InlineData(0, 0, 3600, 181, "GWB7314")]
    [InlineData(0, 0, 0, 0, "GWB7315")]
    [InlineData(0, 7200, 3600, 0, "GWB7315")]
    [InlineData(0, 0, 90_001, 0, "GWB7315")]
    [InlineData(-600, -600, -59, -600, null)]
    [InlineData(-600, -600, -60, -600, "GWB7313")]
    [InlineData(0, 0, 3600, -600, null)]
    [InlineData(0, 0, 3600, -601, "GWB7318")]
    public void Token_WithOtherTimes_IsJudgedWithSkew(int issued, int notBefore, int expires, int signedIn, string? code)
    {
        var claims = Honest();
        claims["iat"] = Start.AddSeconds(issued).ToUnixTimeSeconds();
        claims["nbf"] = Start.AddSeconds(notBefore).ToUnixTimeSeconds();
        claims["exp"] = Start.AddSeconds(expires).ToUnixTimeSeconds();
        claims["auth_time"] = Start.AddSeconds(signedIn).ToUnixTimeSeconds();

        Assert.Equal(code, Code(TestIssuer.Sign(claims)));
    }

    [Fact]
    public void Token_DatedBackByTheIssuer_CountsFromTheSignIn()
    {
        var claims = Honest();
        claims["iat"] = Start.AddMinutes(-5).ToUnixTimeSeconds();

        Assert.Equal(Start, Verify(TestIssuer.Sign(claims)).Token?.DecidedAt);
    }

    [Fact]
    public void Token_Expired_IsStillARecord()
    {
        var text = TestIssuer.Sign(Honest());
        _clock.Now = Start.AddDays(3);

        Assert.Equal("GWB7313", Code(text));
        Assert.True(Verify(text, TokenFreshness.Recorded).IsAccepted);

        _clock.Now = Start.AddMinutes(-3);
        Assert.Equal("GWB7314", Verify(text, TokenFreshness.Recorded).Refusal?.Code);
    }

    [Fact]
    public void Token_SignedOtherwise_IsRefused()
    {
        var header = TestIssuer.Header().ToJsonString();
        var claims = Honest().ToJsonString();
        var publicKey = TestIssuer.Key.ExportSubjectPublicKeyInfo();
        var signed = TestIssuer.Sign(Honest());
        var unsigned = signed[..signed.LastIndexOf('.')];
        var bytes = Encoding.ASCII.GetBytes(unsigned);

        Assert.Equal("GWB7309", Code(TestIssuer.Sign(TestIssuer.Header(), Honest(), TestIssuer.StrangersKey)));
        Assert.Equal("GWB7309", Code(JwsText.Unsigned(header, claims)));
        Assert.Equal("GWB7309", Code(JwsText.Hs256(header, claims, publicKey)));
        Assert.Equal("GWB7305", Code(JwsText.Unsigned(header.Replace("RS256", "none", StringComparison.Ordinal), claims)));
        Assert.Equal("GWB7305", Code(JwsText.Hs256(header.Replace("RS256", "HS256", StringComparison.Ordinal), claims, publicKey)));
        Assert.Equal("GWB7309", Code(With(new byte[256])));
        Assert.Equal("GWB7309", Code(With(TestIssuer.Key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss))));
        Assert.Equal("GWB7309", Code(With(TestIssuer.Key.SignData(bytes, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1))));

        string With(byte[] signature) => $"{unsigned}.{Base64Url.EncodeToString(signature)}";
    }

    [Fact]
    public void Token_WithDuplicateClaims_IsRefused()
    {
        var claims = Honest().ToJsonString();
        var header = TestIssuer.Header().ToJsonString();

        Assert.Equal("GWB7303", Code(JwsText.Rs256(header, claims.Insert(1, "\"nonce\":\"x\","), TestIssuer.Key)));
        Assert.Equal("GWB7303", Code(JwsText.Rs256(header, claims.Insert(1, "\"nonc\\u0065\":\"x\","), TestIssuer.Key)));
        Assert.Equal("GWB7303", Code(JwsText.Rs256(header.Insert(1, "\"alg\":\"none\","), claims, TestIssuer.Key)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("....")]
    [InlineData("{}")]
    public void Text_ThatIsNoToken_IsRefused(string? text) => Assert.Equal("GWB7302", Code(text));

    [Theory]
    [InlineData("[]", "GWB7302")]
    [InlineData("\"text\"", "GWB7302")]
    [InlineData("{\"iss\":", "GWB7302")]
    [InlineData("// comment\n{}", "GWB7302")]
    [InlineData("{\"iss\":\"\\ud800\"}", "GWB7310")]
    public void Payload_ThatIsBroken_IsRefused(string payload, string code) =>
        Assert.Equal(code, Code(JwsText.Rs256(TestIssuer.Header().ToJsonString(), payload, TestIssuer.Key)));

    [Fact]
    public void Token_Oversized_IsRefused()
    {
        var claims = Honest();
        claims["extra"] = new string('x', TokenReading.MaxLength);

        Assert.Equal("GWB7301", Code(TestIssuer.Sign(claims)));
    }

    [Fact]
    public void Token_AnyCharacterChanged_IsRefused()
    {
        var text = TestIssuer.Sign(Honest());
        for (var index = 0; index < text.Length; index++)
        {
            var changed = $"{text[..index]}{(text[index] == 'A' ? 'B' : 'A')}{text[(index + 1)..]}";

            Assert.False(Verify(changed).IsAccepted, $"character {index}");
        }
    }

    [Fact]
    public void ExampleA2OfRfc7515_WithItsKey_Verifies()
    {
        const string a2 =
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
            + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQ"
            + "jbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt"
            + "FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        var key = new SigningKey
        {
            Kid = "rfc",
            N = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMs"
                + "D1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdV"
                + "MTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
            E = "AQAB",
        };

        CompactJws.TryRead(a2, 4096, out var jws);
        CompactJws.TryRead(a2.Replace(".cC4h", ".dC4h", StringComparison.Ordinal), 4096, out var changed);

        Assert.True(key.TryRead(out var parameters));
        Assert.True(TokenReading.Rs256.Verify(parameters, jws!.SignedBytes, jws.Signature));
        Assert.False(TokenReading.Rs256.Verify(parameters, changed!.SignedBytes, changed.Signature));
    }

    private static JsonObject Honest() => TestIssuer.Claims(Oid, Nonce, Role, Start);

    private static void Bend(JsonObject target, string member, string? json)
    {
        if (json is null)
        {
            target.Remove(member);
        }
        else
        {
            target[member] = JsonNode.Parse(json);
        }
    }

    private TokenVerdict Verify(string? text, TokenFreshness freshness = TokenFreshness.Live) =>
        _verifier.Verify(text, new() { Nonce = Nonce, Role = Role, Freshness = freshness });

    private string? Code(string? text)
    {
        var verdict = Verify(text);
        Assert.Equal(verdict.IsAccepted, verdict.Token is not null);
        return verdict.Refusal?.Code;
    }
}
