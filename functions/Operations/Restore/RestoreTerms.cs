namespace GwbCloud.Functions.Operations.Restore;

/// <summary>What happens in Entra when the groups are there again.</summary>
public enum RestoreThen
{
    /// <summary>Nothing: people switch them on when they want to.</summary>
    Nothing,

    /// <summary>The writeback of each group that was restored is switched on, so that the next cycle joins it.</summary>
    SwitchOn,
}

/// <summary>Which deleted groups are brought back, and what follows.</summary>
public sealed record RestoreTerms : OperationTerms
{
    const int MostGroups = 1_000;

    /// <summary>objectGUIDs of deleted objects or objectIds of their groups in Entra, 1 to 1,000; null is every deleted group of writeback that is found.</summary>
    public IReadOnlyList<Guid>? Groups { get; init; }

    public RestoreThen Then { get; init; }

    public override (string Field, string Why)? Objection() => Groups switch
    {
        null => null,
        { Count: 0 or > MostGroups } => ("groups", "1 to 1,000 ids; leave it out for all deleted groups"),
        _ when Groups.Distinct().Count() != Groups.Count => ("groups", "a group twice"),
        _ => null,
    };
}
