namespace GwbCloud.Lab.World.Deeds;

/// <summary>
/// Something that the operator of the migration does at its API, from a moment on: at once when he can, else as soon as the migration takes it, one after the other.
/// </summary>
/// <remarks>It changes nothing of the world by itself, and there is no migration in the control world.</remarks>
public abstract record OperatorDeed : Deed
{
    internal override bool InControl => false;

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => DeedResult.Done;
}

/// <summary>Chooses "Stop now".</summary>
public sealed record StopPressed : OperatorDeed;

/// <summary>Has groups brought back to the frozen snapshot, each by its name there.</summary>
public sealed record GroupsRepaired : OperatorDeed
{
    /// <summary>As <see cref="SeededName"/> reads them; empty is those that the review names.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    internal override IEnumerable<string> NamedGroups => Groups;
}

/// <summary>Asks the parked migration to try again, and accepts by name what the review lists of some kinds.</summary>
public sealed record RetryAsked : OperatorDeed
{
    /// <summary>Kinds of the review that are known to be harmless: <c>moved</c>, <c>membersLost</c>. Everything else is left as it is.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];
}

/// <summary>What the operator is to do, under a key that stays the same.</summary>
sealed record AskedDeed
{
    public required string Key { get; init; }
    public required OperatorDeed Deed { get; init; }
}
