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
    /// <param name="operatorSession">An operator sits at the console: the cmdlet of the switch may open its sign-in window.</param>
    /// <exception cref="CommandFailedException">GWB6513 where there is no Windows PowerShell.</exception>
    public static ListenerPorts Open(ListenerConfiguration configuration, bool operatorSession)
    {
        if (!File.Exists(configuration.AdSync.PowerShellPath)) { throw ServiceError.PowerShellMissing.Exception(configuration.AdSync.PowerShellPath, transient: false); }
        return new(new LdapDirectory(configuration.Directory.ToOptions()), AdSyncOf(configuration, operatorSession));
    }

    static PowerShellAdSync AdSyncOf(ListenerConfiguration configuration, bool operatorSession) => new(new()
    {
        Server = configuration.Server,
        LogFolder = Path.Combine(configuration.DataDirectory, "logs"),
        WorkFolder = Path.Combine(configuration.DataDirectory, "work"),
        Executable = configuration.AdSync.PowerShellPath,
        ModulePath = configuration.AdSync.ModulePath,
        ReadSeconds = configuration.AdSync.ReadSeconds,
        EffectSeconds = configuration.AdSync.EffectSeconds,
        BulkSeconds = configuration.AdSync.BulkSeconds,
        OperatorSession = operatorSession,
    });

    public async ValueTask DisposeAsync()
    {
        foreach (object port in new object[] { Directory, AdSync })
        {
            if (port is IAsyncDisposable asynchronous) { await asynchronous.DisposeAsync(); }
            else if (port is IDisposable disposable) { disposable.Dispose(); }
        }
    }
}
