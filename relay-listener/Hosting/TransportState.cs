using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Hosting;

/// <summary>Whether the cloud half can reach this listener.</summary>
public enum TransportPhase
{
    /// <summary>Not reachable; the connection is being made, for the first time or again.</summary>
    Connecting,

    /// <summary>Reachable.</summary>
    Online,

    /// <summary>Not reachable; the connection ended or could not be made, and is made anew after a pause.</summary>
    Offline,

    /// <summary>Not reachable: the listener ends, or has ended.</summary>
    Stopped,
}

/// <summary>How a transport stands.</summary>
public sealed record TransportState
{
    public required TransportPhase Phase { get; init; }

    /// <summary>Since when it has been in this phase.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>What went wrong last, GWB64xx; stays after the connection came back, so that a look in the morning shows the night. Null when nothing did.</summary>
    public CommandError? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }
}
