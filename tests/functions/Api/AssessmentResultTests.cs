using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Reporting;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Api;

public sealed class AssessmentResultTests(ApiHost host) : IClassFixture<ApiHost>
{
    static readonly Finding Loses = new()
    {
        Code = "GWB2402", Severity = FindingSeverity.NeedsAcceptance, Title = "Groups lose members", Cause = "c", Remedy = "r", Groups = 1, Examples = ["<b>=Sales</b>"],
    };

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstLook_WithoutCanaries_IsTaken() => Assert.Equal(202, (await host.PostAsync("/api/assessments", "{}")).Status);

    [Theory]
    [InlineData("", 4)]
    [InlineData("?class=migrates", 2)]
    [InlineData("?class=migrates&readiness=notReady", 1)]
    [InlineData("?reason=hasMail", 1)]
    [InlineData("?class=freezes", 0)]
    public async Task Groups_AreFiltered(string query, int expected)
    {
        var id = await AssessedAsync();

        var answer = await host.GetAsync($"/api/assessments/{id}/groups{query}");

        Assert.Equal((200, expected), (answer.Status, answer.Json.GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task Finding_NamesAllThatItConcerns_APageAtATime()
    {
        var concerned = await host.Store.SaveListAsync("concerned", Enumerable.Range(0, 250).Select(n => new Concern { Name = $"g{n}", CloudId = Facts.Id(n) }), Token);
        var findings = await host.Store.SaveListAsync("findings", [Loses with { Concerned = concerned, Groups = 250 }], Token);
        var id = (await host.AssessedAsync(outcome => outcome with { Findings = findings })).AssessmentId;

        var last = (await host.GetAsync($"/api/assessments/{id}/findings/GWB2402/concerned?page=3")).Json;
        var none = await host.GetAsync($"/api/assessments/{id}/findings/GWB2401/concerned");

        Assert.Equal((50, 250), (last.GetProperty("items").GetArrayLength(), last.GetProperty("total").GetInt32()));
        Assert.Equal((404, "GWB1108"), (none.Status, none.Code));
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("?keptBy=groupDn", 1)]
    [InlineData("?keptBy=nothing", 0)]
    public async Task Names_AreFiltered(string query, int expected)
    {
        var id = await AssessedAsync();

        var answer = await host.GetAsync($"/api/assessments/{id}/names{query}");

        Assert.Equal((200, expected, expected), (answer.Status, answer.Json.GetProperty("total").GetInt32(), answer.Json.GetProperty("items").GetArrayLength()));
    }

    [Fact]
    public async Task Names_OfAnAssessmentThatPredictedNone_AreRefused()
    {
        var answer = await host.GetAsync($"/api/assessments/{(await host.AssessedAsync()).AssessmentId}/names");

        Assert.Equal((409, "GWB1102"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("?page=1&size=3", 3)]
    [InlineData("?page=2&size=3", 1)]
    [InlineData("?page=3&size=3", 0)]
    [InlineData("?page=2&size=1&class=migrates", 1)]
    public async Task Groups_ArePaged(string query, int expected)
    {
        var id = await AssessedAsync();

        var answer = (await host.GetAsync($"/api/assessments/{id}/groups{query}")).Json;

        Assert.Equal((expected, query.Contains("class", StringComparison.Ordinal) ? 2 : 4), (answer.GetProperty("items").GetArrayLength(), answer.GetProperty("total").GetInt32()));
    }

    [Theory]
    [InlineData("groups?class=Migrates", "class")]
    [InlineData("groups?class=1", "class")]
    [InlineData("groups?readiness=", "readiness")]
    [InlineData("groups?reason=Has%20a%20mail", "reason")]
    [InlineData("groups?class=migrates&class=freezes", "class")]
    [InlineData("report?format=pdf", "format")]
    [InlineData("report?format=csv&table=members", "table")]
    [InlineData("report?format=html&table=groups", "table")]
    [InlineData("comparison?with=a-20260101-000000-0000&change=other", "change")]
    public async Task Query_ThatIsAbsurd_Is400WithItsName(string path, string field)
    {
        var id = await AssessedAsync();

        var answer = await host.GetAsync($"/api/assessments/{id}/{path}");

        Assert.Equal((400, "GWB1006", field), (answer.Status, answer.Code, answer.Field));
    }

    [Theory]
    [InlineData("report?format=csv", "table")]
    [InlineData("comparison", "with")]
    public async Task Query_ThatIsMissing_Is400WithItsName(string path, string field)
    {
        var id = await AssessedAsync();

        var answer = await host.GetAsync($"/api/assessments/{id}/{path}");

        Assert.Equal((400, "GWB1004", field), (answer.Status, answer.Code, answer.Field));
    }

    [Fact]
    public async Task Report_AsJson_HoldsEverything()
    {
        var id = await AssessedAsync();

        var report = (await host.GetAsync($"/api/assessments/{id}/report")).Json;

        Assert.Equal(["assessment", "facts", "findings", "groups", "losses", "names", "tasks", "discovery"], report.EnumerateObject().Select(member => member.Name));
        Assert.Equal(4, report.GetProperty("groups").GetArrayLength());
        Assert.Equal(id, report.GetProperty("assessment").GetProperty("assessmentId").GetString());
    }

    [Theory]
    [InlineData("groups", 5)]
    [InlineData("findings", 3)]
    [InlineData("losses", 3)]
    [InlineData("names", 3)]
    public async Task Report_AsCsv_HasItsColumnsAndItsRows(string table, int lines)
    {
        var id = await AssessedAsync();

        var answer = await host.GetAsync($"/api/assessments/{id}/report?format=csv&table={table}");

        var rows = answer.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("text/csv", lines), (answer.ContentType, rows.Length));
        Assert.Equal(string.Join(',', AssessmentTables.Columns[table].Select(column => $"\"{column}\"")), rows[0].TrimStart('\uFEFF'));
        Assert.DoesNotContain("\"=", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_OfManyGroups_IsStreamed()
    {
        const int many = 100_000;
        var id = await AssessedAsync(Enumerable.Range(0, many).Select(n => Group(n, GroupClass.Migrates, Readiness.Ready)));
        var outcome = (await host.Store.ReadOneAsync<AssessmentOutcome>(StoreNames.AssessmentOutcome(id), Token))!;
        var write = await new AssessmentTables(host.Store, new AssessmentReader(host.Store)).PrepareAsync(outcome, AssessmentTables.Groups, Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var output = new CountingStream();

        await write(output);

        Assert.Equal(many + 1, output.Lines);
        Assert.True(output.Peak - before < 30_000_000, $"{output.Peak - before:N0} bytes at once");
    }

    [Fact]
    public async Task Report_AsPage_IsGuardedAndEscaped()
    {
        var id = await AssessedAsync();

        var page = await host.GetAsync($"/api/assessments/{id}/report?format=html");

        Assert.Equal("text/html", page.ContentType);
        Assert.Equal(HtmlPage.ContentSecurityPolicy, page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Contains("&lt;b&gt;=Sales&lt;/b&gt;", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>=Sales", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_WithADamagedDocument_IsAProblemBeforeTheFirstByte()
    {
        var outcome = await host.AssessedAsync(o => o with { Classified = o.Classified! with { Sha256 = Samples.Digest } });
        foreach (var query in new[] { "", "?format=html", "?format=scenario", "?format=csv&table=groups" })
        {
            var answer = await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/report{query}");

            Assert.Equal((500, "GWB7601"), (answer.Status, answer.Code));
        }
    }

    [Theory]
    [InlineData("report")]
    [InlineData("groups")]
    [InlineData("comparison?with=a-20260101-000000-0000")]
    public async Task Results_OfAnAssessmentThatHasNone_Are409(string path)
    {
        var outcome = await host.AssessedAsync(o => new() { AssessmentId = o.AssessmentId, State = AssessmentState.Failed });

        var answer = await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/{path}");

        Assert.Equal((409, "GWB1102"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Comparison_TellsWhatChanged()
    {
        var before = await AssessedAsync();
        var after = await AssessedAsync([Group(1, GroupClass.Migrates, Readiness.NotReady), Group(2, GroupClass.Migrates, Readiness.Ready), Group(9, GroupClass.Migrates, Readiness.Ready)]);

        var all = (await host.GetAsync($"/api/assessments/{after}/comparison?with={before}&size=2")).Json;
        var gone = (await host.GetAsync($"/api/assessments/{after}/comparison?with={before}&change=gone")).Json;

        Assert.Equal((5, 2), (all.GetProperty("groups").GetProperty("total").GetInt32(), all.GetProperty("groups").GetProperty("items").GetArrayLength()));
        Assert.Equal("new", all.GetProperty("groups").GetProperty("items")[0].GetProperty("change").GetString());
        Assert.Equal(2, gone.GetProperty("groups").GetProperty("total").GetInt32());
        Assert.Equal(2, all.GetProperty("comparison").GetProperty("groups").GetProperty("gone").GetInt32());
        Assert.Equal((before, after), (all.GetProperty("comparison").GetProperty("with").GetString(), all.GetProperty("comparison").GetProperty("assessmentId").GetString()));
    }

    [Fact]
    public async Task Comparison_WithWhatCannotBeCompared_IsRefused()
    {
        var id = await AssessedAsync();
        var failed = await host.AssessedAsync(o => new() { AssessmentId = o.AssessmentId, State = AssessmentState.Failed });
        var other = await host.AssessedAsync();
        var facts = await host.Store.LoadOneAsync<AssessInput>(other.Facts!, Token);
        var elsewhere = other with
        {
            Facts = await host.Store.SaveOneAsync("facts", facts with { Tenant = facts.Tenant with { Tenant = Guid.NewGuid() } }, Token),
        };
        await host.Store.WriteOneAsync(StoreNames.AssessmentOutcome(other.AssessmentId), elsewhere, Token);

        Assert.Equal((404, "GWB1101"), await WithAsync("a-20200101-000000-0000"));
        Assert.Equal((404, "GWB1101"), await WithAsync("..%2F..%2Fx"));
        Assert.Equal((409, "GWB1102"), await WithAsync(failed.AssessmentId));
        Assert.Equal((409, "GWB1106"), await WithAsync(other.AssessmentId));
        Assert.Equal((400, "GWB1107"), await WithAsync(id));

        async Task<(int, string?)> WithAsync(string with)
        {
            var answer = await host.GetAsync($"/api/assessments/{id}/comparison?with={with}");
            return (answer.Status, answer.Code);
        }
    }

    static ClassifiedGroup Group(int number, GroupClass kind, Readiness readiness, params string[] reasons) => new()
    {
        CloudId = Facts.Id(number), ObjectGuid = Facts.Id(number + 1), Name = $"=<b>group</b> {number}", Class = kind, Readiness = readiness, Reasons = reasons, Members = 5,
    };

    static NamePrediction Named(int number, NameKeeping keptBy) => new()
    {
        CloudId = Facts.Id(number), ObjectGuid = Facts.Id(number + 1), Name = $"=<b>group</b> {number}", CommonName = "=now", Container = Facts.Ou, SamAccountName = "s",
        MappedCommonName = "mapped", MappedContainer = Facts.Ou, KeptBy = keptBy, WrittenCommonName = "=now", WrittenContainer = Facts.Ou, WrittenSamAccountName = "s",
    };

    Task<string> AssessedAsync() => AssessedAsync(
    [
        Group(1, GroupClass.Migrates, Readiness.Ready),
        Group(2, GroupClass.Migrates, Readiness.NotReady, ClassReason.WrongPlace),
        Group(3, GroupClass.AtRisk, Readiness.NotReady, ClassReason.HasMail),
        Group(4, GroupClass.Orphan, Readiness.Ready, ClassReason.NoAnchor),
    ]);

    async Task<string> AssessedAsync(IEnumerable<ClassifiedGroup> groups)
    {
        var classified = await host.Store.SaveListAsync("classified", groups, Token);
        var findings = await host.Store.SaveListAsync("findings", [Loses, Loses with { Code = "GWB2302", Severity = FindingSeverity.Blocks, Title = "+a" }], Token);
        var losses = await host.Store.SaveListAsync("losses", [new GroupLoss { CloudId = Facts.Id(1), Members = [Facts.Id(70), Facts.Id(71)] }], Token);
        var names = await host.Store.SaveListAsync("names", new[] { Named(1, NameKeeping.Mapping), Named(2, NameKeeping.GroupDn) }, Token);
        return (await host.AssessedAsync(outcome => outcome with { Classified = classified, Findings = findings, Losses = losses, Names = names })).AssessmentId;
    }

    /// <summary>Counts lines and looks at the memory while it is written to.</summary>
    sealed class CountingStream : MemoryStream
    {
        int _writes;

        public int Lines { get; private set; }

        public long Peak { get; private set; }

        public override bool CanSeek => false;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Lines += buffer.Span.Count((byte)'\n');
            Peak = Math.Max(Peak, _writes++ % 50 == 0 ? GC.GetTotalMemory(forceFullCollection: true) : 0);
            return ValueTask.CompletedTask;
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Responses refuse synchronous writes.");
    }
}
