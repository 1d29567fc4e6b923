using GwbCloud.Contracts.Documents;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Groups to bring into scope together, and what is in scope already.</summary>
public sealed record ScopeInput
{
    public required string MigrationId { get; init; }

    /// <summary>Document of the plan.</summary>
    public required DocumentReference Plan { get; init; }
    public required CloudSyncJob Job { get; init; }

    /// <summary>From 1; 0 for the canaries.</summary>
    public required int Ring { get; init; }

    /// <summary>How many rings there are.</summary>
    public required int Of { get; init; }

    /// <summary>Document of <see cref="Contracts.Commands.GroupIdentity"/>: the groups to bring into scope now.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Documents of <see cref="Contracts.Commands.GroupIdentity"/>: the rings before this one.</summary>
    public IReadOnlyList<DocumentReference> Earlier { get; init; } = [];

    /// <summary>The job's filter lets only the canaries through: nobody else in scope can have been written yet, so taking them out is safe.</summary>
    public required bool Untouched { get; init; }
}

/// <summary>Who is in scope, held against who should be.</summary>
public sealed record ScopeFacts
{
    /// <summary>Of the groups that are to come into scope now.</summary>
    public required int Assigned { get; init; }
    public required int Missing { get; init; }

    /// <summary>Planned groups of later rings.</summary>
    public required int TooEarly { get; init; }

    /// <summary>
    /// Document of <see cref="Contracts.Commands.GroupIdentity"/>: those too early that Cloud Sync may have written already. Taking them out would
    /// delete them, so they are judged with this ring.
    /// </summary>
    public DocumentReference? Joined { get; init; }

    /// <summary>Groups that nobody planned, the canary that must stay out among them.</summary>
    public required int Strangers { get; init; }

    /// <summary>Names of those that are in scope and may not be, at most 20.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    public bool Clean => Strangers == 0 && (TooEarly == 0 || Joined is not null);
    public bool Complete => Missing == 0 && Clean;
}

/// <summary>Input of the activity <c>FindUntouched</c>.</summary>
public sealed record UntouchedInput
{
    public required CloudSyncJob Job { get; init; }

    /// <summary>Document of <see cref="Contracts.Commands.GroupIdentity"/>.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>From where on the provisioning log is read.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>Output of the activity <c>FindUntouched</c>.</summary>
public sealed record UntouchedGroups
{
    /// <summary>Document of <see cref="Contracts.Commands.GroupIdentity"/>: those of the groups that Cloud Sync never wrote.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Distinguished names of those that it did write, at most 20.</summary>
    public required IReadOnlyList<string> Touched { get; init; }
}

/// <summary>How far the product's own assigning has come.</summary>
public sealed record ScopeProgress
{
    /// <summary>Assignments that this call made.</summary>
    public required int Made { get; init; }

    /// <summary>Groups that still have none.</summary>
    public required int Left { get; init; }
}
