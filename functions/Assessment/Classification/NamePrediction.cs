using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Assessment;

/// <summary>What keeps the name and the place of a group under Cloud Sync.</summary>
public enum NameKeeping
{
    /// <summary>The one mapping for all groups writes what is there.</summary>
    Mapping,

    /// <summary>The mapping alone would rename or move the group: the extension property GroupDN keeps it.</summary>
    GroupDn,

    /// <summary>Nothing can: the group would be renamed or moved, and blocks until it is in line.</summary>
    Nothing,
}

/// <summary>Name and place of a group that migrates: those it has, and those that Cloud Sync will write. Part of the plan, group by group.</summary>
/// <remarks>
/// Cloud Sync maps no sAMAccountName, so that a group which it matches keeps its own. Source: attribute mapping of Cloud Sync to Active Directory.
/// </remarks>
public sealed record NamePrediction
{
    /// <summary>objectId in Entra.</summary>
    public required Guid CloudId { get; init; }
    public required Guid ObjectGuid { get; init; }

    /// <summary>Display name in Entra.</summary>
    public required string Name { get; init; }

    /// <summary>Name (cn) now, without the escapes of a distinguished name.</summary>
    public required string CommonName { get; init; }

    /// <summary>Distinguished name of the container now.</summary>
    public required string Container { get; init; }
    public required string SamAccountName { get; init; }

    /// <summary>What the one mapping for all groups makes of it; null where a configuration that is taken over keeps mappings of its own.</summary>
    public string? MappedCommonName { get; init; }

    /// <inheritdoc cref="MappedCommonName"/>
    public string? MappedContainer { get; init; }
    public required NameKeeping KeptBy { get; init; }

    /// <summary>What Cloud Sync will write.</summary>
    public required string WrittenCommonName { get; init; }

    /// <inheritdoc cref="WrittenCommonName"/>
    public required string WrittenContainer { get; init; }

    /// <inheritdoc cref="WrittenCommonName"/>
    public required string WrittenSamAccountName { get; init; }

    public static NamePrediction Of(AdGroup group, CloudGroupFacts cloud, NamingStyle naming, string writebackOu)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(cloud);
        var (name, container) = (DistinguishedName.CommonName(group.DistinguishedName), DistinguishedName.Parent(group.DistinguishedName));
        var mapped = GroupNaming.CommonName(naming, cloud.Id, cloud.DisplayName);
        var keptBy = mapped == name && DistinguishedName.Same(container, writebackOu) ? NameKeeping.Mapping
            : GroupDn.ValueOf(group.DistinguishedName) is not null ? NameKeeping.GroupDn
            : NameKeeping.Nothing;
        return new NamePrediction
        {
            CloudId = cloud.Id,
            ObjectGuid = group.ObjectGuid,
            Name = cloud.DisplayName,
            CommonName = name,
            Container = container,
            SamAccountName = group.SamAccountName,
            MappedCommonName = mapped,
            MappedContainer = writebackOu,
            KeptBy = keptBy,
            WrittenCommonName = keptBy == NameKeeping.Nothing ? mapped : name,
            WrittenContainer = keptBy == NameKeeping.Nothing ? writebackOu : container,
            WrittenSamAccountName = group.SamAccountName,
        };
    }

    /// <summary>The same under a configuration that keeps its own mappings for its own groups: GroupDN keeps every group that migrates.</summary>
    public NamePrediction UnderOtherMappings() => this with
    {
        MappedCommonName = null,
        MappedContainer = null,
        KeptBy = KeptBy == NameKeeping.Mapping ? NameKeeping.GroupDn : KeptBy,
    };
}
