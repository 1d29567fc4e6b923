using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>One orchestration whose activities, commands and sub-orchestrations a test scripts. Time passes only in timers, and at once.</summary>
/// <remarks>With a clock, timers come due one after the other as in life, and <see cref="ScriptedClock"/> runs the whole to its end.</remarks>
sealed class ScriptedContext(object input, ScriptedClock? clock = null) : TaskOrchestrationContext
{
    object _input = input;
    readonly Dictionary<string, TaskCompletionSource<object>> _guards = new(StringComparer.Ordinal);

    readonly Dictionary<string, Func<object?, Task<object?>>> _activities = new(StringComparer.Ordinal)
    {
        ["AppendAudit"] = _ => Nothing,
        ["PublishView"] = _ => Nothing,
        ["OfferRepair"] = _ => Nothing,
        ["WriteReport"] = _ => Nothing,
        ["KeepStanding"] = _ => Nothing,
        ["FindOrphans"] = input => Task.FromResult<object?>(new OrphansFound { Left = ((OrphansInput)input!).Lists }),
        ["ReadStanding"] = _ => Task.FromResult<object?>(new StandingFound()),
    };
    readonly Dictionary<string, Func<object?, Task<object>>> _subs = new(StringComparer.Ordinal);
    readonly Dictionary<Type, Func<Command, string, object>> _commands = [];
    readonly List<(string Name, TaskCompletionSource<object> Waiter, CancellationToken Closed)> _waiters = [];
    readonly List<(string Name, object Payload)> _queued = [];
    DateTime _now = ScriptedClock.Begin;
    int _guids;

    /// <summary>Names of activities, commands and sub-orchestrations, in the order of their calls; bookkeeping left out.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What guards were started with.</summary>
    public List<GuardWatch> Guarded { get; } = [];

    /// <summary>What a guard reports at once; null lets it look on.</summary>
    public Func<GuardWatch, GuardReport?>? OnGuard { get; set; }

    /// <summary>The context in which a guard really looks; null lets it be blind.</summary>
    public Func<GuardWatch, ScriptedContext>? GuardedBy { get; set; }

    /// <summary>Guards that nobody has ended.</summary>
    public int GuardsLeft => _guards.Values.Count(g => !g.Task.IsCompleted) + _children.Values.Count(c => !c._looked);

    /// <summary>Histories that a guard began anew.</summary>
    public int Histories { get; private set; }

    /// <summary>Most timers and activities that one history of a guard held.</summary>
    public int LongestHistory { get; private set; }

    /// <summary>More than any history here holds: a wait without a bound fails its test rather than keep it running.</summary>
    const int MostSteps = 100_000;

    int _steps;
    bool ContinuedAsNew { get; set; }
    readonly Dictionary<string, ScriptedContext> _children = new(StringComparer.Ordinal);
    bool _looked;

    static Task<object?> Nothing => Task.FromResult<object?>(null);

    public override TaskName Name => "test";
    public override string InstanceId => "migration";
    public override ParentOrchestrationInstance? Parent => null;
    public override DateTime CurrentUtcDateTime => clock?.Now ?? _now;
    public override bool IsReplaying => false;
    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public static MigrationFacts Facts { get; } = new();

