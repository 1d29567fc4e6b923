namespace GwbCloud.Tests.Embedded.Model;

/// <summary>Random programs without ties: the outcome of each is decided by the text, never by a race within one instant.</summary>
sealed class ScenarioGenerator(Random random)
{
    readonly List<(string Instance, string Event)> _waits = [];
    readonly List<string> _sent = [];
    int _names;

    public Scenario Scenario()
    {
        var program = Program("r", Model.Scenario.Root, depth: 0);
        return new(program, [.. Operations().OrderBy(o => o.AtSeconds)]);
    }

    RandomProgram Program(string path, string instance, int depth)
    {
        int rounds = random.Next(5) == 0 ? 2 : 1;
        return new() { Path = path, Rounds = rounds, Steps = Steps(path, instance, depth, random.Next(1, depth == 0 ? 7 : 4), parallel: false) };
    }

    List<Step> Steps(string path, string instance, int depth, int count, bool parallel)
        => [.. Enumerable.Range(0, count).Select(i => One($"{path}.{i}", instance, depth, parallel))];

    Step One(string path, string instance, int depth, bool parallel)
    {
        switch (random.Next(100))
        {
            case < 20:
                return new Call(random.Next(100));
            case < 30:
                return new Flaky(random.Next(40), random.Next(1, 5), random.Next(1, 8), random.Next(2) == 0);
            case < 45:
                return new Sleep(random.Next(1, 20));
            case < 48:
                return new Loose(random.Next(1, 30));
            case < 68:
                string name = $"e{_names++}";
                _waits.Add((instance, name));
                return new Await(name, random.Next(4) == 0 ? null : random.Next(1, 15));
            case < 78 when depth < 2:
                // A child's id is its path and round; events reach it in its first round.
                return new Child(Program(path, $"{path}#1", depth + 1));
            case < 90 when depth < 2 && !parallel:
                return new Both([.. Enumerable.Range(0, random.Next(2, 4)).Select(b => Steps($"{path}.{b}", instance, depth, random.Next(1, 3), parallel: true))]);
            case < 94 when !parallel:
                return new Status($"s{_names++}");
            case < 97 when _sent.Count < 3:
                string sent = $"sent{_names++}";
                _sent.Add(sent);
                return new Send(sent);
            case < 98:
                return new Throw($"thrown{_names++}");
            default:
                // Waits for what a child may have sent, or for ever.
                return _sent.Count > 0 && instance == Model.Scenario.Root && !parallel ? new Await(_sent[random.Next(_sent.Count)], null) : new Call(random.Next(100));
        }
    }

    IEnumerable<Operation> Operations()
    {
        // Timers are whole minutes long, so an operation whose second within the minute is its own never meets one that another began.
        var seconds = Enumerable.Range(1, 59).Select(second => (random.Next(60) * 60) + second).ToArray();
        random.Shuffle(seconds);
        var free = new Queue<int>(seconds);
        foreach (var (instance, name) in _waits)
        {
            int times = random.Next(3);
            for (int i = 0; i < times && free.Count > 8; i++) { yield return new(free.Dequeue(), OperationKind.Raise, instance, random.Next(2) == 0 ? name : name.ToUpperInvariant()); }
        }
        if (random.Next(3) == 0)
        {
            int one = free.Dequeue(), two = free.Dequeue();
            yield return new(Math.Min(one, two), OperationKind.Suspend, Model.Scenario.Root);
            yield return new(Math.Max(one, two), OperationKind.Resume, Model.Scenario.Root);
        }
        if (random.Next(6) == 0) { yield return new(free.Dequeue(), random.Next(2) == 0 ? OperationKind.Terminate : OperationKind.TerminateAll, Model.Scenario.Root); }
    }
}
