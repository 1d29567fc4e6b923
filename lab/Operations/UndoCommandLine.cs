using System.CommandLine;
using System.CommandLine.Help;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The command line of the verb <c>undo</c>: a migration is brought to a point, left there, and undone from what is kept of it.</summary>
public sealed class UndoCommandLine
{
    public const string Verb = "undo";

    /// <summary>The last stage before the switch can have been made.</summary>
    const StageName Last = StageName.ConfirmSwitch;

    readonly Argument<string> _how = new("HOW") { Description = "left: denied and left at the plan's gate; postponed: put off at a gate; lost: its history is gone in the middle of a stage." };
    readonly Option<string?> _gate = StrictOptions.Text("--gate", "GATE", "plan or switch: where it is put off (postponed; default switch).");
    readonly Option<string?> _in = StrictOptions.Text("--in", "STAGE", $"The stage in which it is lost (lost; default first-full-sync): {string.Join(", ", Stages)}.");
    readonly Option<bool> _gone = new("--history-gone") { Description = "The history is gone also of one that was left or postponed; of one that is lost it always is." };
    readonly OperationArguments _operation = new(undo: false);
    readonly Command _command;

    public UndoCommandLine()
    {
        _command = new Command(Verb, "Rehearses the undo of a migration that was left. Exit code 0: the world is as if there had been none, 1: not ended, 2: bad usage, 3: denied, 4: the world differs.")
        {
            _how, _gate, _in, _gone, new HelpOption(),
        };
        _operation.AddTo(_command);
    }

    static IEnumerable<string> Stages => Enum.GetValues<StageName>().Where(stage => stage is > StageName.Assess and <= Last).Select(Names.Of);

    public static Task<int> RunAsync(string[] args, Func<RehearsalOptions, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var line = new UndoCommandLine();
        return Shell.RunAsync(line._command, args, stop => run(line.Read(args), stop));
    }

    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public RehearsalOptions Read(IReadOnlyList<string> args)
    {
        var parsed = StrictOptions.Parse(_command, args);
        string how = parsed.GetValue(_how) ?? "";
        var (gate, stage, gone) = (parsed.GetValue(_gate), parsed.GetValue(_in), parsed.GetValue(_gone));
        if (gate is not null && how != "postponed") { throw new BadUsageException("--gate is for postponed."); }
        if (gate is not null && !Names.TryParse<RehearsedGate>(gate, out _)) { throw new BadUsageException($"--gate is plan or switch, not {Quoted.Of(gate)}."); }
        if (stage is not null && how != "lost") { throw new BadUsageException("--in is for lost."); }
        if (stage is not null && !Stages.Contains(stage)) { throw new BadUsageException($"--in is none of {string.Join(", ", Stages)}: {Quoted.Of(stage)}."); }
        var story = new OperationStory { Kind = UndoneMigration.Kind, HistoryGone = gone || how == "lost", LostIn = how == "lost" ? stage ?? Names.Of(StageName.FirstFullSync) : null };
        var (decision, at) = how switch
        {
            "left" => (RehearsedDecision.DenyAndLeave, RehearsedGate.Plan),
            "postponed" => (RehearsedDecision.Postpone, gate == Names.Of(RehearsedGate.Plan) ? RehearsedGate.Plan : RehearsedGate.Switch),
            "lost" => (RehearsedDecision.Approve, RehearsedGate.Switch),
            _ => throw new BadUsageException($"{Quoted.Of(how)} is neither left nor postponed nor lost."),
        };
        return _operation.Read(parsed, story, told => told with { Decision = decision, At = at });
    }
}
