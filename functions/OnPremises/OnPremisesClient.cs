using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.OnPremises;

/// <summary>Signs commands, takes them with their documents to the listeners, and believes only what a listener signed.</summary>
/// <remarks>
/// A command is kept before it is sent, so that it can be asked about after any crash. When a listener says that it does not know a
/// command, the same command goes again; the switch alone does not once it had been accepted, because a listener that lost its
/// journal can't tell whether it acted.
/// </remarks>
public sealed partial class OnPremisesClient : IOnPremises, IDisposable
{
    /// <summary>Name of the HTTP client.</summary>
    public const string HttpClientName = "on-premises";

    // The listener's words for "I know no such command".
    const string JobUnknown = "GWB6001";

    readonly IHttpClientFactory _http;
    readonly IRelayTokens _relayTokens;
    readonly IDocumentStore _documents;
    readonly TimeProvider _clock;
    readonly ILogger<OnPremisesClient> _logger;
    readonly string _tenant;
    readonly TimeSpan _life;
    readonly Dictionary<string, ListenerOptions> _listeners;
    readonly ECDsa _key;
    readonly EnvelopeSigner? _signer;
    readonly EnvelopeVerifier _verifier;

    public OnPremisesClient(
        IHttpClientFactory http, IRelayTokens relayTokens, IDocumentStore documents, TimeProvider clock, IOptions<OnPremisesOptions> options,
        IOptions<IdentityOptions> identity, ILogger<OnPremisesClient> logger)
    {
        (_http, _relayTokens, _documents, _clock, _logger) = (http, relayTokens, documents, clock, logger);
        _tenant = identity.Value.Tenant;
        _life = TimeSpan.FromMinutes(options.Value.CommandLifeMinutes);
        _listeners = options.Value.Listeners.ToDictionary(l => l.Server, StringComparer.OrdinalIgnoreCase);
        _key = ECDsa.Create();
        if (_listeners.Count > 0)
        {
            _key.ImportFromPem(options.Value.ReadSigningKey());
            _signer = new(_key, options.Value.SigningKeyId);
        }

        _verifier = new(
            _listeners.Values.SelectMany(l => l.Pinned), clock, new() { Tenant = _tenant });
        Servers = [.. options.Value.Listeners.Select(l => l.Server)];
    }

    public IReadOnlyList<string> Servers { get; }

    public async Task<CommandReply> SubmitAsync(CommandSubmission submission, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (!_listeners.TryGetValue(submission.Server, out var listener))
        {
            return Fail(OnPremisesError.ServerUnknown.Because(submission.Server));
        }

        if (Read(submission.Command) is not { } command)
        {
            return Fail(OnPremisesError.CommandMalformed.Because());
        }

        var name = NameOf(submission.Server, submission.CommandId);
        var submitted = new SubmittedCommand { Submission = submission, CommandHash = Enclose(submission, command).CommandHash() };
        if (!await _documents.WriteOneAsync(name, submitted, etag: "", cancellationToken))
        {
            var before = await _documents.ReadOneAsync<SubmittedCommand>(name, cancellationToken);
            if (before?.CommandHash != submitted.CommandHash)
            {
                return Fail(OnPremisesError.CommandIdTaken.Because(submission.CommandId));
            }

            submitted = before;
        }

        return submitted.Accepted
            ? await PollAsync(new() { MigrationId = submission.MigrationId, Server = submission.Server, CommandId = submission.CommandId }, cancellationToken)
            : await SendAsync(Connect(listener), submitted, command, cancellationToken);
    }

    public async Task<CommandReply> PollAsync(CommandPoll poll, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(poll);
        if (!_listeners.TryGetValue(poll.Server, out var listener))
        {
            return Fail(OnPremisesError.ServerUnknown.Because(poll.Server));
        }

        if (await _documents.ReadOneAsync<SubmittedCommand>(NameOf(poll.Server, poll.CommandId), cancellationToken) is not { } submitted
            || Read(submitted.Submission.Command) is not { } command)
        {
            return Fail(OnPremisesError.CommandUnknown.Because(poll.CommandId));
        }

        var connection = Connect(listener);
        var answer = await connection.ReadStatusAsync(poll.CommandId, cancellationToken);
        if (answer.Refusal?.Code != JobUnknown)
        {
            return await InterpretAsync(connection, submitted, answer, cancellationToken);
        }

        if (submitted.Accepted)
        {
            LogJobLost(submitted.Submission.MigrationId, poll.CommandId, poll.Server);
            return new() { State = CommandState.Unknown, Error = OnPremisesError.JobLost.Because(poll.Server).ToCommandError() };
        }

        return await SendAsync(connection, submitted, command, cancellationToken);
    }

