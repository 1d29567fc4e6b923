using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Journal;
using GwbCloud.RelayListener.Jobs;
using GwbCloud.Tests.Contracts;

namespace GwbCloud.Tests.Listener.Jobs;

public sealed class JobLedgerTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gwb-ledger-");
    readonly ManualClock _clock = new(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));

    string Path => System.IO.Path.Combine(_folder.FullName, "jobs.journal");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Ledger_CutAtAnyByte_OpensWithWhatWasWholeBefore()
    {
        JobRecord[] records = [Accepted("a"), Started("a"), new JobNoted { CommandId = "a", At = _clock.Now, Note = "before: on" }, Accepted("b"),
            new JobCancelled { CommandId = "b", At = _clock.Now }, Ended("a", "result"), Ended("b", null)];
        var lengths = new List<long>();
        await using (var ledger = Open())
        {
            foreach (var record in records)
            {
                lengths.Add(new FileInfo(Path).Length);
                await ledger.KeepAsync(record);
            }
        }
        byte[] whole = await File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken);
        lengths.Add(whole.Length);

        for (int length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Path, whole[..length], TestContext.Current.CancellationToken);
            int kept = Math.Max(0, lengths.FindLastIndex(end => end <= length));

            await using var ledger = Open();

            var expected = records[..kept];
            var (a, b) = (ledger.Find("a"), ledger.Find("b"));
            Assert.Equal(expected.OfType<JobAccepted>().Select(one => one.CommandId), new[] { a, b }.OfType<Job>().Select(job => job.Id));
            Assert.Equal(expected.OfType<JobNoted>().SingleOrDefault()?.Note, a?.Note?.Note);
            Assert.Equal(expected.Any(record => record is JobCancelled), b?.Cancelled is not null);
            Assert.Equal(expected.OfType<JobEnded>().Select(one => one.CommandId), new[] { a, b }.Where(job => job?.Ended is not null).Select(job => job!.Id));
            // It goes on from there.
            await ledger.KeepAsync(Accepted("c"));
            Assert.NotNull(ledger.Find("c"));
        }
    }

    [Fact]
    public async Task Results_AreLetGoAfterAMonth_ButNoIdStartsASecondJob()
    {
        await using (var ledger = Open())
        {
            await KeepEndedAsync(ledger, "old");
            await ledger.KeepAsync(Accepted("switch", new TestSwitch().Command));
            await ledger.KeepAsync(Ended("switch", "called"));
            await ledger.KeepAsync(Accepted("open"));
            _clock.Now += TimeSpan.FromDays(31);
            await KeepEndedAsync(ledger, "young");
            await ledger.TidyAsync();
        }

        await using var again = Open();

        Assert.Null(again.Find("old"));
        Assert.Equal("hash of old", again.FindForgotten("old"));
        Assert.Equal("called", again.Find("switch")?.Ended?.Result);
        Assert.NotNull(again.Find("young")?.Ended);
        Assert.Equal("open", Assert.Single(again.Unended).Id);
        Assert.False(File.Exists(Path + ".new"));
    }

    [Fact]
    public async Task Migration_WhoseCommandsAreForgotten_KeepsItsBeginningItsPlanAndItsCanaries()
    {
        var began = _clock.Now;
        var create = new CreateMatchCanary { Anchor = "Group_x", Cn = "Canary", DisplayName = "Canary", Members = [] };
        await using (var ledger = Open())
        {
            await ledger.KeepAsync(Accepted("made", create) with { PlanHash = "plan" });
            await ledger.KeepAsync(Ended("made", "result"));
            _clock.Now += TimeSpan.FromDays(31);
            await ledger.TidyAsync();
            await ledger.KeepAsync(Accepted("next") with { Migration = "m-2" });
        }

        await using var again = Open();

        Assert.NotNull(again.FindForgotten("made"));
        string first = Accepted("any").Migration;
        Assert.Equal("plan", again.PlanOf(first));
        Assert.Equal([began, began, began], new[] { first, "m-2", "m-3" }.Select(again.CanariesSince));
        await again.KeepAsync(Accepted("gone", new RemoveCanaryObjects { Canaries = [] }));
        await again.KeepAsync(Ended("gone", "result"));
        Assert.Equal([began, began.AddDays(31)], new[] { first, "m-2" }.Select(again.CanariesSince));
    }

    [Fact]
    public async Task File_ThatHasGrown_IsRewrittenAndKeepsEveryOpenJobInItsOrder()
    {
        await using (var ledger = Open(new() { RewriteAtBytes = 20_000, MaxResultBytes = 5_000, KeepAtLeast = TimeSpan.FromMinutes(1) }))
        {
            await ledger.KeepAsync(Accepted("first"));
            await ledger.KeepAsync(new JobNoted { CommandId = "first", At = _clock.Now, Note = "half" });
            for (int i = 0; i < 300; i++)
            {
                await KeepEndedAsync(ledger, $"c-{i}", new string('r', 1_000));
                _clock.Now += TimeSpan.FromSeconds(10);
            }
            await ledger.KeepAsync(Accepted("last"));
        }

        await using var again = Open();

        Assert.InRange(new FileInfo(Path).Length, 1, 150_000);
        Assert.Equal(["first", "last"], again.Unended.Select(job => job.Id));
        Assert.Equal("half", again.Find("first")?.Note?.Note);
        Assert.Equal("hash of c-0", again.FindForgotten("c-0"));
        Assert.NotNull(again.Find("c-299")?.Ended?.Result);
    }

    [Fact]
    public async Task Rewriting_KilledBeforeItsEnd_LeavesTheOldFile()
    {
        await using (var ledger = Open()) { await KeepEndedAsync(ledger, "one"); }
        await File.WriteAllTextAsync(Path + ".new", "half a journal", TestContext.Current.CancellationToken);

        await using var again = Open();

        Assert.NotNull(again.Find("one")?.Ended);
        Assert.False(File.Exists(Path + ".new"));
    }

    [Fact]
    public async Task Ledger_FullOfYoungCommands_TakesNoMoreUntilTheyAreOld()
    {
        await using var ledger = Open(new() { MaxRemembered = 10 });
        for (int i = 0; i < 10; i++) { await KeepEndedAsync(ledger, $"c-{i}"); }

        Assert.True(ledger.IsFull());
        _clock.Now += TimeSpan.FromHours(25);
        Assert.False(ledger.IsFull());
        Assert.Null(ledger.Find("c-0"));
        await KeepEndedAsync(ledger, "next");
        Assert.NotNull(ledger.Find("next"));
    }

    [Fact]
    public async Task Kill_AfterARewriting_LeavesAFileThatOpens()
    {
        var ledger = Open(new() { RewriteAtBytes = 1_000 });
        for (int i = 0; i < 20; i++) { await KeepEndedAsync(ledger, $"c-{i}"); }
        ledger.Abandon();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => ledger.KeepAsync(Accepted("late")));
        await using var again = Open();
        Assert.NotNull(again.Find("c-19"));
        Assert.Null(again.Find("late"));
    }

    JobLedger Open(JobLimits? limits = null) => new(
        Path, JournalDurability.Process, command => command is DisableGroupWritebackV2 ? JobEffect.Irreversible : JobEffect.Write, _clock, limits ?? new());

    async Task KeepEndedAsync(JobLedger ledger, string id, string result = "result")
    {
        await ledger.KeepAsync(Accepted(id));
        await ledger.KeepAsync(Ended(id, result));
    }

    JobAccepted Accepted(string id, Command? command = null) => new()
    {
        CommandId = id,
        At = _clock.Now,
        CommandHash = $"hash of {id}",
        Migration = TestListener.Migration,
        PlanHash = TestListener.PlanHash,
        Command = command ?? new SetScheduler { Enabled = false },
    };

    JobStarted Started(string id) => new() { CommandId = id, At = _clock.Now };

    JobEnded Ended(string id, string? result) => new()
    {
        CommandId = id,
        At = _clock.Now,
        State = result is null ? CommandState.Failed : CommandState.Done,
        Result = result,
    };

    /// <summary>A switch command, of which only the type matters here.</summary>
    sealed class TestSwitch
    {
        static readonly DocumentReference Nothing = Document.OfList<string>("x", []).Reference;

        public DisableGroupWritebackV2 Command { get; } = new()
        {
            Scope = new()
            {
                Groups = Nothing,
                Frozen = Nothing,
                Ours = Nothing,
                Snapshot = Nothing,
                KnownErrors = Nothing,
                PendingBaseline = Nothing,
                Ceilings = new() { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 },
            },
            Request = new() { Record = "", IdToken = "" },
            Decisions = [],
            EvidenceAt = DateTimeOffset.UnixEpoch,
            Deadline = DateTimeOffset.UnixEpoch,
            OtherServers = [],
            CloudPart = "",
        };
    }
}
