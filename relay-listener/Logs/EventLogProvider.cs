using System.Globalization;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Logs;

/// <summary>Brings the events of <see cref="ServiceEvents"/>, and any other error, into the Windows Event Log.</summary>
/// <remarks>Of events that come in a flood (somebody tries one forged command after another) one a minute is written, with the number of those left out.</remarks>
sealed class EventLogProvider(IEventLog log, TimeProvider time) : ILoggerProvider
{
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    readonly Dictionary<int, (DateTimeOffset Written, int LeftOut)> _last = [];

    public ILogger CreateLogger(string categoryName) => new EventLogger(this);

    public void Dispose()
    {
    }

    void Write(LogLevel level, int id, string text)
    {
        var known = ServiceEvents.Find(id) ?? (level >= LogLevel.Error ? ServiceEvents.Find(ServiceEvents.OtherError) : null);
        if (known is null) { return; }
        int leftOut;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_last.TryGetValue(known.Id, out var last) && now - last.Written < Pause)
            {
                _last[known.Id] = last with { LeftOut = last.LeftOut + 1 };
                return;
            }
            leftOut = last.LeftOut;
            _last[known.Id] = (now, 0);
        }
        string more = leftOut == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\n({leftOut} more of the same since the last entry; the log files hold them.)");
        log.Write(known.Degree, known.Id, $"{text}{more}\n\n{known.WhatToDo}");
    }

    sealed class EventLogger(EventLogProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) { provider.Write(logLevel, eventId.Id, formatter(state, exception) + (exception is null ? "" : $" ({exception.GetType().Name})")); }
        }
    }
}
