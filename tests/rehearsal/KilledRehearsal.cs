using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A rehearsal in processes of its own, that kill themselves at given points and are started again on the same data until one comes to the end.</summary>
sealed class KilledRehearsal : IDisposable
{
    const string Data = "data", Out = "out", Count = "writes";

    readonly TempFolder _folder = new();
    readonly string[] _story;

    public KilledRehearsal(params string[] story) => _story = story;

    /// <summary>A verb of the lab and what it is about; empty is a migration.</summary>
    public IReadOnlyList<string> Verb { get; init; } = [];

    /// <summary>Times that a process killed itself so far.</summary>
    public int Kills { get; private set; }

    /// <summary>Writes of the journals that the last process counted, if it came to its end.</summary>
    public int Writes => int.Parse(File.ReadAllText(_folder.File(Count)), CultureInfo.InvariantCulture);

    /// <summary>The same rehearsal as far as it has come, in a folder of its own.</summary>
    public KilledRehearsal Copy()
    {
        var copy = new KilledRehearsal(_story) { Verb = Verb };
        if (!Directory.Exists(_folder.File(Data))) { return copy; }
        foreach (string file in Directory.EnumerateFiles(_folder.File(Data), "*", SearchOption.AllDirectories))
        {
            string to = copy._folder.File(Path.GetRelativePath(_folder.File(""), file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return copy;
    }

    /// <summary>Runs to the end, or to the point at which it kills itself.</summary>
    /// <returns>The exit code, or null when it was killed.</returns>
    public async Task<int?> RunAsync(KillPoint? at = null)
    {
        var stop = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "GwbCloud.Lab.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }.With([.. Verb, "--quiet", "--data", _folder.File(Data), "--output", _folder.File(Out), .. _story]);
        start.Environment[KillSwitch.CountVariable] = _folder.File(Count);
        if (at is not null) { start.Environment[KillSwitch.Variable] = at.ToString(); }
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync(stop);
        var complained = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);

        bool killed = at is not null && process.ExitCode == Killed;
        if (killed) { Kills++; }
        TestContext.Current.TestOutputHelper?.WriteLine(killed ? $"killed {at}" : $"{await said}{await complained}");
        return killed ? null : process.ExitCode;
    }

    /// <summary>All that a kill must not change: the account of the world, what a discovery found, and how every group ended.</summary>
    public async Task<string> EndAsync() => Verb switch
    {
        [] => $"{Account()}\n{await WorldAsync()}",
        ["discover", ..] => $"{OperationAccount()}\n{Discovered()}\n{await WorldAsync()}",
        _ => $"{OperationAccount()}\n{await WorldAsync()}",
    };

    public void Dispose() => _folder.Dispose();

    /// <summary>What the shell shows of a process that SIGKILL ended; Windows has no signals.</summary>
    static int Killed => OperatingSystem.IsWindows() ? -1 : 128 + 9;

    /// <summary>The account without calls and seconds, which a kill may change.</summary>
    string Account()
    {
        var account = JsonNode.Parse(File.ReadAllText(_folder.File("out/world.json")))!.AsObject();
        account["switch"]!.AsObject().Remove("calls");
        account.Remove("exportOutageSeconds");
        foreach (var stage in account["stages"]!.AsArray()) { stage!.AsObject().Remove("seconds"); }
        return account.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>The account of an operation without its name and seconds, which a kill may change.</summary>
    string OperationAccount()
    {
        var account = JsonNode.Parse(File.ReadAllText(_folder.File("out/operation.json")))!.AsObject();
        foreach (string changing in (string[])["operationId", "virtualSeconds", "wallSeconds"]) { account.Remove(changing); }
        return account.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>Items of a discovery's report, without the moment at which they were read: a kill may change it.</summary>
    string Discovered() => JsonNode.Parse(File.ReadAllText(_folder.File("out/discover.json")))!["items"]!.ToJsonString();

    /// <summary>How every group ended.</summary>
    async Task<string> WorldAsync()
    {
        using var clock = VirtualClock.Open(_folder.File(Data));
        using var hold = clock.Busy("reading");
        await using var world = await SimulatedWorld.OpenAsync(Path.Combine(_folder.File(Data), "world.journal"), clock, new WorldOptions());
        return EndState.Of(world).ToJson();
    }
}

static class ProcessStartInfoExtensions
{
    public static ProcessStartInfo With(this ProcessStartInfo start, IEnumerable<string> arguments)
    {
        foreach (string argument in arguments) { start.ArgumentList.Add(argument); }
        return start;
    }
}
