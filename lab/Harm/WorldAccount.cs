namespace GwbCloud.Lab.Harm;

/// <summary>The world's own account of a rehearsal: <c>world.json</c>. Counts are beyond the control world.</summary>
public sealed record WorldAccount
{
    /// <summary>completed, blocked, denied, postponed, expired, rolledBack, needsAttention, failed.</summary>
    public required string Outcome { get; init; }
    public required GroupAccount Groups { get; init; }
    public required MemberAccount Members { get; init; }
    public required M365Account M365 { get; init; }
    public required SwitchAccount Switch { get; init; }
    public required OutsideAccount Outside { get; init; }

    /// <summary>Objects deleted in Entra that live in the control world.</summary>
    public required int EntraDeletes { get; init; }

    /// <summary>Time without an exporting server: exports to Entra and password hashes stood still.</summary>
    public required int ExportOutageSeconds { get; init; }

    /// <summary>Hours of it, begun ones counted whole, beyond what was approved.</summary>
    public required int OutageHoursBeyondApproved { get; init; }
    public required int Harm { get; init; }
    public required IReadOnlyList<StageAccount> Stages { get; init; }
}

/// <summary>Groups of the writeback OU. A planned group without any of the marks is kept.</summary>
public sealed record GroupAccount
{
    public required int Planned { get; init; }
    public required int Kept { get; init; }

    /// <summary>Planned ones that others deleted: the control world does not have them either.</summary>
    public required int GoneByOthers { get; init; }
    public required int Renamed { get; init; }
    public required int Moved { get; init; }
    public required int Duplicated { get; init; }
    public required int Emptied { get; init; }
    public required int Deleted { get; init; }
    public required int SidOrGuidChanged { get; init; }

    /// <summary>Groups that do not follow Entra any more and were not announced to.</summary>
    public required int FrozenUnannounced { get; init; }

    /// <summary>Objects that nobody announced, neither canary nor Microsoft 365 group.</summary>
    public required int CreatedUnannounced { get; init; }

    /// <summary>Groups that somebody deleted in Entra for good and whose object is still there, without anybody having been told.</summary>
    public required int StayedUnannounced { get; init; }

    /// <summary>Security groups that came on the way and that nobody writes, without anybody having been told.</summary>
    public required int NotWrittenUnannounced { get; init; }
}

public sealed record MemberAccount
{
    public required int LostAnnounced { get; init; }
    public required int LostUnannounced { get; init; }
    public required int GainedUnannounced { get; init; }
}

public sealed record M365Account
{
    public required int NewlyWritten { get; init; }
    public required int TypeChanged { get; init; }

    /// <summary>New and changed ones that the plan announced and people approved.</summary>
    public required int Announced { get; init; }

    /// <summary>Those that appeared or changed their type and are not among them by name.</summary>
    public required int Unannounced { get; init; }
}

/// <summary>Our own calls of the switch.</summary>
public sealed record SwitchAccount
{
    public required int Calls { get; init; }
    public required int Transitions { get; init; }
    public required int WithoutApproval { get; init; }
    public required int OutsideWindow { get; init; }

    /// <summary>Transitions while a server exported, ran a cycle or had its wizard open, or while the scheduler was on: what they bring goes out unseen.</summary>
    public required int Unready { get; init; }
}

/// <summary>What others did.</summary>
public sealed record OutsideAccount
{
    public required int Switches { get; init; }

    /// <summary>Deeds of administrators whom nobody asked.</summary>
    public int Deeds { get; init; }
    public required int Changes { get; init; }
}

public sealed record StageAccount
{
    public required string Name { get; init; }
    public required string State { get; init; }
    public required int Seconds { get; init; }
}
