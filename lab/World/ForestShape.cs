using GwbCloud.Lab.Forest;

namespace GwbCloud.Lab.World;

/// <summary>Names of a world's forest.</summary>
public sealed record ForestShape
{
    /// <summary>DNS name of the domain.</summary>
    public string Domain { get; init; } = WorldSeeder.Domain;

    /// <summary>Distinguished name below which everything of the world lies: the domain, or a container in it.</summary>
    public string Root { get; init; } = WorldSeeder.DomainDn;

    /// <summary>The only domain controller, which shows every change at once. Null: three, two of which lag behind.</summary>
    public string? DomainController { get; init; }

    /// <summary>A distinguished name of <see cref="WorldSeeder"/>, in this forest.</summary>
    public string Place(string dn) =>
        dn == WorldSeeder.DomainDn ? Root
        : DistinguishedName.IsUnder(dn, WorldSeeder.DomainDn) ? dn[..^WorldSeeder.DomainDn.Length] + Root
        : throw new ArgumentException($"{dn} is no name of the world.", nameof(dn));
}
