using FsCheck;
using FsCheck.Fluent;
using GwbCloud.RelayListener.ActiveDirectory.Security;

namespace GwbCloud.Tests.Listener.ActiveDirectory.Security;

public sealed class SecurityDescriptorTests
{
    // Source: MS-DTYP 2.5.1.4, the bytes of O:BAG:BAD:P(A;CIOI;GRGX;;;BU)(A;CIOI;GA;;;BA)(A;CIOI;GA;;;SY)(A;CIOI;GA;;;CO)S:P(AU;FA;GR;;;WD).
    const string Published = """
        010014B0 90000000 A0000000 14000000 30000000 02001C00 01000000 02801400 00000080 01010000 00000001 00000000
        02006000 04000000 00031800 000000A0 01020000 00000005 20000000 21020000 00031800 00000010 01020000 00000005
        20000000 20020000 00031400 00000010 01010000 00000005 12000000 00031400 00000010 01010000 00000003 00000000
        01020000 00000005 20000000 20020000 01020000 00000005 20000000 20020000
        """;

    // O:S-1-5-21-1-2-3-500 G:S-1-5-21-1-2-3-513, a denial for a part, two permissions for parts, one for the whole, as Samba packs them.
    const string OfADirectory = """
        010004941400000030000000000000004c000000010500000000000515000000010000000200000003000000f4010000010500000000000515000000010000000200
        000003000000010200000400b40004000000060a48002100000003000000c07996bfe60dd011a28500aa003049e29c7a96bfe60dd011a28500aa003049e201050000
        000000051500000001000000020000000300000051040000051228001000000001000000c07996bfe60dd011a28500aa003049e201010000000000050b0000000502
        280001000000020000009c7a96bfe60dd011a28500aa003049e201010000000000050b00000000001400ff010f00010100000000000512000000
        """;

    static readonly Guid Member = new("bf9679c0-0de6-11d0-a285-00aa003049e2");
    static readonly Guid Group = new("bf967a9c-0de6-11d0-a285-00aa003049e2");

    [Fact]
    public void PublishedDescriptor_IsReadWhole()
    {
        var read = SecurityDescriptor.Parse(Bytes(Published));

        Assert.Equal(("S-1-5-32-544", "S-1-5-32-544"), (read.Owner!.ToString(), read.Group!.ToString()));
        Assert.True(read.InheritanceBlocked);
        Assert.Equal("D:P(A;OICI;GRGX;;;S-1-5-32-545)(A;OICI;GA;;;S-1-5-32-544)(A;OICI;GA;;;S-1-5-18)(A;OICI;GA;;;S-1-3-0)", Sddl.OfDacl(read));
    }

    [Fact]
    public void DescriptorOfADirectory_KeepsPartsClassesAndFlags()
    {
        var read = SecurityDescriptor.Parse(Bytes(OfADirectory));

        Assert.Equal("S-1-5-21-1-2-3-500", read.Owner!.ToString());
        Assert.Equal(4, read.Dacl!.Count);
        var denial = read.Dacl[0];
        Assert.Equal(
            (AceKind.Deny, AceInheritance.ContainerInherit | AceInheritance.InheritOnly, DirectoryRights.WriteProperty | DirectoryRights.CreateChild, Member, Group),
            (denial.Kind, denial.Inheritance, denial.Rights, denial.ObjectType, denial.InheritedObjectType));
        Assert.Equal((Member, null), (read.Dacl[1].ObjectType, read.Dacl[1].InheritedObjectType));
        Assert.Equal((null, Group), (read.Dacl[2].ObjectType, read.Dacl[2].InheritedObjectType));
        Assert.Equal(DirectoryRights.Everything, read.Dacl[3].Rights);
        Assert.Equal(
            "D:PAI(OD;CIIO;CCWP;bf9679c0-0de6-11d0-a285-00aa003049e2;bf967a9c-0de6-11d0-a285-00aa003049e2;S-1-5-21-1-2-3-1105)"
            + "(OA;CIID;RP;bf9679c0-0de6-11d0-a285-00aa003049e2;;S-1-5-11)(OA;CI;CC;;bf967a9c-0de6-11d0-a285-00aa003049e2;S-1-5-11)"
            + "(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;S-1-5-18)",
            Sddl.OfDacl(read));
        Assert.DoesNotContain("ID;RP", Sddl.OfDacl(read, own: true), StringComparison.Ordinal);
    }

