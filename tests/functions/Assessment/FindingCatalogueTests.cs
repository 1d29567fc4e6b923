using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

public class FindingCatalogueTests
{
    public static TheoryData<string> Codes => [.. Spoilers.All.Keys];

    [Fact]
    public void Catalogue_HealthyTenant_FindsNothing()
        => Assert.Empty(Facts.Healthy().Codes());

    [Theory]
    [MemberData(nameof(Codes))]
    public void Check_WhatItLooksFor_SpeaksAlone(string code)
    {
        var facts = Facts.Healthy();

        Spoilers.All[code](facts);

        Assert.Equal(Spoilers.Within.TryGetValue(code, out var whole) ? [code, whole] : [code], facts.Codes().Order());
    }

    [Fact]
    public void Catalogue_EveryCheck_IsTestedAndUnique()
    {
        Assert.Equal(FindingCatalogue.All.Select(c => c.Code).Order(), Spoilers.All.Keys.Order());
    }

    [Fact]
    public void Catalogue_LimitsNotEnforced_MustBeAccepted()
    {
        var facts = Facts.Healthy();

        Spoilers.All["GWB2412"](facts);

        Assert.Equal(FindingSeverity.NeedsAcceptance, Assert.Single(FindingCatalogue.Run(facts.Build(), [])).Severity);
    }

    [Fact]
    public void Canary_ObjectOfAnEarlierMigration_IsOurs()
    {
        var facts = Facts.Healthy();
        facts.Inventory.Add(Facts.AdGroup(facts.Canaries.Match));

        facts.KnownCanaries.Add(facts.Canaries.Match);

        Assert.Empty(facts.Codes());
    }

    [Fact]
    public void Canary_WithoutSyncedUser_IsNotSuitable()
    {
        var facts = Facts.Healthy();

        facts.Change(facts.Canaries.New, g => g with { Members = 1, Unwritable = [Facts.Id(70)], CloudOnly = [Facts.Id(70)] });

        Assert.Contains("GWB2603", facts.Codes());
    }

    [Fact]
    public void Findings_ManyGroups_ShowAtMostTwentyNames()
    {
        var facts = Facts.Healthy();
        for (var number = 100; number < 150; number++)
        {
            facts.Inventory.Add(Facts.AdGroup(Facts.Id(number)));
        }

        var finding = Assert.Single(FindingCatalogue.Run(facts.Build(), []));

        Assert.Equal(50, finding.Groups);
        Assert.Equal(20, finding.Examples.Count);
    }

    [Fact]
    public void Documentation_ListsEveryCheck_AsItIs()
    {
        var lines = Documentation().Where(l => l.StartsWith("| GWB", StringComparison.Ordinal));

        Assert.Equal(FindingCatalogue.All.Select(c => $"| {c.Code} | {c.Severity} | {c.Title} | {c.Cause} | {c.Remedy} |"), lines);
    }

    [Fact]
    public void Documentation_OfWhatIsLookedAt_NamesEveryCheckAndNoOther()
    {
        var rows = Documentation().SkipWhile(l => !l.StartsWith("## What is looked at", StringComparison.Ordinal))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(l => l.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToList();

        Assert.All(rows, row => Assert.Equal(2, row.Length));
        var named = rows.SelectMany(row => row[1].Split(", ")).ToHashSet();
        Assert.Equal(FindingCatalogue.All.Select(c => c.Code).Order(), named.Order());
    }

    static string[] Documentation()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "GwbCloud.sln")))
        {
            root = root.Parent;
        }

        return File.ReadAllLines(Path.Combine(root!.FullName, "docs", "findings.md"));
    }
}
