using System.Globalization;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Benchmarks.Measuring;

/// <summary>Processor time of both sides since it was begun: other work on the machine disturbs it far less than the time that passes.</summary>
sealed class ProcessorTime
{
    /// <summary>What Linux counts in, on every architecture that .NET runs on.</summary>
    const double TicksPerSecond = 100;

    readonly int _server;
    readonly int? _listener;
    readonly double _serverBefore, _clientBefore;

    ProcessorTime(int server, int? listener)
    {
        (_server, _listener) = (server, listener);
        (_serverBefore, _clientBefore) = (Server, Client);
    }

    /// <summary>The domain controller's, in seconds since the beginning.</summary>
    public double ServerSeconds => Server - _serverBefore;

    /// <summary>Ours, that of programs which have ended meanwhile, and the listener's, in seconds since the beginning.</summary>
    public double ClientSeconds => Client - _clientBefore;

    public static ProcessorTime Begin(SambaDc dc, int? listener = null) => new(dc.ProcessId, listener);

    double Server => Of(_server);

    double Client => Of(Environment.ProcessId, ended: true) + (_listener is { } listener ? Of(listener) : 0);

    /// <summary>Fields 14 to 17 of proc(5), counted after the name, which may hold spaces itself.</summary>
    static double Of(int process, bool ended = false)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..(ended ? 15 : 13)].Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
