using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Envelopes;

/// <summary>Why a text is no compact JWS.</summary>
internal enum JwsFault
{
    None,
    TooLarge,
    Malformed,
    DuplicateMember,
}

/// <summary>A compact JWS (RFC 7515, section 7.1), taken apart but not verified: header and payload are claims of a stranger.</summary>
internal sealed class CompactJws
{
    private CompactJws(JsonElement header, byte[] payload, byte[] signature, byte[] signedBytes)
    {
        Header = header;
        Payload = payload;
        Signature = signature;
        SignedBytes = signedBytes;
    }

    /// <summary>A JSON object without duplicates.</summary>
    public JsonElement Header { get; }

    /// <summary>The payload exactly as it was signed.</summary>
    public byte[] Payload { get; }

    public byte[] Signature { get; }

    /// <summary>What the signature covers: header and payload as they were written, in ASCII.</summary>
    public byte[] SignedBytes { get; }

    public static JwsFault TryRead(string? text, int maxLength, out CompactJws? jws)
    {
        jws = null;
        if (text is null)
        {
            return JwsFault.Malformed;
        }

        if (text.Length > maxLength)
        {
            return JwsFault.TooLarge;
        }

        var first = text.IndexOf('.', StringComparison.Ordinal);
        var last = text.LastIndexOf('.');
        if (first <= 0 || last == first || text.AsSpan(first + 1, last - first - 1).Contains('.'))
        {
            return JwsFault.Malformed;
        }

        if (!Base64UrlText.TryDecode(text.AsSpan(0, first), out var headerBytes)
            || !Base64UrlText.TryDecode(text.AsSpan(first + 1, last - first - 1), out var payload)
            || !Base64UrlText.TryDecode(text.AsSpan(last + 1), out var signature))
        {
            return JwsFault.Malformed;
        }

        var fault = TryReadObject(headerBytes, out var header);
        if (fault != JwsFault.None)
        {
            return fault;
        }

        jws = new CompactJws(header, payload, signature, Encoding.ASCII.GetBytes(text[..last]));
        return JwsFault.None;
    }

    /// <summary>Reads a JSON object strictly.</summary>
    public static JwsFault TryReadObject(byte[] utf8, out JsonElement value)
    {
        value = default;
        try
        {
            using var document = CanonicalJson.Parse(utf8);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return JwsFault.Malformed;
            }

            value = document.RootElement.Clone();
            return JwsFault.None;
        }
        catch (ContractException refused)
        {
            return refused.Refusal.Code == ContractError.DuplicateMember.Code ? JwsFault.DuplicateMember : JwsFault.Malformed;
        }
    }

    /// <summary>A text member, or null when it is missing, no text, or no Unicode.</summary>
    public static string? TextOf(JsonElement value, string name)
    {
        try
        {
            return value.TryGetProperty(name, out var member) ? TextOf(member) : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A text, or null when it is no text or no Unicode.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Signed text from header and payload bytes.</summary>
    public static string Write(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64UrlText.Encode(header)}.{Base64UrlText.Encode(payload)}";
        return $"{signed}.{Base64UrlText.Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }
}
