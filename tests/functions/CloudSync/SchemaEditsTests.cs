using System.Text.Json.Nodes;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Graph;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Tests.Functions.Assessment;

namespace GwbCloud.Tests.Functions.CloudSync;

public class SchemaEditsTests
{
    static readonly Canaries Canaries = new() { New = Facts.Id(1), Match = Facts.Id(2), Unassigned = Facts.Id(3) };

    [Fact]
    public void Default_AgainstAPlan_DeviatesInNameAndContainer()
        => Assert.Equal(["GWB4201", "GWB4202"], Codes(Default(), Plan(NamingStyle.GroupGuid)));

    [Fact]
    public void Default_PlanWithDisplayNames_DeviatesInContainerOnly()
        => Assert.Equal(["GWB4202"], Codes(Default(), Plan(NamingStyle.DisplayName)));

    [Theory]
    [InlineData(NamingStyle.GroupGuid)]
    [InlineData(NamingStyle.DisplayName)]
    public void Apply_Default_MakesItAsPlanned(NamingStyle naming)
    {
        var schema = Default();

        SchemaEdits.Apply(schema, Plan(naming));

        Assert.Empty(SchemaEdits.Deviations(schema, Plan(naming)));
    }

    [Fact]
    public void Apply_Twice_ChangesNothingMore()
    {
        var schema = Default();
        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));
        var once = schema.ToJsonString();

        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));

        Assert.Equal(once, schema.ToJsonString());
    }

    [Fact]
    public void Apply_Default_EditsInPlaceAndDoublesNothing()
    {
        var schema = Default();
        var before = Targets(schema);

        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));

        Assert.Equal(before, Targets(schema));
    }

    [Fact]
    public void Apply_Default_LeavesEverythingElse()
    {
        var schema = Default();
        Mappings(schema).OfType<JsonObject>().Single(m => (string?)m["targetAttributeName"] == "description")["customers"] = "own";

        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));

        Assert.Contains("\"customers\":\"own\"", schema.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_Default_RunsInTheEngineAsPlanned()
    {
        var schema = Default();

        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));

        var run = SyncSchema.Parse(schema.ToJsonString());
        Assert.Equal(Facts.Ou, run.Value(SyncSchema.Container, _ => null));
        Assert.Equal("Group_x", run.Value(SyncSchema.CommonName, name => name == "objectId" ? "x" : null));
    }

    [Fact]
    public void Container_KeptAsDefaultOfNoSource_StaysInItsForm()
    {
        var schema = Default();
        var container = Mapping(schema, "parentDistinguishedName");
        container["source"] = null;
        container["defaultValue"] = "CN=Users,DC=corp,DC=example";

        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));

        Assert.Null(container["source"]);
        Assert.Equal(Facts.Ou, (string?)container["defaultValue"]);
    }

    [Fact]
    public void Name_TextChangedAndTreeLeftBehind_Deviates()
    {
        var schema = Default();

        Mapping(schema, "cn")["source"]!["expression"] = SchemaEdits.AnchorExpression;

        Assert.Contains("GWB4201", Codes(schema, Plan(NamingStyle.GroupGuid)));
    }

    [Fact]
    public void Name_MappedOnlyAtCreation_Deviates()
    {
        var schema = Default();

        Mapping(schema, "cn")["flowType"] = "ObjectAddOnly";

        Assert.Contains("GWB4201", Codes(schema, Plan(NamingStyle.DisplayName)));
    }

    [Fact]
    public void Anchor_NotMatching_DeviatesAndIsMended()
    {
        var schema = Default();
        Mapping(schema, "msDS-ExternalDirectoryObjectId")["matchingPriority"] = 0;
        Assert.Contains("GWB4203", Codes(schema, Plan(NamingStyle.DisplayName)));

        SchemaEdits.Apply(schema, Plan(NamingStyle.DisplayName));

        Assert.Empty(Codes(schema, Plan(NamingStyle.DisplayName)));
    }

    [Fact]
    public void Anchor_NotMappedAtAll_IsAdded()
    {
        var schema = Default();
        Mappings(schema).Remove(Mapping(schema, "adminDescription"));

        SchemaEdits.Apply(schema, Plan(NamingStyle.DisplayName));

        Assert.Empty(Codes(schema, Plan(NamingStyle.DisplayName)));
    }

    [Fact]
    public void Attribute_MappedTwice_Deviates()
    {
        var schema = Default();

        Mappings(schema).Add(Mapping(schema, "cn").DeepClone());

        Assert.Contains("GWB4204", Codes(schema, Plan(NamingStyle.DisplayName)));
    }

    [Fact]
    public void Members_NotMapped_Deviates()
    {
        var schema = Default();

        Mappings(schema).Remove(Mapping(schema, "member"));

        Assert.Contains("GWB4210", Codes(schema, Plan(NamingStyle.DisplayName)));
    }

    /// <summary>Mapped at creation only, groups that are there never change: what is wrong about them stays wrong, and nobody sees it.</summary>
    [Theory]
    [InlineData("cn")]
    [InlineData("parentDistinguishedName")]
    [InlineData("adminDescription")]
    public void Apply_MappedAtCreationOnly_MapsAlways(string target)
    {
        var schema = Default();
        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));
        Mapping(schema, target)["flowType"] = "ObjectAddOnly";
        Assert.NotEmpty(Codes(schema, Plan(NamingStyle.GroupGuid)));

        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));

        Assert.Empty(Codes(schema, Plan(NamingStyle.GroupGuid)));
    }

    [Fact]
    public void Deviations_MembersMappedAtCreationOnly_AreTold()
    {
        var schema = Default();

        Mapping(schema, "member")["flowType"] = "ObjectAddOnly";

        Assert.Contains("GWB4210", Codes(schema, Plan(NamingStyle.DisplayName)));
    }

    [Theory]
    [InlineData("Add, Delete")]
    [InlineData("Update")]
    public void Deviations_MappingThatLeavesSomethingOut_IsTold(string flows)
    {
        var schema = Default();

        schema["synchronizationRules"]![0]!["objectMappings"]![0]!["flowTypes"] = flows;

        Assert.Contains(GraphError.MappingOff.Code, Codes(schema, Plan(NamingStyle.DisplayName)));
    }

    [Fact]
    public void CanaryFilter_OnAndOff_EndsAsItBegan()
    {
        var schema = Default();
        var before = Default();
        Assert.False(MappingScope.HasCanaryFilter(schema, Canaries));

        MappingScope.SetCanaryFilter(schema, Canaries);
        Assert.True(MappingScope.HasCanaryFilter(schema, Canaries));
        MappingScope.RestoreScope(schema, before);

        Assert.Equal(before.ToJsonString(), schema.ToJsonString());
    }

    [Fact]
    public void CanaryFilter_OneGroupMore_IsNotTheCanaries()
    {
        var schema = Default();
        MappingScope.SetCanaryFilter(schema, Canaries);

        MappingScope.SetCanaryFilter(schema, Canaries with { New = Facts.Id(9) });

        Assert.False(MappingScope.HasCanaryFilter(schema, Canaries));
    }

    [Fact]
    public void CanaryFilter_InTheEngine_LetsCanariesThroughOnly()
    {
        var schema = Default();

        MappingScope.SetCanaryFilter(schema, Canaries);

        var scope = SyncSchema.Parse(schema.ToJsonString()).Scope;
        Assert.All(Canaries.All, id => Assert.True(scope.Includes(name => name == "objectId" ? id.ToString("D") : null)));
        Assert.False(scope.Includes(name => name == "objectId" ? Facts.Id(9).ToString("D") : null));
    }

    [Fact]
    public void GroupDn_Applied_IsDeclaredAndAsPlanned()
    {
        var schema = Default();
        Assert.Equal(["GWB4201", "GWB4202", "GWB4211"], Codes(schema, KeptPlan()));

        SchemaEdits.Apply(schema, KeptPlan());
        var once = schema.ToJsonString();
        SchemaEdits.Apply(schema, KeptPlan());

        Assert.Empty(Codes(schema, KeptPlan()));
        Assert.Equal(once, schema.ToJsonString());
    }

    [Fact]
    public void GroupDn_NoLongerWanted_GoesBackToThePlainMapping()
    {
        var schema = Default();
        SchemaEdits.Apply(schema, KeptPlan());
        Assert.Equal(["GWB4201", "GWB4202"], Codes(schema, Plan(NamingStyle.GroupGuid)));

        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));

        Assert.Empty(Codes(schema, Plan(NamingStyle.GroupGuid)));
    }

    [Fact]
    public void GroupDn_InTheEngine_KeepsWhatIsPresentAndNamesTheRest()
    {
        var schema = Default();
        SchemaEdits.Apply(schema, KeptPlan());
        var run = SyncSchema.Parse(schema.ToJsonString());

        var kept = Values(run, GroupDn.ValueOf(@"CN=Sales\, north,OU=Below,DC=corp,DC=example"));
        var plain = Values(run, null);

        Assert.Equal(("Sales, north", "OU=Below,DC=corp,DC=example"), kept);
        Assert.Equal(("Group_x", Facts.Ou), plain);

        static (string?, string?) Values(SyncSchema run, string? groupDn)
        {
            string? Attribute(string name) => name == "objectId" ? "x" : name == Property ? groupDn : null;
            return (run.Value(SyncSchema.CommonName, Attribute), run.Value(SyncSchema.Container, Attribute));
        }
    }

    [Fact]
    public void Hash_ScopeChanges_StaysTheSame()
    {
        var schema = Default();
        var before = SchemaEdits.Hash(schema);

        MappingScope.SetCanaryFilter(schema, Canaries);
        Assert.Equal(before, SchemaEdits.Hash(schema));

        SchemaEdits.Apply(schema, Plan(NamingStyle.GroupGuid));
        Assert.NotEqual(before, SchemaEdits.Hash(schema));
    }

    [Fact]
    public void Schema_WithoutGroups_IsRefused()
        => Assert.Equal("GWB4105", Assert.Throws<GraphException>(() => SchemaEdits.RuleId([])).Code);

    static IEnumerable<string> Codes(JsonObject schema, SchemaPlan plan) => SchemaEdits.Deviations(schema, plan).Select(d => d.Error.Code);

    static JsonObject Default() => (JsonObject)JsonNode.Parse(DefaultSchema.Create("job", Facts.Id(7), "DC=corp,DC=example").ToJsonString())!;

    static JsonArray Mappings(JsonObject schema) => schema["synchronizationRules"]![0]!["objectMappings"]![0]!["attributeMappings"]!.AsArray();

    static JsonObject Mapping(JsonObject schema, string target)
        => Mappings(schema).OfType<JsonObject>().Single(m => (string?)m["targetAttributeName"] == target);

    static IEnumerable<string?> Targets(JsonObject schema) => [.. Mappings(schema).Select(m => (string?)m!["targetAttributeName"])];

    static SchemaPlan Plan(NamingStyle naming) => new()
    {
        Name = Parsed(SchemaEdits.NameExpression(naming)),
        Anchor = Parsed(SchemaEdits.AnchorExpression),
        WritebackOu = Facts.Ou,
    };

    const string Property = "extension_0_GroupDN";

    static SchemaPlan KeptPlan() => Plan(NamingStyle.GroupGuid) with
    {
        Name = Parsed(GroupDn.NameExpression(Property, SchemaEdits.AnchorExpression)),
        Container = Parsed(GroupDn.ContainerExpression(Property, GroupDn.Quoted(Facts.Ou))),
        SourceAttribute = Property,
    };

    static ParsedExpression Parsed(string expression) => new() { Expression = expression, Source = ExpressionParser.Parse(expression).ToJson() };
}
