using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Documents;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Switch;

/// <summary>The switch in the operator's own session, for builds whose cmdlet wants an interactive sign-in (2.6.84.0 and later).</summary>
public sealed class InteractiveSwitch
{
    readonly WritebackSwitch _switch;
    readonly DocumentFolder _documents;
    readonly BusyHolds _busy;

    internal InteractiveSwitch(WritebackSwitch writebackSwitch, DocumentFolder documents, BusyHolds busy) =>
        (_switch, _documents, _busy) = (writebackSwitch, documents, busy);

    /// <summary>Verifies the held offer again as a whole and calls the cmdlet. Without an offer, or when anything changed, it refuses and says why.</summary>
    /// <param name="userName">User principal name of the Hybrid Identity Administrator who signs in.</param>
    /// <param name="cancellationToken">Stops before the call, never in its middle.</param>
    /// <exception cref="Errors.CommandFailedException">GWB6320 while the service itself is at the switch.</exception>
    public async Task<SwitchResult> RunAsync(string userName, CancellationToken cancellationToken = default)
    {
        using var hold = _busy.Hold("interactive switch");
        return await _switch.RunOfferAsync(
            userName, origin => new(origin, null, _documents, static _ => { }, static _ => Task.CompletedTask), cancellationToken);
    }
}
