using System.Buffers.Binary;

namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>Owner and access control list of an object, read from the bytes of <c>nTSecurityDescriptor</c>.</summary>
/// <remarks>
/// The self-relative form. The audit list is not read: nothing here asks for it. Source: MS-DTYP 2.4.5 and 2.4.6.
/// </remarks>
public sealed record SecurityDescriptor
{
    const int HeaderBytes = 20;
    const int AclHeaderBytes = 8;
    const int AceHeaderBytes = 4;
    const int GuidBytes = 16;

    public required SecurityControl Control { get; init; }

    /// <summary>Null when the descriptor was asked for without it.</summary>
    public Sid? Owner { get; init; }
    public Sid? Group { get; init; }

    /// <summary>The entries in the order in which they decide; null when there is no list, which allows everything to everybody.</summary>
    public IReadOnlyList<Ace>? Dacl { get; init; }

    /// <summary>Types of entries that were left out because what they mean hangs on more than the list, such as conditions. Empty as a rule.</summary>
    public IReadOnlyList<byte> UnknownTypes { get; init; } = [];

    /// <summary>Entries of containers above don't come down to this object, as AdminSDHolder sets it.</summary>
    public bool InheritanceBlocked => Control.HasFlag(SecurityControl.DaclProtected);

    /// <summary>The descriptor in these bytes.</summary>
    /// <exception cref="MalformedSecurityException">A length, an offset or a revision is wrong.</exception>
    public static SecurityDescriptor Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes) { throw new MalformedSecurityException("The descriptor is shorter than its header."); }
        if (bytes[0] != 1) { throw new MalformedSecurityException("The descriptor has an unknown revision."); }
        var control = (SecurityControl)BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        if (!control.HasFlag(SecurityControl.SelfRelative)) { throw new MalformedSecurityException("The descriptor is not self-relative."); }

        var unknown = new List<byte>();
        return new()
        {
            Control = control,
            Owner = SidAt(bytes, 4),
            Group = SidAt(bytes, 8),
            // Present and without a place is the list that is not there: it allows everything.
            Dacl = control.HasFlag(SecurityControl.DaclPresent) && At(bytes, 16) is { IsEmpty: false } list ? ReadAcl(list, unknown) : null,
            UnknownTypes = unknown,
        };
    }

    static Sid? SidAt(ReadOnlySpan<byte> bytes, int field) => At(bytes, field) is { IsEmpty: false } sid ? Sid.ReadFirst(sid) : null;

    /// <summary>What the offset in a field of the header points to; empty when it points nowhere.</summary>
    static ReadOnlySpan<byte> At(ReadOnlySpan<byte> bytes, int field)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[field..]);
        if (offset == 0) { return []; }
        return offset < HeaderBytes || offset >= bytes.Length
            ? throw new MalformedSecurityException("An offset of the descriptor points outside it.")
            : bytes[(int)offset..];
    }

    static List<Ace> ReadAcl(ReadOnlySpan<byte> bytes, List<byte> unknown)
    {
        if (bytes.Length < AclHeaderBytes) { throw new MalformedSecurityException("The list is shorter than its header."); }
        // 2 for lists without entries for parts of an object, 4 with them; old directories hold 3.
        if (bytes[0] is < 2 or > 4) { throw new MalformedSecurityException("The list has an unknown revision."); }
        int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (size < AclHeaderBytes || size > bytes.Length) { throw new MalformedSecurityException("The list ends outside the descriptor."); }

        var rest = bytes[AclHeaderBytes..size];
        var entries = new List<Ace>();
        for (int i = 0; i < count; i++)
        {
            if (rest.Length < AceHeaderBytes) { throw new MalformedSecurityException("The list has fewer entries than it says."); }
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            if (length < AceHeaderBytes || length > rest.Length) { throw new MalformedSecurityException("An entry ends outside its list."); }
            if (ReadAce(rest[..length]) is { } entry) { entries.Add(entry); }
            else { unknown.Add(rest[0]); }
            rest = rest[length..];
        }
        return entries;
    }

    static Ace? ReadAce(ReadOnlySpan<byte> bytes)
    {
        const byte allow = 0, deny = 1, allowObject = 5, denyObject = 6;
        byte type = bytes[0];
        if (type is not (allow or deny or allowObject or denyObject)) { return null; }

        var rest = bytes[AceHeaderBytes..];
        var rights = (DirectoryRights)TakeUInt32(ref rest);
        Guid? objectType = null;
        Guid? inheritedObjectType = null;
        if (type is allowObject or denyObject)
        {
            const uint hasObjectType = 1, hasInheritedObjectType = 2;
            uint present = TakeUInt32(ref rest);
            if ((present & hasObjectType) != 0) { objectType = TakeGuid(ref rest); }
            if ((present & hasInheritedObjectType) != 0) { inheritedObjectType = TakeGuid(ref rest); }
        }
        return new()
        {
            Kind = type is allow or allowObject ? AceKind.Allow : AceKind.Deny,
            Inheritance = (AceInheritance)bytes[1],
            Rights = rights,
            Trustee = Sid.ReadFirst(rest),
            ObjectType = objectType,
            InheritedObjectType = inheritedObjectType,
        };
    }

    static uint TakeUInt32(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < sizeof(uint)) { throw new MalformedSecurityException("An entry ends too early."); }
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        rest = rest[sizeof(uint)..];
        return value;
    }

    static Guid TakeGuid(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < GuidBytes) { throw new MalformedSecurityException("An entry ends too early."); }
        var value = new Guid(rest[..GuidBytes]);
        rest = rest[GuidBytes..];
        return value;
    }
}

/// <summary>Bits of a descriptor's header that matter here. Source: MS-DTYP 2.4.6.</summary>
[Flags]
public enum SecurityControl : ushort
{
    None = 0,
    DaclPresent = 0x4,
    DaclAutoInherited = 0x400,

    /// <summary>Inheritance is blocked.</summary>
    DaclProtected = 0x1000,
    SelfRelative = 0x8000,
}
