using System.CommandLine;
using System.CommandLine.Help;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The command line of the verb <c>defaults</c>: operations on writeback's defaults, rehearsed in a simulated tenant.</summary>
public sealed class DefaultsCommandLine
{
    public const string Verb = "defaults";

    readonly Argument<string> _what = new("WHAT") { Description = "new-groups: whether new Microsoft 365 groups are written back; existing-groups: whether those that are there are; member-limit: the rule that keeps large ones out; delete-rule: the rule that deletes what is switched off." };
    readonly Option<bool> _on = new("--on") { Description = "On; without it, off. For delete-rule on adds the rule, off removes it." };
    readonly Option<int?> _selected = StrictOptions.Number("--selected", "N", "Names so many groups one by one (existing-groups; default all).");
    readonly OperationArguments _operation = new();
    readonly Command _command;

    public DefaultsCommandLine()
    {
        _command = new Command(Verb, "Rehearses a change of writeback's defaults. Exit code 0: the world is as it should be, 1: not ended, 2: bad usage, 3: denied, 4: the world differs.")
        {
            _what, _on, _selected, new HelpOption(),
        };
        _operation.AddTo(_command);
    }

    public static Task<int> RunAsync(string[] args, Func<RehearsalOptions, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var line = new DefaultsCommandLine();
        return Shell.RunAsync(line._command, args, stop => run(line.Read(args), stop));
    }

    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public RehearsalOptions Read(IReadOnlyList<string> args)
    {
        var parsed = StrictOptions.Parse(_command, args);
        string what = parsed.GetValue(_what) ?? "";
        int? selected = parsed.GetValue(_selected);
        string kind = what switch
        {
            "new-groups" => NewGroupsByHand.Kind,
            "existing-groups" => ExistingGroupsByHand.Kind,
            "member-limit" => MemberLimitByHand.Kind,
            "delete-rule" => DeleteRuleByHand.Kind,
            _ => throw new BadUsageException($"{Quoted.Of(what)} is none of new-groups, existing-groups, member-limit, delete-rule."),
        };
        if (selected is not null && kind != ExistingGroupsByHand.Kind) { throw new BadUsageException("--selected is for existing-groups."); }
        if (selected is < 1 or > 1_000) { throw new BadUsageException(FormattableString.Invariant($"--selected must lie between 1 and 1,000, not {selected}.")); }

        var options = _operation.Read(parsed, new OperationStory { Kind = kind, Off = !parsed.GetValue(_on), Selected = selected });
        return options.Story.Operation is { Kind: DeleteRuleByHand.Kind, Off: true, Undo: true }
            ? throw new BadUsageException("--undo has no meaning where delete-rule is removed: adding it again is an operation of its own. It is for delete-rule --on.")
            : options;
    }
}
