using GwbCloud.Embedded.Engine;
using GwbCloud.Journal;
using GwbCloud.Tests.Embedded.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Tests.Embedded.Model;

/// <summary>A scenario on the real engine, from the start or from the journal of a run that was killed.</summary>
static class EngineRun
{
    static readonly DateTimeOffset Epoch = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SortedDictionary<string, ProgramOutcome>> RunAsync(Scenario scenario, string journal, bool replayEveryTurn = false)
    {
        var last = Epoch;
        bool resumes = File.Exists(journal);
        if (resumes) { JournalFile.Open(journal, line => last = JournalRecord.Read(line).At).Dispose(); }
        var clock = new ManualClock(last);
        var engine = OrchestrationEngine.Start(
            new() { JournalPath = journal, Durability = JournalDurability.Process, TimeProvider = clock, Busy = clock.Busy, ReplayEveryTurn = replayEveryTurn },
            Functions(clock));
        await using (engine)
        {
            if (!resumes) { await engine.Client.ScheduleNewOrchestrationInstanceAsync("Program", scenario.Program, new StartOrchestrationOptions(Scenario.Root), Stop); }
            // An operation stands at an instant of its own and is the first thing on record there.
            var operations = new Queue<Operation>(scenario.Operations.Where(o => !resumes || Epoch.AddSeconds(o.AtSeconds) > last));
            await clock.IdleAsync();
            while (true)
            {
                var timer = clock.NextTimer;
                if (operations.TryPeek(out var operation) && !(timer <= Epoch.AddSeconds(operation.AtSeconds)))
                {
                    operations.Dequeue();
                    clock.AdvanceTo(Epoch.AddSeconds(operation.AtSeconds));
                    await DoAsync(engine.Client, operation);
                }
                else if (timer is null) { break; }
                else { clock.JumpToNextTimer(); }
                await clock.IdleAsync();
            }
            var outcomes = new SortedDictionary<string, ProgramOutcome>(StringComparer.Ordinal);
            await foreach (var found in engine.Client.GetAllInstancesAsync(new(FetchInputsAndOutputs: true)))
            {
                outcomes.Add(found.InstanceId, new(
                    found.RuntimeStatus.ToString(), found.RuntimeStatus == OrchestrationRuntimeStatus.Failed ? null : found.ReadOutputAs<string>(), found.FailureDetails?.ErrorMessage, found.ReadCustomStatusAs<string>(),
                    found.IsCompleted ? (long)(found.LastUpdatedAt - Epoch).TotalSeconds : null));
            }
            return outcomes;
        }
    }

    static async Task DoAsync(DurableTaskClient client, Operation operation)
    {
        if (await client.GetInstanceAsync(operation.Target, Stop) is null) { return; }
        await (operation.Kind switch
        {
            OperationKind.Raise => client.RaiseEventAsync(operation.Target, operation.Event, $"at{operation.AtSeconds}", Stop),
            OperationKind.Suspend => client.SuspendInstanceAsync(operation.Target, Stop),
            OperationKind.Resume => client.ResumeInstanceAsync(operation.Target, Stop),
            OperationKind.Terminate => client.TerminateInstanceAsync(operation.Target, Stop),
            _ => client.TerminateInstanceAsync(operation.Target, new TerminateInstanceOptions(Recursive: true), Stop),
        });
    }

    static TestFunctions Functions(ManualClock clock) => new TestFunctions()
        .Activity<int>("Echo", n => n)
        .Activity<int>("Flaky", until => clock.GetUtcNow() >= Epoch.AddMinutes(until) ? "well" : throw new TimeoutException("not yet"))
        .Orchestrator("Program", async context => await Interpreter.RunAsync(new World(context), context.GetInput<RandomProgram>()!));

    sealed class World(TaskOrchestrationContext context) : IProgramWorld
    {
        public long Seconds => (long)(context.CurrentUtcDateTime - Epoch.UtcDateTime).TotalSeconds;

        public Task<int> CallAsync(int value) => context.CallActivityAsync<int>("Echo", value);

        public async Task<string> FlakyAsync(Flaky step)
        {
            int attempt = 1;
            var pause = TimeSpan.FromMinutes(step.Minutes);
            try
            {
                if (!step.ByPolicy)
                {
                    await context.CallActivityAsync<string>("Flaky", step.UntilMinute, TaskOptions.FromRetryHandler(async retry =>
                    {
                        await retry.OrchestrationContext.CreateTimer(pause, CancellationToken.None);
                        attempt = retry.LastAttemptNumber + 1;
                        return retry.LastAttemptNumber < step.Attempts;
                    }));
                    return $"after {attempt}";
                }
                await context.CallActivityAsync<string>("Flaky", step.UntilMinute, TaskOptions.FromRetryPolicy(new RetryPolicy(step.Attempts, pause, 2, TimeSpan.FromDays(1))));
                return "at last";
            }
            catch (TaskFailedException) { return "gave up"; }
        }

        public Task SleepAsync(int minutes) => context.CreateTimer(TimeSpan.FromMinutes(minutes), CancellationToken.None);

        public void StartLooseTimer(int minutes) => _ = context.CreateTimer(TimeSpan.FromMinutes(minutes), CancellationToken.None);

        public async Task<string> WaitAsync(string name, int? minutes)
        {
            try { return minutes is { } limit ? await context.WaitForExternalEvent<string>(name, TimeSpan.FromMinutes(limit)) : await context.WaitForExternalEvent<string>(name); }
            catch (TaskCanceledException) { return "timeout"; }
        }

        public async Task<string> RunChildAsync(string id, RandomProgram program)
        {
            try { return await context.CallSubOrchestratorAsync<string>("Program", program, new TaskOptions().WithInstanceId(id)); }
            catch (TaskFailedException e) { return $"failed: {e.FailureDetails.ErrorMessage}"; }
        }

        public void SetStatus(string value) => context.SetCustomStatus(value);

        public void Send(string name) => context.SendEvent(Scenario.Root, name, $"sent{Seconds}");

        public void ContinueAsNew(RandomProgram program) => context.ContinueAsNew(program);
    }
}