    public static StageInput Input(StageName stage, MigrationFacts facts)
    {
        var plan = new MigrationPlan
        {
            Tenant = Guid.Empty,
            Domain = "contoso.example",
            AssessmentId = "a",
            WritebackOu = "OU=Writeback,DC=contoso,DC=example",
            Naming = NamingStyle.GroupGuid,
            Servers = [new() { Name = "AADC1", Active = true, Version = "2.5.190.0", Cmdlet = CmdletGeneration.Unattended }],
            Groups = Document("groups"),
            Frozen = Document("groups"),
            Classified = Document("classified"),
            Losses = Document("losses"),
            Canaries = new() { New = Guid.Empty, Match = Guid.Empty, Unassigned = Guid.Empty },
            Blast = Assessment.Facts.Blast,
            Ceilings = new() { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 },
            Time = new() { InitialSeconds = 600, DeltaSeconds = 60, ConfirmSeconds = 7_200, UndoSeconds = 660, ForwardSeconds = 2_460, PredictedStagingSeconds = 13_500 },
            NewGroupTolerance = 0,
            Acceptances = [],
        };
        var request = new MigrationRequest
        {
            MigrationId = "m-20260101-000000-0001",
            AssessmentId = "a",
            Plan = Document("plan"),
            PlanHash = "hash",
            Window = new() { Start = new(ScriptedClock.Begin), End = new(ScriptedClock.Begin.AddDays(1)) },
            RequestedBy = "p",
            RequestProof = Document("proof"),
            Settings = new(),
        };
        var view = new MigrationView
        {
            MigrationId = request.MigrationId,
            AssessmentId = "a",
            PlanHash = "hash",
            RequestedBy = "p",
            Window = request.Window,
            State = MigrationState.Running,
            Notices = [],
            Stages = [.. Enum.GetValues<StageName>().Select(name => new StageView { Name = name, State = StageState.Pending })],
            Tasks = [],
            StartedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
        return new() { Stage = stage, Request = request, Plan = plan, Facts = facts, View = view };
    }

    public static DocumentReference Document(string kind) => GwbCloud.Contracts.Documents.Document.OfList<string>(kind, []).Reference;

    public static ServerFacts Server(bool? flag) => new()
    {
        Server = "AADC1",
        Version = "2.5.190.0",
        Cmdlet = CmdletGeneration.Unattended,
        Staging = true,
        Scheduler = new() { Enabled = false, Suspended = false, CycleInProgress = false, IntervalSeconds = 1_800 },
        Features = new() { GroupWritebackV2 = flag, UnifiedGroupWriteback = true },
        Coexistence = Rules(RuleState.AsSpecified),
        DeleteRuleEnabled = false,
        CustomProvisioningRules = [],
        FreePrecedences = 99,
        MemberLimitEnabled = true,
        DisplayNameRuleEnabled = false,
        AutoUpgrade = AutoUpgradeState.Suspended,
        WritebackOu = "OU=Writeback,DC=contoso,DC=example",
        WritebackOuInScope = true,
        AdConnector = "contoso.example",
    };

    public static CoexistenceRules Rules(RuleState state) => new() { Inbound = state, Outbound = state };

    public static TaskFailedException Failure(string name, string message = "the disk is full")
        => new(name, 1, new TaskFailureDetails("IOException", message, null, null, null));

    public ScriptedContext On(string activity, Func<object?, object?> work)
    {
        _activities[activity] = input => Task.FromResult(work(input));
        return this;
    }

    /// <summary>A real activity in place of a script.</summary>
    public ScriptedContext OnActivity<TInput, TResult>(Func<TInput, CancellationToken, Task<TResult>> activity)
    {
        _activities[activity.Method.Name] = async input => await activity((TInput)input!, CancellationToken.None);
        return this;
    }

    public ScriptedContext On<TCommand>(Func<TCommand, object> answer)
        where TCommand : Command
    {
        _commands[typeof(TCommand)] = (command, _) => answer((TCommand)command);
        return this;
    }

    /// <summary>A command that servers answer differently.</summary>
    public ScriptedContext OnServer<TCommand>(Func<TCommand, string, object> answer)
        where TCommand : Command
    {
        _commands[typeof(TCommand)] = (command, server) => answer((TCommand)command, server);
        return this;
    }

    public ScriptedContext OnSub(string orchestrator, Func<object?, Task<object>> run)
    {
        _subs[orchestrator] = run;
        return this;
    }

    /// <summary>Another orchestration with the same scripts and clock.</summary>
    public ScriptedContext With(object other)
    {
        var context = new ScriptedContext(other, clock);
        foreach (var (name, work) in _activities) { context._activities[name] = work; }
        foreach (var (name, run) in _subs) { context._subs[name] = run; }
        foreach (var (type, answer) in _commands) { context._commands[type] = answer; }
        return context;
    }

    /// <summary>One answer for every command that no other script answers.</summary>
    public ScriptedContext OnAnyCommand(Func<Command, object> answer)
    {
        _commands[typeof(Command)] = (command, _) => answer(command);
        return this;
    }

    /// <summary>Keeps an event for the next who waits for it, as the engine does.</summary>
    public void Queue(string name, object payload) => _queued.Add((name, payload));

    /// <summary>Hands an event to whoever waits for it; false when nobody does.</summary>
    public bool Raise(string name, object payload)
    {
        var index = _waiters.FindIndex(w => w.Name == name && !w.Closed.IsCancellationRequested);
        if (index < 0) { return false; }
        var waiter = _waiters[index].Waiter;
        _waiters.RemoveAt(index);
        waiter.SetResult(payload);
        return true;
    }

    public override T? GetInput<T>()
        where T : default
        => (T)_input;

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? activityInput = null, TaskOptions? options = null)
    {
        Step();
        if (activityInput is CommandSubmission { Command: { Length: > 0 } text }) { return (TResult)(object)Answer(text, ((CommandSubmission)activityInput).Server); }
        if (name.Name is not ("AppendAudit" or "PublishView" or "KeepStanding" or "ReadStanding")) { Calls.Add(name.Name); }
        return (TResult)(await _activities[name.Name](activityInput))!;
    }

