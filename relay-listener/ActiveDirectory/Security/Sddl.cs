using System.Globalization;
using System.Text;

namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>Writes access control lists as the text that Windows' own tools read. SIDs are spelled out, never abbreviated.</summary>
/// <remarks>Source: MS-DTYP 2.5.1.</remarks>
public static class Sddl
{
    static readonly (DirectoryRights Right, string Code)[] Rights =
    [
        (DirectoryRights.GenericAll, "GA"), (DirectoryRights.GenericRead, "GR"), (DirectoryRights.GenericWrite, "GW"), (DirectoryRights.GenericExecute, "GX"),
        (DirectoryRights.CreateChild, "CC"), (DirectoryRights.DeleteChild, "DC"), (DirectoryRights.ListContents, "LC"), (DirectoryRights.Self, "SW"),
        (DirectoryRights.ReadProperty, "RP"), (DirectoryRights.WriteProperty, "WP"), (DirectoryRights.DeleteTree, "DT"), (DirectoryRights.ListObject, "LO"),
        (DirectoryRights.ControlAccess, "CR"), (DirectoryRights.Delete, "SD"), (DirectoryRights.ReadControl, "RC"), (DirectoryRights.WriteDacl, "WD"),
        (DirectoryRights.WriteOwner, "WO"),
    ];

    static readonly (AceInheritance Flag, string Code)[] Flags =
    [
        (AceInheritance.ObjectInherit, "OI"), (AceInheritance.ContainerInherit, "CI"), (AceInheritance.NoPropagate, "NP"),
        (AceInheritance.InheritOnly, "IO"), (AceInheritance.Inherited, "ID"),
    ];

    /// <summary>The list as <c>D:…</c>.</summary>
    /// <param name="descriptor">Null as its list is told as <c>D:NO_ACCESS_CONTROL</c>.</param>
    /// <param name="own">True leaves out what containers above hand down.</param>
    public static string OfDacl(SecurityDescriptor descriptor, bool own = false)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (descriptor.Dacl is not { } entries) { return "D:NO_ACCESS_CONTROL"; }
        var text = new StringBuilder("D:");
        if (descriptor.InheritanceBlocked) { text.Append('P'); }
        if (!own && descriptor.Control.HasFlag(SecurityControl.DaclAutoInherited)) { text.Append("AI"); }
        foreach (var entry in entries)
        {
            if (!own || !entry.Inheritance.HasFlag(AceInheritance.Inherited)) { Append(text, entry); }
        }
        return text.ToString();
    }

    static void Append(StringBuilder text, Ace entry)
    {
        bool part = entry.ObjectType is not null || entry.InheritedObjectType is not null;
        text.Append('(').Append(part ? "O" : "").Append(entry.Kind == AceKind.Allow ? 'A' : 'D').Append(';');
        foreach (var (flag, code) in Flags)
        {
            if (entry.Inheritance.HasFlag(flag)) { text.Append(code); }
        }
        text.Append(';').Append(RightsOf(entry.Rights)).Append(';')
            .Append(entry.ObjectType).Append(';').Append(entry.InheritedObjectType).Append(';').Append(entry.Trustee).Append(')');
    }

    static string RightsOf(DirectoryRights rights)
    {
        var known = Rights.Aggregate(DirectoryRights.None, (all, one) => all | one.Right);
        // Bits without letters are kept by writing the whole mask as a number.
        return (rights & ~known) != DirectoryRights.None
            ? string.Create(CultureInfo.InvariantCulture, $"0x{(uint)rights:x}")
            : string.Concat(Rights.Where(one => rights.HasFlag(one.Right)).Select(one => one.Code));
    }
}
