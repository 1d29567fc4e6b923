using GwbCloud.Contracts;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Functions.Audit;

/// <summary>Writes refused attempts into the audit: of a migration when one is meant that exists, otherwise into the log <see cref="Log"/>.</summary>
/// <remarks>
/// Strangers can be refused as often as they like. So that they can't fill the disk, an hour has room for so many lines; what is left out is
/// counted, and the next line that has room says how many there were. Everybody who is signed in has room of his own: no noise of strangers
/// hides what somebody of the tenant tried.
/// </remarks>
public sealed partial class RefusedAttempts(AuditLog audit, IDocumentStore documents, TimeProvider clock, ILogger<RefusedAttempts> logger)
{
    /// <summary>The log of attempts that are about no migration.</summary>
    public const string Log = "access";

    /// <summary>Who is not signed in.</summary>
    public const string Nobody = "nobody";

    const int LinesAnHour = 200;

    readonly Lock _gate = new();
    readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    DateTimeOffset _hour;

    /// <summary>Notes an attempt.</summary>
    /// <param name="request">Names the migration, if one.</param>
    /// <param name="what">What was tried: the name of the function.</param>
    /// <param name="who">objectId of the caller; null when nobody is signed in.</param>
    /// <param name="refusal">Why it is refused.</param>
    /// <param name="cancellationToken">Stops before the line is written.</param>
    /// <param name="about">The migration, where the route does not name it.</param>
    public async Task NoteAsync(HttpRequest request, string what, string? who, Refusal refusal, CancellationToken cancellationToken, string? about = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(refusal);
        if (!HasRoom(who ?? Nobody, out var leftOut))
        {
            LogLeftOut(what, refusal.Code);
            return;
        }

        about ??= request.RouteValues.GetValueOrDefault("id") as string;
        var migration = about is not null && await ExistsAsync(about, cancellationToken) ? about : null;
        await audit.AppendAsync(
            new()
            {
                MigrationId = migration ?? Log,
                LineId = $"attempt-refused-{Guid.NewGuid():N}",
                At = clock.GetUtcNow(),
                Who = who ?? Nobody,
                What = "attempt.refused",
                Detail = leftOut == 0 ? $"{what}: {refusal.ForAudit}" : $"{what}: {refusal.ForAudit}; {leftOut} attempts before it had no room",
            },
            cancellationToken);
    }

    async Task<bool> ExistsAsync(string id, CancellationToken cancellationToken) =>
        (RunIds.IsMigration(id) && await documents.ReadAsync(StoreNames.MigrationRequest(id), cancellationToken) is not null)
        || (RunIds.IsOperation(id) && await documents.ReadAsync(StoreNames.OperationRequest(id), cancellationToken) is not null);

    bool HasRoom(string who, out int leftOut)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (now - _hour >= TimeSpan.FromHours(1))
            {
                _hour = now;
                foreach (var (name, room) in _rooms.ToList())
                {
                    room.Lines = 0;
                    if (room.LeftOut == 0)
                    {
                        _rooms.Remove(name);
                    }
                }
            }

            if (!_rooms.TryGetValue(who, out var own))
            {
                _rooms[who] = own = new();
            }

            leftOut = own.LeftOut;
            var has = own.Lines < LinesAnHour;
            (own.Lines, own.LeftOut) = has ? (own.Lines + 1, 0) : (own.Lines, own.LeftOut + 1);
            return has;
        }
    }

    [LoggerMessage(5010, LogLevel.Warning, "A refused attempt at {What} ({Code}) has no room in this hour's audit; it is counted.")]
    partial void LogLeftOut(string what, string code);

    /// <summary>One caller's lines of this hour.</summary>
    sealed class Room
    {
        public int Lines { get; set; }
        public int LeftOut { get; set; }
    }
}
