namespace GwbCloud.Lab.CloudSync;

/// <summary>Codes of the provisioning service. Source: error reference of Cloud Sync.</summary>
public static class CloudSyncErrors
{
    /// <summary>Two objects bear the anchor.</summary>
    public const string DuplicateEntries = "HybridSynchronizationActiveDirectoryUnexpectedDuplicateEntriesFound";

    /// <summary>A DN that is none, or lies outside the domain.</summary>
    public const string InvalidParameter = "HybridSynchronizationActiveDirectoryInvalidParameter";

    /// <summary>No agent serves the domain of the job's secrets.</summary>
    public const string NoAgents = "HybridIdentityServiceNoAgentsAssigned";

    /// <summary>Agents serve the domain, and none of them answers.</summary>
    public const string NoActiveAgents = "HybridIdentityServiceNoActiveAgents";

    /// <summary>The agents' account may not write the object.</summary>
    public const string AccessDenied = "HybridSynchronizationActiveDirectoryAccessDenied";

    /// <summary>Nothing to change.</summary>
    public const string Redundant = "RedundantExport";
    public const string TooManyDeletes = "TooManyDeletes";
}
