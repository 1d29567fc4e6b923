namespace GwbCloud.Lab.Issuer;

/// <summary>Application permissions of Graph that the lab's Graph asks for.</summary>
public static class GraphPermissions
{
    /// <summary>Scope assignments. It can raise itself, so an installation grants it only when asked to.</summary>
    public const string AppRoleAssignmentReadWriteAll = "AppRoleAssignment.ReadWrite.All";

    /// <summary>What an installation grants, the lab's too: people assign every group themselves, the canaries among them.</summary>
    public static IReadOnlyList<string> Least { get; } =
    [
        "Application.ReadWrite.OwnedBy", "AuditLog.Read.All", "Directory.Read.All", "Group.ReadWrite.All", "GroupSettings.ReadWrite.All", "Synchronization.ReadWrite.All",
    ];
}
