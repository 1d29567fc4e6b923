using Microsoft.DurableTask.Client;

namespace GwbCloud.Embedded.Engine;

/// <summary>All instances, as the journal tells them. Pure: the same records give the same state, live and after a restart.</summary>
sealed class EngineState
{
    readonly SortedDictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    long _lastExecution;
    long _lastMessage;

    public IEnumerable<Instance> Instances => _instances.Values;

    public Instance? Find(string id) => _instances.GetValueOrDefault(id);

    /// <summary>Takes one record in and returns the instances that may have something to do now.</summary>
    public IReadOnlyList<Instance> Apply(JournalRecord record)
    {
        var touched = new List<Instance>();
        switch (record)
        {
            case InstanceStarted started:
                touched.Add(Create(started.Id, started.Name, started.Version, started.Input, started.At, started.StartAt, started.Tags, null));
                break;
            case MessageReceived message:
                Deliver(message.Id, message.Event, touched);
                break;
            case TurnTaken turn when Find(turn.Id) is { } instance:
                Take(instance, turn, touched);
                break;
            case InstanceSuspended suspended when Find(suspended.Id) is { Ended: false } instance:
                instance.Suspended = true;
                instance.UpdatedAt = record.At;
                touched.Add(instance);
                break;
            case InstanceResumed resumed when Find(resumed.Id) is { Ended: false } instance:
                instance.Suspended = false;
                instance.UpdatedAt = record.At;
                touched.Add(instance);
                break;
            case InstancesTerminated terminated:
                foreach (string id in terminated.Ids)
                {
                    if (Find(id) is { Ended: false } instance)
                    {
                        End(instance, OrchestrationRuntimeStatus.Terminated, terminated.Output, null, record.At, touched);
                    }
                }
                break;
            case InstancesPurged purged:
                foreach (string id in purged.Ids) { _instances.Remove(id); }
                break;
        }
        return touched;
    }

    /// <summary>The instance and the sub-orchestrations that it waits for, all levels deep.</summary>
    public IEnumerable<Instance> WithOpenSubOrchestrations(Instance instance)
        => instance.Open.Values.OfType<CallSubOrchestration>()
            .Select(sub => Find(sub.InstanceId)).OfType<Instance>()
            .Where(child => child.Parent?.Execution == instance.Execution)
            .SelectMany(WithOpenSubOrchestrations)
            .Prepend(instance);

    /// <summary>The instance and everything that descends from it.</summary>
    public IEnumerable<Instance> WithDescendants(Instance instance)
        => _instances.Values.Where(i => i.Parent?.Id == instance.Id && i.Id != instance.Id).SelectMany(WithDescendants).Prepend(instance);

    Instance Create(
        string id, string name, string version, string? input, DateTimeOffset at, DateTimeOffset? startAt, IReadOnlyDictionary<string, string>? tags, ParentLink? parent)
    {
        var instance = new Instance
        {
            Id = id, Name = name, Version = version, Execution = ++_lastExecution, Input = input, StartAt = startAt, Tags = tags, Parent = parent,
            CreatedAt = at, UpdatedAt = at,
        };
        if (_instances.TryGetValue(id, out var replaced))
        {
            // Whoever still holds the old instance must find it ended.
            if (!replaced.Ended) { replaced.Phase = OrchestrationRuntimeStatus.Terminated; }
            replaced.DropSession();
            replaced.NotifyChanged();
        }
        _instances[id] = instance;
        return instance;
    }

    void Deliver(string id, HistoryEvent arrived, List<Instance> touched)
    {
        if (Find(id) is not { Ended: false } instance) { return; }
        instance.Inbox.Add(new(++_lastMessage, arrived));
        touched.Add(instance);
    }

