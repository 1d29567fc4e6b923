using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>A security identifier: who owns an object, and whom an entry of its list means. Compared by its bytes.</summary>
/// <remarks>The framework's own class exists on Windows only. Source: MS-DTYP 2.4.2.</remarks>
public sealed class Sid : IEquatable<Sid>
{
    const int HeaderBytes = 8;
    const int AuthorityBytes = 6;
    const int MostSubAuthorities = 15;

    readonly byte[] _bytes;

    Sid(byte[] bytes) => _bytes = bytes;

    /// <summary>8 to 68 bytes: as the directory's attribute <c>objectSid</c> holds them.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The SID that these bytes are, all of them.</summary>
    /// <exception cref="MalformedSecurityException">Another revision, too many parts, or too few or too many bytes.</exception>
    public static Sid Parse(ReadOnlySpan<byte> bytes)
    {
        var sid = ReadFirst(bytes);
        return sid._bytes.Length == bytes.Length ? sid : throw new MalformedSecurityException("Bytes follow the SID.");
    }

    /// <summary>The SID of a text such as <c>S-1-5-32-544</c>.</summary>
    /// <exception cref="MalformedSecurityException">It is none.</exception>
    public static Sid Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('-');
        if (parts.Length is < 3 or > 3 + MostSubAuthorities || parts[0] is not ("S" or "s") || parts[1] != "1" || Authority(parts[2]) is not { } authority)
        {
            throw new MalformedSecurityException("The text is no SID.");
        }

        byte[] bytes = new byte[HeaderBytes + (4 * (parts.Length - 3))];
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, authority);
        wide[^AuthorityBytes..].CopyTo(bytes.AsSpan(2));
        (bytes[0], bytes[1]) = (1, (byte)(parts.Length - 3));
        for (int i = 3; i < parts.Length; i++)
        {
            if (!uint.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out uint part)) { throw new MalformedSecurityException("The text is no SID."); }
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(HeaderBytes + (4 * (i - 3))), part);
        }
        return new(bytes);
    }

    /// <summary>The SID at the beginning of the bytes; what follows is left alone.</summary>
    internal static Sid ReadFirst(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes) { throw new MalformedSecurityException("The SID is shorter than its header."); }
        if (bytes[0] != 1) { throw new MalformedSecurityException("The SID has an unknown revision."); }
        if (bytes[1] > MostSubAuthorities) { throw new MalformedSecurityException("The SID has more than 15 sub-authorities."); }
        int length = HeaderBytes + (4 * bytes[1]);
        return bytes.Length < length ? throw new MalformedSecurityException("The SID ends too early.") : new(bytes[..length].ToArray());
    }

    /// <summary>A SID of the same domain: this one with one more part.</summary>
    /// <param name="relativeId">For example 512, the domain's administrators.</param>
    public Sid Child(uint relativeId) => Parse(string.Create(CultureInfo.InvariantCulture, $"{this}-{relativeId}"));

    public bool Equals(Sid? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as Sid);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary><c>S-1-5-21-…</c>; an authority of 2^32 or more is written in hexadecimal, as Windows does.</summary>
    public override string ToString()
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        _bytes.AsSpan(2, AuthorityBytes).CopyTo(wide[^AuthorityBytes..]);
        ulong authority = BinaryPrimitives.ReadUInt64BigEndian(wide);
        var text = new StringBuilder("S-1-");
        if (authority > uint.MaxValue) { text.Append(CultureInfo.InvariantCulture, $"0x{authority:X12}"); }
        else { text.Append(authority); }
        for (int at = HeaderBytes; at < _bytes.Length; at += 4)
        {
            text.Append('-').Append(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at)));
        }
        return text.ToString();
    }

    static ulong? Authority(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? text.Length <= 2 + (2 * AuthorityBytes) && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex) ? hex : null
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;
}
