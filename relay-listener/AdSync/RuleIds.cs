namespace GwbCloud.RelayListener.AdSync;

/// <summary>The fixed identifiers of the migration's rules. Source: migrate how-to, steps 3 and 4; modify default behaviour.</summary>
public static class RuleIds
{
    /// <summary>In from AAD - Group SOAinAAD coexistence with Cloud Sync.</summary>
    public static Guid CoexistenceInbound { get; } = new("e4eae1c9-b9bc-4328-ade9-df871cdd3027");

    /// <summary>Out to AD - Group SOAinAAD coexistence with Cloud Sync.</summary>
    public static Guid CoexistenceOutbound { get; } = new("419fda18-75bb-4e23-b947-8b06e7246551");

    /// <summary>The optional rule that deletes AD groups when writeback is disabled or the group is soft-deleted.</summary>
    public static Guid DeleteOnDisable { get; } = new("cb871f2d-0f01-4c32-a333-ff809145b947");

    /// <summary>The Entra connector has the same identifier on every server.</summary>
    public static Guid EntraConnector { get; } = new("b891884f-051e-4a83-95af-2544101c9083");
}
