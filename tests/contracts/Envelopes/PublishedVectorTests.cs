using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Envelopes;

namespace GwbCloud.Tests.Contracts.Envelopes;

/// <summary>Signatures that others published, and the edges of P-256 at which verifiers have gone wrong before.</summary>
public sealed class PublishedVectorTests
{
    // RFC 6979, A.2.5: P-256 with SHA-256.
    private const string SampleR = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716";
    private const string SampleS = "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";
    private const string TestR = "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367";
    private const string TestS = "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083";
    private const string Order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    private const string Zero = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Most = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";

    // RFC 7520, 4.1, with the key of 3.3.
    private const string Bilbo =
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9."
        + "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4."
        + "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg";

    private const string BilboModulus =
        "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw";

    private static readonly ECParameters Key = new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new()
        {
            X = Convert.FromHexString("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"),
            Y = Convert.FromHexString("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"),
        },
    };

    [Theory]
    [InlineData("sample", SampleR, SampleS, true)]
    [InlineData("test", TestR, TestS, true)]
    [InlineData("Sample", SampleR, SampleS, false)]
    [InlineData("", SampleR, SampleS, false)]
    [InlineData("sample", TestR, TestS, false)]
    [InlineData("sample", SampleS, SampleR, false)]
    [InlineData("sample", SampleR, TestS, false)]
    [InlineData("sample", Zero, Zero, false)]
    [InlineData("sample", Zero, SampleS, false)]
    [InlineData("sample", SampleR, Zero, false)]
    [InlineData("sample", Order, SampleS, false)]
    [InlineData("sample", SampleR, Order, false)]
    [InlineData("sample", Order, Order, false)]
    [InlineData("sample", Most, Most, false)]
    [InlineData("sample", SampleR, Most, false)]
    [InlineData("sample", SampleR, "", false)]
    [InlineData("sample", SampleR, SampleS + "00", false)]
    [InlineData("sample", "00" + SampleR, "00" + SampleS, false)]
    [InlineData("sample", "", "", false)]
    public void Rfc6979_SampleAndEdges_VerifyOrDoNot(string message, string r, string s, bool fits) =>
        Assert.Equal(fits, EnvelopeVerifier.Es256.Verify(Key, Encoding.ASCII.GetBytes(message), Convert.FromHexString(r + s)));

    [Fact]
    public void Rfc6979_AsDer_DoesNotVerify()
    {
        var der = Convert.FromHexString("3046022100" + SampleR + "022100" + SampleS);

        Assert.False(EnvelopeVerifier.Es256.Verify(Key, "sample"u8, der));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Rfc6979_WithSBesideTheTrueOne_DoesNotVerify(int more) =>
        Assert.False(EnvelopeVerifier.Es256.Verify(Key, "sample"u8, Convert.FromHexString(SampleR + Hex(Number(SampleS) + more))));

    [Fact]
    public void Rfc6979_WithNMinusS_VerifiesToo_SoNoSignatureEverTellsRepeatsApart() =>
        Assert.True(EnvelopeVerifier.Es256.Verify(Key, "sample"u8, Convert.FromHexString(SampleR + Hex(Number(Order) - Number(SampleS)))));

    [Fact]
    public void Rfc6979_AnySingleBitOfTheSignatureChanged_DoesNotVerify()
    {
        var signature = Convert.FromHexString(SampleR + SampleS);
        for (var bit = 0; bit < signature.Length * 8; bit++)
        {
            var changed = signature.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.False(EnvelopeVerifier.Es256.Verify(Key, "sample"u8, changed), $"bit {bit}");
        }
    }

    [Fact]
    public void Key_ThatIsNoPointOfTheCurve_VerifiesNothing()
    {
        var off = Key;
        off.Q = new() { X = Key.Q.X, Y = [.. Key.Q.Y!.Reverse()] };

        Assert.False(EnvelopeVerifier.Es256.Verify(off, "sample"u8, Convert.FromHexString(SampleR + SampleS)));
    }

    [Fact]
    public void Rfc7520_Rs256Example_Verifies()
    {
        Assert.True(SigningKeyOf(BilboModulus).TryRead(out var key));
        Assert.Equal(JwsFault.None, CompactJws.TryRead(Bilbo, 4096, out var jws));

        Assert.True(TokenReading.Rs256.Verify(key, jws!.SignedBytes, jws.Signature));
        Assert.StartsWith("It\u2019s a dangerous business, Frodo", Encoding.UTF8.GetString(jws.Payload), StringComparison.Ordinal);
        for (var bit = 0; bit < jws.Signature.Length * 8; bit++)
        {
            var changed = jws.Signature.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(TokenReading.Rs256.Verify(key, jws.SignedBytes, changed), $"bit {bit}");
        }
    }

    [Fact]
    public void Rs256Signature_WithAnotherLength_DoesNotVerify()
    {
        Assert.True(SigningKeyOf(BilboModulus).TryRead(out var key));
        CompactJws.TryRead(Bilbo, 4096, out var jws);

        Assert.False(TokenReading.Rs256.Verify(key, jws!.SignedBytes, [0, .. jws.Signature]));
        Assert.False(TokenReading.Rs256.Verify(key, jws.SignedBytes, jws.Signature.AsSpan(1)));
        Assert.False(TokenReading.Rs256.Verify(key, jws.SignedBytes, []));
        Assert.False(TokenReading.Rs256.Verify(key, jws.SignedBytes, Base64Url.DecodeFromChars(BilboModulus)));
    }

    private static SigningKey SigningKeyOf(string modulus) => new() { Kid = "bilbo", N = modulus, E = "AQAB" };

    private static BigInteger Number(string hex) => BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Hex(BigInteger number) => Convert.ToHexString(number.ToByteArray(isUnsigned: true, isBigEndian: true)).PadLeft(64, '0');
}
