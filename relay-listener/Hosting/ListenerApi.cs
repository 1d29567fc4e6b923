using System.Globalization;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Audit;
using GwbCloud.RelayListener.Documents;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Hosting;

/// <summary>A request as any transport hands it over.</summary>
sealed record ListenerRequest
{
    public required string Method { get; init; }

    /// <summary>Path without the query, as it was sent: a command id may hold an escaped slash.</summary>
    public required string Path { get; init; }

    /// <summary>The query value <c>parts</c>, when there is one.</summary>
    public string? Parts { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>An answer, always small.</summary>
sealed record ListenerResponse
{
    public required int Status { get; init; }

    public required string ContentType { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When asking again makes sense, for the header <c>Retry-After</c>; null when it does not matter.</summary>
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>The job API: the same behind every transport. Nothing that arrives makes it throw.</summary>
sealed partial class ListenerApi(EnvelopeVerifier verifier, JobQueue jobs, DocumentFolder documents, AuditTrail audit, string server, ILogger logger)
{
    /// <summary>Larger bodies are refused by the transport before they are read.</summary>
    public const int MaxBodyBytes = EnvelopeSigner.MaxLength;

    /// <summary>What there is; docs/listener-api.md tells the same.</summary>
    public static IReadOnlyList<string> Routes { get; } =
    [
        "GET /health", "POST /commands", "GET /commands/{id}", "PUT /documents/{sha256}/{part}", "GET /documents/{sha256}",
        "GET /documents/{sha256}/{part}",
    ];

    /// <summary>A place in the queue is free again after a while; asking at once only costs.</summary>
    const int BusySeconds = 15;

    public async Task<ListenerResponse> HandleAsync(ListenerRequest request, CancellationToken cancellationToken)
    {
        try
        {
            string[] segments = [.. request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
            return (request.Method, segments) switch
            {
                ("GET", ["health"]) => jobs.Fault is { } fault
                    ? Refuse(503, fault)
                    : Json(200, new { State = "running", Server = server, OpenJobs = jobs.Open }),
                ("POST", ["commands"]) => await AcceptCommandAsync(request),
                ("GET", ["commands", var id]) => jobs.Find(id) switch
                {
                    { Status: { } status } => Json(200, status),
                    { Busy: { } fault } => Refuse(503, fault) with { RetryAfterSeconds = BusySeconds },
                    _ => Refuse(404, JobError.NotFound.ToError()),
                },
                ("GET", ["documents", var sha256]) => documents.Has(sha256) ? Json(200, new { }) : Refuse(404, JobError.NotFound.ToError()),
                ("PUT", ["documents", var sha256, var part]) => await AcceptPartAsync(request, sha256, part, cancellationToken),
                ("GET", ["documents", var sha256, var part]) => await ReadPartAsync(sha256, part, cancellationToken),
                _ => Refuse(404, JobError.NotFound.ToError()),
            };
        }
        catch (ContractException e)
        {
            return Refuse(400, e.Refusal.ToError());
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogRequestFailed(e, request.Method);
            return Refuse(500, JobError.Unexpected.ToError(e.GetType().Name, transient: true));
        }
    }

    public static ListenerResponse Refuse(int status, CommandError error) => Json(status, error);

    async Task<ListenerResponse> AcceptCommandAsync(ListenerRequest request)
    {
        var verdict = verifier.VerifyCommand(Encoding.ASCII.GetString(request.Body.Span));
        if (!verdict.IsAccepted) { return RefuseCommand(StatusOf(verdict.Refusal), verdict.Refusal, verdict.Kid, request); }
        JobAnswer answer;
        try
        {
            answer = await jobs.AcceptAsync(verdict.Envelope, verdict.Kid!);
        }
        catch (ContractException e)
        {
            return RefuseCommand(400, e.Refusal, verdict.Kid, request);
        }
        return answer switch
        {
            { Status: { } status } => Json(202, status),
            { Busy: { } busy } => Refuse(503, busy) with { RetryAfterSeconds = BusySeconds },
            { Refusal: { } conflict } => RefuseCommand(409, conflict, verdict.Kid, request),
            _ => throw new InvalidOperationException("An answer holds a status or a refusal."),
        };
    }

    /// <summary>Nothing else of a refused command is kept than its line in the audit trail.</summary>
    ListenerResponse RefuseCommand(int status, Refusal refusal, string? kid, ListenerRequest request)
    {
        if (audit.Refused(refusal, kid, request.Body.Span)) { LogRefused(refusal.Code, refusal.Message); }
        return Refuse(status, refusal.ToError());
    }

    async Task<ListenerResponse> AcceptPartAsync(ListenerRequest request, string sha256, string part, CancellationToken cancellationToken)
    {
        if (!TryNumber(part, out int index) || !TryNumber(request.Parts, out int parts)) { return Refuse(400, JobError.RequestMalformed.ToError("part")); }
        var verdict = await documents.AcceptAsync(sha256, index, parts, request.Body, cancellationToken);
        return verdict.Refusal is { } refusal
            ? Refuse(refusal.Code == ContractError.PartChanged.Code ? 409 : refusal.Code == JobError.DocumentsFull.Code ? 413 : 400, refusal.ToError())
            : Json(200, verdict);
    }

    async Task<ListenerResponse> ReadPartAsync(string sha256, string part, CancellationToken cancellationToken) =>
        TryNumber(part, out int index) && await documents.ReadPartAsync(sha256, index, cancellationToken) is { } bytes
            ? new() { Status = 200, ContentType = "application/octet-stream", Body = bytes }
            : Refuse(404, JobError.NotFound.ToError());

    static bool TryNumber(string? text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>The status of an envelope that is refused.</summary>
    public static int StatusOf(Refusal refusal) => refusal.Code switch
    {
        var code when code == ContractError.EnvelopeKeyUnknown.Code || code == ContractError.EnvelopeSignatureWrong.Code => 401,
        var code when code == ContractError.EnvelopeExpired.Code || code == ContractError.EnvelopeNotYetValid.Code
            || code == ContractError.EnvelopeLifeTooLong.Code || code == ContractError.EnvelopeOtherTenant.Code
            || code == ContractError.EnvelopeOtherServer.Code || code == ContractError.EnvelopeKeyOutOfTime.Code => 403,
        _ => 400,
    };

    static ListenerResponse Json<T>(int status, T body) => new()
    {
        Status = status,
        ContentType = "application/json",
        Body = JsonSerializer.SerializeToUtf8Bytes(body, ContractJson.Options),
    };

    [LoggerMessage(6010, LogLevel.Warning, "A command was refused: {Code} {Message}")]
    partial void LogRefused(string code, string message);

    [LoggerMessage(6011, LogLevel.Error, "A {Method} request failed unexpectedly")]
    partial void LogRequestFailed(Exception e, string method);
}