    public EnvelopeVerdict<EvidencePart> VerifyEvidence(string part, TimeSpan maxAge) => _verifier.VerifyEvidence(part, maxAge);

    public void Dispose() => _key.Dispose();

    async Task<CommandReply> SendAsync(ListenerConnection connection, SubmittedCommand submitted, Command command, CancellationToken cancellationToken)
    {
        var envelope = Enclose(submitted.Submission, command);
        foreach (var reference in NamedDocuments.In(envelope.Payload))
        {
            if (await UploadAsync(connection, reference, cancellationToken) is { } failed)
            {
                return failed;
            }
        }

        string signed;
        try
        {
            signed = _signer!.Sign(envelope);
        }
        catch (ContractException refused)
        {
            return Fail(refused.Refusal);
        }

        var answer = await connection.SubmitAsync(signed, cancellationToken);
        if (answer.Succeeded && command is DisableGroupWritebackV2 && !submitted.Accepted)
        {
            submitted = submitted with { Accepted = true };
            await _documents.WriteOneAsync(NameOf(submitted.Submission.Server, submitted.Submission.CommandId), submitted, cancellationToken);
        }

        return await InterpretAsync(connection, submitted, answer, cancellationToken);
    }

    async Task<CommandReply> InterpretAsync(ListenerConnection connection, SubmittedCommand submitted, ListenerAnswer answer, CancellationToken cancellationToken)
    {
        var submission = submitted.Submission;
        if (!answer.Arrived)
        {
            LogUnreachable(submission.MigrationId, submission.CommandId, submission.Server, answer.Silence.Code);
            return Unknown(answer.Silence);
        }

        if (answer.Refusal is { } refusal)
        {
            return new() { State = CommandState.Failed, Error = refusal };
        }

        if (ReadStatus(answer.Content) is not { } status || status.CommandId != submission.CommandId)
        {
            return Malformed(submission.Server);
        }

        return status.State == CommandState.Done
            ? await AcceptAsync(connection, submitted, status, cancellationToken)
            : new() { State = status.State, Progress = status.Progress, Error = status.Error };
    }

    async Task<CommandReply> AcceptAsync(ListenerConnection connection, SubmittedCommand submitted, CommandStatus status, CancellationToken cancellationToken)
    {
        var submission = submitted.Submission;
        var verdict = _verifier.VerifyResult(
            status.Result, new() { Server = submission.Server, CommandId = submission.CommandId, CommandHash = submitted.CommandHash });
        if (!verdict.IsAccepted)
        {
            LogForged(submission.MigrationId, submission.CommandId, submission.Server, verdict.Refusal.Code);
            var why = verdict.Refusal.Code == ContractError.EnvelopeKeyOutOfTime.Code ? OnPremisesError.ResultKeyOutOfTime : OnPremisesError.ResultForged;
            return Fail(why.Because($"{submission.Server}, {verdict.Kid ?? "no key"}, {verdict.Refusal.Code}"));
        }

        var result = verdict.Envelope.Payload;
        if (verdict.Envelope.Document is { } large)
        {
            if (await DownloadAsync(connection, large, cancellationToken) is { } failed)
            {
                return failed;
            }

            result = JsonElement.Parse(await _documents.LoadAsync(large, cancellationToken));
        }

        foreach (var reference in NamedDocuments.In(result!.Value))
        {
            if (await DownloadAsync(connection, reference, cancellationToken) is { } failed)
            {
                return failed;
            }
        }

        return new() { State = CommandState.Done, Progress = status.Progress, Result = result.Value.GetRawText() };
    }

    /// <summary>Null when the listener has the document, else why not.</summary>
    async Task<CommandReply?> UploadAsync(ListenerConnection connection, DocumentReference reference, CancellationToken cancellationToken)
    {
        var found = await connection.FindDocumentAsync(reference, cancellationToken);
        if (!found.Arrived)
        {
            return Unknown(found.Silence);
        }

        if (found.Refusal is null)
        {
            // A page of HTML from something in between would otherwise count as "it is there".
            return found.Content is [(byte)'{', ..] ? null : Malformed(reference.Kind);
        }

        byte[] content;
        try
        {
            content = await _documents.LoadAsync(reference, cancellationToken);
        }
        catch (DocumentException)
        {
            return Fail(OnPremisesError.DocumentRefused.Because(reference.Kind));
        }

        var index = 0;
        foreach (var part in DocumentParts.Split(content))
        {
            var answer = await connection.UploadPartAsync(reference, index++, part, cancellationToken);
            if (!answer.Succeeded)
            {
                return answer.Arrived ? Refused(reference, answer.Refusal!) : Unknown(answer.Silence);
            }
        }

        return null;
    }

