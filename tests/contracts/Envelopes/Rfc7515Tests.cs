using System.Security.Cryptography;
using System.Text;
using System.Buffers.Text;
using GwbCloud.Contracts.Envelopes;

namespace GwbCloud.Tests.Contracts.Envelopes;

public sealed class Rfc7515Tests
{
    private const string A3 =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        + "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private static readonly ECParameters A3Key = new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new()
        {
            X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
            Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
        },
    };

    [Fact]
    public void ExampleA3_WithItsKey_Verifies()
    {
        CompactJws.TryRead(A3, 1024, out var jws);

        Assert.NotNull(jws);
        Assert.True(EnvelopeVerifier.Es256.Verify(A3Key, jws.SignedBytes, jws.Signature));
        Assert.Equal("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", Encoding.UTF8.GetString(jws.Payload));
    }

    [Fact]
    public void ExampleA3_AnyCharacterChanged_NeverVerifies()
    {
        for (var index = 0; index < A3.Length; index++)
        {
            if (A3[index] == '.')
            {
                continue;
            }

            var changed = $"{A3[..index]}{(A3[index] == 'A' ? 'B' : 'A')}{A3[(index + 1)..]}";

            CompactJws.TryRead(changed, 1024, out var jws);

            Assert.False(jws is not null && EnvelopeVerifier.Es256.Verify(A3Key, jws.SignedBytes, jws.Signature), $"character {index}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("e30..")]
    [InlineData("e30=.e30.AA")]
    [InlineData("e30.e30.AA.AA")]
    [InlineData("e30 .e30.AA")]
    [InlineData("e31.e30.AA")]
    [InlineData("W10.e30.AA")]
    [InlineData("bm90anNvbg.e30.AA")]
    public void Text_ThatIsNoCompactJws_IsNotRead(string text)
    {
        var fault = CompactJws.TryRead(text, 1024, out var jws);

        Assert.Equal(text == "e30.." ? JwsFault.None : JwsFault.Malformed, fault);
        Assert.Equal(text == "e30..", jws is not null);
    }
}
