using GwbCloud.Contracts.Commands;

namespace GwbCloud.Tests.Listener;

/// <summary>Planned groups of a fake directory.</summary>
static class Identities
{
    public static string NewAnchor() => $"Group_{Guid.NewGuid():D}";

    /// <summary>A group whose anchor names its cloud object, as a plan names it.</summary>
    public static GroupIdentity AddPlanned(this FakeDirectory directory, string cn, bool stamped = false, params Guid[] members)
    {
        string anchor = NewAnchor();
        return Of(directory.Add(cn, anchor, stamped ? anchor : null, null, members));
    }

    public static GroupIdentity Of(GroupSnapshot group) => new()
    {
        CloudId = Guid.Parse(group.Group.AdminDescription!["Group_".Length..]),
        ObjectGuid = group.Group.ObjectGuid,
        DistinguishedName = group.Group.DistinguishedName,
        Anchor = group.Group.AdminDescription!,
    };
}
