using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GwbCloud.Functions.Orchestration;

/// <summary>One thing that stopped a ring, under a name by which a person can accept it as harmless.</summary>
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

    static string Hash(string seen) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seen)))[..8];
}
