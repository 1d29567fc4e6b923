using System.Text.Json.Nodes;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Functions.CloudSync;

/// <summary>Configurations that somebody made before, against the simulated tenant.</summary>
public class AdoptionTests
{
    static readonly WorldOptions Managing = new() { Groups = 20, M365 = 2, ExistingConfiguration = ExistingConfiguration.Managing };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prepare_JobThatManagesGroups_KeepsItsScopeAndItsExpressions()
    {
        await using var lab = await LabTenant.StartAsync(Managing);
        var before = Schema(lab);

        var input = await lab.PreparedAsync();
        var facts = await lab.CloudSync.ReadCloudSync(input, Stop);

        Assert.Equal((true, true, false), (input.Job!.Preserves, input.Job.KeepsNames, input.Job.Created));
        Assert.Empty(facts.Deviations);
        Assert.Equal((0, 0, true), (facts.PlannedInScope, facts.StrangersInScope, facts.CanariesOnly));
        Assert.True(MappingScope.HasScopeOf(Schema(lab), before));
        Assert.EndsWith($",{SchemaEdits.OwnExpression(before, "cn")})", SchemaEdits.OwnExpression(Schema(lab), "cn"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_JobThatManagesGroups_GivesEveryPlannedGroupItsNameToKeep()
    {
        await using var lab = await LabTenant.StartAsync(Managing);

        var input = await lab.PreparedAsync();

        var planned = await lab.Store.LoadListAsync<GroupIdentity>((await lab.PlanAsync(input)).Groups, Stop);
        Assert.Equal(
            KeptDn.Of(planned).Append(KeptCanary.Of(await lab.PlanAsync(input))).Select(k => k.Value).Order(),
            lab.World.Store.Read(() => lab.World.Groups.Values.SelectMany(g => g.Extensions.Values).Order().ToList()));
    }

    [Fact]
    public async Task Cycle_OfAnAdoptedJob_LeavesItsGroupsWhereTheyWere()
    {
        await using var lab = await LabTenant.StartAsync(Managing);
        var before = Places(lab);
        var input = await lab.PreparedAsync();

        await lab.CloudSync.StartJob(input, Stop);
        await lab.ForAsync(TimeSpan.FromHours(2), Stop);

        Assert.Subset(Places(lab).ToHashSet(), before.ToHashSet());
    }

    /// <summary>No filter of ours says so here: whoever is assigned now may have been written, and would be deleted when sent away.</summary>
    [Fact]
    public async Task Lift_AdoptedJob_PlannedGroupsNoLongerCountAsUntouched()
    {
        await using var lab = await LabTenant.StartAsync(Managing);
        var input = await lab.PreparedAsync();
        Assert.True((await lab.CloudSync.ReadCloudSync(input, Stop)).CanariesOnly);

        await lab.CloudSync.LiftCanaryFilter(input, Stop);

        var facts = await lab.CloudSync.ReadCloudSync(input, Stop);
        Assert.False(facts.CanariesOnly);
        Assert.Empty(facts.Deviations);
    }

    [Fact]
    public async Task Remove_AdoptedJob_GivesBackSchemaAndSettings()
    {
        await using var lab = await LabTenant.StartAsync(Managing);
        var (schema, secrets) = (Schema(lab), Secrets(lab));
        var input = await lab.PreparedAsync();

        await lab.RemoveAsync(input);
        await lab.RemoveAsync(input);

        Assert.Equal(SchemaEdits.Hash(schema), SchemaEdits.Hash(Schema(lab)));
        Assert.Equal(secrets, Secrets(lab));
        Assert.Empty(lab.ExtensionApps);
        Assert.Equal(1, lab.World.Store.Read(() => lab.World.Jobs.Values.Count(j => j.Id == input.Job!.JobId)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Prepare_AdoptionWithLostAnswers_DecidesOnce(int every)
    {
        await using var lab = await LabTenant.StartAsync(Managing);
        var schema = SchemaEdits.Hash(Schema(lab));
        (lab.Faults.UnknownOutcomeEvery, lab.Faults.ThrottleEvery) = (every + 1, every + 4);
        var input = await lab.PreparedAsync();

        var again = await lab.CloudSync.PrepareCloudSync(input with { Job = null }, Stop);
        Assert.Equal(input.Job, again);
        Assert.Empty((await lab.CloudSync.ReadCloudSync(input, Stop)).Deviations);

        (lab.Faults.UnknownOutcomeEvery, lab.Faults.ThrottleEvery) = (0, 0);
        await lab.RemoveAsync(input);
        Assert.Equal(schema, SchemaEdits.Hash(Schema(lab)));
    }

    [Fact]
    public async Task Prepare_NameMappedAtCreationOnly_IsRefusedBeforeAnythingIsWritten()
    {
        await using var lab = await LabTenant.StartAsync(Managing);
        var plan = (await lab.AssessAsync()).Plan!;
        await EditAsync(lab, mapping => mapping["flowType"] = "ObjectAddOnly");
        var before = Schema(lab).ToJsonString();

        var refused = await Assert.ThrowsAsync<GraphException>(() => lab.CloudSync.PrepareCloudSync(new CloudSyncInput { MigrationId = "m-1", Plan = plan }, Stop));

        await lab.RemoveAsync(new CloudSyncInput { MigrationId = "m-1", Plan = plan });

        Assert.Equal(GraphError.CannotPreserve, refused.Error);
        Assert.Equal(before, Schema(lab).ToJsonString());
        Assert.Empty(lab.ExtensionApps);
    }

    /// <summary>The service runs the tree: what the text says would rename or move groups that it manages.</summary>
    [Theory]
    [InlineData(SchemaEdits.CommonName, "Append([displayName],\"_new\")", "Append([displayName],\"_old\")")]
    [InlineData(SchemaEdits.CommonName, "Append(\"Group_\",[objectId])", "Append([displayName],\"_old\")")]
    [InlineData(SchemaEdits.CommonName, "Append(\"Group_\"", "Append([displayName],\"_old\")")]
    [InlineData(SchemaEdits.CommonName, "no expression", "Append([displayName],\"_old\")")]
    [InlineData(SchemaEdits.Container, "Append(\"OU=New,\",\"DC=contoso\")", "Append(\"OU=Old,\",\"DC=contoso\")")]
    public async Task Prepare_TextSaysOtherThanTheTreeThatRuns_IsRefusedBeforeAnythingIsWritten(string target, string text, string tree)
    {
        await using var lab = await LabTenant.StartAsync(Managing);
        var plan = (await lab.AssessAsync()).Plan!;
        await EditAsync(lab, mapping => mapping["source"] = Source(text, tree), target);
        var before = Schema(lab).ToJsonString();
        var sent = lab.Sent.Count;

        var refused = await Assert.ThrowsAsync<GraphException>(() => lab.CloudSync.PrepareCloudSync(new CloudSyncInput { MigrationId = "m-1", Plan = plan }, Stop));

        Assert.Equal(GraphError.CannotPreserve, refused.Error);
        Assert.Contains($"expression of {target}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Schema(lab).ToJsonString());
        Assert.Empty(lab.ExtensionApps);
        Assert.All(lab.Sent.Skip(sent), s => Assert.True(s.Method == "GET" || s.Path.EndsWith("/parseExpression", StringComparison.Ordinal), s.Path));
    }

    [Theory]
    [InlineData("Append( [displayName], \"_old\" )", "Append([displayName],\"_old\")")]
    [InlineData("Append([displayName],\"_old\")", null)]
    public async Task Prepare_TextSaysWhatRuns_IsAdopted(string text, string? tree)
    {
        await using var lab = await LabTenant.StartAsync(Managing);
        var plan = (await lab.AssessAsync()).Plan!;
        await EditAsync(lab, mapping => mapping["source"] = Source(text, tree));

        var job = await lab.CloudSync.PrepareCloudSync(new CloudSyncInput { MigrationId = "m-1", Plan = plan }, Stop);

        Assert.True(job.Preserves);
        Assert.EndsWith($",{text})", SchemaEdits.OwnExpression(Schema(lab), SchemaEdits.CommonName), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prepare_MappingsThatOnlyTheSurveysNamingCouldPreserve_AreRefusedByThePlansBeforeAnythingIsWritten()
    {
        await using var lab = await LabTenant.StartAsync(Managing);
        var document = (await lab.AssessAsync()).Plan!;
        var plan = await lab.Store.LoadOneAsync<MigrationPlan>(document, Stop);
        var guess = plan.Naming == NamingStyle.GroupGuid ? NamingStyle.DisplayName : NamingStyle.GroupGuid;
        var schema = Schema(lab);
        SchemaEdits.Apply(schema, new() { Name = Parsed(SchemaEdits.NameExpression(guess)), Anchor = Parsed(SchemaEdits.AnchorExpression), WritebackOu = plan.WritebackOu });
        await lab.World.Store.ChangeAsync(c => lab.World.Jobs.Put(c, Existing(lab).Id, Existing(lab) with { Schema = schema.ToJsonString() }));
        await EditAsync(lab, mapping => mapping["defaultValue"] = "nameless");
        var (before, secrets) = (Schema(lab).ToJsonString(), Secrets(lab));

        var surveyed = Assert.Single((await lab.CloudSync.SurveyCloudSync(
            new SurveyInput { Domain = plan.Domain, WritebackOu = plan.WritebackOu, Naming = guess }, Stop)).Configurations);
        var refused = await Assert.ThrowsAsync<GraphException>(() => lab.CloudSync.PrepareCloudSync(new CloudSyncInput { MigrationId = "m-1", Plan = document }, Stop));

        Assert.Null(surveyed.CannotPreserve);
        Assert.Equal(GraphError.CannotPreserve, refused.Error);
        Assert.Equal(before, Schema(lab).ToJsonString());
        Assert.Equal(secrets, Secrets(lab));
        Assert.Empty(lab.ExtensionApps);
    }

    [Fact]
    public async Task VerifyOnly_Configuration_IsNeverWrittenAndEachDeviationToldWithItsCorrection()
    {
        await using var lab = await LabTenant.StartAsync(
            new WorldOptions { Groups = 20, M365 = 2, ExistingConfiguration = ExistingConfiguration.Paused }, new CloudSyncOptions { Setup = CloudSyncSetupMode.VerifyOnly });
        var (schema, secrets) = (Schema(lab).ToJsonString(), Secrets(lab));

        var input = await lab.PreparedAsync();
        var facts = await lab.CloudSync.ReadCloudSync(input, Stop);
        await lab.CloudSync.LiftCanaryFilter(input, Stop);
        await lab.CloudSync.RelaxThreshold(input, Stop);
        await lab.RemoveAsync(input);

        Assert.Equal(schema, Schema(lab).ToJsonString());
        Assert.Equal(secrets, Secrets(lab));
        Assert.Equal(["GWB4201", "GWB4202", "GWB4208"], facts.Deviations.Select(d => d[..7]).Order());
        Assert.Equal(3, facts.Corrections.Count);
        Assert.Contains(facts.Corrections, c => c.Contains(SchemaEdits.AnchorExpression, StringComparison.Ordinal));
    }

    [Fact]
    public async Task VerifyOnly_CorrectedInThePortal_IsAsPlanned()
    {
        await using var lab = await LabTenant.StartAsync(
            new WorldOptions { Groups = 20, M365 = 2, ExistingConfiguration = ExistingConfiguration.Paused }, new CloudSyncOptions { Setup = CloudSyncSetupMode.VerifyOnly });
        var input = await lab.PreparedAsync();
        var plan = await lab.PlanAsync(input);
        var wanted = new SchemaPlan
        {
            Name = Parsed(SchemaEdits.NameExpression(plan.Naming)),
            Anchor = Parsed(SchemaEdits.AnchorExpression),
            WritebackOu = plan.WritebackOu,
        };
        var schema = Schema(lab);
        SchemaEdits.Apply(schema, wanted);
        await lab.Engine.PutSchemaAsync(input.Job!.JobId, schema);
        await lab.Engine.PutSecretsAsync(
            input.Job.ServicePrincipalId,
            SecretsMerge.Merge([.. Secrets(lab).Select(s => new Secret { Key = s.Key, Value = s.Value })], plan.Domain).ToDictionary(s => s.Key, s => s.Value!));

        var facts = await lab.CloudSync.ReadCloudSync(input, Stop);

        Assert.Empty(facts.Deviations);
        Assert.Equal((true, true), (facts.MappingsAsPlanned, facts.CanariesOnly));
    }

    [Fact]
    public async Task Prepare_ConfigurationOfTheDomainUnderAnotherName_IsFoundAndNoSecondMade()
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions { Groups = 20, M365 = 2, ExistingConfiguration = ExistingConfiguration.Paused });
        var theirs = Existing(lab);
        await lab.World.Store.ChangeAsync(c => lab.World.Apps.Put(
            c, theirs.ServicePrincipalId, lab.World.Apps[theirs.ServicePrincipalId] with { DisplayName = "Groups to our domain" }));

        var input = await lab.PreparedAsync();

        Assert.Equal((theirs.Id, false), (input.Job!.JobId, input.Job.Created));
        Assert.Equal(1, lab.World.Store.Read(() => lab.World.Apps.Count));
    }

    [Fact]
    public async Task VerifyOnly_NobodyMadeAConfiguration_IsToldAndNothingIsMade()
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions { Groups = 20, M365 = 2 }, new CloudSyncOptions { Setup = CloudSyncSetupMode.VerifyOnly });

        var refused = await Assert.ThrowsAsync<GraphException>(() => lab.PreparedAsync());

        Assert.Equal(GraphError.NothingToAdopt, refused.Error);
        Assert.Equal(0, lab.World.Store.Read(() => lab.World.Apps.Count));
    }

    static JobState Existing(LabTenant lab) => lab.World.Store.Read(() => lab.World.Jobs.Values.Single());

    static ParsedExpression Parsed(string expression)
        => new() { Expression = expression, Source = Lab.CloudSync.ExpressionParser.Parse(expression).ToJson() };

    static JsonObject Schema(LabTenant lab) => (JsonObject)JsonNode.Parse(Existing(lab).Schema)!;

    static SortedDictionary<string, string> Secrets(LabTenant lab) => new(Existing(lab).Secrets.ToDictionary(s => s.Key, s => s.Value), StringComparer.Ordinal);

    static List<string> Places(LabTenant lab) => lab.World.Store.Read(() => lab.World.Objects.Values
        .Select(o => o.DistinguishedName).Where(dn => dn.Contains("OU=Cloud Sync", StringComparison.Ordinal)).Order().ToList());

    static JsonObject Source(string text, string? tree)
    {
        var source = Lab.CloudSync.ExpressionParser.Parse(tree ?? text).ToJson();
        source["expression"] = text;
        if (tree is null) { source["parameters"] = new JsonArray(); }
        return source;
    }

    static async Task EditAsync(LabTenant lab, Action<JsonNode> edit, string target = SchemaEdits.CommonName)
    {
        var schema = Schema(lab);
        edit(schema["synchronizationRules"]![0]!["objectMappings"]![0]!["attributeMappings"]!.AsArray().Single(m => (string?)m!["targetAttributeName"] == target)!);
        await lab.World.Store.ChangeAsync(c => lab.World.Jobs.Put(c, Existing(lab).Id, Existing(lab) with { Schema = schema.ToJsonString() }));
    }
}
