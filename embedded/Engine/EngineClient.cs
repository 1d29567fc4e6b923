using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Embedded.Engine;

/// <summary>The client's side of the engine. Whatever is acknowledged is in the journal.</summary>
sealed class EngineClient(OrchestrationEngine engine) : DurableTaskClient("embedded")
{
    static readonly string[] DefaultDedupeStatuses =
        [nameof(OrchestrationRuntimeStatus.Pending), nameof(OrchestrationRuntimeStatus.Running), nameof(OrchestrationRuntimeStatus.Suspended)];

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        string id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        CheckId(id);
        string? payload = WorkerDataConverter.Instance.Serialize(input);
        var dedupe = options?.DedupeStatuses ?? DefaultDedupeStatuses;
        await engine.WriteAsync((state, now) =>
        {
            if (state.Find(id) is { } existing && dedupe.Contains(existing.Status.ToString(), StringComparer.OrdinalIgnoreCase))
            {
                throw new OrchestrationAlreadyExistsException($"An orchestration with the id '{id}' exists and is {existing.Status}.");
            }
            return new InstanceStarted
            {
                At = now, Id = id, Name = orchestratorName.ToString(), Version = options?.Version?.Version ?? engine.DefaultVersion, Input = payload,
                StartAt = options?.StartAt, Tags = options?.Tags is { Count: > 0 } tags ? tags : null,
            };
        });
        return id;
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        string? payload = WorkerDataConverter.Instance.Serialize(eventPayload);
        // An event for an instance that has ended is dropped, as on Azure.
        return engine.WriteAsync((state, now) => Existing(state, instanceId).Ended ? null : new MessageReceived { At = now, Id = instanceId, Event = new EventRaised(eventName, payload) });
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return engine.WriteAsync((state, now) => Existing(state, instanceId) is { Ended: false, Suspended: false } ? new InstanceSuspended { At = now, Id = instanceId } : null);
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return engine.WriteAsync((state, now) => Existing(state, instanceId) is { Ended: false, Suspended: true } ? new InstanceResumed { At = now, Id = instanceId } : null);
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        string? output = WorkerDataConverter.Instance.Serialize(options?.Output);
        return engine.WriteAsync((state, now) =>
        {
            var named = Existing(state, instanceId);
            if (named.Ended) { return null; }
            var all = options?.Recursive == true ? state.WithOpenSubOrchestrations(named) : [named];
            return new InstancesTerminated { At = now, Ids = [.. all.Where(i => !i.Ended).Select(i => i.Id)], Output = output };
        });
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return await PurgeAsync(state => state.Find(instanceId) is { Ended: true } named ? [named] : [], options);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(filter);
        return await PurgeAsync(state => state.Instances.Where(i => i.Ended && Matches(i, filter.CreatedFrom, filter.CreatedTo, filter.Statuses)), options);
    }

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return await engine.ReadAsync(state => state.Find(instanceId) is { } instance ? Metadata(instance, getInputsAndOutputs) : null);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, i => i.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, i => i.Ended, getInputsAndOutputs, cancellation);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => new Pages(engine, filter ?? new());

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static Instance Existing(EngineState state, string id) => state.Find(id) ?? throw new InvalidOperationException($"There is no orchestration with the id '{id}'.");

    // As the Durable Task Scheduler has it: 1 to 100 printable ASCII characters, the first no '@'.
    static void CheckId(string id)
    {
        if (id.Length is 0 or > 100 || id[0] == '@' || id.Any(c => c is < ' ' or > '~'))
        {
            throw new ArgumentException($"'{id}' can't be the id of an orchestration: 1 to 100 printable ASCII characters, not beginning with '@'.", nameof(id));
        }
    }

    static bool Matches(Instance instance, DateTimeOffset? from, DateTimeOffset? to, IEnumerable<OrchestrationRuntimeStatus>? statuses)
        => !(instance.CreatedAt < from) && !(instance.CreatedAt > to) && (statuses is null || !statuses.Any() || statuses.Contains(instance.Status));

    static OrchestrationMetadata Metadata(Instance instance, bool payloads) => new(instance.Name, instance.Id)
    {
        RuntimeStatus = instance.Status,
        CreatedAt = instance.CreatedAt,
        LastUpdatedAt = instance.UpdatedAt,
        SerializedInput = payloads ? instance.Input : null,
        SerializedOutput = payloads ? instance.Output : null,
        SerializedCustomStatus = payloads ? instance.CustomStatus : null,
        FailureDetails = payloads ? instance.Failure?.ToDetails() : null,
        Tags = instance.Tags ?? ImmutableDictionary<string, string>.Empty,
        DataConverter = payloads ? WorkerDataConverter.Instance : null,
    };

    async Task<PurgeResult> PurgeAsync(Func<EngineState, IEnumerable<Instance>> which, PurgeInstanceOptions? options)
    {
        int count = 0;
        await engine.WriteAsync((state, now) =>
        {
            var named = which(state).ToList();
            var all = options?.Recursive == true ? named.SelectMany(state.WithDescendants).Where(i => i.Ended) : named;
            string[] ids = [.. all.Select(i => i.Id).Distinct(StringComparer.Ordinal)];
            count = ids.Length;
            return count == 0 ? null : new InstancesPurged { At = now, Ids = ids };
        });
        return new(count, true);
    }

    async Task<OrchestrationMetadata> WaitAsync(string id, Func<Instance, bool> until, bool payloads, CancellationToken cancellation)
    {
        while (true)
        {
            var (metadata, changed) = await engine.ReadAsync(state =>
            {
                var instance = Existing(state, id);
                return until(instance) ? (Metadata(instance, payloads), null) : ((OrchestrationMetadata?)null, (Task?)instance.Changed.Task);
            });
            if (metadata is not null) { return metadata; }
            await changed!.WaitAsync(cancellation);
        }
    }

    sealed class Pages(OrchestrationEngine engine, OrchestrationQuery filter) : AsyncPageable<OrchestrationMetadata>
    {
        public override IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
            => ReadAsync(continuationToken ?? filter.ContinuationToken, pageSizeHint ?? filter.PageSize, CancellationToken.None);

        async IAsyncEnumerable<Page<OrchestrationMetadata>> ReadAsync(string? after, int size, [EnumeratorCancellation] CancellationToken cancellation)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
            do
            {
                cancellation.ThrowIfCancellationRequested();
                // The last id of the page before: instances that come and go in between do no harm.
                var found = await engine.ReadAsync(state => state.Instances
                    .Where(i => after is null || string.CompareOrdinal(i.Id, after) > 0)
                    .Where(i => filter.InstanceIdPrefix is not { } prefix || i.Id.StartsWith(prefix, StringComparison.Ordinal))
                    .Where(i => Matches(i, filter.CreatedFrom, filter.CreatedTo, filter.Statuses))
                    .Take(size + 1)
                    .Select(i => Metadata(i, filter.FetchInputsAndOutputs))
                    .ToList());
                var page = found.Take(size).ToList();
                after = found.Count > size ? page[^1].InstanceId : null;
                yield return new(page, after);
            }
            while (after is not null);
        }
    }
}
