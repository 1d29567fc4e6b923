using System.Globalization;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.DomainController;

/// <summary>Holds what the directory shows against what the world believes.</summary>
static class DomainComparison
{
    /// <summary>One line for each difference; empty when directory and world are one.</summary>
    /// <param name="shown">Every group, user and computer below the lab's container.</param>
    /// <param name="world">The world.</param>
    public static IReadOnlyList<string> Differences(IReadOnlyCollection<DirectoryObject> shown, SimulatedWorld world)
    {
        var believed = world.Store.Read(() => world.Objects.Values.Where(o => o.DeletedAt is null).ToDictionary(o => o.ObjectGuid));
        var there = shown.ToDictionary(o => o.ObjectGuid);
        return
        [
            .. believed.Values.Where(o => !there.ContainsKey(o.ObjectGuid)).Select(o => $"{o.DistinguishedName}: is not in the directory"),
            .. shown.Where(o => !believed.ContainsKey(o.ObjectGuid)).Select(o => $"{o.DistinguishedName}: is in the directory alone"),
            .. shown.Where(o => believed.ContainsKey(o.ObjectGuid)).SelectMany(o => Compare(o, believed[o.ObjectGuid], believed)),
        ];
    }

    static IEnumerable<string> Compare(DirectoryObject shown, AdObject believed, Dictionary<Guid, AdObject> all)
    {
        foreach (var (what, here, there) in (IEnumerable<(string, string?, string?)>)
        [
            ("name", shown.DistinguishedName.ToUpperInvariant(), believed.DistinguishedName.ToUpperInvariant()),
            ("objectSid", shown.Sid, believed.Sid),
            ("class", shown.Class?.ToString(), believed.Class.ToString()),
            ("sAMAccountName", shown.SamAccountName, believed.SamAccountName),
            ("displayName", shown.DisplayName, believed.DisplayName),
            ("description", shown.Description, believed.Description),
            ("groupType", shown.GroupType.ToString(CultureInfo.InvariantCulture), believed.GroupType.ToString(CultureInfo.InvariantCulture)),
            ("adminDescription", shown.AdminDescription, believed.AdminDescription),
            ("msDS-ExternalDirectoryObjectId", shown.Anchor, believed.ExternalDirectoryObjectId),
            ("mail", shown.Mail, believed.Mail),
        ])
        {
            if ((here ?? "") != (there ?? "")) { yield return $"{shown.DistinguishedName}: {what} is '{here}' in the directory, '{there}' in the world"; }
        }

        var members = shown.Members.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var expected = believed.Members.Select(m => all.TryGetValue(m, out var o) ? o.DistinguishedName : m.ToString("D")).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (string member in members.Except(expected, StringComparer.OrdinalIgnoreCase)) { yield return $"{shown.DistinguishedName}: has the member {member} in the directory alone"; }
        foreach (string member in expected.Except(members, StringComparer.OrdinalIgnoreCase)) { yield return $"{shown.DistinguishedName}: has the member {member} in the world alone"; }
    }
}
