using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Audit;
using GwbCloud.RelayListener.Documents;
using GwbCloud.RelayListener.Hosting;

namespace GwbCloud.RelayListener.Switch;

/// <summary>The switch of a data directory that a running service has open, for the length of one session of the operator.</summary>
sealed class SwitchSession : IDisposable
{
    readonly AuditTrail _audit;

    public SwitchSession(ListenerOptions options, IDirectory directory, IAdSync adSync)
    {
        _audit = ListenerHost.AuditOf(options);
        Switch = new(
            ListenerHost.SwitchOf(options, ListenerHost.EvidenceOf(options, directory, adSync), adSync, _audit),
            DocumentFolder.OpenBeside(Path.Combine(options.DataDirectory, "documents"), options.Time),
            ListenerHost.BoundaryOf(options),
            new(options.Busy));
    }

    public InteractiveSwitch Switch { get; }

    // The trail goes on with the service: nothing has stopped.
    public void Dispose() => _audit.Abandon();
}
