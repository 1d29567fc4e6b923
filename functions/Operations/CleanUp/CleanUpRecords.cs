using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.CleanUp;

/// <summary>How far a clean-up goes.</summary>
public enum CleanUpStep
{
    /// <summary>Tells what may go now and later, and writes nothing.</summary>
    Look,

    /// <summary>Takes the coexistence rules from the standbys and has each calculate without them; gives them back where anything shows.</summary>
    Standby,

    /// <summary>Takes them from the server that exports, after a standby has shown that nothing would be deleted.</summary>
    Active,
}

/// <summary>What somebody asks of a clean-up.</summary>
public sealed record CleanUpTerms : OperationTerms
{
    public required CleanUpStep Step { get; init; }
}

/// <summary>What is seen of one Connect server.</summary>
public sealed record RuleSight
{
    public required string Server { get; init; }
    public required bool Staging { get; init; }

    /// <summary>Group writeback version 2 as the server reads it; null when it can't.</summary>
    public bool? Version2 { get; init; }
    public required CoexistenceRules Rules { get; init; }
}

/// <summary>Input of the activity that plans.</summary>
public sealed record CleanUpQuestion
{
    public required CleanUpStep Step { get; init; }
    public required IReadOnlyList<RuleSight> Servers { get; init; }

    /// <summary>Servers that gave no answer.</summary>
    public IReadOnlyList<string> Silent { get; init; } = [];
}

/// <summary>Everything that a plan rests on.</summary>
public sealed record CleanUpFacts
{
    public required CleanUpQuestion Question { get; init; }

    /// <summary>The last migration that was completed, and when; null when there is none.</summary>
    public string? MigrationId { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Servers on which the migration made the rules. Those of any other were there before, and are not ours to remove.</summary>
    public IReadOnlyList<string> MadeOn { get; init; } = [];

    /// <summary>Groups that were moved.</summary>
    public int Groups { get; init; }

    /// <summary>Objects that stay behind in Active Directory whose groups Entra no longer has.</summary>
    public int Orphans { get; init; }

    /// <summary>Name of the enterprise application of Cloud Sync, and whether the migration made it.</summary>
    public string? Application { get; init; }
    public bool ApplicationIsOurs { get; init; }

    /// <summary>When standbys calculated without the rules and nothing showed, and no undo came after it; null when never.</summary>
    public DateTimeOffset? ProvedAt { get; init; }
}

/// <summary>What a clean-up tells: report of the plan.</summary>
public sealed record CleanUpReport
{
    public required string MigrationId { get; init; }

    /// <summary>Document of <see cref="MigrationPlan"/>: the script that creates the rules is made from it.</summary>
    public required DocumentReference Plan { get; init; }

    /// <summary>What there is, and when it may go.</summary>
    public required IReadOnlyList<OperationFact> Items { get; init; }
}

/// <summary>Input of <see cref="CleanUpActivities.ReadCleanUp"/>.</summary>
public sealed record CleanUpInput
{
    public required string OperationId { get; init; }

    /// <summary>Document of <see cref="ValueChange"/>: the plan's.</summary>
    public DocumentReference? Changes { get; init; }

    /// <summary>Rules of each server as they are now, in <see cref="RuleWords"/>; null only reads what was kept.</summary>
    public IReadOnlyDictionary<string, string>? Now { get; init; }
}

/// <summary>What a run of a clean-up needs of the migration, and which rules it takes away.</summary>
public sealed record CleanUpLot
{
    /// <summary>The migration's request; its plan has the OU, what was announced and the groups that froze.</summary>
    public required MigrationRequest Request { get; init; }
    public required string WritebackOu { get; init; }

    /// <summary>Document of <see cref="GroupIdentity"/>: the groups that migrated.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Document of <see cref="GroupSnapshot"/>.</summary>
    public DocumentReference? Snapshot { get; init; }

    /// <summary>Document of strings: anchors of what the migration made.</summary>
    public DocumentReference? Ours { get; init; }

    /// <summary>Rules that are taken away, as they were just before, by server; kept once.</summary>
    public required KeptPart Kept { get; init; }
}

/// <summary>What was left, to be kept as a document.</summary>
public sealed record LeftList
{
    public required IReadOnlyList<LeftValue> Values { get; init; }
}

/// <summary>The coexistence rules of one server as one word: a value that is kept, compared and read back.</summary>
public static class RuleWords
{
    public const string None = "none";

    public static string Of(CoexistenceRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules switch
        {
            { Inbound: RuleState.Absent, Outbound: RuleState.Absent } => None,
            { Inbound: RuleState.AsSpecified, Outbound: RuleState.AsSpecified } => FormattableString.Invariant($"both, precedence {rules.InboundPrecedence} and {rules.OutboundPrecedence}"),
            _ => $"inbound {Word(rules.Inbound)}, outbound {Word(rules.Outbound)}",
        };
    }

    /// <summary>One of the two is missing, or both, and nobody else's stands in their place: what breaks off within a removal leaves it so.</summary>
    public static bool Lacks(CoexistenceRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules is { Inbound: not RuleState.Different, Outbound: not RuleState.Different } and ({ Inbound: RuleState.Absent } or { Outbound: RuleState.Absent });
    }

    static string Word(RuleState state) => state switch { RuleState.Absent => "absent", RuleState.AsSpecified => "as specified", _ => "different" };
}
