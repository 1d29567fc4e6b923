using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Functions.Approvals;

/// <summary>Takes away sign-ins and sessions whose time is over, a few at each new sign-in. What can't be read goes too: it lets nobody in.</summary>
/// <remarks>More go than come, so the store holds about those of the last hour, however long the app lives.</remarks>
public sealed partial class SignInSweep(IDocumentStore documents, TimeProvider clock, ILogger<SignInSweep> logger)
{
    /// <summary>How many of each kind are looked at, at most: a sign-in does not wait for what all before it left.</summary>
    public const int Most = 16;

    /// <summary>For how long one is kept after its end, so that whoever is late is told that he is late, also by an instance whose clock runs ahead.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromMinutes(10);

    string? _lastSignIn;
    string? _lastSession;

    /// <summary>Looks at the next few. Nobody's sign-in fails by it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            _lastSignIn = await SweepAsync(PassingName.SignIns, _lastSignIn, cancellationToken);
            _lastSession = await SweepAsync(PassingName.Sessions, _lastSession, cancellationToken);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or DocumentException)
        {
            LogFailed(failed.GetType().Name);
        }
    }

    /// <returns>The last one that was looked at, to go on behind it the next time; null to begin anew.</returns>
    async Task<string?> SweepAsync(string prefix, string? last, CancellationToken cancellationToken)
    {
        var names = await documents.NamesAsync(prefix, cancellationToken);
        var turn = names.SkipWhile(name => string.CompareOrdinal(name, last) <= 0).Take(Most).ToList();
        foreach (var name in turn)
        {
            if (PassingName.Of(name) is { } passing)
            {
                await SweepAsync(passing, cancellationToken);
            }
        }

        return turn.Count < Most ? null : turn[^1];
    }

    async Task SweepAsync(PassingName name, CancellationToken cancellationToken)
    {
        string? etag;
        try
        {
            if (await documents.ReadAsync(name.Value, cancellationToken) is not { } stored
                || JsonSerializer.Deserialize<Passing>(stored.Content, ContractJson.Lenient)!.Until + Grace > clock.GetUtcNow())
            {
                return;
            }

            etag = stored.ETag;
        }
        catch (Exception damaged) when (damaged is DocumentException or JsonException)
        {
            etag = null;
        }

        await documents.DeleteAsync(name, etag, cancellationToken);
    }

    [LoggerMessage(5021, LogLevel.Warning, "Sign-ins and sessions whose time is over were not taken away ({Reason}); the next sign-in tries again.")]
    partial void LogFailed(string reason);

    /// <summary>What sign-ins and sessions have in common.</summary>
    sealed record Passing
    {
        public required DateTimeOffset Until { get; init; }
    }
}
