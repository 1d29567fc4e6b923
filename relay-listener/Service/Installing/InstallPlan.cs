using System.Globalization;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Configuration;

namespace GwbCloud.RelayListener.Service.Installing;

/// <summary>The steps of <c>install</c> and <c>uninstall</c>, in order. Pure but for the deeds in it.</summary>
sealed class InstallPlan(ListenerConfiguration configuration, ListenerEnvironment environment, string configFile)
{
    const string Controller = "sc.exe";
    const string Rights = "icacls.exe";
    const string System = "*S-1-5-18";
    const string Administrators = "*S-1-5-32-544";

    /// <summary>sc.exe: there is no such service.</summary>
    public const int NoSuchService = 1060;

    const int NotStarted = 1062;
    const int MarkedForDelete = 1072;

    static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public static InstallStep Query { get; } = InstallStep.Run("look for the service", Controller, "query", ServiceRun.ServiceName) with { AlsoGood = [NoSuchService] };

    /// <summary>What makes the service, or brings one that is there to the same settings.</summary>
    /// <param name="account">A managed or the virtual account.</param>
    /// <param name="there">The service is registered already.</param>
    /// <param name="keepKey">A key that was there before the first installation is believed.</param>
    public IEnumerable<InstallStep> Install(string account, bool there, bool keepKey)
    {
        string data = configuration.DataDirectory;
        yield return InstallStep.Do($"make the folder {data}", () => Directory.CreateDirectory(data));
        // Whoever may create folders beside it could have made it first, would own it, and may have granted himself rights on it and in it.
        yield return InstallStep.Run("give the folder to the administrators", Rights, data, "/setowner", Administrators, "/T");
        // Not later: until the folder is closed below it is open to those who may read beside it, and then there are secrets in it.
        if (!there) { yield return InstallStep.Run("take away what others were granted on it", Rights, data, "/reset", "/T"); }
        yield return InstallStep.Run(
            there ? "bring the service to these settings" : "register the service", Controller, there ? "config" : "create", ServiceRun.ServiceName,
            "binPath=", $"\"{environment.Executable}\" run --config \"{configFile}\"", "start=", "delayed-auto", "obj=", account, "DisplayName=", "GwbCloud Listener");
        if (ServiceAccount.IsManaged(account))
        {
            yield return InstallStep.Run("let Windows keep the account's password", Controller, "managedaccount", ServiceRun.ServiceName, "true");
        }
        yield return InstallStep.Run("describe it", Controller, "description", ServiceRun.ServiceName,
            "Carries out the signed commands of a group writeback migration on this Entra Connect server.");
        yield return InstallStep.Run("restart it after a crash: after one minute, one minute, five minutes", Controller, "failure", ServiceRun.ServiceName,
            "reset=", "86400", "actions=", "restart/60000/restart/60000/restart/300000");
        yield return InstallStep.Run("restart it also when it ended with an error", Controller, "failureflag", ServiceRun.ServiceName, "1");
        yield return InstallStep.Run("close the folder to everybody but administrators and the service", Rights, data,
            "/inheritance:r", "/grant:r", $"{System}:(OI)(CI)F", $"{Administrators}:(OI)(CI)F", $"{account}:(OI)(CI)M");
        yield return InstallStep.Run("let only administrators write the configuration", Rights, configFile,
            "/inheritance:r", "/grant:r", $"{System}:F", $"{Administrators}:F", $"{account}:R");
        yield return InstallStep.Do("register the event source", environment.EventLog.AddSource);
        // There was none at the beginning of a first installation; until the folder was closed somebody could still put his own there.
        yield return there || keepKey
            ? InstallStep.Do("make the listener's key, when there is none", () => ListenerKey.Open(data).Dispose())
            : InstallStep.Do("make the listener's key", () => ListenerKey.MakeNew(data).Dispose());
    }

    /// <summary>What takes the service away.</summary>
    /// <param name="removeData">The data directory as well.</param>
    public IEnumerable<InstallStep> Uninstall(bool removeData)
    {
        yield return InstallStep.Run("stop the service", Controller, "stop", ServiceRun.ServiceName) with { AlsoGood = [NoSuchService, NotStarted] };
        yield return new() { What = "wait until it has stopped", Deed = WaitForStopAsync };
        yield return InstallStep.Run("take the service away", Controller, "delete", ServiceRun.ServiceName) with { AlsoGood = [NoSuchService, MarkedForDelete] };
        yield return InstallStep.Do("take the event source away", environment.EventLog.RemoveSource);
        if (removeData)
        {
            yield return InstallStep.Do($"remove {configuration.DataDirectory} with journals, logs and the key", () =>
            {
                if (Directory.Exists(configuration.DataDirectory)) { Directory.Delete(configuration.DataDirectory, recursive: true); }
            });
        }
    }

    /// <summary>What nobody but a person can do next.</summary>
    public IEnumerable<string> Next(string account)
    {
        yield return "Run gwb-listener show-key, and give what it shows to the set-up of the cloud half and to otherServers on every other Connect server.";
        yield return $"Add {account} to the local group ADSyncAdmins.";
        yield return $"Grant {(ServiceAccount.IsManaged(account) ? account : "this computer's account")} what docs/listener.md lists on {configuration.Directory.WritebackOu}.";
        if (ServiceAccount.IsManaged(account)) { yield return $"Grant {account} the right Log on as a service, when a policy does not give it."; }
        if (configuration.Relay?.Credential.Kind == Hosting.RelayCredentialKind.ManagedIdentity)
        {
            yield return $"Add {account} to the local group Hybrid agent extension applications, so that it may ask Azure Arc for the machine's identity.";
        }
        yield return $"Run {Controller} start {ServiceRun.ServiceName}, then gwb-listener check.";
    }

    async Task WaitForStopAsync(CancellationToken cancellationToken)
    {
        // Jobs end their current item first; Windows itself gives up after two minutes.
        for (int look = 0; look < 150; look++)
        {
            var run = await environment.Runner.RunAsync(Query.Program!, Query.Arguments, cancellationToken);
            if (run.ExitCode == NoSuchService || run.Output.Contains("STOPPED", StringComparison.Ordinal) || run.Output.Contains(": 1 ", StringComparison.Ordinal)) { return; }
            await Task.Delay(Between, environment.Time, cancellationToken);
        }
        throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The service has not stopped in {150} seconds."));
    }
}
