using System.Buffers;
using System.Buffers.Text;

namespace GwbCloud.Contracts.Json;

/// <summary>base64url without padding (RFC 7515, section 2), read strictly: one byte sequence has one spelling.</summary>
internal static class Base64UrlText
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1)
        {
            return false;
        }

        // The last character may carry bits that no byte uses; a spelling that sets them would be a second one for the same bytes.
        try
        {
            var decoded = Base64Url.DecodeFromChars(text);
            if (!text.SequenceEqual(Base64Url.EncodeToString(decoded)))
            {
                return false;
            }

            bytes = decoded;
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
