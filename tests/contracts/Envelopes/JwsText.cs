using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace GwbCloud.Tests.Contracts.Envelopes;

/// <summary>Writes compact JWS by hand, so that tests can say what no signer of the product would.</summary>
internal static class JwsText
{
    public static string Es256(string header, string payload, ECDsa key)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public static string Rs256(string header, string payload, RSA key)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public static string Hs256(string header, string payload, byte[] key)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Unsigned(string header, string payload) => $"{Encode(header)}.{Encode(payload)}.";

    public static string PayloadOf(string jws) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(jws.Split('.')[1]));

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
