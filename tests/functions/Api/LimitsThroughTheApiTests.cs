using GwbCloud.Functions.Assessment;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GwbCloud.Tests.Functions.Api;

/// <summary>The documented sizes of Cloud Sync at their borders, by the settings that the app has when nobody changes them.</summary>
public sealed class LimitsThroughTheApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData(10_000, "ready", null)]
    [InlineData(10_001, "blocked", "10,001")]
    public async Task Groups_AtTheBorder(int groups, string state, string? example) => await AssertAsync(Groups(groups), state, "GWB2310", example);

    [Theory]
    [InlineData(0, "ready", null)]
    [InlineData(1, "blocked", "250,001")]
    public async Task Memberships_AtTheBorder(int more, string state, string? example) => await AssertAsync(Memberships(more), state, "GWB2311", example);

    [Theory]
    [InlineData("10,001")]
    [InlineData("250,001")]
    public async Task Limits_ThatAreOff_AreToldAndAccepted(string exceeded)
    {
        var options = host.Services.GetRequiredService<IOptions<AssessmentOptions>>().Value;
        AssessmentOutcome outcome;
        try
        {
            options.EnforceLimits = false;
            outcome = await host.JudgedAsync(exceeded == "10,001" ? Groups(10_001) : Memberships(1));
        }
        finally
        {
            options.EnforceLimits = true;
        }

        var findings = (await host.GetAsync($"/api/assessments/{outcome.AssessmentId}/findings")).Json.GetProperty("items").EnumerateArray().ToList();
        var finding = Assert.Single(findings, f => f.GetProperty("severity").GetString() == "needsAcceptance");
        Assert.Equal(("GWB2412", exceeded), (finding.GetProperty("code").GetString(), finding.GetProperty("examples")[0].GetString()));

        var accepted = await host.PostAsync($"/api/assessments/{outcome.AssessmentId}/acceptances", new { Acceptances = new[] { new { Code = "GWB2412", Comment = "known" } } });
        Assert.Equal("ready", accepted.Json.GetProperty("state").GetString());
    }

    async Task AssertAsync(Facts facts, string state, string code, string? example)
    {
        var id = (await host.JudgedAsync(facts)).AssessmentId;

        Assert.Equal(state, (await host.GetAsync($"/api/assessments/{id}")).Json.GetProperty("state").GetString());
        var found = (await host.GetAsync($"/api/assessments/{id}/findings")).Json.GetProperty("items").EnumerateArray()
            .Where(f => f.GetProperty("severity").GetString() == "blocks")
            .Select(f => (f.GetProperty("code").GetString(), f.GetProperty("examples")[0].GetString(), f.GetProperty("cause").GetString()!.Contains("One configuration takes", StringComparison.Ordinal)));
        Assert.Equal(example is null ? [] : [(code, example, true)], found);
    }

    static Facts Groups(int count)
    {
        var facts = Facts.Healthy();
        for (var number = 3; number <= count; number++)
        {
            // Above the numbers of tenant and canaries.
            facts.Written(20_000 + number, members: 1);
        }

        return facts;
    }

    /// <summary>250,000 memberships and some more.</summary>
    static Facts Memberships(int more)
    {
        var facts = Facts.Healthy();
        for (var number = 3; number <= 7; number++)
        {
            facts.Written(number, members: number == 7 ? 50_000 - 8 + more : 50_000);
        }

        return facts;
    }
}
