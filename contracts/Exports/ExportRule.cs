namespace GwbCloud.Contracts.Exports;

/// <summary>What a pending export may not do while a migration is under way; the name of each is also the name of its check in the evidence.</summary>
public enum ExportRule
{
    /// <summary>No group goes, on no connector, and nothing goes from the writeback container or its connector; elsewhere people and devices go in ordinary numbers.</summary>
    NoPendingDelete,

    /// <summary>Nothing of the writeback connector gets another name, but for Microsoft 365 groups, which follow their owners.</summary>
    NoPendingRename,

    /// <summary>No security group comes.</summary>
    NoSecurityGroupAdded,

    /// <summary>Microsoft 365 groups come as many as people approved.</summary>
    M365AddsWithinCeiling,

    /// <summary>No security group becomes a distribution group, or the other way round.</summary>
    NoSecurityGroupTypeChanged,

    /// <summary>Microsoft 365 groups change their type as many as people approved.</summary>
    M365TypeChangesWithinCeiling,

    /// <summary>Security groups that neither migrate nor freeze (orphans, groups let go) have no pending export at all.</summary>
    OthersUntouched,

    /// <summary>No group loses all of its members at once.</summary>
    NoGroupEmptied,

    /// <summary>The groups that migrate or freeze lose no more members than people approved and an ordinary day takes.</summary>
    RemovalsWithinCeiling,
}