    /// <summary>Guards see nothing until they are told to stop, unless a test says otherwise; they are no part of <see cref="Calls"/>.</summary>
    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? subInput = null, TaskOptions? options = null)
    {
        if (orchestratorName.Name == nameof(GuardOrchestrator))
        {
            var watch = (GuardWatch)subInput!;
            Guarded.Add(watch);
            if (OnGuard?.Invoke(watch) is { } report) { return (TResult)(object)report; }
            if (GuardedBy?.Invoke(watch) is { } child)
            {
                _children[((SubOrchestrationOptions)options!).InstanceId!] = child;
                return (TResult)(object)await child.LookAsync();
            }
            var unseen = _guards[((SubOrchestrationOptions)options!).InstanceId!] = new();
            await unseen.Task;
            return (TResult)(object)new GuardReport { Changes = [], Watch = watch };
        }
        Calls.Add(orchestratorName.Name);
        return (TResult)await _subs[orchestratorName.Name](subInput);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        Step();
        if (clock is not null) { return clock.TimerAsync(fireAt, cancellationToken); }
        _now = fireAt > _now ? fireAt : _now;
        return Task.CompletedTask;
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        if (_queued.FindIndex(e => e.Name == eventName) is >= 0 and var queued)
        {
            var payload = _queued[queued].Payload;
            _queued.RemoveAt(queued);
            return (T)payload;
        }

        var waiter = new TaskCompletionSource<object>();
        _waiters.Add((eventName, waiter, cancellationToken));
        return (T)await waiter.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        if (eventName == GuardOrchestrator.StopEvent)
        {
            if (_children.TryGetValue(instanceId, out var child))
            {
                if (!child.Raise(eventName, payload)) { child.Queue(eventName, payload); }
                return;
            }
            _guards[instanceId].TrySetResult(payload);
            return;
        }
        Calls.Add($"event {eventName}");
    }

    public override void SetCustomStatus(object? customStatus)
    {
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => (_input, ContinuedAsNew) = (newInput!, true);

    /// <summary>The guard itself, from history to history until it reports.</summary>
    public async Task<GuardReport> LookAsync()
    {
        GuardReport report;
        do
        {
            ContinuedAsNew = false;
            Histories++;
            _steps = 0;
            // What waited in the old history waits no longer.
            _waiters.Clear();
            report = await GuardOrchestrator.Run(this);
            LongestHistory = Math.Max(LongestHistory, _steps);
        }
        while (ContinuedAsNew);
        _looked = true;
        return report;
    }

    void Step() => Assert.True(++_steps < MostSteps, "It goes on for ever.");

    public override Guid NewGuid() => new(++_guids, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    CommandReply Answer(string text, string server)
    {
        var command = JsonSerializer.Deserialize<Command>(text, ContractJson.Options)!;
        Calls.Add(command.GetType().Name);
        var answer = (_commands.GetValueOrDefault(command.GetType()) ?? _commands[typeof(Command)])(command, server);
        return answer as CommandReply ?? new()
        {
            State = CommandState.Done,
            Result = JsonSerializer.Serialize(answer, answer.GetType(), ContractJson.Options),
        };
    }
}
