using System.Buffers.Binary;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>When an attribute of an object was last written, from the bytes of <c>replPropertyMetaData</c>.</summary>
/// <remarks>Source: MS-DRSR 5.162 (PROPERTY_META_DATA_VECTOR as stored): a header of 16 bytes, then 48 for each attribute.</remarks>
public static class ReplicationMetadata
{
    /// <summary><c>dSASignature</c> (1.2.840.113556.1.2.74) by the prefix table of every domain controller: each backup writes it on the domain.</summary>
    public const uint BackupSignature = 0x0002_004A;

    /// <summary><c>isDeleted</c> (1.2.840.113556.1.2.48): the deletion itself writes it, on whichever domain controller.</summary>
    public const uint Deletion = 0x0002_0030;

    const int HeaderBytes = 16;
    const int EntryBytes = 48;

    /// <summary>The time, or null when the attribute was never written or the bytes are none of this kind.</summary>
    public static DateTimeOffset? LastWritten(ReadOnlySpan<byte> bytes, uint attribute)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != 1) { return null; }
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        var rest = bytes[HeaderBytes..];
        for (uint i = 0; i < count && rest.Length >= EntryBytes; i++, rest = rest[EntryBytes..])
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(rest) != attribute) { continue; }
            // Whole seconds since 1601.
            ulong seconds = BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]);
            return seconds < 1UL << 36 ? new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds) : null;
        }
        return null;
    }
}
