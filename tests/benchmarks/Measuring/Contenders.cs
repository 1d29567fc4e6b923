using System.Diagnostics;
using System.DirectoryServices.Protocols;
using System.Net;
using System.Text;
using GwbCloud.Benchmarks.Listening;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Benchmarks.Measuring;

/// <summary>A way to write the anchors of a scene's groups to a controller.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="RunAsync">Writes, and says how many groups a second were written and how much memory that took.</param>
sealed record Contender(string Name, Func<StampingScene, SambaDc, CancellationToken, Task<Sample>> RunAsync);

/// <summary>One run of one contender.</summary>
sealed record Sample
{
    public required int Groups { get; init; }
    public required TimeSpan Time { get; init; }

    /// <summary>Most resident memory that the writing process ever had, in bytes; null where it is not ours.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>Processor time of the domain controller, in seconds.</summary>
    public required double ServerSeconds { get; init; }

    /// <summary>Processor time of whoever wrote, in seconds.</summary>
    public required double ClientSeconds { get; init; }

    public double PerSecond => Groups / Time.TotalSeconds;
}

/// <summary>The ways that are compared. All of them go over LDAPS.</summary>
static class Contenders
{
    const int WriteBatch = 500;

    public static Contender LdapModify { get; } = new("ldapmodify, one value each", LdapModifyAsync);

    public static Contender FreshConnection { get; } = new("one modify per new connection", FreshConnectionAsync);

    public static Contender WritePhase { get; } = new("stamping, write phase", WritePhaseAsync);

    public static Contender WholeCommand { get; } = new("stamping, whole command", WholeCommandAsync);

    public static IReadOnlyList<Contender> All { get; } = [LdapModify, WritePhase, WholeCommand, FreshConnection];

    static async Task<Sample> LdapModifyAsync(StampingScene scene, SambaDc dc, CancellationToken stop)
    {
        var ldif = new StringBuilder();
        foreach (var group in scene.Groups)
        {
            ldif.Append("dn: ").Append(group.DistinguishedName).Append("\nchangetype: modify\nadd: msDS-ExternalDirectoryObjectId\nmsDS-ExternalDirectoryObjectId: ")
                .Append(group.Anchor).Append("\n\n");
        }
        string file = Path.Combine(dc.Folder, "anchors.ldif");
        await File.WriteAllTextAsync(file, ldif.ToString(), stop);
        var work = ProcessorTime.Begin(dc);
        long began = Stopwatch.GetTimestamp();
        await dc.Tools.LdapAsync("ldapmodify", ["-f", file], null, tls: true);
        return SampleOf(scene.Groups.Count, began, work);
    }

    /// <summary>What a script does that calls one cmdlet for each object: connect, sign in, write, close.</summary>
    static Task<Sample> FreshConnectionAsync(StampingScene scene, SambaDc dc, CancellationToken stop)
    {
        if (OperatingSystem.IsWindows()) { throw new PlatformNotSupportedException(); }
        var groups = scene.Groups.Take(scene.FreshConnections).ToList();
        var work = ProcessorTime.Begin(dc);
        long began = Stopwatch.GetTimestamp();
        foreach (var group in groups)
        {
            stop.ThrowIfCancellationRequested();
            OpenLdap.WaitThroughSignals();
            using var connection = new LdapConnection(
                new LdapDirectoryIdentifier(dc.Address, 636), new NetworkCredential(SambaDc.Administrator, SambaDc.Password), AuthType.Basic);
            connection.SessionOptions.ProtocolVersion = 3;
            connection.SessionOptions.SecureSocketLayer = true;
            connection.SessionOptions.TrustedCertificatesDirectory = dc.TrustFolder;
            connection.SessionOptions.StartNewTlsSessionContext();
            connection.Bind();
            connection.SendRequest(new ModifyRequest(group.DistinguishedName, DirectoryAttributeOperation.Add, "msDS-ExternalDirectoryObjectId", group.Anchor));
        }
        return Task.FromResult(SampleOf(groups.Count, began, work));
    }

    static async Task<Sample> WritePhaseAsync(StampingScene scene, SambaDc dc, CancellationToken stop)
    {
        await using var halves = new CloudHalf(dc, scene.Ou);
        using var directory = new LdapDirectory(ListenerChild.OptionsOf(halves.Settings));
        var work = ProcessorTime.Begin(dc);
        long began = Stopwatch.GetTimestamp();
        foreach (var batch in scene.Groups.Chunk(WriteBatch))
        {
            var outcomes = await directory.WriteAnchorsAsync([.. batch.Select(group => new AnchorWrite { ObjectGuid = group.ObjectGuid, Value = group.Anchor })], stop);
            if (outcomes.FirstOrDefault(outcome => outcome.State != AnchorState.Written) is { } failed) { throw new InvalidOperationException($"{failed}"); }
        }
        return SampleOf(scene.Groups.Count, began, work);
    }

    /// <summary>From the signed command to its verified result: comparison, duplicates, journal on the disk, writes, read-back.</summary>
    static async Task<Sample> WholeCommandAsync(StampingScene scene, SambaDc dc, CancellationToken stop)
    {
        await using var halves = new CloudHalf(dc, scene.Ou);
        await halves.StartAsync(stop);
        var plan = await halves.SaveAsync("groups", scene.Groups, stop);
        // As in a migration the document is there already, and the listener has been at work: before it writes it looks.
        var before = await halves.RunAsync(new VerifyAnchors { Groups = plan }, stop);
        if (before.Catalogs.Any(catalog => catalog.Missing != scene.Groups.Count)) { throw new InvalidOperationException("Something is written there already."); }
        var work = ProcessorTime.Begin(dc, halves.ProcessId);
        long began = Stopwatch.GetTimestamp();
        var result = await halves.RunAsync(new StampAnchors { Groups = plan }, stop);
        var sample = SampleOf(scene.Groups.Count, began, work);
        if (result.Written != scene.Groups.Count) { throw new InvalidOperationException($"{result.Written} of {scene.Groups.Count} were written: {result}"); }
        return sample with { PeakBytes = PeakOf(halves.ProcessId) };
    }

    static Sample SampleOf(int groups, long began, ProcessorTime work) => new()
    {
        Groups = groups,
        Time = Stopwatch.GetElapsedTime(began),
        ServerSeconds = work.ServerSeconds,
        ClientSeconds = work.ClientSeconds,
    };

    static long PeakOf(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan("VmHWM:".Length, line.Length - "VmHWM:".Length - " kB".Length).Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
