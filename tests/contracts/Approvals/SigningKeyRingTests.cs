using System.Text;
using GwbCloud.Contracts.Approvals;

namespace GwbCloud.Tests.Contracts.Approvals;

public sealed class SigningKeyRingTests
{
    private static readonly SigningKey First = SigningKey.Of("one", TestIssuer.Key);
    private static readonly SigningKey Second = SigningKey.Of("two", TestIssuer.StrangersKey);

    private readonly SigningKeyRing _ring = new();

    [Fact]
    public void Keys_AfterRotation_AreStillFound()
    {
        Assert.Null(_ring.Learn(Set(Jwk(First))));
        Assert.Null(_ring.Learn(Set(Jwk(Second))));

        Assert.Equal(First, _ring.Find("one"));
        Assert.Equal(Second, _ring.Find("two"));
        Assert.Equal(First, new SigningKeyRing(_ring.Export()).Find("one"));
        Assert.Null(_ring.Find("three"));
    }

    [Fact]
    public void Key_ThatChangedUnderItsId_IsRefusedAndTheFirstStays()
    {
        _ring.Learn(Set(Jwk(First)));

        Assert.Equal("GWB7321", _ring.Learn(Set(Jwk(Second with { Kid = "one" }), Jwk(Second)))?.Code);

        Assert.Equal(First, _ring.Find("one"));
        Assert.Null(_ring.Find("two"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no json")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[1]}")]
    [InlineData("{\"keys\":[{\"kty\":\"EC\",\"kid\":\"a\",\"n\":\"AQ\",\"e\":\"AQAB\"}]}")]
    [InlineData("{\"keys\":[{\"kty\":\"RSA\",\"use\":\"enc\",\"kid\":\"a\",\"n\":\"AQ\",\"e\":\"AQAB\"}]}")]
    [InlineData("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"AQ\",\"e\":\"AQAB\"},{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"Ag\",\"e\":\"AQAB\"}]}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    public void Set_WithoutUsableKeys_IsRefused(string jwks)
    {
        Assert.Equal("GWB7320", _ring.Learn(Encoding.UTF8.GetBytes(jwks))?.Code);
        Assert.Empty(_ring.Export());
    }

    private static string Jwk(SigningKey key) =>
        $$"""{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{key.Kid}}","n":"{{key.N}}","e":"{{key.E}}","x5c":["ignored"]}""";

    private static byte[] Set(params string[] keys) => Encoding.UTF8.GetBytes("{\"keys\":[" + string.Join(',', keys) + "]}");
}
