using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.Tests.Functions.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Tests.Functions.OnPremises;

/// <summary>The smallest thing that speaks as a listener does, on a port of its own.</summary>
sealed class TestListener : IAsyncDisposable
{
    public const string Server = "AADC1";

    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly WebApplication _application;
    readonly EnvelopeVerifier _verifier;

    TestListener(ECDsa commandKey)
    {
        _verifier = new([PinnedKey.Of("cloud", commandKey)], TimeProvider.System, new() { Tenant = TestIssuer.Tenant, Server = Server });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public Uri Address => new(_application.Urls.Single());

    /// <summary>The key that was enrolled.</summary>
    public ECDsa Key => _key;

    /// <summary>Signs with this instead.</summary>
    public EnvelopeSigner? SignsWith { get; set; }

    /// <summary>Takes the place of every answer when set.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>What a command comes to; null leaves it running.</summary>
    public Func<CommandEnvelope, Document?> Work { get; set; } = _ => null;

    /// <summary>Signs with another key than was enrolled.</summary>
    public bool Forge { get; set; }

    /// <summary>Answers each result as a document of its own.</summary>
    public bool Large { get; set; }

    public ConcurrentDictionary<string, CommandEnvelope> Jobs { get; } = new();

    public ConcurrentDictionary<string, byte[]> Documents { get; } = new();

    public int Submissions { get; private set; }

    public int PartsUploaded { get; private set; }

    public static async Task<TestListener> StartAsync(ECDsa commandKey)
    {
        var listener = new TestListener(commandKey);
        await listener._application.StartAsync();
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _key.Dispose();
    }

    readonly ConcurrentDictionary<string, DocumentAssembler> _uploads = new();

    /// <summary>What it answers by itself.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        await ((context.Request.Method, path) switch
        {
            ("POST", ["commands"]) => SubmitAsync(context, Encoding.ASCII.GetString(body.ToArray())),
            ("GET", ["commands", var id]) => Jobs.TryGetValue(id, out var job) ? StatusAsync(context, job) : MissingAsync(context),
            ("GET", ["documents", var sha]) => Documents.ContainsKey(sha) ? JsonAsync(context, 200, new { }) : MissingAsync(context),
            ("PUT", ["documents", var sha, var part]) => UploadAsync(context, sha, int.Parse(part, CultureInfo.InvariantCulture), body.ToArray()),
            ("GET", ["documents", var sha, var part]) => Documents.TryGetValue(sha, out var content)
                ? context.Response.Body.WriteAsync(DocumentParts.Split(content)[int.Parse(part, CultureInfo.InvariantCulture)]).AsTask()
                : MissingAsync(context),
            _ => MissingAsync(context),
        });
    }

    Task SubmitAsync(HttpContext context, string envelope)
    {
        Submissions++;
        var verdict = _verifier.VerifyCommand(envelope);
        if (!verdict.IsAccepted)
        {
            return JsonAsync(context, 401, verdict.Refusal.ToCommandError());
        }

        Jobs.TryAdd(verdict.Envelope.CommandId, verdict.Envelope);
        return StatusAsync(context, verdict.Envelope);
    }

    Task StatusAsync(HttpContext context, CommandEnvelope job)
    {
        if (Work(job) is not { } result)
        {
            return JsonAsync(context, 202, new CommandStatus { CommandId = job.CommandId, State = CommandState.Running, Progress = new() { What = "groups", Done = 1, Total = 2 } });
        }

        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (Large)
        {
            Documents[result.Reference.Sha256] = result.Content.ToArray();
        }

        var signed = (SignsWith ?? new(Forge ? stranger : _key, "aadc1")).Sign(new ResultEnvelope
        {
            Server = Server,
            CommandId = job.CommandId,
            CommandHash = job.CommandHash(),
            CompletedAt = DateTimeOffset.UtcNow,
            Payload = Large ? null : JsonElement.Parse(result.Content.Span),
            Document = Large ? result.Reference : null,
        });
        return JsonAsync(context, 200, new CommandStatus { CommandId = job.CommandId, State = CommandState.Done, Result = signed });
    }

    Task UploadAsync(HttpContext context, string sha, int part, byte[] content)
    {
        PartsUploaded++;
        var parts = int.Parse(context.Request.Query["parts"].Single()!, CultureInfo.InvariantCulture);
        var assembler = _uploads.GetOrAdd(sha, _ => new(sha, parts));
        var verdict = assembler.Accept(part, parts, content);
        if (assembler.TryGetContent(out var whole))
        {
            Documents[sha] = whole;
        }

        return JsonAsync(context, verdict.State == PartState.Refused ? 400 : 200, verdict);
    }

    static Task MissingAsync(HttpContext context) => JsonAsync(context, 404, new CommandError { Code = "GWB6001", Message = "There is nothing at this address." });

    static Task JsonAsync<T>(HttpContext context, int status, T value)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(value, ContractJson.Options);
    }
}