    void Take(Instance instance, TurnTaken record, List<Instance> touched)
    {
        var turn = record.Turn;
        instance.UpdatedAt = record.At;
        instance.Phase = OrchestrationRuntimeStatus.Running;
        instance.Inbox.RemoveAll(m => record.Took.Contains(m.Number));
        instance.History.Add(turn);
        instance.CustomStatus = turn.CustomStatus switch { null => instance.CustomStatus, "null" => null, var status => status };
        foreach (var happened in turn.Events) { Close(instance, happened); }
        touched.Add(instance);
        foreach (var action in turn.Actions)
        {
            switch (action)
            {
                case CallActivity or StartTimer:
                    instance.Open.Add(action.Id, action);
                    break;
                case CallSubOrchestration sub:
                    instance.Open.Add(sub.Id, sub);
                    StartSubOrchestration(instance, sub, record.At, touched);
                    break;
                case CancelTimer cancel:
                    instance.Open.Remove(cancel.Id);
                    break;
                case SendEvent sent:
                    Deliver(sent.InstanceId, new EventRaised(sent.Name, sent.Payload), touched);
                    break;
            }
        }
        switch (turn.End)
        {
            case { Kind: TurnEndKind.Completed } end:
                End(instance, OrchestrationRuntimeStatus.Completed, end.Value, null, record.At, touched);
                break;
            case { Kind: TurnEndKind.Failed } end:
                End(instance, OrchestrationRuntimeStatus.Failed, end.Value, end.Failure, record.At, touched);
                break;
            case { Kind: TurnEndKind.ContinuedAsNew } end:
                instance.Execution = ++_lastExecution;
                instance.Generation++;
                instance.Input = end.Value;
                instance.Version = end.NewVersion ?? instance.Version;
                // The next execution sets its own, as on the real engine.
                instance.CustomStatus = null;
                instance.History.Clear();
                instance.Open.Clear();
                // A timer that fired while it was being cancelled means nothing to the next execution, whose ids begin anew.
                instance.Inbox.RemoveAll(m => m.Event is not EventRaised);
                instance.Inbox.InsertRange(0, end.Carried.Select(e => new Message(++_lastMessage, e)));
                instance.DropSession();
                break;
        }
    }

    void StartSubOrchestration(Instance parent, CallSubOrchestration sub, DateTimeOffset at, List<Instance> touched)
    {
        if (Find(sub.InstanceId) is { Ended: false })
        {
            // On Azure the second start is dropped and the parent waits for ever; here it is told.
            var taken = new Failure(typeof(OrchestrationAlreadyExistsException).FullName!, $"The instance '{sub.InstanceId}' is still running.", null, null);
            Deliver(parent.Id, new TaskFailed(sub.Id, taken), touched);
            return;
        }
        touched.Add(Create(sub.InstanceId, sub.Name, sub.Version, sub.Input, at, null, null, new(parent.Id, parent.Name, parent.Execution, sub.Id)));
    }

    void End(Instance instance, OrchestrationRuntimeStatus phase, string? output, Failure? failure, DateTimeOffset at, List<Instance> touched)
    {
        instance.Phase = phase;
        instance.Output = output;
        instance.Failure = failure;
        instance.UpdatedAt = at;
        instance.Suspended = false;
        instance.Inbox.Clear();
        instance.DropSession();
        touched.Add(instance);
        if (instance.Parent is { } link && Find(link.Id) is { Ended: false } parent && parent.Execution == link.Execution && parent.Open.ContainsKey(link.TaskId))
        {
            HistoryEvent answer = phase switch
            {
                OrchestrationRuntimeStatus.Completed => new TaskCompleted(link.TaskId, output),
                OrchestrationRuntimeStatus.Failed => new TaskFailed(link.TaskId, failure!),
                _ => new TaskFailed(link.TaskId, new("Terminated", $"The sub-orchestration '{instance.Id}' was terminated.", null, null)),
            };
            Deliver(parent.Id, answer, touched);
        }
    }

    static void Close(Instance instance, HistoryEvent happened)
    {
        int? id = happened switch { TaskCompleted done => done.Id, TaskFailed failed => failed.Id, TimerFired fired => fired.Id, _ => null };
        if (id is { } closed) { instance.Open.Remove(closed); }
    }
}
