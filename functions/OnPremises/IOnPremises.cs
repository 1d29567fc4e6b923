using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Evidence;

namespace GwbCloud.Functions.OnPremises;

/// <summary>The Connect servers' listeners. Answers are records, never exceptions: what can't be known is said to be unknown.</summary>
public interface IOnPremises
{
    /// <summary>Names of the servers that have a listener.</summary>
    IReadOnlyList<string> Servers { get; }

    /// <summary>Takes a command and the documents that it names to its server. The same id again is the same job.</summary>
    Task<CommandReply> SubmitAsync(CommandSubmission submission, CancellationToken cancellationToken);

    /// <summary>Asks how a job stands; fetches its documents when it is done.</summary>
    Task<CommandReply> PollAsync(CommandPoll poll, CancellationToken cancellationToken);

    /// <summary>Whether a part of the evidence was signed by the server that it names, no longer ago than <paramref name="maxAge"/>.</summary>
    EnvelopeVerdict<EvidencePart> VerifyEvidence(string part, TimeSpan maxAge);
}
