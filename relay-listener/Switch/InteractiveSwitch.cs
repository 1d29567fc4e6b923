using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Documents;
using GwbCloud.RelayListener.Jobs;
using GwbCloud.RelayListener.Status;

namespace GwbCloud.RelayListener.Switch;

/// <summary>The switch in the operator's own session, for builds whose cmdlet wants an interactive sign-in (2.6.84.0 and later).</summary>
/// <remarks>
/// It works beside the running service on the same folder: the journal of the switch is open to one of them at a time, documents are
/// only read, and everything else is replaced as a whole file.
/// </remarks>
public sealed class InteractiveSwitch
{
    readonly WritebackSwitch _switch;
    readonly DocumentFolder _documents;
    readonly BoundaryFile _boundary;
    readonly BusyHolds _busy;

    internal InteractiveSwitch(WritebackSwitch writebackSwitch, DocumentFolder documents, BoundaryFile boundary, BusyHolds busy) =>
        (_switch, _documents, _boundary, _busy) = (writebackSwitch, documents, boundary, busy);

    /// <summary>The held offer, or null. Says nothing about whether it still counts.</summary>
    /// <exception cref="Errors.CommandFailedException">GWB6320 while the service itself is at the switch.</exception>
    public SwitchOffer? ReadOffer() => _switch.ReadOffer() is { } offer
        ? new()
        {
            Migration = offer.Origin.MigrationId,
            OfferedAt = offer.At,
            ExpiresAt = offer.ExpiresAt,
            Deadline = offer.Command.Deadline,
            Decisions = offer.Command.Decisions.Count,
        }
        : null;

    /// <summary>Verifies the held offer again as a whole and calls the cmdlet. Without an offer, or when anything changed, it refuses and says why.</summary>
    /// <param name="userName">User principal name of the Hybrid Identity Administrator who signs in.</param>
    /// <param name="cancellationToken">Stops before the call, never in its middle.</param>
    /// <exception cref="Errors.CommandFailedException">GWB6320 while the service itself is at the switch.</exception>
    public async Task<SwitchResult> RunAsync(string userName, CancellationToken cancellationToken = default)
    {
        using var hold = _busy.Hold("interactive switch");
        string? migration = null;
        var result = await _switch.RunOfferAsync(
            userName,
            origin =>
            {
                migration = origin.MigrationId;
                return new(origin, null, _documents, static _ => { }, static _ => Task.CompletedTask);
            },
            cancellationToken);
        // What came of the offer; a session that got no further than to find none changes nothing.
        if (migration is not null) { Record(migration, result); }
        return result;
    }

    void Record(string migration, SwitchResult result)
    {
        try
        {
            _boundary.RecordSwitch(migration, result);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The journal of the switch holds it; what the operator is told must not hang on this file.
        }
    }
}

/// <summary>A verified switch that waits for the operator.</summary>
public sealed record SwitchOffer
{
    public required string Migration { get; init; }
    public required DateTimeOffset OfferedAt { get; init; }

    /// <summary>After that the offer is void.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The gate's deadline.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Decisions that came with it.</summary>
    public required int Decisions { get; init; }
}
