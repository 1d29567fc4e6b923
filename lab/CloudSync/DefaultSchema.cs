using System.Text.Json.Nodes;

namespace GwbCloud.Lab.CloudSync;

/// <summary>The schema of a fresh AAD2ADGroupProvisioning job. Source: attribute mapping page, Microsoft Entra ID to Active Directory.</summary>
/// <remarks>Two of its defaults do harm to written-back groups: <c>cn</c> renames them and the container CN=Users moves them.</remarks>
public static class DefaultSchema
{
    public const string SourceDirectory = "Azure Active Directory";
    public const string TargetDirectory = "Active Directory";
    public const string CommonNameExpression = "Append(Append(Left(Trim([displayName]),51),\"_\"),Mid([objectId],25,12))";
    public const string AnchorExpression = "Append(\"Group_\",[objectId])";

    static readonly string[] SourceAttributes =
        ["objectId", "displayName", "description", "members", "securityEnabled", "mailEnabled", "dirSyncEnabled", "mailNickname"];

    static readonly string[] TargetAttributes =
    [
        "ObjectGUID", "adminDescription", "cn", "description", "displayName", "isSecurityGroup", "UniversalScope", "member",
        "msDS-ExternalDirectoryObjectId", "parentDistinguishedName", "sAMAccountName",
    ];

    /// <summary>The container in which a job creates groups unless it is told otherwise.</summary>
    public static string DefaultContainer(string domainDn) => $"CN=Users,{domainDn}";

    /// <param name="jobId">Id of the job, also of its schema.</param>
    /// <param name="ruleId">Id of the synchronisation rule, a GUID.</param>
    /// <param name="domainDn">DC=contoso,DC=example.</param>
    public static JsonObject Create(string jobId, Guid ruleId, string domainDn) => new()
    {
        ["id"] = jobId,
        ["version"] = "v1.0",
        ["directories"] = new JsonArray(
            Directory(SourceDirectory, "Group", SourceAttributes, anchor: "objectId"),
            Directory(TargetDirectory, "group", TargetAttributes, anchor: "ObjectGUID")),
        ["synchronizationRules"] = new JsonArray(new JsonObject
        {
            ["id"] = $"{ruleId:D}#V2",
            ["name"] = "AAD2ADGroupProvisioning",
            ["priority"] = 1,
            ["editable"] = true,
            ["sourceDirectoryName"] = SourceDirectory,
            ["targetDirectoryName"] = TargetDirectory,
            ["containerFilter"] = null,
            ["groupFilter"] = null,
            ["metadata"] = new JsonArray(),
            ["objectMappings"] = new JsonArray(new JsonObject
            {
                ["name"] = "Provision Microsoft Entra ID Groups",
                ["enabled"] = true,
                ["flowTypes"] = "Add, Update, Delete",
                ["sourceObjectName"] = "Group",
                ["targetObjectName"] = "group",
                ["scope"] = null,
                ["metadata"] = new JsonArray(),
                ["attributeMappings"] = Mappings(domainDn),
            }),
        }),
    };

    static JsonArray Mappings(string domainDn) => new(
        Mapping("adminDescription", ExpressionParser.Parse(AnchorExpression)),
        Mapping(SyncSchema.CommonName, ExpressionParser.Parse(CommonNameExpression)),
        Mapping("description", ExpressionParser.Parse("Left(Trim([description]),448)")),
        Mapping("displayName", ExpressionParser.Parse("[displayName]")),
        Mapping("isSecurityGroup", ExpressionParser.Parse("True")),
        Mapping("UniversalScope", ExpressionParser.Parse("True")),
        Mapping("member", ExpressionParser.Parse("[members]")),
        Mapping(SyncSchema.Anchor, ExpressionParser.Parse(AnchorExpression), matchingPriority: 1),
        Mapping(SyncSchema.Container, Constant(DefaultContainer(domainDn))));

    /// <summary>A constant as the portal stores it: the value as name, quoted as expression.</summary>
    public static MappingSource Constant(string value) => new() { Type = SourceType.Constant, Name = value, Expression = $"\"{value}\"" };

    public static JsonObject Mapping(string target, MappingSource source, int matchingPriority = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new JsonObject
        {
            ["targetAttributeName"] = target,
            ["defaultValue"] = null,
            ["exportMissingReferences"] = false,
            ["flowBehavior"] = "FlowWhenChanged",
            ["flowType"] = "Always",
            ["matchingPriority"] = matchingPriority,
            ["source"] = source.ToJson(),
        };
    }

    static JsonObject Directory(string name, string objectName, string[] attributes, string anchor) => new()
    {
        ["id"] = name,
        ["name"] = name,
        ["readOnly"] = false,
        ["discoverabilities"] = "None",
        ["version"] = "v1.0",
        ["objects"] = new JsonArray(new JsonObject
        {
            ["name"] = objectName,
            ["attributes"] = new JsonArray([.. attributes.Select(a => (JsonNode)new JsonObject
            {
                ["name"] = a,
                ["type"] = a is "member" or "members" ? "Reference" : "String",
                ["anchor"] = a == anchor,
                ["required"] = a == anchor,
                ["multivalued"] = a is "member" or "members",
                ["mutability"] = a == anchor ? "ReadOnly" : "ReadWrite",
                ["caseExact"] = false,
                ["referencedObjects"] = new JsonArray(),
            })]),
        }),
    };
}
