using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.CloudSync;

/// <summary>What to look for.</summary>
public sealed record SurveyInput
{
    /// <summary>AD domain that holds the writeback OU.</summary>
    public required string Domain { get; init; }
    public required string WritebackOu { get; init; }

    /// <summary>How the groups are named now: the schema's deviations are counted against it.</summary>
    public required NamingStyle Naming { get; init; }
}

/// <summary>The Cloud Sync that a tenant has before a migration, as far as it could get in its way. Read-only facts, no judgement.</summary>
public sealed record CloudSyncSurvey
{
    /// <summary>AD domain that was asked about.</summary>
    public required string Domain { get; init; }

    /// <summary>Configurations from Entra to this domain, found by template, by name or by the domain that their secrets name.</summary>
    public required IReadOnlyList<SurveyedConfiguration> Configurations { get; init; }

    /// <summary>Configurations from Entra to other domains. A tenant has at most 20, one for each domain.</summary>
    public required int OtherDomains { get; init; }

    /// <summary>Jobs that read Active Directory into Entra.</summary>
    public required IReadOnlyList<SurveyedInboundJob> Inbound { get; init; }

    /// <summary>Enterprise applications whose jobs the app may not read; what they do is unknown.</summary>
    public required IReadOnlyList<string> Unreadable { get; init; }
}

/// <summary>One configuration from Entra to the domain.</summary>
public sealed record SurveyedConfiguration
{
    public required Guid ServicePrincipalId { get; init; }

    /// <summary>Display name of the enterprise application; by the portal's convention the domain.</summary>
    public required string Name { get; init; }

    /// <summary>Null for an application that nobody gave a job yet; then only name, template and assignments are known.</summary>
    public string? JobId { get; init; }
    public required SurveyedState State { get; init; }

    /// <summary>Set in quarantine.</summary>
    public string? QuarantineReason { get; init; }

    /// <summary>Made by an earlier migration of this installation, which left it when it was postponed.</summary>
    public required bool Ours { get; init; }

    /// <summary>Domain in the secrets, null when they name none.</summary>
    public string? Domain { get; init; }

    /// <summary>Takes every group, assigned or not (SyncAll).</summary>
    public required bool TakesAll { get; init; }

    /// <summary>How many deletes stop a run; null when prevention is off.</summary>
    public int? DeleteThreshold { get; init; }

    /// <summary>Groups assigned to it, canaries of earlier migrations left out.</summary>
    public required int Assigned { get; init; }

    /// <summary>Direct members of the groups assigned to it, together; counted only where it manages groups.</summary>
    public long Memberships { get; init; }

    /// <summary>A cycle has run at least once: what it had in scope then is in Active Directory.</summary>
    public required bool HasRun { get; init; }

    /// <summary>Groups that the job says it keeps in step; null when its status does not say.</summary>
    public long? Managed { get; init; }

    /// <summary>Secrets that Graph shows masked: credentials. The migration can't write the set back without losing them.</summary>
    public required IReadOnlyList<string> MaskedSecrets { get; init; }

    /// <summary>What a migration wants otherwise of its mappings, each with its code.</summary>
    public required IReadOnlyList<string> Deviations { get; init; }

    /// <summary>Why its mappings cannot be preserved beside the migration's; null when they can.</summary>
    public string? CannotPreserve { get; init; }

    /// <summary>It names or places groups otherwise than the migration, and goes on doing so for its own.</summary>
    public bool OwnMappings { get; init; }

    /// <summary>
    /// Groups are in Active Directory through this job: in doubt yes. Other mappings would rename or move them, so that it is taken over only
    /// with expressions that preserve what it does.
    /// </summary>
    public bool ManagesGroups => !Ours && HasRun && (Managed ?? (TakesAll ? 1 : Assigned)) > 0;

    /// <summary>Groups that it will go on managing beside those of a migration: the larger of what it says and what is assigned.</summary>
    public long GroupsKept => ManagesGroups ? Math.Max(Managed ?? 0, Assigned) : 0;
}

public enum SurveyedState
{
    NoJob,
    Paused,
    Running,
    Quarantined,
}

/// <summary>A job that reads groups of Active Directory into Entra.</summary>
public sealed record SurveyedInboundJob
{
    public required Guid ServicePrincipalId { get; init; }
    public required string Name { get; init; }
    public required string JobId { get; init; }
    public required bool Running { get; init; }

    /// <summary>It maps groups, and its container filter lets the writeback OU through.</summary>
    public required bool ReadsWritebackOu { get; init; }

    /// <summary>Scope or mappings of groups look at adminDescription, by which Entra-born groups are told apart.</summary>
    public required bool LooksAtAdminDescription { get; init; }

    /// <summary>Groups that Cloud Sync writes would come back to Entra as new ones.</summary>
    public bool WouldReadWrittenGroups => ReadsWritebackOu && !LooksAtAdminDescription;
}
