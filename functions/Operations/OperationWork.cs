using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Operations;

/// <summary>What an operation works with inside its orchestration: activities, listeners, progress, the audit.</summary>
sealed class OperationWork : IWaiter
{
    /// <summary>Raised on the running operation; it ends between two parts.</summary>
    public const string StopEvent = "operation-stop";

    /// <summary>Raised on the plan that waits for a second person: there is a decision in the store.</summary>
    public const string DecisionEvent = "operation-decision";

    /// <summary>How long a listener may be silent while somebody waits for a plan.</summary>
    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

    readonly TaskOrchestrationContext _context;
    readonly OperationRun? _run;
    readonly Task _stopArrives;

    // A warning is about a task or a plan of this run alone.
    readonly HashSet<string> _told = [];
    OperationView _view;

    public OperationWork(TaskOrchestrationContext context, OperationRequest request, OperationView view, OperationRun? run = null, Task? stop = null)
    {
        (_context, Request, _view, _run) = (context, request, view, run);
        _stopArrives = stop ?? new TaskCompletionSource().Task;
    }

    public TaskOrchestrationContext Context => _context;

    public OperationRequest Request { get; }

    /// <summary>Only while it runs or goes back.</summary>
    public OperationPlan Plan => _run?.Plan ?? throw new InvalidOperationException("There is no plan yet.");

    public OperationView View => _view;

    /// <summary>An operator asked to stop. To be looked at between two parts, never within one.</summary>
    public bool IsStopped => _stopArrives.IsCompletedSuccessfully;

    IReadOnlyList<OperatorTask> IWaiter.Tasks => _view.Tasks;

    Task IWaiter.StopArrives => _stopArrives;

    bool IWaiter.StopAsked => IsStopped;

    /// <summary>Waits so long, or until an operator asks to stop.</summary>
    public async Task PauseAsync(TimeSpan pause)
    {
        using var over = new WaitScope();
        await Task.WhenAny(_context.CreateTimer(pause, over.Token), _stopArrives);
    }

    /// <summary>The terms as the kind's own record.</summary>
    public TTerms Terms<TTerms>()
        where TTerms : OperationTerms => (TTerms)Request.Terms;

    public Task<TResult> CallAsync<TResult>(string activity, object? input) => _context.CallActivityAsync<TResult>(activity, input, Retries.Standard);

    /// <summary>Names of the Connect servers that have a listener.</summary>
    public Task<string[]> ServersAsync() => CallAsync<string[]>("ListServers", null);

    /// <summary>Has a listener do something. While it is planned nothing that writes may be asked for.</summary>
    /// <exception cref="StageStoppedException">The listener refused, failed or stayed silent.</exception>
    /// <param name="server">Name of the server.</param>
    /// <param name="command">What to do.</param>
    /// <param name="briefly">Somebody waits for the answer, or it is good to know that there is none: as while it is planned.</param>
    public Task<TResult> AskAsync<TResult>(string server, Command<TResult> command, bool briefly = false)
        where TResult : class =>
        _context.RunOnPremAsync(Request.OperationId, planHash: "", server, command, _run is null || briefly ? LongestSilence : null);

    /// <summary>Shows the view as it is from now on.</summary>
    public async Task ShowAsync(Func<OperationView, OperationView> change)
    {
        _view = change(_view) with { UpdatedAt = _context.CurrentUtcDateTime };
        await _context.CallActivityAsync("PublishOperation", _view, Retries.OwnStore);
    }

    /// <summary>Tells people something, at most 50 things.</summary>
    public Task TellAsync(params IEnumerable<Notice> notices) => ShowAsync(view => view.Telling(notices));

    /// <summary>Runs a sub-orchestration, and hands on to it what people say of its tasks.</summary>
    public async Task<TOutcome> DuringAsync<TOutcome>(string orchestrator, object input, string instance)
    {
        using var over = new WaitScope();
        var running = _context.CallSubOrchestratorAsync<TOutcome>(orchestrator, input, new SubOrchestrationOptions(instanceId: instance));
        var check = _context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck, over.Token);
        while (await Task.WhenAny(running, check) != running)
        {
            _context.SendEvent(instance, MigrationEvents.TaskCheck, await check);
            check = _context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck, over.Token);
        }

        return await running;
    }

    public Task AuditAsync(string what, string? detail = null, string who = "gwbcloud") => _context.CallActivityAsync(
        "AppendAudit",
        new AuditLine
        {
            MigrationId = Request.OperationId,
            LineId = $"{what}-{_context.NewGuid():N}",
            At = _context.CurrentUtcDateTime,
            Who = who,
            What = what,
            Evidence = _run?.PlanHash,
            Detail = detail,
        },
        Retries.OwnStore);

    bool IWaiter.WasTold(string key) => _told.Contains(key);

    void IWaiter.Remember(string key) => _told.Add(key);

    void IWaiter.Tell(Notice notice) => _view = _view.Telling(notice);

    Task IWaiter.ShowAsync(IReadOnlyList<OperatorTask> tasks) => ShowAsync(view => view with { Tasks = tasks });

    Task IWaiter.AuditAsync(string what, string? evidence, string? detail) => AuditAsync(what, evidence is null ? detail : $"{evidence} {detail}");

    /// <summary>Writes all values of the plan, part by part.</summary>
    public Task<OperationResult> WriteValuesAsync(ValueKind kind) => InPartsAsync(kind, nameof(ValueActivities.WriteValues), ours: 0, backwards: false);

    /// <summary>Takes all values back that are still ours, part by part, the last first.</summary>
    public Task<OperationResult> RevertValuesAsync(ValueKind kind) => InPartsAsync(kind, nameof(ValueActivities.RevertValues), _run!.Written, backwards: true);

    async Task<OperationResult> InPartsAsync(ValueKind kind, string activity, int ours, bool backwards)
    {
        if (Plan.Draft.Changes is not { } changes)
        {
            return new();
        }

        var size = Request.Settings.ValuesAtOnce;
        var parts = (changes.Count + size - 1) / size;
        List<DocumentReference> left = [];
        var (done, written, leftCount, stopped) = (0, 0, 0, false);
        await ShowAsync(view => view with { Done = 0, Total = changes.Count, Written = ours });
        for (var step = 0; step < parts && !stopped; step++)
        {
            var number = backwards ? parts - 1 - step : step;
            var part = new ValuePart
            {
                OperationId = Request.OperationId,
                Kind = kind,
                Changes = changes,
                Part = number,
                From = number * size,
                Count = Math.Min(size, changes.Count - (number * size)),
            };
            var outcome = await CallAsync<PartOutcome>(activity, part);
            (done, written, leftCount) = (done + part.Count, written + outcome.Ours, leftCount + outcome.LeftCount);
            if (outcome.Left is { } list)
            {
                left.Add(list);
            }

            // On the way back nobody knows yet how many of the other parts are ours: those that were, at most.
            var now = backwards ? Math.Max(written, Math.Min(ours, changes.Count - done + written)) : written;
            await ShowAsync(view => view with { Done = done, Written = now });
            stopped = IsStopped && step + 1 < parts;
        }

        return new()
        {
            Written = _view.Written,
            Stopped = stopped,
            Left = left.Count == 0 ? null : (await CallAsync<LeftWhole>(nameof(ValueActivities.JoinLeft), new LeftParts { Parts = left })).Left,
            Notices = leftCount == 0 ? []
                : [(backwards ? OperationError.UndoLeft : OperationError.ValuesLeft).Notice($"{leftCount} of {changes.Count} values were left as they are.")],
        };
    }
}
