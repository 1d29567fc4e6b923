using GwbCloud.Contracts;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.RelayListener.Audit;
using GwbCloud.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Listener.Audit;

public sealed class AuditTrailTests : IDisposable
{
    static readonly Refusal Forged = ContractError.EnvelopeSignatureWrong.Because();

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gwb-audit-");
    readonly ManualClock _clock = new(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Lines_FollowOnEachOtherOverRestartsAndKills()
    {
        using (var trail = Open()) { trail.Keep(new() { Event = AuditEvent.Started }); }
        using (var trail = Open())
        {
            trail.Refused(Forged, "cloud", "body"u8);
            trail.Abandon();
        }
        using (var trail = Open()) { trail.Keep(new() { Event = AuditEvent.Started }); }

        var lines = AuditTrail.Read(_folder.FullName).ToList();
        Assert.Null(AuditTrail.Check(_folder.FullName));
        Assert.Equal([1, 2, 3, 4, 5], lines.Select(line => line.Number));
        Assert.Equal([AuditEvent.Started, AuditEvent.Stopped, AuditEvent.Refused, AuditEvent.Started, AuditEvent.Stopped], lines.Select(line => line.Event));
        Assert.Equal(("GWB7207", "cloud", Sha256Text.Of("body"u8)), (lines[2].Code, lines[2].Kid, lines[2].Body));
    }

    [Fact]
    public void Trail_WithALineChangedRemovedOrAdded_IsSeenAsBroken()
    {
        using (var trail = Open())
        {
            for (int i = 0; i < 5; i++) { trail.Keep(new() { Event = AuditEvent.Accepted, CommandId = $"c-{i}" }); }
        }
        string file = Assert.Single(Directory.GetFiles(_folder.FullName));
        var lines = File.ReadAllLines(file);

        Assert.Equal("audit-000001.jsonl, line 4", CheckWith(lines.Select((line, at) => at == 2 ? line.Replace("c-2", "c-9", StringComparison.Ordinal) : line)));
        Assert.Equal("audit-000001.jsonl, line 3", CheckWith(lines.Where((_, at) => at != 2)));
        Assert.Equal("audit-000001.jsonl, line 4", CheckWith([.. lines[..3], lines[2], .. lines[3..]]));
        Assert.Equal("audit-000001.jsonl, line 2", CheckWith([lines[0], "no json"]));
        Assert.Null(CheckWith(lines));

        string? CheckWith(IEnumerable<string> changed)
        {
            File.WriteAllLines(file, changed);
            return AuditTrail.Check(_folder.FullName);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void Line_TornByACrash_IsCutOffAndTold(int bytes)
    {
        using (var trail = Open()) { trail.Keep(new() { Event = AuditEvent.Started }); }
        string file = Assert.Single(Directory.GetFiles(_folder.FullName));
        File.AppendAllText(file, new string('{', bytes));

        using (var trail = Open()) { trail.Keep(new() { Event = AuditEvent.Started }); }

        Assert.Null(AuditTrail.Check(_folder.FullName));
        Assert.Equal(
            [AuditEvent.Started, AuditEvent.Stopped, AuditEvent.Damaged, AuditEvent.Started, AuditEvent.Stopped],
            AuditTrail.Read(_folder.FullName).Select(line => line.Event));
    }

    [Fact]
    public void Flood_OfForgeries_IsCountedAndDoesNotFillTheDisk()
    {
        using var trail = Open(perHour: 10);

        for (int i = 0; i < 25_000; i++) { trail.Refused(Forged, new string('k', 5_000), BitConverter.GetBytes(i)); }
        trail.Refused(ContractError.EnvelopeExpired.Because(), null, "late"u8);
        _clock.Now += TimeSpan.FromHours(1);
        trail.Refused(Forged, null, "next hour"u8);

        var lines = AuditTrail.Read(_folder.FullName).ToList();
        Assert.Equal(10, lines.TakeWhile(line => line.Event == AuditEvent.Refused).Count());
        Assert.Equal(
            [("GWB7207", 1L), ("GWB7207", 10L), ("GWB7207", 100L), ("GWB7207", 1_000L), ("GWB7207", 10_000L), ("GWB7209", 1L), ("GWB7207", 24_990L)],
            lines.Where(line => line.Event == AuditEvent.RefusedMore).Select(line => (line.Code!, line.Count!.Value)));
        Assert.Equal((AuditEvent.Refused, Sha256Text.Of("next hour"u8)), (lines[^1].Event, lines[^1].Body));
        Assert.All(lines, line => Assert.InRange(line.Kid?.Length ?? 0, 0, 64));
        Assert.InRange(new DirectoryInfo(_folder.FullName).EnumerateFiles().Sum(file => file.Length), 1, 10_000);
    }

    [Fact]
    public void Files_ThatAreFull_AreFollowedByOthersAndTheOldestGo()
    {
        using (var trail = Open(limits: new() { MaxFileBytes = 1_000, MaxFiles = 3 }))
        {
            for (int i = 0; i < 100; i++) { trail.Keep(new() { Event = AuditEvent.Accepted, CommandId = $"c-{i}" }); }
        }

        var files = new DirectoryInfo(_folder.FullName).GetFiles();
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.InRange(file.Length, 1, 2_000));
        Assert.Null(AuditTrail.Check(_folder.FullName));
        Assert.Equal(100, AuditTrail.Read(_folder.FullName).Last().Number);
    }

    [Fact]
    public async Task Trail_KeptByTwoProcessesAtOnce_StaysOneChain()
    {
        using var service = Open();
        using var operatorsSession = Open();

        await Task.WhenAll(new[] { service, operatorsSession }.Select(trail => Task.Run(() =>
        {
            for (int i = 0; i < 100; i++) { trail.Demand(new() { Event = AuditEvent.Accepted }); }
        })));

        Assert.Null(AuditTrail.Check(_folder.FullName));
        Assert.Equal(200, AuditTrail.Read(_folder.FullName).Count());
    }

    AuditTrail Open(int perHour = 100, AuditLimits? limits = null) =>
        new(_folder.FullName, JournalDurability.Process, _clock, perHour, NullLogger.Instance, limits);
}
