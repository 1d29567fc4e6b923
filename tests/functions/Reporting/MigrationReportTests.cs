using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using GwbCloud.Tests.Functions.Notifications;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Tests.Functions.Reporting;

public sealed class MigrationReportTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly FileDocumentStore _store;
    readonly AuditLog _audit;
    readonly MigrationReports _reports;
    readonly MigrationTables _tables;

    public MigrationReportTests()
    {
        _store = Stores.Open(_folder);
        _audit = new(Stores.Options(_folder), _store);
        _reports = new(_store, _audit, new(_store), new(_store, NullLogger<KnownPeople>.Instance), TimeProvider.System);
        _tables = new(new(_store), _reports);
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _audit.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Page_OfAMigrationWithHostileNames_ShowsThemAsText()
    {
        var names = Views.HostileNames;
        var sources = await SourcesAsync(names, differ: true);

        var page = ReportPage.Render(await _reports.MakeAsync(sources, Token));

        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain(page, c => c is '\u202E' or '\u2066');
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page);
        Assert.Contains("[x](http://evil.example)", page);
    }

    [Fact]
    public async Task Page_OfPeopleWhoAreKnown_NamesThemWithTheObjectId()
    {
        var view = Views.Ended(MigrationOutcome.Completed);
        await new KnownPeople(_store, NullLogger<KnownPeople>.Instance).NoteAsync(new() { ObjectId = view.RequestedBy, Roles = [], Name = "Rita <Requester>" }, Token);

        var report = await _reports.MakeAsync(await SourcesAsync(["Sales"], differ: false, view), Token);

        Assert.Equal("Rita <Requester>", Assert.Single(report.People).Value);
        Assert.Contains($"Rita &lt;Requester&gt; ({view.RequestedBy})", ReportPage.Render(report));
    }

    [Fact]
    public async Task Report_OfACancelledMigration_SaysThatAndByWhom()
    {
        var view = Views.Of(NotificationKind.Cancelled, "Sales");
        await new KnownPeople(_store, NullLogger<KnownPeople>.Instance).NoteAsync(new() { ObjectId = view.AskedEnd!.By, Roles = [], Name = "Otto Operator" }, Token);

        var report = await _reports.MakeAsync(await SourcesAsync(["Sales"], differ: false, view), Token);
        var page = ReportPage.Render(report);

        Assert.Contains("<strong>Cancelled</strong>", page);
        Assert.Contains($"Otto Operator ({view.AskedEnd.By})", page);
        Assert.DoesNotContain("People decided against it", page);
    }

    [Fact]
    public async Task Table_WithHostileNames_IsNoFormulaInASpreadsheet()
    {
        var csv = await CsvAsync(await SourcesAsync(Views.HostileNames, differ: true), MigrationTables.Groups);

        Assert.StartsWith("\uFEFF\"cloudId\",\"objectGuid\",\"name\"", csv);
        Assert.Contains(",\"'=cmd|", csv);
        Assert.DoesNotContain(",\"=", csv);
    }

    /// <summary>Whatever the tenant's size, the page stays one that a browser likes; the tables have everything.</summary>
    [Fact]
    public async Task Report_Of20000Groups_IsShortAndItsTableIsWhole()
    {
        var longest = new string('W', 250);
        var sources = await SourcesAsync([.. Enumerable.Range(0, 20_000).Select(n => $"{n} {longest}")], differ: true);

        var report = await _reports.MakeAsync(sources, Token);
        var page = ReportPage.Render(report);
        var json = JsonSerializer.SerializeToUtf8Bytes(report, ContractJson.Options);

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 1, 200_000);
        Assert.InRange(json.Length, 1, 200_000);
        Assert.Contains("The first 200 groups that differ", page);
        Assert.Equal(20_001, (await CsvAsync(sources, MigrationTables.Groups)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    /// <summary>Numbers that a stage read in its middle must not be taken for those of now.</summary>
    [Fact]
    public async Task Report_BearsWhenItsNumbersWereRead_OnThePageInJsonAndInTheTable()
    {
        var (compared, verified) = (new DateTimeOffset(2026, 11, 20, 4, 15, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 21, 6, 30, 0, TimeSpan.Zero));
        var sources = await SourcesAsync(["Sales"], differ: true);
        var group = (await _store.LoadListAsync<ClassifiedGroup>(sources.Plan.Classified, Token))[0];
        var verdict = new GroupVerdict
        {
            CloudId = group.CloudId!.Value, ObjectGuid = group.ObjectGuid!.Value, Name = "Sales", SameObject = true, SameName = false, SamePlace = true, SameAnchor = true,
            MembersMissing = 0, MembersStrange = 0, Members = 0, Log = LogWitness.Success,
        };
        sources = sources with
        {
            Comparison = sources.Comparison! with { ReadAt = compared },
            Verification = new()
            {
                ReadAt = verified, Groups = 1, Verified = 0, LoggedAsDone = 1, Examples = ["Sales"], Verdicts = await _store.SaveListAsync("verdicts", [verdict], Token),
            },
        };

        var report = await _reports.MakeAsync(sources, Token);
        var page = ReportPage.Render(report);
        var json = JsonSerializer.SerializeToNode(report, ContractJson.Options)!;
        var rows = (await CsvAsync(sources, MigrationTables.Groups)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("was read from Active Directory on 2026-11-20 04:15 UTC", page);
        Assert.Contains("Active Directory against the snapshot, as of 2026-11-20 04:15 UTC", page);
        Assert.Contains("Planned groups, verified one by one, as of 2026-11-21 06:30 UTC", page);
        Assert.Equal((compared, verified), (json["comparison"]!["readAt"]!.GetValue<DateTimeOffset>(), json["verification"]!["readAt"]!.GetValue<DateTimeOffset>()));
        Assert.EndsWith(",\"comparedAt\",\"verifiedAt\"", rows[0]);
        Assert.EndsWith(",\"2026-11-20T04:15:00Z\",\"2026-11-21T06:30:00Z\"", Assert.Single(rows[1..]));
    }

    /// <summary>What was kept before the time was noted is shown all the same.</summary>
    [Fact]
    public async Task Report_OfNumbersWithoutTheirTime_ClaimsNone()
    {
        var sources = await SourcesAsync(["Sales"], differ: true);

        var page = ReportPage.Render(await _reports.MakeAsync(sources, Token));

        Assert.DoesNotContain("was read from Active Directory", page);
        Assert.Contains("Active Directory against the snapshot<", page);
        Assert.EndsWith(",\"\",\"\"", (await CsvAsync(sources, MigrationTables.Groups)).TrimEnd());
    }

    [Fact]
    public async Task Page_OfEachEnd_SaysItInWordsOfPeople()
    {
        foreach (var outcome in Enum.GetValues<MigrationOutcome>())
        {
            var page = ReportPage.Render(await _reports.MakeAsync(await SourcesAsync(["Sales"], differ: false, Views.Ended(outcome)), Token));

            Assert.DoesNotContain("NeedsAttention", page);
            Assert.DoesNotContain("RolledBack", page);
            Assert.DoesNotContain("FallsToV1", page);
            Assert.All(Enum.GetNames<StageName>().Where(name => name.Skip(1).Any(char.IsUpper)), name => Assert.DoesNotContain(name, page));
            Assert.Contains("<b>3 days</b><span>from start to end</span>", page);
            Assert.Contains("<b>1</b><span>planned group</span>", page);
        }
    }

    [Fact]
    public async Task Report_BeforeTheEnd_TellsHowItStandsAndWhatIsAskedFor()
    {
        var report = await _reports.MakeAsync(await SourcesAsync(["Sales"], differ: false, Views.WithTask()), Token);

        Assert.StartsWith("Task, until 2026-11-22 15:00 UTC: Turn staging mode on", report.Remains[0]);
        Assert.Null(report.RulesMayGo);
        Assert.Contains("It is under way.", ReportPage.Render(report));
    }

    [Fact]
    public async Task Report_KnowsWhereTheAuditStood()
    {
        await _audit.AppendAsync(new() { MigrationId = Views.Running.MigrationId, LineId = "1", At = Views.Now, Who = "gwbcloud", What = "stage.started" }, Token);

        var report = await _reports.MakeAsync(await SourcesAsync(["Sales"], differ: false), Token);

        Assert.True(AuditChain.VerifyPast(await _audit.ReadAsync(Views.Running.MigrationId, Token), report.AuditHead!).Intact);
        Assert.Equal((1, true), (report.AuditLines, report.AuditIntact));
    }

    [Fact]
    public void Rules_AfterTheSwitch_StayUntilSomebodyHasLooked()
    {
        var switched = Views.Running with { Stages = [.. Views.Running.Stages.Select(s => s.Name == StageName.DisableGroupWritebackV2 ? s with { State = StageState.Done } : s)] };

        Assert.Contains("server in staging mode", Leftovers.RulesMayGo(switched));
        Assert.Null(Leftovers.RulesMayGo(Views.Running));
    }

    [Theory]
    [InlineData(45, "45 seconds")]
    [InlineData(1, "1 second")]
    [InlineData(3_600, "1 h")]
    [InlineData(47 * 3_600, "47 h")]
    [InlineData(48 * 3_600, "2 days")]
    [InlineData((24 * 3 + 5) * 3_600, "3 days 5 h")]
    public void Span_AsPeopleSayIt(int seconds, string words) => Assert.Equal(words, Words.Span(TimeSpan.FromSeconds(seconds)));

    async Task<string> CsvAsync(ReportSources sources, string table)
    {
        using var output = new MemoryStream();
        await _tables.WriteAsync(output, sources, table, Token);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    async Task<ReportSources> SourcesAsync(IReadOnlyList<string> names, bool differ, MigrationView? view = null)
    {
        var groups = names.Select((name, at) => new ClassifiedGroup
        {
            Name = name, CloudId = Guid.NewGuid(), ObjectGuid = new Guid(at + 1, 0, 0, new byte[8]), Class = GroupClass.Migrates, Readiness = Readiness.Ready, Reasons = [],
        }).ToList();
        var differences = await _store.SaveListAsync("differences", differ ? groups.Select(g => new GroupDifference { ObjectGuid = g.ObjectGuid!.Value, DistinguishedName = "CN=x", Renamed = true }) : [], Token);
        return new()
        {
            View = view ?? Views.Ended(MigrationOutcome.Completed),
            Plan = await Samples.PlanAsync(_store) with { Classified = await _store.SaveListAsync("classified", groups, Token) },
            Comparison = !differ ? null : new()
            {
                Compared = names.Count, Deleted = 0, Renamed = names.Count, Moved = 0, SidChanged = 0, TypeChanged = 0, Created = 0, AnchorsChanged = 0, MembersLost = 0, MembersGained = 0,
                Examples = [], Differences = differences,
            },
        };
    }
}
