using System.Text.Json.Nodes;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.CloudSync;

/// <summary>The schema of a job of the other direction, from Active Directory to Entra, as far as its scope goes. Source: Cloud Sync by Graph, inbound.</summary>
public static class InboundSchema
{
    /// <summary>Gallery template "Microsoft Entra ID Cloud Sync" of that direction.</summary>
    public const string Template = "1a4721b3-e57f-4451-ae87-ef078703ec94";

    /// <summary>Job template that provisions users and groups to Entra.</summary>
    public const string JobTemplate = "AD2AADProvisioning";

    /// <param name="jobId">Id of the job, also of its schema.</param>
    /// <param name="ruleId">Id of the synchronisation rule, a GUID.</param>
    /// <param name="domainDn">The container that it reads, with everything below.</param>
    /// <param name="jobs">Whether groups that Connect wrote are kept out by their adminDescription.</param>
    public static JsonObject Create(string jobId, Guid ruleId, string domainDn, OtherJobs jobs) => new()
    {
        ["id"] = jobId,
        ["version"] = "v1.0",
        ["directories"] = new JsonArray(),
        ["synchronizationRules"] = new JsonArray(new JsonObject
        {
            ["id"] = $"{ruleId:D}#V2",
            ["name"] = JobTemplate,
            ["priority"] = 1,
            ["editable"] = true,
            ["sourceDirectoryName"] = DefaultSchema.TargetDirectory,
            ["targetDirectoryName"] = DefaultSchema.SourceDirectory,
            ["containerFilter"] = new JsonObject { ["includedContainers"] = new JsonArray(domainDn) },
            ["groupFilter"] = null,
            ["metadata"] = new JsonArray(),
            ["objectMappings"] = new JsonArray(Objects("user", "User", scope: null), Objects("group", "Group", jobs == OtherJobs.Filtered ? Filter() : null)),
        }),
    };

    static JsonObject Objects(string source, string target, JsonObject? scope) => new()
    {
        ["name"] = $"Provision Active Directory {target}s",
        ["enabled"] = true,
        ["flowTypes"] = "Add, Update, Delete",
        ["sourceObjectName"] = source,
        ["targetObjectName"] = target,
        ["scope"] = scope,
        ["metadata"] = new JsonArray(),
        ["attributeMappings"] = new JsonArray(DefaultSchema.Mapping("displayName", ExpressionParser.Parse("[displayName]"))),
    };

    static JsonObject Filter() => new()
    {
        ["categoryFilterGroups"] = new JsonArray(),
        ["groups"] = new JsonArray(new JsonObject
        {
            ["name"] = "not written back",
            ["clauses"] = new JsonArray(new JsonObject
            {
                ["sourceOperandName"] = "adminDescription",
                ["operatorName"] = "NOT REGEX MATCH",
                ["targetOperand"] = new JsonObject { ["values"] = new JsonArray("^Group_.*") },
            }),
        }),
        ["inputFilterGroups"] = new JsonArray(),
    };
}
