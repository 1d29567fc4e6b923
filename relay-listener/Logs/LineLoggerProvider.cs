using System.Globalization;
using Microsoft.Extensions.Logging;

namespace GwbCloud.RelayListener.Logs;

/// <summary>One line for each entry: time, level, event id, text. Whatever arrives in a text cannot begin a line of its own.</summary>
sealed class LineLoggerProvider(Action<string> write, LogLevel least, TimeProvider time, IDisposable? owned = null) : ILoggerProvider
{
    readonly LogLevel _least = least;

    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    public void Dispose() => owned?.Dispose();

    void Write(LogLevel level, EventId id, string text, Exception? exception)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {WordOf(level)} {id.Id} {text}");
        write(OneLine(exception is null ? line : $"{line} | {exception}"));
    }

    static string OneLine(string text) => text.ReplaceLineEndings(" ⏎ ");

    static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "crit",
        LogLevel.Error => "fail",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        _ => "dbug",
    };

    sealed class LineLogger(LineLoggerProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= provider._least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) { provider.Write(logLevel, eventId, formatter(state, exception), exception); }
        }
    }
}
