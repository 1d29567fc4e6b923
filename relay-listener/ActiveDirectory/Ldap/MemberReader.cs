using System.Text;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>All direct members of a group, however many answers they take.</summary>
static class MemberReader
{
    /// <summary>Members asked for with the group itself, times the groups of one page: what one answer may hold.</summary>
    public const int First = 1500;

    /// <summary>Members asked for at once when a group has more.</summary>
    public const int More = 5000;

    const string Attribute = "member";
    const string Changed = "uSNChanged";
    const int Attempts = 5;

    /// <summary>The attributes to ask for with a group, so that its members can be read.</summary>
    public static IReadOnlyList<string> Attributes { get; } = [ValueRange.Ask(Attribute, 0, First), Changed];

    /// <summary>The attributes to ask for to get what follows.</summary>
    public static IReadOnlyList<string> AttributesFrom(int first) => [ValueRange.Ask(Attribute, first, More), Changed];

    /// <summary>The objectGUIDs of the members.</summary>
    /// <remarks>Positions shift when a member leaves between two answers, so a group that was written meanwhile is read from its start.</remarks>
    /// <param name="group">The group as <see cref="Attributes"/> brought it.</param>
    /// <param name="readAsync">Reads the group once more, from a member on; null when it is gone.</param>
    /// <returns>Null when the group was deleted meanwhile.</returns>
    /// <exception cref="DirectoryException">GWB6114: a member without objectGUID, or a group that never stands still.</exception>
    public static async Task<HashSet<Guid>?> ReadAsync(LdapEntry group, Func<int, Task<LdapEntry?>> readAsync)
    {
        var entry = group;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var members = new HashSet<Guid>();
            string? version = entry.Text(Changed);
            while (true)
            {
                int? next = Take(entry, members);
                if (next is null) { return members; }
                if (await readAsync(next.Value) is not { } following) { return null; }
                entry = following;
                if (entry.Text(Changed) != version) { break; }
            }
            if (await readAsync(0) is not { } again) { return null; }
            entry = again;
        }
        throw new DirectoryException(DirectoryError.MembersUnreadable.ToError($"{group.Name}: changes while it is being read", transient: true));
    }

    /// <summary>Adds the members of one answer. Returns where the next one begins, or null when there is none.</summary>
    static int? Take(LdapEntry entry, HashSet<Guid> members)
    {
        foreach (string attribute in entry.Attributes)
        {
            if (ValueRange.Of(Attribute, attribute) is not { } range) { continue; }
            var values = entry.Values(attribute);
            // A server that does not know ranges answers with an empty attribute beside the ranged one.
            if (values.Count == 0) { continue; }
            foreach (byte[] value in values)
            {
                var name = ExtendedName.Parse(Encoding.UTF8.GetString(value));
                // To leave it out would be to lose it: the snapshot is what people later trust.
                members.Add(name.ObjectGuid
                    ?? throw new DirectoryException(DirectoryError.MembersUnreadable.ToError($"{entry.Name}: a member bears no objectGUID")));
            }
            return range.Last + 1;
        }
        return null;
    }
}
