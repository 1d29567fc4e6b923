using GwbCloud.Lab.World;

namespace GwbCloud.Lab.DomainController;

/// <summary>An object of the directory as the lab reads it. Names are as the lab writes them.</summary>
sealed record DirectoryObject
{
    public required Guid ObjectGuid { get; init; }
    public required string Sid { get; init; }
    public required string DistinguishedName { get; init; }

    /// <summary>Null for containers and whatever else the lab does not make.</summary>
    public required AdClass? Class { get; init; }
    public string SamAccountName { get; init; } = "";
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public int GroupType { get; init; }
    public string? AdminDescription { get; init; }

    /// <summary>msDS-ExternalDirectoryObjectId.</summary>
    public string? Anchor { get; init; }
    public string? Mail { get; init; }
    public bool AdminCount { get; init; }

    /// <summary>Distinguished names of direct members.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>The lab made it, and may remove it.</summary>
    public bool Marked { get; init; }

    /// <summary>The object as the world knows objects.</summary>
    /// <param name="identify">objectGUID of a member's name; null for one that is none of the world's.</param>
    public AdObject ToWorld(Func<string, Guid?> identify) => new()
    {
        ObjectGuid = ObjectGuid,
        Class = Class ?? throw new InvalidOperationException($"{DistinguishedName} is no object of the world."),
        DistinguishedName = DistinguishedName,
        SamAccountName = SamAccountName,
        Sid = Sid,
        DisplayName = DisplayName,
        Description = Description,
        GroupType = GroupType,
        AdminDescription = AdminDescription,
        ExternalDirectoryObjectId = Anchor,
        Mail = Mail,
        AdminCount = AdminCount,
        Members = [.. Members.Select(identify).OfType<Guid>()],
        MadeBy = "product",
    };
}
