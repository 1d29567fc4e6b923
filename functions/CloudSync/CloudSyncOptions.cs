using System.ComponentModel.DataAnnotations;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Configuration section <c>CloudSync</c>.</summary>
public sealed class CloudSyncOptions
{
    public const string Section = "CloudSync";

    /// <summary>Gallery application of Cloud Sync from Entra to Active Directory. Settable because Microsoft does not document it.</summary>
    public Guid TemplateId { get; set; } = Guid.Parse("fb81332f-3eca-4ecf-a939-4278e501d330");

    /// <summary>Gallery application of Cloud Sync from Active Directory to Entra: its jobs may read what Cloud Sync wrote.</summary>
    public Guid InboundTemplateId { get; set; } = Guid.Parse("1a4721b3-e57f-4451-ae87-ef078703ec94");

    /// <summary>
    /// Who brings groups into scope. <see cref="ScopeAssignment.App"/> needs <c>AppRoleAssignment.ReadWrite.All</c>, with which an app can give
    /// itself any other permission. It goes into the plan that people approve: a later change reaches no migration of an earlier plan.
    /// </summary>
    public ScopeAssignment AssignScope { get; set; } = ScopeAssignment.Operator;

    /// <summary>
    /// Whether the product sets the configuration up. It goes into the plan that people approve: a later change reaches no migration of an
    /// earlier plan.
    /// </summary>
    public CloudSyncSetupMode Setup { get; set; } = CloudSyncSetupMode.Write;

    /// <summary>Pause between two looks for what was just made, in seconds.</summary>
    [Range(1, 600)]
    public int ReplicationPollSeconds { get; set; } = 5;

    /// <summary>
    /// How often to look before giving up for this attempt of the activity: with the default pause three minutes, short enough that the
    /// orchestration's own retry decides about longer waits.
    /// </summary>
    [Range(1, 1_000)]
    public int ReplicationPolls { get; set; } = 36;
}

/// <summary>Who sets the configuration up.</summary>
public enum CloudSyncSetupMode
{
    /// <summary>The product finds or makes it, and writes what differs from the plan.</summary>
    Write,

    /// <summary>
    /// A person made it in the portal. The product writes neither schema nor settings of it: it names each deviation and how to correct it. It
    /// still writes GroupDN to groups, starts and pauses the job, and reads everything back.
    /// </summary>
    VerifyOnly,
}
