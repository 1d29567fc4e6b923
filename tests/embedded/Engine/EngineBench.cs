using GwbCloud.Embedded.Engine;
using GwbCloud.Journal;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Tests.Embedded.Engine;

/// <summary>An engine on a manual clock and a journal of its own, which can be killed and started again.</summary>
sealed class EngineBench : IAsyncDisposable
{
    readonly TempFolder _folder = new();
    OrchestrationEngine? _engine;

    public EngineBench(bool replayEveryTurn = false) => Options = new()
    {
        JournalPath = _folder.File("engine.journal"),
        Durability = JournalDurability.Process,
        TimeProvider = Clock,
        Busy = Clock.Busy,
        ReplayEveryTurn = replayEveryTurn,
    };

    public ManualClock Clock { get; } = new();

    public TestFunctions Functions { get; set; } = new();

    public EngineOptions Options { get; set; }

    public OrchestrationEngine Engine => _engine ??= OrchestrationEngine.Start(Options, Functions);

    public DurableTaskClient Client => Engine.Client;

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Kills the engine; the next use starts another on the same journal.</summary>
    public void Kill()
    {
        _engine?.Kill();
        _engine = null;
    }

    public Task<string> StartAsync(string name, object? input = null, string id = "i", params OrchestrationRuntimeStatus[] dedupe)
        => Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id).WithDedupeStatuses(dedupe), Stop);

    public async Task<OrchestrationMetadata> GetAsync(string id = "i") => (await Client.GetInstanceAsync(id, true, Stop))!;

    /// <summary>Runs, jumping over timers, until the instance has ended.</summary>
    public async Task<OrchestrationMetadata> EndAsync(string id = "i")
    {
        _ = Engine;
        await Clock.RunUntilAsync(async () => (await GetAsync(id)).IsCompleted);
        return await GetAsync(id);
    }

    /// <summary>Starts an instance and runs it to its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null)
    {
        await StartAsync(name, input);
        return await EndAsync();
    }

    /// <summary>Lets everything that can happen now happen.</summary>
    public async Task<OrchestrationMetadata> IdleAsync(string id = "i")
    {
        _ = Engine;
        await Clock.IdleAsync();
        return await GetAsync(id);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) { await _engine.DisposeAsync(); }
        _folder.Dispose();
    }
}
