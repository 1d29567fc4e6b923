using GwbCloud.RelayListener.Logs;
using GwbCloud.Tests.Contracts;
using GwbCloud.Tests.Listener.CommandLine;
using GwbCloud.Tests.Listener.Configuration;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Tests.Listener.Logs;

public sealed partial class LogTests : IDisposable
{
    readonly ManualClock _clock = new(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gwb-logs-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void File_ThatIsFull_IsFollowedByAnotherAndTheOldestGo()
    {
        using var file = new RollingFile(_folder.FullName, "listener", maxBytes: 100, files: 3, _clock);

        for (int line = 0; line < 10; line++)
        {
            _clock.Now += TimeSpan.FromSeconds(line % 2);
            file.WriteLine($"{line} {new string('x', 58)}");
        }

        var files = Files();
        Assert.Equal(3, files.Count);
        Assert.All(files, path => Assert.InRange(new FileInfo(path).Length, 1, 100));
        Assert.Equal(["7", "8", "9"], files.Select(path => File.ReadAllText(path)[..1]));
    }

    [Fact]
    public void File_OfAnotherSession_IsLeftAlone()
    {
        using var other = new RollingFile(_folder.FullName, "switch", maxBytes: 100, files: 2, _clock);
        using var file = new RollingFile(_folder.FullName, "listener", maxBytes: 100, files: 2, _clock);
        other.WriteLine("called");

        for (int line = 0; line < 10; line++) { file.WriteLine(new string('x', 90)); }

        Assert.Contains(Files(), path => Path.GetFileName(path).StartsWith("switch-", StringComparison.Ordinal));
    }

    [Fact]
    public void Folder_ThatVanished_StopsNothingAndComesBack()
    {
        string below = Path.Combine(_folder.FullName, "logs");
        using var file = new RollingFile(below, "listener", maxBytes: 70_000, files: 2, _clock);
        File.WriteAllText(below, "in the way");
        file.WriteLine("lost");
        File.Delete(below);

        file.WriteLine("kept");

        Assert.Equal("kept", File.ReadAllText(Assert.Single(Directory.GetFiles(below))).Trim());
    }

    [Fact]
    public void Text_WithLineBreaks_StaysOneLine()
    {
        var lines = new List<string>();
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(new LineLoggerProvider(lines.Add, LogLevel.Information, _clock)));

        Say(logging.CreateLogger("x"), "first\r\n2026-11-02T08:00:00.000Z crit 1 forged\nmore");
        Whisper(logging.CreateLogger("x"));

        Assert.DoesNotContain('\n', Assert.Single(lines));
        Assert.StartsWith("2026-11-02T08:00:00.000Z warn 6010 first", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Flood_OfOneEvent_BecomesOneEntryAMinuteWithTheNumber()
    {
        var events = new FakeEventLog();
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(new EventLogProvider(events, _clock)));
        var logger = logging.CreateLogger("x");

        for (int call = 0; call < 100; call++) { Say(logger, "forged"); }
        _clock.Now += TimeSpan.FromMinutes(1);
        Say(logger, "forged");

        Assert.Equal(2, events.Entries.Count);
        Assert.Contains("99 more", events.Entries[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_OutsideOfTheList_ReachTheEventLogAsErrorsOnly()
    {
        var events = new FakeEventLog();
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(new EventLogProvider(events, _clock)));

        Chat(logging.CreateLogger("x"));
        Break(logging.CreateLogger("x"));

        Assert.Equal((EventDegree.Error, ServiceEvents.OtherError), (events.Entries.Single().Degree, events.Entries.Single().Id));
    }

    [Fact]
    public void Events_AllStandInThePageWordForWord()
    {
        var expected = ServiceEvents.All.Select(entry => $"| {entry.Id} | {entry.Degree} | {entry.Meaning} | {entry.WhatToDo} |");

        Assert.Equal(expected, Shipped.Rows("| Id |"));
        Assert.Equal(ServiceEvents.All.Select(entry => entry.Id).Distinct().Order(), ServiceEvents.All.Select(entry => entry.Id));
    }

    List<string> Files() => [.. Directory.GetFiles(_folder.FullName, "*.log").Order(StringComparer.Ordinal)];

    [LoggerMessage(6010, LogLevel.Warning, "{Text}")]
    static partial void Say(ILogger logger, string text);

    [LoggerMessage(1, LogLevel.Debug, "quiet")]
    static partial void Whisper(ILogger logger);

    [LoggerMessage(2, LogLevel.Warning, "chat")]
    static partial void Chat(ILogger logger);

    [LoggerMessage(3, LogLevel.Error, "broken")]
    static partial void Break(ILogger logger);
}
