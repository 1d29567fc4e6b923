namespace GwbCloud.Lab.Tenant;

/// <summary>An application registration of the tenant; key is its object id.</summary>
public sealed record ApplicationRecord
{
    public required Guid ObjectId { get; init; }
    public required Guid AppId { get; init; }
    public required string DisplayName { get; init; }
    public IReadOnlyList<string> IdentifierUris { get; init; } = [];

    /// <summary>Who made it; null for those that stood before.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Its service principal in this tenant; null until somebody makes one.</summary>
    public Guid? ServicePrincipalId { get; init; }

    /// <summary>Short names of its extension properties for groups, by their ids.</summary>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } = new Dictionary<string, string>();

    /// <summary>When application, service principal and the newest extension have reached every replica; see <see cref="Replication"/>.</summary>
    public DateTimeOffset VisibleAt { get; init; }
    public DateTimeOffset ServicePrincipalVisibleAt { get; init; }
    public DateTimeOffset ExtensionsVisibleAt { get; init; }

    /// <summary>Name under which groups have an extension property.</summary>
    public string PropertyName(string shortName) => $"extension_{AppId:N}_{shortName}";
}
