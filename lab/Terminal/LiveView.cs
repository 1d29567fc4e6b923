using System.Globalization;
using System.Threading.Channels;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GwbCloud.Lab.Terminal;

/// <summary>A table of the stages that lives while the rehearsal runs.</summary>
public sealed class LiveView : IRehearsalView
{
    const int SaidAtMost = 4;
    const int NoticesAtMost = 3;

    readonly Channel<IRenderable> _frames = Channel.CreateUnbounded<IRenderable>(new UnboundedChannelOptions { SingleReader = true });
    readonly Queue<string> _said = new();
    readonly Lock _gate = new();
    readonly IAnsiConsole _console;
    Task? _drawing;
    int _filling;
    LabHost? _host;
    MigrationView? _view;
    AssessmentOutcome? _assessment;

    public LiveView(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        _console = console;
        console.WriteLine("Starting the rehearsal …");
    }

    public void Filled(int done, int total)
    {
        if (Interlocked.Exchange(ref _filling, 1) == 0) { _console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Filling {total:N0} objects into the directory …")); }
    }

    public void Started(LabHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        // Past the console that breaks lines: these are for copying.
        foreach (string line in InteractiveHelp.For(host)) { _console.Profile.Out.Writer.WriteLine(line); }
        Draw(() => _host = host);
        _drawing = _console.Live(Text.Empty).StartAsync(async live =>
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync())
            {
                // Only the newest one is worth a drawing.
                var newest = frame;
                while (_frames.Reader.TryRead(out var newer)) { newest = newer; }
                live.UpdateTarget(newest);
            }
        });
    }

    public void Said(LabPerson who, string what)
    {
        ArgumentNullException.ThrowIfNull(who);
        Draw(() =>
        {
            _said.Enqueue($"{_host?.Clock.GetUtcNow():ddd HH:mm}  {who.Name} {what}");
            while (_said.Count > SaidAtMost) { _said.Dequeue(); }
        });
    }

    public void Assessed(AssessmentOutcome outcome) => Draw(() => _assessment = outcome);

    public void Saw(MigrationView view) => Draw(() => _view = view);

    public async Task EndedAsync(RehearsalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        // Whoever goes on with what was over has seen nothing of it yet.
        if (result.View is { } last) { Saw(last); }
        await DisposeAsync();
        foreach (string line in result.DirectoryDifferences) { _console.WriteLine($"  directory: {line}"); }
        _console.MarkupLineInterpolated($"[{(result.ExitCode == ExitCode.Completed ? "green" : result.ExitCode == ExitCode.Harm ? "red" : "yellow")}]{Words.Outcome(result)}[/]");
    }

    public async ValueTask DisposeAsync()
    {
        _frames.Writer.TryComplete();
        if (_drawing is not null) { await _drawing; }
    }

    void Draw(Action change)
    {
        lock (_gate)
        {
            change();
            _frames.Writer.TryWrite(Frame());
        }
    }

    Rows Frame()
    {
        var now = _host?.Clock.GetUtcNow() ?? default;
        var table = new Table().RoundedBorder().AddColumns("Stage", "State", "Progress", "Time").Title($"Rehearsal, {now:yyyy-MM-dd HH:mm} UTC");
        if (_view is null) { table.AddRow("Assess", Markup.Escape(_assessment is null ? "running" : Names.Of(_assessment.State)), Markup.Escape(Migrating()), ""); }
        foreach (var stage in _view?.Stages ?? []) { table.AddRow(Words.Of(stage.Name), Coloured(stage.State), Markup.Escape(Words.Progress(stage, now)), Taken(stage, now)); }
        var lines = new List<IRenderable> { table };
        if (_view?.Gate is { } gate) { lines.Add(new Text($"Gate {Names.Of(gate.Gate)}: {gate.Approved} of {gate.Required} approvals, until {gate.Deadline:u}")); }
        foreach (var task in _view?.Tasks.Where(t => t.State == TaskState.Open) ?? []) { lines.Add(new Text($"Task: {task.Title}, until {task.Deadline:u}")); }
        foreach (var notice in _view?.Notices.TakeLast(NoticesAtMost) ?? []) { lines.Add(new Text(Words.Of(notice).TrimStart(), new Style(Color.Yellow))); }
        lines.AddRange(_said.Select(line => new Text(line, new Style(Color.Grey))));
        return new Rows(lines);
    }

    string Migrating() => _assessment is { State: not AssessmentState.Running } known ? $"{known.Migrating:N0} groups migrate" : "";

    static string Taken(StageView stage, DateTimeOffset now) => stage.StartedAt is { } from ? Words.Of((stage.EndedAt ?? now) - from) : "";

    static string Coloured(StageState state) => state switch
    {
        StageState.Done => "[green]done[/]",
        StageState.Running => "[blue]running[/]",
        StageState.Waiting => "[yellow]waiting[/]",
        StageState.Failed => "[red]failed[/]",
        _ => $"[grey]{Names.Of(state)}[/]",
    };
}
