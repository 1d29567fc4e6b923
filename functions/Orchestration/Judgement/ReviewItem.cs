using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GwbCloud.Functions.Orchestration;

/// <summary>One thing that stopped a ring, or the second full synchronisation, under a name by which a person can accept it as harmless.</summary>
/// <remarks>
/// The name holds what was seen (which members, which new name), so that the same thing is not found again once it is accepted, and a further
/// one of the same kind on the same group is.
/// </remarks>
public sealed record ReviewItem
{
    /// <summary>Kind, object and the hash of what was seen: <c>membersLost/5b1a…/1f0c22d9</c>.</summary>
    public required string Name { get; init; }

    /// <summary>deleted, renamed, moved, created, membersLost, alternating, escrow, log, …</summary>
    public required string Kind { get; init; }

    /// <summary>The sentence that people read.</summary>
    public required string Text { get; init; }

    /// <summary>objectGUID of the group, where it is about one.</summary>
    public Guid? ObjectGuid { get; init; }

    /// <summary>What accepting it means, where that is not plain; null where it is.</summary>
    public string? Advice => Kind switch
    {
        "moved" or "renamed" => "Accepting keeps the place and name only where the extension property GroupDN says them: elsewhere Cloud Sync puts the group "
            + "back to what it was (GWB2787). Repair it now, or move it once the migration is closed and GroupDN is set.",
        "deleted" or "anchor" => "Cloud Sync makes a group anew whose object or anchor is gone. Before its ring that can't be accepted: repair it, or delete the group in Entra for good.",
        "letGo" => "Connect neither writes nor deletes it any more. Accept it when the group is whole again, after a repair: Cloud Sync takes it over by its anchor, "
            + "and its ring is not started while the object is not what was frozen.",
        "membersLost" => "Accepting leaves these members out. Where Connect writes no members of groups that it only joins, nobody puts them back but a repair.",
        _ => null,
    };

    /// <param name="kind">Of what kind.</param>
    /// <param name="text">What people read.</param>
    /// <param name="group">Of which group.</param>
    /// <param name="seen">What makes it another thing when it differs; the sentence itself when it is left out.</param>
    internal static ReviewItem Of(string kind, string text, Guid? group = null, string? seen = null) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"{kind}/{(group is { } id ? id.ToString("D") : "-")}/{Hash(seen ?? text)}"),
        Kind = kind,
        Text = text,
        ObjectGuid = group,
    };

    /// <summary>What of a group was accepted.</summary>
    internal static IReadOnlyList<string> KindsOf(Guid group, IEnumerable<string> accepted)
        => [.. accepted.Where(name => name.Contains($"/{group:D}/", StringComparison.Ordinal)).Select(name => name[..name.IndexOf('/', StringComparison.Ordinal)]).Distinct()];

    /// <summary>Members in an order of their own, so that the same members are the same thing.</summary>
    internal static string Seen(IEnumerable<Guid> members) => string.Join(',', members.Order());

    /// <summary>What is left when the accepted is taken out.</summary>
    internal static IReadOnlyList<ReviewItem> Open(IEnumerable<ReviewItem> items, IReadOnlyCollection<string> accepted)
        => [.. items.Where(item => !accepted.Contains(item.Name))];

    /// <summary>
    /// What keeps a ring from being started: whatever is open of objects, and, accepted or not, an object of the ring that Cloud Sync would not find and make anew.
    /// Members are left to the proof of the ring, which comes after Cloud Sync has written them.
    /// </summary>
    internal static IReadOnlyList<ReviewItem> BeforeStart(IEnumerable<ReviewItem> items, IReadOnlyCollection<string> accepted, IReadOnlySet<Guid> starting)
        => [.. items.Where(item => item.Kind is not ("membersLost" or "membersGained" or "membersUnexplained")
            && (!accepted.Contains(item.Name) || (item.Kind is "deleted" or "anchor" && item.ObjectGuid is { } id && starting.Contains(id))))];

    static string Hash(string seen) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seen)))[..8];
}
