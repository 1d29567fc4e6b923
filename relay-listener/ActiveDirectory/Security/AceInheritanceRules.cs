namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>What a new object takes from its container's list. Source: MS-DTYP 2.5.3.4; MS-ADTS 6.1.3.</summary>
static class AceInheritanceRules
{
    /// <summary>The entries of the container that decide about a new child, as the child's own list will hold them.</summary>
    /// <remarks>What the schema gives every new object of the class comes on top, and is left out: it names administrators and the owner.</remarks>
    /// <param name="container">The container's descriptor.</param>
    /// <param name="childClass">schemaIDGUID of the child's class.</param>
    public static SecurityDescriptor HandedDownTo(this SecurityDescriptor container, Guid childClass) => container with
    {
        Owner = null,
        Group = null,
        Dacl = container.Dacl is not { } entries ? null :
        [
            .. entries
                .Where(entry => entry.Inheritance.HasFlag(AceInheritance.ContainerInherit)
                    && (entry.InheritedObjectType is not { } only || only == childClass)
                    // Whoever makes the child becomes its owner; who that will be is not known here.
                    && !entry.Trustee.Equals(WellKnownSids.CreatorOwner))
                .Select(entry => entry with { Inheritance = AceInheritance.Inherited }),
        ],
    };
}
