using GwbCloud.RelayListener.Audit;

namespace GwbCloud.Tests.Listener.Trust;

/// <summary>What a listener has kept and done so far: nothing of it may change when a command is refused, but for one audit line.</summary>
sealed record Traces
{
    /// <summary>Every file of the data directory but the audit trail, with its length; journals only grow.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public required int AdSyncCalls { get; init; }

    public required int DirectoryWrites { get; init; }

    public required long AuditBytes { get; init; }

    public static Traces Of(TestListener listener) => new()
    {
        Files =
        [
            .. new DirectoryInfo(listener.Folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => file.Directory!.Name != "audit").Select(file => $"{file.FullName} {file.Length}").Order(StringComparer.Ordinal),
        ],
        AdSyncCalls = listener.AdSync.Calls.Count,
        DirectoryWrites = listener.Ad.Writes.Count,
        AuditBytes = new DirectoryInfo(Path.Combine(listener.Folder, "audit")).EnumerateFiles().Sum(file => file.Length),
    };

    public static IReadOnlyList<AuditLine> AuditOf(TestListener listener)
    {
        string folder = Path.Combine(listener.Folder, "audit");
        Assert.Null(AuditTrail.Check(folder));
        return [.. AuditTrail.Read(folder)];
    }

    /// <summary>Only the audit trail has grown since.</summary>
    public void AssertOnlyAuditGrew(TestListener listener)
    {
        var now = Of(listener);
        Assert.Equal(Files, now.Files);
        Assert.Equal((AdSyncCalls, DirectoryWrites), (now.AdSyncCalls, now.DirectoryWrites));
        Assert.True(now.AuditBytes > AuditBytes, "There is no audit line.");
    }
}
