using GwbCloud.Contracts.Documents;

namespace GwbCloud.Contracts.Commands;

/// <summary>Groups that writeback wrote and that the writeback OU's domain keeps as deleted, and how long it keeps them.</summary>
/// <remarks>Reads only. <see cref="RepairGroups"/> brings back what is found here. Source: modify default behaviour, restore from the Recycle Bin.</remarks>
public sealed record FindDeletedGroups : Command<DeletedGroups>;

public sealed record DeletedGroups
{
    /// <summary>Of the listener's configuration: only what stood in it is brought back.</summary>
    public required string WritebackOu { get; init; }
    public required bool RecycleBinEnabled { get; init; }

    /// <summary>
    /// Days from its deletion on in which an object can be brought back: <c>msDS-DeletedObjectLifetime</c>, else <c>tombstoneLifetime</c>, else 60.
    /// Source: MS-ADTS 3.1.1.1.15 and 6.1.1.2.4.1.1.
    /// </summary>
    public required int KeptDays { get; init; }

    /// <summary>Document of <see cref="DeletedWritebackGroup"/>, in the order of their objectGUIDs.</summary>
    public required DocumentReference Groups { get; init; }
}

/// <summary>A deleted group, as far as the directory still knows it.</summary>
public sealed record DeletedWritebackGroup
{
    /// <summary>
    /// What the deletion left of it. The distinguished name is the one that it had, its container's as that is called now; members are those that live. Without
    /// the Recycle Bin texts, <c>adminDescription</c> and members are gone.
    /// </summary>
    public required GroupSnapshot Was { get; init; }

    /// <summary>Null when the directory does not tell.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Its life in the Recycle Bin is over, or it was deleted before there was one: nothing brings it back.</summary>
    public bool Recycled { get; init; }

    /// <summary>The container that it stood in is deleted itself.</summary>
    public bool ContainerGone { get; init; }

    /// <summary>objectGUID of the living object that has its name in its container by now.</summary>
    public Guid? NameTakenBy { get; init; }

    /// <summary>objectGUIDs of members at its deletion that are deleted as well, or gone.</summary>
    public IReadOnlyList<Guid> MembersGone { get; init; } = [];
}
