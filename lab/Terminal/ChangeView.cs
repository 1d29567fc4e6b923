using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Time;

namespace GwbCloud.Lab.Terminal;

/// <summary>Tells what changed since the last look, once each.</summary>
public abstract class ChangeView : IRehearsalView
{
    readonly Dictionary<StageName, StageView> _stages = [];
    readonly Dictionary<string, TaskState> _tasks = [];
    readonly HashSet<string> _notices = [];
    readonly Lock _gate = new();
    LabClock? _clock;
    (string Id, AssessmentState State)? _assessment;
    DateTimeOffset? _opened;

    protected DateTimeOffset Now => _clock?.GetUtcNow() ?? default;

    public void Started(LabHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _clock = host.Clock;
        lock (_gate) { OnStarted(host); }
    }

    public virtual void Filled(int done, int total)
    {
    }

    public void Said(LabPerson who, string what)
    {
        lock (_gate) { OnSaid(who, what); }
    }

    public void Assessed(AssessmentOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        lock (_gate)
        {
            var now = (outcome.AssessmentId, outcome.State);
            if (_assessment == now) { return; }
            _assessment = now;
            OnAssessed(outcome);
        }
    }

    public void Saw(MigrationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        lock (_gate)
        {
            foreach (var stage in view.Stages.Where(s => s.State != StageState.Pending && _stages.GetValueOrDefault(s.Name) != s))
            {
                _stages[stage.Name] = stage;
                OnStage(stage);
            }

            foreach (var task in view.Tasks.Where(t => !_tasks.TryGetValue(t.Id, out var known) || known != t.State))
            {
                _tasks[task.Id] = task.State;
                OnTask(task);
            }

            if (view.Gate is { } gate && _opened != gate.EvidenceAt)
            {
                _opened = gate.EvidenceAt;
                OnGate(gate);
            }

            foreach (var notice in view.Notices.Where(n => _notices.Add($"{n.Code} {n.Message}"))) { OnNotice(notice); }
        }
    }

    public abstract Task EndedAsync(RehearsalResult result);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected abstract void OnStarted(LabHost host);

    protected abstract void OnSaid(LabPerson who, string what);

    protected abstract void OnAssessed(AssessmentOutcome outcome);

    protected abstract void OnStage(StageView stage);

    protected abstract void OnTask(OperatorTask task);

    protected abstract void OnGate(OpenGate gate);

    protected abstract void OnNotice(Notice notice);
}
