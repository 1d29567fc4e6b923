namespace GwbCloud.Lab.Issuer;

/// <summary>Application permissions of Graph that the lab's Graph asks for.</summary>
public static class GraphPermissions
{
    /// <summary>Scope assignments. It can raise itself, so an installation grants it only when asked to.</summary>
    public const string AppRoleAssignmentReadWriteAll = "AppRoleAssignment.ReadWrite.All";

    /// <summary>What an installation grants where people assign every group themselves, the canaries too.</summary>
    public static IReadOnlyList<string> Least { get; } =
    [
        "Application.ReadWrite.OwnedBy", "AuditLog.Read.All", "Directory.Read.All", "Group.ReadWrite.All", "Synchronization.ReadWrite.All",
    ];

    /// <summary>What the lab's installation grants: the least, and scope assignments, with which the app assigns its canaries.</summary>
    public static IReadOnlyList<string> Granted { get; } = [.. Least, AppRoleAssignmentReadWriteAll];
}
