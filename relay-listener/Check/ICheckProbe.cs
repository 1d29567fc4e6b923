using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Service;

namespace GwbCloud.RelayListener.Check;

/// <summary>Looks at the machine and the network around the listener. Reads only.</summary>
interface ICheckProbe
{
    /// <summary>A folder or file: there, writable, and who besides administrators may write.</summary>
    PathSight Look(string path, bool tryWriting);

    /// <summary>What an address answers, and what time it is there.</summary>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    Task<HttpSight> LookAsync(Uri address, CancellationToken cancellationToken);

    /// <summary>The certificate that a host shows on a TLS port, as this machine judges it.</summary>
    /// <exception cref="IOException">Nobody answers, or not with TLS.</exception>
    Task<CertificateSight> LookAtCertificateAsync(string host, int port, CancellationToken cancellationToken);

    /// <summary>Connects to the relay once, as the listener would, and hangs up.</summary>
    /// <returns>Why it does not let this listener in, GWB64xx; null when it does.</returns>
    Task<CommandError?> TryRelayAsync(RelayOptions relay, string tenant, CancellationToken cancellationToken);

    /// <summary>The clock of the domain controller; null when the directory behind the port has none to show.</summary>
    Task<DateTimeOffset?> ReadDirectoryTimeAsync(ListenerPorts ports, CancellationToken cancellationToken);

    /// <summary>Version of a PowerShell, or null when it does not run.</summary>
    Task<string?> ReadPowerShellVersionAsync(string path, ICommandRunner runner, CancellationToken cancellationToken);
}

sealed record PathSight
{
    public required bool Exists { get; init; }

    /// <summary>A file could be made in it and taken away again; null when it was not tried.</summary>
    public bool? Writable { get; init; }

    /// <summary>Accounts beyond administrators and the system that may write, or read what holds a key; null when that could not be read.</summary>
    public IReadOnlyList<string>? Others { get; init; }

    /// <summary>Everybody, or every user of the domain, is among them.</summary>
    public bool OpenToAll { get; init; }
}

sealed record HttpSight(int Status, DateTimeOffset? Date, ReadOnlyMemory<byte> Body);

sealed record CertificateSight
{
    public required string Subject { get; init; }
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Why this machine does not trust it; null when it does.</summary>
    public string? Problem { get; init; }
}
