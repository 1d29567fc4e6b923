namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>An entry of an access control list: what is allowed or denied to whom, on the object or on one part of it.</summary>
/// <remarks>Source: MS-DTYP 2.4.4.</remarks>
public sealed record Ace
{
    public required AceKind Kind { get; init; }
    public required AceInheritance Inheritance { get; init; }

    /// <summary>As stored; generic bits are not yet replaced.</summary>
    public required DirectoryRights Rights { get; init; }
    public required Sid Trustee { get; init; }

    /// <summary>The attribute, property set, class of child or extended right that is meant; null for all of them.</summary>
    public Guid? ObjectType { get; init; }

    /// <summary>Only objects of this class inherit the entry; null for every class.</summary>
    public Guid? InheritedObjectType { get; init; }

    /// <summary>The entry decides about the object itself, not only about what will inherit it.</summary>
    public bool Applies => !Inheritance.HasFlag(AceInheritance.InheritOnly);
}

public enum AceKind
{
    Allow,
    Deny,
}

/// <summary>Whether and how an entry is inherited. Source: MS-DTYP 2.4.4.1.</summary>
[Flags]
public enum AceInheritance : byte
{
    None = 0,

    /// <summary>Objects that can't hold others inherit it.</summary>
    ObjectInherit = 0x1,

    /// <summary>Objects that can hold others inherit it: in the directory, every object can.</summary>
    ContainerInherit = 0x2,

    /// <summary>Who inherits it does not hand it on.</summary>
    NoPropagate = 0x4,

    /// <summary>It does not decide about the object that bears it.</summary>
    InheritOnly = 0x8,

    /// <summary>It came from a container above.</summary>
    Inherited = 0x10,
}
