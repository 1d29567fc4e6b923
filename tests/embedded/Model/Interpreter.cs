namespace GwbCloud.Tests.Embedded.Model;

/// <summary>What a program may do; the engine's context and the model offer the same.</summary>
public interface IProgramWorld
{
    long Seconds { get; }

    Task<int> CallAsync(int value);

    Task<string> FlakyAsync(Flaky step);

    Task SleepAsync(int minutes);

    void StartLooseTimer(int minutes);

    Task<string> WaitAsync(string name, int? minutes);

    Task<string> RunChildAsync(string id, RandomProgram program);

    void SetStatus(string value);

    void Send(string name);

    void ContinueAsNew(RandomProgram program);
}

/// <summary>Runs a program step by step and writes down what each gave, and when.</summary>
public static class Interpreter
{
    public static async Task<string?> RunAsync(IProgramWorld world, RandomProgram program)
    {
        string trace = program.Trace + await RunAsync(world, program, program.Steps, program.Path);
        if (program.Rounds == 1) { return trace; }
        world.ContinueAsNew(program with { Rounds = program.Rounds - 1, Trace = trace + "|" });
        return null;
    }

    static async Task<string> RunAsync(IProgramWorld world, RandomProgram program, IReadOnlyList<Step> steps, string path)
    {
        string trace = "";
        for (int i = 0; i < steps.Count; i++)
        {
            string result = steps[i] switch
            {
                Call call => $"{await world.CallAsync(call.Value)}",
                Flaky flaky => await world.FlakyAsync(flaky),
                Await wait => await world.WaitAsync(wait.Event, wait.Minutes),
                Child child => await world.RunChildAsync($"{child.Program.Path}#{program.Rounds}", child.Program),
                Both both => string.Join('+', await Task.WhenAll(both.Branches.Select((b, n) => RunAsync(world, program, b, $"{path}.{i}.{n}")))),
                Throw thrown => throw new InvalidOperationException(thrown.Message),
                var other => await DoAsync(world, other),
            };
            trace += $"[{result}@{world.Seconds}]";
        }
        return trace;
    }

    static async Task<string> DoAsync(IProgramWorld world, Step step)
    {
        switch (step)
        {
            case Sleep sleep:
                await world.SleepAsync(sleep.Minutes);
                break;
            case Loose loose:
                world.StartLooseTimer(loose.Minutes);
                break;
            case Status status:
                world.SetStatus(status.Value);
                break;
            case Send send:
                world.Send(send.Event);
                break;
        }
        return step.GetType().Name;
    }
}

/// <summary>Where an instance ended, or stands for ever.</summary>
public sealed record ProgramOutcome(string Status, string? Output, string? Failure, string? CustomStatus, long? EndedAtSeconds);
