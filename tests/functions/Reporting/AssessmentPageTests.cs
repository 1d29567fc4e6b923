using System.Text.RegularExpressions;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Reporting;
using GwbCloud.Tests.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Reporting;

public sealed partial class AssessmentPageTests
{
    const string Hostile = "<script>alert('x')</script>\"><img src=x onerror=y>\u202Egpj";

    [Theory]
    [InlineData("GWB2107", "Blocked")]
    [InlineData("GWB2605", "Nothing in the way but the canaries")]
    [InlineData("GWB2402", "Needs acceptance")]
    [InlineData("GWB2504", "Ready")]
    [InlineData(null, "Ready")]
    public void Page_BeginsWithTheVerdict(string? code, string verdict)
    {
        var page = AssessmentPage.Render(ReportOf(code is null ? [] : [FindingOf(code)]));

        Assert.Matches($"<section class=\"verdict \\w+\" aria-label=\"Verdict\">\\s*<strong>{verdict}</strong>", page);
    }

    [Fact]
    public void Page_AcceptedConsequence_IsReadyAndNamesWhoAndWhy()
    {
        var report = ReportOf([FindingOf("GWB2402") with { Accepted = true }]);
        report = report with
        {
            Facts = report.Facts with { Request = report.Facts.Request with { Acceptances = [new() { Code = "GWB2402", By = "a-person", Comment = "we know <b>" }] } },
        };

        var page = AssessmentPage.Render(report);

        Assert.Contains("<strong>Ready</strong>", page, StringComparison.Ordinal);
        Assert.Contains("by <code>a-person</code>: <bdi>we know &lt;b&gt;</bdi>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_HostileNames_StayText()
    {
        var report = ReportOf([FindingOf("GWB2402") with { Examples = [Hostile], Title = Hostile, Cause = Hostile, Remedy = Hostile }]);
        report = report with
        {
            Losses = [new() { CloudId = Facts.Id(1), Name = Hostile, Members = 3, Lost = 1 }],
            Facts = report.Facts with
            {
                Forest = report.Facts.Forest with { Domain = Hostile, WritebackOu = Hostile },
                Servers = [Facts.Server(Hostile, staging: false)],
                Silent = [new() { Server = Hostile, Why = Hostile }],
                Request = report.Facts.Request with { Acceptances = [new() { Code = Hostile, By = Hostile, Comment = Hostile }] },
            },
        };

        var page = AssessmentPage.Render(report);

        Assert.Empty(Forbidden().Matches(page));
        Assert.DoesNotContain('\u202E', page);
        Assert.Contains("[U202E]gpj", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_IsComplete_WithoutLoadingAnything()
    {
        var page = AssessmentPage.Render(ReportOf([.. FindingCatalogue.All.Select(check => FindingOf(check.Code))]));

        Assert.All(FindingCatalogue.All, check => Assert.Contains(check.Code, page, StringComparison.Ordinal));
        Assert.Empty(Forbidden().Matches(page));
        Assert.Empty(Regex.Matches(page, "(src|href|style)="));
        Assert.Equal(Regex.Count(page, "<table[ >]"), Regex.Count(page, "<caption>"));
        Assert.Equal(Regex.Count(page, "<svg "), Regex.Count(page, "<svg [^>]*(aria-hidden=\"true\"|aria-label=)"));
        foreach (var element in new[] { "section", "table", "ul", "ol", "dl", "div", "svg", "tr", "td", "th", "bdi", "main" })
        {
            Assert.Equal((element, Regex.Count(page, $"<{element}[ >]")), (element, Regex.Count(page, $"</{element}>")));
        }
    }

    [Theory]
    [InlineData(3_600, "below the 12 hours")]
    [InlineData(4 * 3_600, "needs acceptance")]
    [InlineData(20 * 3_600, "and blocks")]
    public void Page_Time_IsJudgedAgainstTheLimits(int initialSeconds, string judged)
    {
        var report = ReportOf([]);

        var page = AssessmentPage.Render(report with { Outcome = report.Outcome with { Time = TimeArithmetic.Of(initialSeconds, 600, 7_200) } });

        Assert.Contains(judged, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OfTheSurroundings_NamesWhatIsSilentTooLargeOrUncounted()
    {
        var report = ReportOf([]);
        report = report with
        {
            Outcome = report.Outcome with { Blast = report.Outcome.Blast! with { M365TooLarge = 7_654 } },
            Facts = report.Facts with
            {
                Silent = [new() { Server = "AADC9", Why = "silent" }],
                Forest = report.Facts.Forest with { LastBackup = null, Exchange = new() },
                Tenant = report.Facts.Tenant with { Numbers = new() { Users = null, Groups = 1_234, M365Off = 56 } },
            },
        };

        var page = AssessmentPage.Render(report);

        Assert.All(
            ["7,654", "AADC9", "did not answer", "never", "not prepared", "could not be counted", "1,234", "56 off"],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Scenario_OfAnAssessment_HasCountsAndNoName()
    {
        var facts = Facts.Healthy();
        facts.Written(10);
        facts.Written(11);
        facts.Change(Facts.Id(10), group => group with { Mail = "secret@corp.example" });
        facts.Change(Facts.Id(11), group => group with { SoftDeleted = true });
        facts.ChangeObject(Facts.Id(2), group => group with { DistinguishedName = $"CN=Own,{Facts.Ou}" });

        var scenario = ScenarioExport.Of(ReportOf([], facts));

        Assert.Equal((3, 1, 1, 2), (scenario.Groups, scenario.MailBearing, scenario.SoftDeletedRetained, scenario.Servers));
        Assert.Equal((1, 0), (scenario.DeviatingNames, scenario.DeviatingPlaces));
        Assert.DoesNotContain("corp", scenario.ToJson(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("AADC", scenario.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_AreInTheDocsInTheirOrder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln")))
        {
            folder = folder.Parent!;
        }

        var sections = File.ReadAllText(Path.Combine(folder.FullName, "docs", "assessment.md")).Split("\n#");

        foreach (var (table, columns) in AssessmentTables.Columns)
        {
            var section = sections.Single(section => section.StartsWith($"## {table}\n", StringComparison.Ordinal));
            Assert.Equal(columns, Regex.Matches(section, "(?m)^\\| `(\\w+)` \\|").Select(match => match.Groups[1].Value));
        }
    }

    static Finding FindingOf(string code)
    {
        var check = FindingCatalogue.All.Single(check => check.Code == code);
        return new() { Code = code, Severity = check.Severity, Title = check.Title, Cause = check.Cause, Remedy = check.Remedy, Groups = 2, Examples = ["one", "two"] };
    }

    static AssessmentReport ReportOf(IReadOnlyList<Finding> findings, Facts? tenant = null)
    {
        var facts = (tenant ?? Facts.Healthy()).Build();
        var tally = new GroupTally();
        foreach (var group in facts.Classified.Groups)
        {
            tally.Add(group);
        }

        return new()
        {
            Outcome = new()
            {
                AssessmentId = "a-20260101-000000-0001", State = AssessmentState.Ready, Time = facts.Time, Naming = facts.Classified.Naming,
                Groups = facts.Classified.Groups.Count, Migrating = facts.Classified.Migrating.Count, Blast = BlastRadius.Of(facts.Classified),
            },
            At = DateTimeOffset.UnixEpoch,
            Facts = new()
            {
                Request = new() { AssessmentId = "a-20260101-000000-0001", RequestedBy = "p" },
                Tenant = facts.Tenant, Forest = facts.Forest, Inventory = Facts.Document, Servers = facts.Servers, ReadAt = Facts.Now,
            },
            Findings = findings,
            Tally = tally,
            Losses = [],
        };
    }

    [GeneratedRegex("<script|<img|<link|<iframe|onerror=y>|javascript:|http", RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();
}
