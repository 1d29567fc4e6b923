namespace GwbCloud.Tests.Embedded.Model;

/// <summary>What Durable Task promises, without journal, replay or threads: one agenda in virtual time.</summary>
sealed class ReferenceModel
{
    readonly PriorityQueue<Action, (long Seconds, long Order)> _agenda = new();
    readonly SortedDictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    long _order;
    long _now;

    public static SortedDictionary<string, ProgramOutcome> Run(Scenario scenario)
    {
        var model = new ReferenceModel();
        foreach (var operation in scenario.Operations) { model.At(operation.AtSeconds, () => model.Do(operation)); }
        model.Start(Scenario.Root, scenario.Program, null);
        while (model._agenda.TryDequeue(out var next, out var when))
        {
            model._now = when.Seconds;
            next();
        }
        return new(model._instances.ToDictionary(i => i.Key, i => i.Value.Outcome), StringComparer.Ordinal);
    }

    void At(long seconds, Action action) => _agenda.Enqueue(action, (seconds, ++_order));

    void Start(string id, RandomProgram program, Action<ProgramOutcome>? ended)
    {
        var instance = new Instance(this, ended);
        _instances[id] = instance;
        instance.Begin(program);
    }

    void Do(Operation operation)
    {
        if (!_instances.TryGetValue(operation.Target, out var instance) || instance.Ended) { return; }
        switch (operation.Kind)
        {
            case OperationKind.Raise:
                instance.Wake(() => instance.Deliver(operation.Event, $"at{operation.AtSeconds}"));
                break;
            case OperationKind.Suspend:
                instance.Suspend();
                break;
            case OperationKind.Resume:
                instance.Resume();
                break;
            case OperationKind.Terminate:
                instance.Terminate(recursive: false);
                break;
            case OperationKind.TerminateAll:
                instance.Terminate(recursive: true);
                break;
        }
    }

    sealed class Instance(ReferenceModel model, Action<ProgramOutcome>? ended) : IProgramWorld
    {
        readonly List<Action> _held = [];
        readonly List<(string Name, string Payload)> _buffered = [];
        readonly HashSet<Instance> _children = [];
        List<(string Name, TaskCompletionSource<string> Source)> _waits = [];
        bool _suspended;
        int _open;
        int _execution;
        string? _status;
        RandomProgram? _next;
        Task<string?>? _code;

        public ProgramOutcome Outcome { get; private set; } = new("Running", null, null, null, null);

        public bool Ended => Outcome.EndedAtSeconds is not null;

        public long Seconds => model._now;

        public void Begin(RandomProgram program)
        {
            _execution++;
            _waits = [];
            _next = null;
            _status = null;
            _code = Interpreter.RunAsync(this, program);
            Judge();
        }

        /// <summary>Something happens to the instance: now, or when it is resumed.</summary>
        public void Wake(Action action)
        {
            if (Ended) { return; }
            if (_suspended)
            {
                _held.Add(action);
                return;
            }
            action();
            Judge();
        }

        public void Suspend()
        {
            _suspended = true;
            Outcome = Outcome with { Status = "Suspended" };
        }

        public void Resume()
        {
            _suspended = false;
            Outcome = Outcome with { Status = "Running" };
            foreach (var action in _held.ToList()) { Wake(action); }
            _held.Clear();
        }

        public void Terminate(bool recursive)
        {
            End(new("Terminated", null, null, _status, model._now));
            if (!recursive) { return; }
            foreach (var child in _children.Where(c => !c.Ended).ToList()) { child.Terminate(recursive); }
        }

        public void Deliver(string name, string payload)
        {
            int first = _waits.FindIndex(w => string.Equals(w.Name, name, StringComparison.OrdinalIgnoreCase));
            if (first < 0)
            {
                _buffered.Add((name, payload));
                return;
            }
            var source = _waits[first].Source;
            _waits.RemoveAt(first);
            source.SetResult(payload);
        }

        public Task<int> CallAsync(int value) => Task.FromResult(value);

        public async Task<string> FlakyAsync(Flaky step)
        {
            for (int attempt = 1; ; attempt++)
            {
                if (Seconds >= step.UntilMinute * 60) { return step.ByPolicy ? "at last" : $"after {attempt}"; }
                if (step.ByPolicy && attempt == step.Attempts) { return "gave up"; }
                await SleepAsync(step.ByPolicy ? step.Minutes << (attempt - 1) : step.Minutes);
                if (!step.ByPolicy && attempt == step.Attempts) { return "gave up"; }
            }
        }

        public Task SleepAsync(int minutes)
        {
            var source = new TaskCompletionSource();
            Timer(minutes, source.SetResult);
            return source.Task;
        }

        public void StartLooseTimer(int minutes) => Timer(minutes, () => { });

        public Task<string> WaitAsync(string name, int? minutes)
        {
            int early = _buffered.FindIndex(b => string.Equals(b.Name, name, StringComparison.OrdinalIgnoreCase));
            if (early >= 0)
            {
                string payload = _buffered[early].Payload;
                _buffered.RemoveAt(early);
                return Task.FromResult(payload);
            }
            var source = new TaskCompletionSource<string>();
            var wait = (name, source);
            _waits.Add(wait);
            if (minutes is { } limit)
            {
                // The timer that loses is cancelled, so it holds nothing open.
                int execution = _execution;
                model.At(Seconds + (limit * 60), () => Wake(() =>
                {
                    if (execution != _execution || !_waits.Remove(wait)) { return; }
                    source.SetResult("timeout");
                }));
            }
            return source.Task;
        }

        public Task<string> RunChildAsync(string id, RandomProgram program)
        {
            var source = new TaskCompletionSource<string>();
            _open++;
            model.At(Seconds, () =>
            {
                model.Start(id, program, outcome => Wake(() =>
                {
                    _open--;
                    source.SetResult(outcome.Status == "Completed" ? outcome.Output! : $"failed: {outcome.Failure ?? $"The sub-orchestration '{id}' was terminated."}");
                }));
                _children.Add(model._instances[id]);
            });
            return source.Task;
        }

        public void SetStatus(string value) => _status = value;

        public void Send(string name)
        {
            // Arrives after the step, as every message does.
            long sent = Seconds;
            model.At(sent, () =>
            {
                if (model._instances[Scenario.Root] is { Ended: false } root) { root.Wake(() => root.Deliver(name, $"sent{sent}")); }
            });
        }

        public void ContinueAsNew(RandomProgram program) => _next = program;

        void Timer(int minutes, Action due)
        {
            _open++;
            model.At(Seconds + (minutes * 60), () => Wake(() =>
            {
                _open--;
                due();
            }));
        }

        void Judge()
        {
            Outcome = Outcome with { CustomStatus = _status };
            if (Ended || _open > 0 || _code is not { IsCompleted: true } code) { return; }
            if (code.IsFaulted) { End(new("Failed", null, code.Exception.InnerException!.Message, _status, model._now)); }
            else if (_next is { } next) { Begin(next); }
            else { End(new("Completed", code.Result, null, _status, model._now)); }
        }

        void End(ProgramOutcome outcome)
        {
            Outcome = outcome;
            ended?.Invoke(outcome);
        }
    }
}
