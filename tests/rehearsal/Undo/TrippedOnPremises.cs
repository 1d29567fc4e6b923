using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Functions.OnPremises;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Stands between the product and the servers, and at the n-th command of a migration before its switch lets something happen.</summary>
sealed class TrippedOnPremises(IOnPremises inner, TripWire wire) : IOnPremises
{
    public IReadOnlyList<string> Servers => inner.Servers;

    public async Task<CommandReply> SubmitAsync(CommandSubmission submission, CancellationToken cancellationToken) =>
        await wire.PassAsync(submission) ?? await inner.SubmitAsync(submission, cancellationToken);

    public Task<CommandReply> PollAsync(CommandPoll poll, CancellationToken cancellationToken) => inner.PollAsync(poll, cancellationToken);

    public EnvelopeVerdict<EvidencePart> VerifyEvidence(string part, TimeSpan maxAge) => inner.VerifyEvidence(part, maxAge);
}

/// <summary>Where a run is to turn: at which command of the migration, and how.</summary>
sealed class TripWire(int at, UndoBy by)
{
    readonly Lock _lock = new();
    readonly HashSet<string> _seen = [];
    UndoBy _by = by;

    /// <summary>Asks for the migration's end as an operator does; set once the lab is up.</summary>
    public Func<string, Task>? CancelAsync { get; set; }

    /// <summary>Commands of the migration so far.</summary>
    public int Passed
    {
        get { lock (_lock) { return _seen.Count; } }
    }

    /// <summary>The command at which it happened, by its kind and server; null when the run was over before.</summary>
    public string? Tripped { get; private set; }

    /// <summary>Null lets the command through.</summary>
    public async Task<CommandReply?> PassAsync(CommandSubmission submission)
    {
        // The assessment asks the servers too, under its own id.
        if (!submission.MigrationId.StartsWith("m-", StringComparison.Ordinal)) { return null; }
        lock (_lock)
        {
            if (!_seen.Add(submission.CommandId)) { return null; }
            // Whatever was drawn, it turns before anything is switched, also after a fault that the product could bear; a cancel would come too late there.
            bool switches = submission.Command.Contains(nameof(DisableGroupWritebackV2), StringComparison.OrdinalIgnoreCase);
            if ((_seen.Count != at || Tripped is not null) && !(switches && _by is (UndoBy.Fault or UndoBy.Lost or UndoBy.Cancel))) { return null; }
            if (switches && _by == UndoBy.Cancel) { _by = UndoBy.Fault; }
            Tripped = $"{submission.Server} {submission.Command[..Math.Min(60, submission.Command.Length)]}";
        }
        switch (_by)
        {
            case UndoBy.Fault:
                return new CommandReply { State = CommandState.Failed, Error = new() { Code = "GWB6999", Message = "The test let this command fail.", Transient = false } };
            case UndoBy.Lost:
                // Nobody knows what became of it, for as long as anybody asks.
                return new CommandReply { State = CommandState.Unknown };
            case UndoBy.Cancel:
                await CancelAsync!(submission.MigrationId);
                return null;
            default:
                return null;
        }
    }
}

/// <summary>What makes a migration turn back.</summary>
enum UndoBy
{
    /// <summary>A command fails for good.</summary>
    Fault,

    /// <summary>A command ends in an unknown state.</summary>
    Lost,

    /// <summary>An operator cancels.</summary>
    Cancel,

    /// <summary>The approvers deny at the plan's gate.</summary>
    DenyPlan,

    /// <summary>The approvers deny at the switch's gate.</summary>
    DenySwitch,
}
