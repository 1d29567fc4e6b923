namespace GwbCloud.Lab.Tenant;

/// <summary>Permissions of a call: any of the alternatives is enough, all names of one alternative are needed. Source: permission tables of the Graph reference.</summary>
/// <param name="Alternatives">Names of application permissions, or of delegated scopes.</param>
public sealed record Needs(params string[][] Alternatives)
{
    public static Needs ReadGroups { get; } = AnyOf("Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");
    public static Needs WriteGroups { get; } = AnyOf("Group.ReadWrite.All", "Directory.ReadWrite.All");

    /// <summary>Besides <see cref="WriteGroups"/>, for groups that may bear roles.</summary>
    public static Needs WriteRoleAssignableGroups { get; } = AnyOf("RoleManagement.ReadWrite.Directory");
    public static Needs ReadMembers { get; } = AnyOf("GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");
    public static Needs ReadUsers { get; } = AnyOf("User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");
    public static Needs ReadOrganization { get; } = AnyOf("Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All");
    public static Needs ReadSettings { get; } = AnyOf("GroupSettings.Read.All", "GroupSettings.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");
    public static Needs WriteSettings { get; } = AnyOf("GroupSettings.ReadWrite.All", "Directory.ReadWrite.All");
    public static Needs ReadApplications { get; } =
        AnyOf("Application.Read.All", "Application.ReadWrite.OwnedBy", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");

    /// <summary>With Application.ReadWrite.OwnedBy only what the caller owns: see <see cref="OwnedOnly"/>.</summary>
    public static Needs WriteApplications { get; } = AnyOf("Application.ReadWrite.OwnedBy", "Application.ReadWrite.All", "Directory.ReadWrite.All");
    public static Needs WriteAnyApplication { get; } = AnyOf("Application.ReadWrite.All", "Directory.ReadWrite.All");
    public static Needs ReadAssignments { get; } = AnyOf("Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", "AppRoleAssignment.ReadWrite.All");
    public static Needs WriteAssignments { get; } = new(
        ["AppRoleAssignment.ReadWrite.All", "Application.Read.All"], ["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"]);
    public static Needs ReadSynchronization { get; } =
        AnyOf("Synchronization.Read.All", "Synchronization.ReadWrite.All", "Application.ReadWrite.OwnedBy");
    public static Needs WriteSynchronization { get; } = AnyOf("Synchronization.ReadWrite.All", "Application.ReadWrite.OwnedBy");

    /// <summary>Synchronisation of applications that the caller does not own.</summary>
    public static Needs AnySynchronization { get; } = AnyOf("Synchronization.Read.All", "Synchronization.ReadWrite.All");
    public static Needs WriteAnySynchronization { get; } = AnyOf("Synchronization.ReadWrite.All");
    public static Needs ReadProvisioningLog { get; } = new(["AuditLog.Read.All", "Directory.Read.All"], ["AuditLog.Read.All", "Directory.ReadWrite.All"]);

    /// <summary>Everybody who signed in; the route itself refuses applications.</summary>
    public static Needs OnPremisesSynchronization { get; } = AnyOf("OnPremDirectorySynchronization.Read.All", "OnPremDirectorySynchronization.ReadWrite.All");
    public static Needs Agents { get; } =
        AnyOf("OnPremisesPublishingProfiles.ReadWrite.All", "Policy.Read.HybridAuthentication", "Policy.ReadWrite.HybridAuthentication", "OnPremDirectorySynchronization.Read.All");

    public static Needs AnyOf(params string[] permissions) => new([.. permissions.Select(p => (string[])[p])]);

    public bool MetBy(IReadOnlySet<string> permissions) => Alternatives.Any(all => all.All(permissions.Contains));
}
