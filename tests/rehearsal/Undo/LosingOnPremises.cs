using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Lab.Operations;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>At which command a migration loses its cloud half. The switch is never reached: where it is about to be called, it is lost before.</summary>
sealed class LosingWire(int at, bool handedOn, LostMoment? lost)
{
    readonly Lock _lock = new();
    readonly HashSet<string> _seen = [];

    /// <summary>The command, by server and kind; null when there was none.</summary>
    public string? LostAt { get; private set; }

    /// <summary>False keeps the command back.</summary>
    public bool Pass(CommandSubmission submission)
    {
        if (!submission.MigrationId.StartsWith("m-", StringComparison.Ordinal)) { return true; }
        lock (_lock)
        {
            if (LostAt is not null) { return false; }
            bool switches = submission.Command.Contains(nameof(DisableGroupWritebackV2), StringComparison.OrdinalIgnoreCase);
            if (!_seen.Add(submission.CommandId) || (_seen.Count != at && !switches) || lost is null) { return true; }
            LostAt = $"{submission.Server} {submission.Command[..Math.Min(60, submission.Command.Length)]} (the {_seen.Count}th, {(handedOn && !switches ? "handed on" : "kept back")})";
            lost.Come();
            return handedOn && !switches;
        }
    }
}

/// <summary>Stands between the product and the servers until the cloud half is lost.</summary>
sealed class LosingOnPremises(IOnPremises inner, LosingWire wire) : IOnPremises
{
    public IReadOnlyList<string> Servers => inner.Servers;

    public async Task<CommandReply> SubmitAsync(CommandSubmission submission, CancellationToken cancellationToken) =>
        wire.Pass(submission) ? await inner.SubmitAsync(submission, cancellationToken) : new CommandReply { State = CommandState.Unknown, Unreachable = true };

    public Task<CommandReply> PollAsync(CommandPoll poll, CancellationToken cancellationToken) => inner.PollAsync(poll, cancellationToken);

    public EnvelopeVerdict<EvidencePart> VerifyEvidence(string part, TimeSpan maxAge) => inner.VerifyEvidence(part, maxAge);
}
