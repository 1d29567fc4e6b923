using System.Text.Json.Nodes;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Functions.CloudSync;

public class CloudSyncSurveyTests
{
    const string InboundTemplate = "1a4721b3-e57f-4451-ae87-ef078703ec94";
    static readonly WorldOptions Small = new() { Groups = 20, M365 = 2 };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Survey_FreshTenant_FindsNothing()
    {
        await using var lab = await LabTenant.StartAsync(Small);

        var survey = await SurveyAsync(lab);

        Assert.Equal((0, 0, 0, 0), (survey.Configurations.Count, survey.OtherDomains, survey.Inbound.Count, survey.Unreadable.Count));
    }

    [Fact]
    public async Task Survey_PostponedMigration_IsOursAndAsPlannedWithoutItsCanaries()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        var input = await lab.PreparedAsync();

        var found = Assert.Single((await SurveyAsync(lab)).Configurations);

        Assert.Equal((input.Job!.JobId, SurveyedState.Paused, true, 0), (found.JobId, found.State, found.Ours, found.Assigned));
        Assert.Equal((SecretsMerge.LowestThreshold, false, false), (found.DeleteThreshold, found.TakesAll, found.ManagesGroups));
        Assert.Empty(found.Deviations);
    }

    [Fact]
    public async Task Survey_ForeignJobThatRan_ManagesGroupsAndSaysHowItDeviates()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        var job = await ForeignAsync(lab, Domain(lab), SecretsMerge.SyncAll, "true");
        var group = lab.World.Store.Read(() => lab.World.Groups.Values.First(g => g.WritebackEnabled is true && !g.Unified).Id);
        await lab.Portal.RunAssignmentScriptAsync(job.ServicePrincipalId, [group]);
        await PutAsync(lab, job with { Started = true, LastCycleAt = lab.World.Clock.GetUtcNow(), Cycles = 1 });

        var found = Assert.Single((await SurveyAsync(lab)).Configurations);

        Assert.Equal((SurveyedState.Running, false, 1, true, true), (found.State, found.Ours, found.Assigned, found.HasRun, found.ManagesGroups));
        Assert.Equal(lab.World.Store.Read(() => lab.World.Groups[group].Members.Count), found.Memberships);
        Assert.NotEqual(0, found.Memberships);
        Assert.True(found.TakesAll);
        Assert.NotNull(found.CannotPreserve);
        Assert.Equal(["GWB4201", "GWB4202"], found.Deviations.Select(d => d[..7]));
    }

    [Fact]
    public async Task Survey_JobInQuarantine_SaysWhy()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        var job = await ForeignAsync(lab, Domain(lab));
        await PutAsync(lab, job with { Quarantined = true, QuarantineReason = "TooManyDeletes", LastCycleAt = lab.World.Clock.GetUtcNow() });

        var found = Assert.Single((await SurveyAsync(lab)).Configurations);

        Assert.Equal((SurveyedState.Quarantined, "TooManyDeletes"), (found.State, found.QuarantineReason));
    }

    [Fact]
    public async Task Survey_ConfigurationOfAnotherDomain_IsCountedApart()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        await ForeignAsync(lab, "other.example");

        var survey = await SurveyAsync(lab);

        Assert.Equal((0, 1), (survey.Configurations.Count, survey.OtherDomains));
    }

    [Fact]
    public async Task Survey_ApplicationWithoutJob_IsFoundByItsName()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        await AppAsync(lab, Domain(lab), CloudSyncTemplate);

        var found = Assert.Single((await SurveyAsync(lab)).Configurations);

        Assert.Equal((null, SurveyedState.NoJob, false), (found.JobId, found.State, found.ManagesGroups));
    }

    [Theory]
    [InlineData("OU=Elsewhere,DC=corp,DC=example", "", false, false)]
    [InlineData("", "", true, false)]
    [InlineData("", "adminDescription", true, true)]
    public async Task Survey_InboundJob_ToldByContainerAndFilter(string container, string clause, bool reads, bool looks)
    {
        await using var lab = await LabTenant.StartAsync(Small);
        await InboundAsync(lab, container, clause);

        var survey = await SurveyAsync(lab);

        var found = Assert.Single(survey.Inbound);
        Assert.Equal((reads, looks, reads && !looks), (found.ReadsWritebackOu, found.LooksAtAdminDescription, found.WouldReadWrittenGroups));
        Assert.Empty(survey.Configurations);
    }

    [Fact]
    public async Task Survey_InboundJobOfTheOusParent_ReadsTheOu()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        var parent = Contracts.ActiveDirectory.DistinguishedName.Parent(Ou(lab));
        await InboundAsync(lab, parent, clause: "");

        Assert.True(Assert.Single((await SurveyAsync(lab)).Inbound).WouldReadWrittenGroups);
    }

    [Fact]
    public async Task Survey_MaskedCredential_IsNamed()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        await ForeignAsync(lab, Domain(lab), "AppKey", "secret");

        Assert.Equal(["AppKey"], Assert.Single((await SurveyAsync(lab)).Configurations).MaskedSecrets);
    }

    internal const string CloudSyncTemplate = "fb81332f-3eca-4ecf-a939-4278e501d330";

    static Task<CloudSyncSurvey> SurveyAsync(LabTenant lab) => lab.CloudSync.SurveyCloudSync(
        new SurveyInput { Domain = Domain(lab), WritebackOu = Ou(lab), Naming = NamingStyle.GroupGuid }, Stop);

    static string Domain(LabTenant lab) => lab.World.Store.Read(() => lab.World.ForestFacts.Domain);

    static string Ou(LabTenant lab) => lab.World.Store.Read(() => lab.World.ForestFacts.WritebackOu);

    static async Task<AppState> AppAsync(LabTenant lab, string name, string template) => await lab.World.Store.ChangeAsync(change =>
    {
        var app = new AppState
        {
            ApplicationObjectId = Guid.NewGuid(),
            AppId = Guid.NewGuid(),
            ServicePrincipalId = Guid.NewGuid(),
            DisplayName = name,
            TemplateId = template,
            PublicRoleId = new Guid("1a0abf4d-b9fa-4512-a3a2-51ee82c6fd9f"),
            VisibleAt = default,
        };
        lab.World.Apps.Put(change, app.ServicePrincipalId, app);
        return app;
    });

    static async Task<JobState> ForeignAsync(LabTenant lab, string domain, string? key = null, string? value = null)
    {
        var app = await AppAsync(lab, domain, CloudSyncTemplate);
        var job = (await lab.Engine.CreateJobAsync(app.ServicePrincipalId)) with { VisibleAt = default };
        var secrets = new Dictionary<string, string> { ["Domain"] = new JsonObject { ["domain"] = domain }.ToJsonString() };
        if (key is not null)
        {
            secrets[key] = value!;
        }

        await PutAsync(lab, job with { Secrets = secrets });
        return job with { Secrets = secrets };
    }

    static async Task PutAsync(LabTenant lab, JobState job) => await lab.World.Store.ChangeAsync(change => lab.World.Jobs.Put(change, job.Id, job));

    static async Task InboundAsync(LabTenant lab, string container, string clause)
    {
        var app = await AppAsync(lab, "inbound", InboundTemplate);
        var schema = DefaultSchema.Create("AD2AADProvisioning.x", Guid.NewGuid(), "DC=corp,DC=example");
        var rule = schema["synchronizationRules"]![0]!;
        if (container.Length > 0)
        {
            rule["containerFilter"] = new JsonObject { ["includedContainers"] = new JsonArray(container) };
        }

        if (clause.Length > 0)
        {
            rule["objectMappings"]![0]!["scope"] = new JsonObject
            {
                ["groups"] = new JsonArray(new JsonObject
                {
                    ["clauses"] = new JsonArray(new JsonObject
                    {
                        ["sourceOperandName"] = clause,
                        ["operatorName"] = "NOT REGEX MATCH",
                        ["targetOperand"] = new JsonObject { ["values"] = new JsonArray("^Group_") },
                    }),
                }),
            };
        }

        await PutAsync(lab, new JobState
        {
            Id = "AD2AADProvisioning.x",
            ServicePrincipalId = app.ServicePrincipalId,
            TemplateId = "AD2AADProvisioning",
            Started = true,
            Schema = schema.ToJsonString(),
            Secrets = new Dictionary<string, string>(),
        });
    }
}
