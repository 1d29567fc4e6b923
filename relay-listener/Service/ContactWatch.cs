using System.Globalization;
using GwbCloud.RelayListener.Logs;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Service;

/// <summary>
/// Warns when no command has come for a while and this server stands in staging mode within a migration: exports to Entra and password
/// hash sync stand still then, and nobody in the cloud will say so.
/// </summary>
/// <param name="lastCommand">When the last verified command came.</param>
/// <param name="standsInStaging">Whether exports stand still here because of a migration.</param>
/// <param name="patience">How long silence is no news, and the time between two warnings.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where the warning goes; the Event Log listens.</param>
sealed partial class ContactWatch(
    Func<DateTimeOffset?> lastCommand, Func<CancellationToken, Task<bool>> standsInStaging, TimeSpan patience, TimeProvider time, ILogger logger)
{
    readonly DateTimeOffset _startedAt = time.GetUtcNow();
    DateTimeOffset? _warnedAt;

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var heard = lastCommand() ?? _startedAt;
        if (now - heard < patience)
        {
            if (_warnedAt is not null && heard > _warnedAt) { LogBack(Minutes(heard - _warnedAt.Value)); }
            if (heard > _warnedAt) { _warnedAt = null; }
            return;
        }
        if (_warnedAt is { } last && now - last < patience) { return; }
        if (!await standsInStaging(cancellationToken)) { return; }
        _warnedAt = now;
        LogLost(Minutes(now - heard));
    }

    static string Minutes(TimeSpan span) => ((long)span.TotalMinutes).ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(ServiceEvents.ContactLost, LogLevel.Warning,
        "No command from the cloud half for {Minutes} minutes, and this server stands in staging mode within a migration: exports to Entra and password hash sync stand still")]
    partial void LogLost(string minutes);

    [LoggerMessage(ServiceEvents.ContactBack, LogLevel.Information, "The cloud half is back, {Minutes} minutes after the last warning")]
    partial void LogBack(string minutes);
}
