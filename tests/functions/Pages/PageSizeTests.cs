using System.Globalization;
using System.Text;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Assessment;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Pages;

/// <summary>A tenant of 20,000 groups with names as long and as bad as they can be, and 500 findings.</summary>
public sealed class PageSizeTests(ApiHost host) : IClassFixture<ApiHost>
{
    const int Most = 200 * 1024;
    const int Groups = 20_000;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoPage_IsOver200Kilobytes_AtAnySize()
    {
        var id = await LargeAsync();
        var view = await host.MigratingAsync(view => view with
        {
            AssessmentId = id,
            Tasks = [.. Enumerable.Range(0, 200).Select(n => Samples.Task($"task-{n}", TaskState.Open) with { Title = Name(n), Why = Name(n), Steps = [Name(n), Name(n)], Reads = Name(n) })],
            Notices = [.. Enumerable.Range(0, 20).Select(n => new Notice { Code = "GWB2001", Message = Name(n) + Name(n), Remedy = Name(n) })],
            Orphans = [.. Enumerable.Range(0, 500).Select(n => new OrphanedObject { CloudId = Facts.Id(n), DistinguishedName = $"CN={Name(n)}" })],
        });

        string[] paths =
        [
            "", $"/assessments/{id}", $"/assessments/{id}/findings", $"/assessments/{id}/findings?page=10&sort=concerns", $"/assessments/{id}/findings/GWB2402", $"/assessments/{id}/groups",
            $"/assessments/{id}/groups?page=400&sort=members", $"/assessments/{id}/losses", $"/assessments/{id}/names", $"/migrations/{view.MigrationId}", $"/migrations/{view.MigrationId}/tasks",
            $"/migrations/{view.MigrationId}/tasks/task-7", $"/migrations/{view.MigrationId}/audit",
        ];
        foreach (var path in paths)
        {
            var page = await host.GetAsync("/api/pages" + path, host.Issuer.Access(People.Requester, "Migration.Operator"));

            Assert.Equal((path, 200), (path, page.Status));
            Assert.True(Encoding.UTF8.GetByteCount(page.Text) < Most, string.Create(CultureInfo.InvariantCulture, $"{path}: {Encoding.UTF8.GetByteCount(page.Text)} bytes"));
        }

        var last = (await host.GetAsync($"/api/pages/assessments/{id}/groups?page=400")).Text;
        Assert.Contains("19,951 to 20,000 of 20,000 groups", last, StringComparison.Ordinal);
        var found = (await host.GetAsync($"/api/pages/assessments/{id}/groups?q={Facts.Id(12_345):D}")).Text;
        Assert.Contains("1 to 1 of 1 that fit, of 20,000 groups", found, StringComparison.Ordinal);
    }

    async Task<string> LargeAsync()
    {
        var groups = Enumerable.Range(0, Groups).Select(n => new ClassifiedGroup
        {
            CloudId = Facts.Id(n), Name = Name(n), Class = GroupClass.Migrates, Readiness = Readiness.ReadyWithConditions, Reasons = [ClassReason.HasMail], Members = n,
        }).ToList();
        var concerned = await host.Store.SaveListAsync("concerned", groups.Select(Concern.Of), Token);
        var findings = Enumerable.Range(0, 500).Select(n => new Finding
        {
            Code = n == 0 ? "GWB2402" : $"GWB{3000 + n}", Severity = FindingSeverity.NeedsAcceptance, Title = "Groups lose members", Cause = "c", Remedy = Name(n), Groups = Groups, Concerned = concerned,
            Examples = [.. groups.Take(20).Select(group => group.Name)],
        });
        var named = await host.Store.SaveListAsync("names", groups.Select(group => new NamePrediction
        {
            CloudId = group.CloudId!.Value, ObjectGuid = group.CloudId.Value, Name = group.Name, CommonName = group.Name[..64], Container = Facts.Ou, SamAccountName = "s", KeptBy = NameKeeping.GroupDn,
            WrittenCommonName = group.Name[..64], WrittenContainer = Facts.Ou, WrittenSamAccountName = "s",
        }), Token);
        var losses = await host.Store.SaveListAsync(
            "losses", groups.Take(3_000).Select(group => new GroupLoss { CloudId = group.CloudId!.Value, Members = [.. Enumerable.Range(0, 40).Select(Facts.Id)] }), Token);
        var classified = await host.Store.SaveListAsync("classified", groups, Token);
        var stored = await host.Store.SaveListAsync("findings", findings, Token);
        return (await host.AssessedAsync(outcome => outcome with { Findings = stored, Classified = classified, Losses = losses, Names = named, Groups = Groups, Migrating = Groups })).AssessmentId;
    }

    /// <summary>256 characters of which each is written as an escape.</summary>
    static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:D6}") + string.Concat(Enumerable.Repeat("\"\u202E<", 84))[..250];
}