    [Fact]
    public void List_ThatIsNotThere_IsNotAnEmptyOne()
    {
        var none = SecurityDescriptor.Parse(Bytes("01000480 00000000 00000000 00000000 00000000"));
        var empty = SecurityDescriptor.Parse(Bytes("01000480 00000000 00000000 00000000 14000000 02000800 00000000"));

        Assert.Null(none.Dacl);
        Assert.Empty(empty.Dacl!);
    }

    [Fact]
    public void EntryOfAnUnknownType_IsLeftOutAndTold()
    {
        byte[] bytes = Bytes(Published);
        bytes[0x38] = 0x0A; // The first of the four becomes a denial with a condition.

        var read = SecurityDescriptor.Parse(bytes);

        Assert.Equal(3, read.Dacl!.Count);
        Assert.Equal([(byte)0x0A], read.UnknownTypes);
    }

    [Theory]
    [InlineData("too short", "01000480 00000000 00000000 00000000 000000")]
    [InlineData("revision", "02000480 00000000 00000000 00000000 00000000")]
    [InlineData("absolute form", "01000400 00000000 00000000 00000000 00000000")]
    [InlineData("owner in the header", "01000480 04000000 00000000 00000000 00000000")]
    [InlineData("owner behind the end", "01000480 14000000 00000000 00000000 00000000")]
    [InlineData("owner far behind the end", "01000480 FFFFFFFF 00000000 00000000 00000000")]
    [InlineData("list without its header", "01000480 00000000 00000000 00000000 14000000 02000800")]
    [InlineData("list of a later revision", "01000480 00000000 00000000 00000000 14000000 05000800 00000000")]
    [InlineData("list longer than the bytes", "01000480 00000000 00000000 00000000 14000000 02000900 00000000")]
    [InlineData("list shorter than its header", "01000480 00000000 00000000 00000000 14000000 02000700 00000000")]
    [InlineData("entry that is missing", "01000480 00000000 00000000 00000000 14000000 02000800 01000000")]
    [InlineData("entry of no length", "01000480 00000000 00000000 00000000 14000000 02000C00 01000000 00000000")]
    [InlineData("entry longer than the list", "01000480 00000000 00000000 00000000 14000000 02000C00 01000000 00000500")]
    [InlineData("entry without a mask", "01000480 00000000 00000000 00000000 14000000 02000C00 01000000 00000400")]
    [InlineData("entry without a SID", "01000480 00000000 00000000 00000000 14000000 02001000 01000000 00000800 20000000")]
    [InlineData("entry without its part", "01000480 00000000 00000000 00000000 14000000 04001400 01000000 05000C00 20000000 01000000")]
    public void MalformedBytes_AreRefused(string what, string hex)
    {
        Assert.NotEmpty(what);
        Assert.Throws<MalformedSecurityException>(() => SecurityDescriptor.Parse(Bytes(hex)));
    }

    [Fact]
    public void AnyBytes_AreReadOrRefused_NeverMore() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), bytes => ReadOrRefused(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(200));

    [Fact]
    public void AnyDamageToADescriptor_IsReadOrRefused_NeverMore() => Prop.ForAll(
        Arb.From(
            from source in Gen.Elements(Published, OfADirectory)
            from changes in Gen.ListOf(Gen.Two(Gen.Choose(0, 255)))
            from keep in Gen.Choose(1, 300)
            select Damaged(Bytes(source), changes.Select(change => (change.Item1, change.Item2)), keep)),
        bytes => ReadOrRefused(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    static byte[] Damaged(byte[] bytes, IEnumerable<(int At, int Value)> changes, int keep)
    {
        foreach (var (at, value) in changes) { bytes[at % bytes.Length] = (byte)value; }
        return bytes[..Math.Min(keep, bytes.Length)];
    }

    static bool ReadOrRefused(byte[] bytes)
    {
        try
        {
            return Sddl.OfDacl(SecurityDescriptor.Parse(bytes)).Length > 0;
        }
        catch (MalformedSecurityException)
        {
            return true;
        }
    }

    static byte[] Bytes(string hex) => Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit)));
}
