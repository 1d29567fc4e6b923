using GwbCloud.RelayListener.Logs;
using GwbCloud.RelayListener.Service;
using GwbCloud.Tests.Contracts;
using GwbCloud.Tests.Listener.CommandLine;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Tests.Listener.Service;

public sealed class ContactWatchTests : IDisposable
{
    readonly ManualClock _clock = new(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
    readonly FakeEventLog _events = new();
    readonly ILoggerFactory _logging;
    readonly ContactWatch _watch;
    DateTimeOffset? _heard;
    bool _staging = true;
    int _asked;

    public ContactWatchTests()
    {
        _logging = LoggerFactory.Create(builder => builder.AddProvider(new EventLogProvider(_events, _clock)));
        _watch = new(
            () => _heard,
            _ =>
            {
                _asked++;
                return Task.FromResult(_staging);
            },
            TimeSpan.FromMinutes(60), _clock, _logging.CreateLogger("test"));
    }

    public void Dispose() => _logging.Dispose();

    [Fact]
    public async Task Silence_InStaging_IsToldOnceAnIntervalUntilTheCloudIsBack()
    {
        _heard = _clock.Now;

        for (int minute = 0; minute <= 125; minute++) { await LookAfterAsync(1); }
        _heard = _clock.Now;
        await LookAfterAsync(1);
        await LookAfterAsync(1);

        Assert.Equal([ServiceEvents.ContactLost, ServiceEvents.ContactLost, ServiceEvents.ContactBack], _events.Entries.Select(entry => entry.Id));
        Assert.Contains("60 minutes", _events.Entries[0].Text, StringComparison.Ordinal);
        Assert.Contains("120 minutes", _events.Entries[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_FromTheStartOn_IsCountedFromThere()
    {
        await LookAfterAsync(59);
        Assert.Empty(_events.Entries);

        await LookAfterAsync(1);

        Assert.Equal(ServiceEvents.ContactLost, Assert.Single(_events.Entries).Id);
    }

    [Fact]
    public async Task Silence_OutsideOfStaging_IsNoNews()
    {
        _staging = false;

        await LookAfterAsync(600);

        Assert.Empty(_events.Entries);
    }

    [Fact]
    public async Task Commands_ThatKeepComing_AskNobody()
    {
        for (int hour = 0; hour < 5; hour++)
        {
            _heard = _clock.Now;
            await LookAfterAsync(59);
        }

        Assert.Equal(0, _asked);
        Assert.Empty(_events.Entries);
    }

    Task LookAfterAsync(int minutes)
    {
        _clock.Now += TimeSpan.FromMinutes(minutes);
        return _watch.LookAsync(TestContext.Current.CancellationToken);
    }
}
