using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A rehearsal in a process of its own, that is killed and started again on the same data until it ends.</summary>
sealed class KilledRehearsal : IDisposable
{
    readonly TempFolder _folder = new();
    readonly string[] _story;

    public KilledRehearsal(params string[] story) => _story = story;

    /// <summary>A verb of the lab and what it is about; empty is a migration.</summary>
    public IReadOnlyList<string> Verb { get; init; } = [];

    /// <summary>Times that the process was killed so far.</summary>
    public int Kills { get; private set; }

    /// <summary>Bytes in the data folder.</summary>
    public long Written
    {
        get
        {
            try
            {
                return new DirectoryInfo(Data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            }
            catch (IOException)
            {
                // Files come and go while we look.
                return 0;
            }
        }
    }

    string Data => _folder.File("data");

    /// <summary>Runs to the end, or until so much was written, and then ends the process as a power cut ends it.</summary>
    /// <returns>The exit code, or null when it was killed.</returns>
    public async Task<int?> RunAsync(long killAt = long.MaxValue)
    {
        var stop = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "GwbCloud.Lab.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }.With([.. Verb, "--quiet", "--data", Data, "--output", _folder.File("out"), .. _story]))!;
        var said = process.StandardOutput.ReadToEndAsync(stop);
        var complained = process.StandardError.ReadToEndAsync(stop);
        var ended = process.WaitForExitAsync(stop);
        while (!ended.IsCompleted && (killAt == long.MaxValue || Written < killAt))
        {
            await Task.WhenAny(ended, Task.Delay(5, stop));
        }

        bool killed = !ended.IsCompleted;
        if (killed)
        {
            process.Kill();
            Kills++;
        }

        await ended;
        if (!killed) { TestContext.Current.TestOutputHelper?.WriteLine($"{await said}{await complained}"); }
        return killed ? null : process.ExitCode;
    }

    /// <summary>The account without calls and seconds, which a kill may change.</summary>
    public string Account()
    {
        var account = JsonNode.Parse(File.ReadAllText(_folder.File("out/world.json")))!.AsObject();
        account["switch"]!.AsObject().Remove("calls");
        account.Remove("exportOutageSeconds");
        foreach (var stage in account["stages"]!.AsArray()) { stage!.AsObject().Remove("seconds"); }
        return account.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>The account of an operation without seconds, which a kill may change.</summary>
    public string OperationAccount()
    {
        var account = JsonNode.Parse(File.ReadAllText(_folder.File("out/operation.json")))!.AsObject();
        foreach (string changing in (string[])["operationId", "virtualSeconds", "wallSeconds"]) { account.Remove(changing); }
        return account.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>Items of a discovery's report, without the moment at which they were read: a kill may change it.</summary>
    public string Discovered() => JsonNode.Parse(File.ReadAllText(_folder.File("out/discover.json")))!["items"]!.ToJsonString();

    /// <summary>How every group ended.</summary>
    public async Task<string> EndAsync()
    {
        using var clock = VirtualClock.Open(Data);
        using var hold = clock.Busy("reading");
        await using var world = await SimulatedWorld.OpenAsync(Path.Combine(Data, "world.journal"), clock, new WorldOptions());
        return EndState.Of(world).ToJson();
    }

    public void Dispose() => _folder.Dispose();
}

static class ProcessStartInfoExtensions
{
    public static ProcessStartInfo With(this ProcessStartInfo start, IEnumerable<string> arguments)
    {
        foreach (string argument in arguments) { start.ArgumentList.Add(argument); }
        return start;
    }
}
