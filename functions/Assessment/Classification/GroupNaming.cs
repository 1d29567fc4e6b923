using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Assessment;

/// <summary>Which of the two naming styles the groups in the OU follow. Source: migrate how-to, naming convention.</summary>
public static class GroupNaming
{
    /// <summary>Characters of the display name that go into a name.</summary>
    const int DisplayNameLength = 51;

    /// <summary>The name (cn) that a group has, and keeps under Cloud Sync, in a style.</summary>
    public static string CommonName(NamingStyle style, Guid cloudId, string displayName)
    {
        ArgumentNullException.ThrowIfNull(displayName);
        if (style == NamingStyle.GroupGuid)
        {
            return Anchors.Of(cloudId);
        }

        var trimmed = displayName.Trim();
        return $"{(trimmed.Length > DisplayNameLength ? trimmed[..DisplayNameLength] : trimmed)}_{cloudId.ToString("D")[24..]}";
    }

    /// <summary>Whether the mapping of a style writes the very name that the group has. Another case is another name: Cloud Sync would rename the group.</summary>
    public static bool Follows(NamingStyle style, AdGroup group, CloudGroupFacts cloud)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(cloud);
        return CommonName(style, cloud.Id, cloud.DisplayName)
            .Equals(DistinguishedName.CommonName(group.DistinguishedName), StringComparison.Ordinal);
    }

    /// <summary>The style that most groups follow; every group that does not is a deviation.</summary>
    public static NamingStyle Of(IEnumerable<(AdGroup Group, CloudGroupFacts Cloud)> groups)
    {
        var (guid, display) = (0, 0);
        foreach (var (group, cloud) in groups)
        {
            guid += Follows(NamingStyle.GroupGuid, group, cloud) ? 1 : 0;
            display += Follows(NamingStyle.DisplayName, group, cloud) ? 1 : 0;
        }

        return display > guid ? NamingStyle.DisplayName : NamingStyle.GroupGuid;
    }
}
