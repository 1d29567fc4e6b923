using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.AdSync.PowerShell;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.Service;

/// <summary>What the listener reaches on this server: Active Directory and Entra Connect. Whoever opens it disposes it.</summary>
sealed class ListenerPorts(IDirectory directory, IAdSync adSync) : IAsyncDisposable
{
    public IDirectory Directory { get; } = directory;

    public IAdSync AdSync { get; } = adSync;

    /// <summary>The real ones: the only place that names them.</summary>
    /// <param name="configuration">Checked already.</param>
    /// <param name="use">Who opens them.</param>
    /// <exception cref="CommandFailedException">GWB6213 where there is no Windows PowerShell. GWB6009: the directory's options cannot be on this machine.</exception>
    public static ListenerPorts Open(ListenerConfiguration configuration, PortUse use)
    {
        // A service that cannot reach Entra Connect must not answer commands; a check wants to see the rest all the same.
        if (use != PortUse.Check && !File.Exists(configuration.AdSync.PowerShellPath)) { throw AdSyncError.HostMissing.Exception(configuration.AdSync.PowerShellPath, transient: false); }
        return new(new LdapDirectory(configuration.Directory.ToOptions()), AdSyncOf(configuration, use));
    }

    internal static IAdSync AdSyncOf(ListenerConfiguration configuration, PortUse use)
    {
        var options = configuration.AdSync.ToOptions(configuration.Server, configuration.DataDirectory, use == PortUse.OperatorSession);
        // A check before the installation must not make the folder, which would then be open to whomever the folder above it is open to.
        return new PowerShellAdSync(use == PortUse.Check && !System.IO.Directory.Exists(configuration.DataDirectory) ? options with { LogFolder = null } : options);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (object port in new object[] { Directory, AdSync })
        {
            if (port is IAsyncDisposable asynchronous) { await asynchronous.DisposeAsync(); }
            else if (port is IDisposable disposable) { disposable.Dispose(); }
        }
    }
}

/// <summary>Who opens the ports.</summary>
enum PortUse
{
    Service,

    /// <summary>An operator sits at the console: the cmdlet of the switch may open its sign-in window.</summary>
    OperatorSession,

    /// <summary>Only looks.</summary>
    Check,
}
