using GwbCloud.RelayListener.Check;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Logs;
using GwbCloud.RelayListener.Service;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>The machine and the session that a verb runs in. Tests bring their own.</summary>
sealed record ListenerEnvironment
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>An administrator's session with full rights.</summary>
    public bool IsElevated { get; init; } = Environment.IsPrivilegedProcess;

    /// <summary>What is read was typed by a person, not piped.</summary>
    public bool IsInputTyped { get; init; } = !Console.IsInputRedirected;

    public TextReader Input { get; init; } = Console.In;

    /// <summary>From then on Ctrl+C calls the action and ends nothing; until it is disposed.</summary>
    public Func<Action, IDisposable> OnInterrupt { get; init; } = ConsoleInterrupt.Listen;

    /// <summary>Full path of this executable.</summary>
    public string Executable { get; init; } = Environment.ProcessPath ?? "gwb-listener.exe";

    public IEventLog EventLog { get; init; } = NoEventLog.ForThisMachine();

    public ICommandRunner Runner { get; init; } = new ProcessRunner();

    public ICheckProbe Probe { get; init; } = new CheckProbe();

    /// <summary>Opens Active Directory and Entra Connect.</summary>
    public Func<ListenerConfiguration, PortUse, ListenerPorts> OpenPorts { get; init; } = ListenerPorts.Open;
}
