namespace GwbCloud.Lab.Issuer;

/// <summary>Application permissions of Graph that the lab's Graph asks for.</summary>
public static class GraphPermissions
{
    /// <summary>Scope assignments. It can raise itself, so an installation does not grant it unless asked to.</summary>
    public const string AppRoleAssignmentReadWriteAll = "AppRoleAssignment.ReadWrite.All";

    /// <summary>What an installation grants by default.</summary>
    public static IReadOnlyList<string> Granted { get; } =
    [
        "Application.ReadWrite.OwnedBy", "AuditLog.Read.All", "Directory.Read.All", "Group.ReadWrite.All", "Synchronization.ReadWrite.All",
    ];
}
