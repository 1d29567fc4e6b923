using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace GwbCloud.Lab.Tenant.OData;

/// <summary>Where a listing goes on: the last entity of the page before, sealed together with the query that it belongs to.</summary>
/// <remarks>
/// The last entity, not a number: what changes meanwhile then neither hides nor repeats others. A token that was changed, or is used with
/// another query, is refused.
/// </remarks>
static class SkipToken
{
    const int SealBytes = 12;

    public static string Make(string query, string lastId)
    {
        var id = Encoding.UTF8.GetBytes(lastId);
        return Base64Url.EncodeToString([.. Seal(query, id), .. id]);
    }

    /// <summary>The last entity before.</summary>
    /// <exception cref="GraphException">The token is not one of this query.</exception>
    public static string Read(string query, string token)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(token).AsSpan();
            if (bytes.Length >= SealBytes && CryptographicOperations.FixedTimeEquals(bytes[..SealBytes], Seal(query, bytes[SealBytes..])))
            {
                return Encoding.UTF8.GetString(bytes[SealBytes..]);
            }
        }
        catch (FormatException)
        {
        }

        throw new GraphException(400, "Directory_ExpiredPageToken", "The specified page token value is expired or invalid.");
    }

    // The key keeps nobody out, it only makes tokens opaque: it must be the same after a restart.
    static ReadOnlySpan<byte> Seal(string query, ReadOnlySpan<byte> id) =>
        HMACSHA256.HashData("lab skip token"u8, (byte[])[.. Encoding.UTF8.GetBytes(query), 0, .. id]).AsSpan(0, SealBytes);
}
