namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>Bits of an access mask as Active Directory uses them. Source: MS-ADTS 5.1.3.2.</summary>
[Flags]
public enum DirectoryRights : uint
{
    None = 0,
    CreateChild = 0x1,
    DeleteChild = 0x2,
    ListContents = 0x4,

    /// <summary>A validated write, such as adding oneself to a group.</summary>
    Self = 0x8,
    ReadProperty = 0x10,
    WriteProperty = 0x20,
    DeleteTree = 0x40,
    ListObject = 0x80,
    ControlAccess = 0x100,
    Delete = 0x1_0000,
    ReadControl = 0x2_0000,
    WriteDacl = 0x4_0000,
    WriteOwner = 0x8_0000,
    GenericAll = 0x1000_0000,
    GenericExecute = 0x2000_0000,
    GenericWrite = 0x4000_0000,
    GenericRead = 0x8000_0000,

    /// <summary>What <see cref="GenericAll"/> stands for on an object of the directory.</summary>
    Everything = CreateChild | DeleteChild | ListContents | Self | ReadProperty | WriteProperty | DeleteTree | ListObject | ControlAccess
        | Delete | ReadControl | WriteDacl | WriteOwner,
}

static class DirectoryRightsMapping
{
    /// <summary>The mask with generic bits replaced by what they stand for. Source: MS-ADTS 5.1.3.2.1.</summary>
    public static DirectoryRights Mapped(this DirectoryRights mask)
    {
        var mapped = mask & DirectoryRights.Everything;
        if (mask.HasFlag(DirectoryRights.GenericAll)) { mapped |= DirectoryRights.Everything; }
        if (mask.HasFlag(DirectoryRights.GenericRead))
        {
            mapped |= DirectoryRights.ReadControl | DirectoryRights.ListContents | DirectoryRights.ReadProperty | DirectoryRights.ListObject;
        }
        if (mask.HasFlag(DirectoryRights.GenericWrite)) { mapped |= DirectoryRights.ReadControl | DirectoryRights.Self | DirectoryRights.WriteProperty; }
        if (mask.HasFlag(DirectoryRights.GenericExecute)) { mapped |= DirectoryRights.ReadControl | DirectoryRights.ListContents; }
        return mapped;
    }
}