    /// <summary>Null when the store has the document, else why not.</summary>
    async Task<CommandReply?> DownloadAsync(ListenerConnection connection, DocumentReference reference, CancellationToken cancellationToken)
    {
        if (await IsHereAsync(reference, cancellationToken))
        {
            return null;
        }

        var parts = new List<ReadOnlyMemory<byte>>(reference.Parts);
        for (var index = 0; index < reference.Parts; index++)
        {
            var answer = await connection.DownloadPartAsync(reference, index, cancellationToken);
            if (!answer.Succeeded)
            {
                return answer.Arrived ? Refused(reference, answer.Refusal!) : Unknown(answer.Silence);
            }

            parts.Add(answer.Content);
        }

        try
        {
            await _documents.SaveAsync(reference.Kind, DocumentParts.Join(reference, parts), reference.Count, cancellationToken);
            return null;
        }
        catch (ContractException refused)
        {
            return Fail(OnPremisesError.DocumentRefused.Because($"{reference.Kind}, {refused.Refusal.Code}"));
        }
    }

    async Task<bool> IsHereAsync(DocumentReference reference, CancellationToken cancellationToken)
    {
        try
        {
            _ = await _documents.LoadAsync(reference, cancellationToken);
            return true;
        }
        catch (DocumentException)
        {
            return false;
        }
    }

    CommandEnvelope Enclose(CommandSubmission submission, Command command) => CommandEnvelope.For(
        command, submission.CommandId, _tenant, submission.MigrationId, submission.PlanHash is { Length: > 0 } hash ? hash : null, submission.Server,
        _clock.GetUtcNow(), _life);

    ListenerConnection Connect(ListenerOptions listener)
    {
        var address = listener.Address.EndsWith('/') ? listener.Address : listener.Address + "/";
        return new(_http.CreateClient(HttpClientName), new Uri(address), listener.Relay ? _relayTokens : null);
    }

    static Command? Read(string command)
    {
        try
        {
            return JsonSerializer.Deserialize<Command>(command, ContractJson.Options);
        }
        catch (Exception refused) when (refused is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    static CommandStatus? ReadStatus(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<CommandStatus>(content, ContractJson.Lenient);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Ids are the orchestration's own and may hold what no document's name may.
    static string NameOf(string server, string commandId) =>
        $"commands/{Sha256Text.Of(Encoding.UTF8.GetBytes($"{server.ToUpperInvariant()}\n{commandId}"))}";

    static CommandReply Fail(Refusal refusal) => new() { State = CommandState.Failed, Error = refusal.ToCommandError() };

    static CommandReply Unknown(CommandError why) => new() { State = CommandState.Unknown, Unreachable = true, Error = why };

    static CommandReply Malformed(string what) => Unknown(ListenerAnswer.Unknown(OnPremisesError.AnswerMalformed, what).Silence!);

    static CommandReply Refused(DocumentReference reference, CommandError refusal) =>
        Fail(OnPremisesError.DocumentRefused.Because($"{reference.Kind}, {refusal.Code}"));

    [LoggerMessage(3000, LogLevel.Warning, "{MigrationId}: no answer of {Server} about command {CommandId} ({Code}); whether it arrived is unknown.")]
    partial void LogUnreachable(string migrationId, string commandId, string server, string code);

    [LoggerMessage(3001, LogLevel.Error, "{MigrationId}: {Server} lost the accepted command {CommandId}.")]
    partial void LogJobLost(string migrationId, string commandId, string server);

    [LoggerMessage(3002, LogLevel.Error, "{MigrationId}: the result of command {CommandId} from {Server} is refused ({Code}).")]
    partial void LogForged(string migrationId, string commandId, string server, string code);

    /// <summary>A command as it was submitted, for the time after a crash.</summary>
    sealed record SubmittedCommand
    {
        public required CommandSubmission Submission { get; init; }
        public required string CommandHash { get; init; }

        /// <summary>The listener took the switch's command: from then on it is never sent as if it were new.</summary>
        public bool Accepted { get; init; }
    }
}
