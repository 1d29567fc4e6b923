using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>What a person sets where in the portal, for each deviation that the product cannot or may not write itself. Pure.</summary>
public static class PortalCorrections
{
    /// <summary>One instruction, or null for what the product writes itself or nobody can set in the portal.</summary>
    public static string? Of(SchemaDeviation deviation, SchemaPlan wanted, MigrationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(deviation);
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(plan);
        return OnlyInPortal(deviation) ?? (plan.Setup == CloudSyncSetupMode.VerifyOnly ? OurPart(deviation, wanted) : null);
    }

    static string? OnlyInPortal(SchemaDeviation deviation) => deviation.Error switch
    {
        var e when e == GraphError.ScopeAll => "Scoping filters: choose 'Selected security groups'.",
        var e when e == GraphError.DoubleMapping => $"Attribute mapping: keep one mapping of the attribute ({deviation.Detail}).",
        var e when e == GraphError.MappingOff => "Attribute mapping: switch the mapping of groups on, with create, update and delete.",
        var e when e == GraphError.MemberMapping => "Attribute mapping: map member directly from members, always.",
        _ => null,
    };

    static string? OurPart(SchemaDeviation deviation, SchemaPlan wanted) => deviation.Error switch
    {
        var e when e == GraphError.NameMapping => $"Attribute mapping, cn: mapping type Expression, apply always: {wanted.Name.Expression}",
        var e when e == GraphError.ContainerMapping => wanted.Container is { } container
            ? $"Target container: mapping type Expression, apply always: {container.Expression}"
            : $"Target container: mapping type Constant, apply always: {wanted.WritebackOu}",
        var e when e == GraphError.AnchorMapping =>
            $"Attribute mapping: restore the defaults of adminDescription and msDS-ExternalDirectoryObjectId: {wanted.Anchor.Expression}",
        var e when e == GraphError.DeleteThreshold => $"Properties: turn on accidental delete prevention with the threshold {SecretsMerge.LowestThreshold}.",
        var e when e == GraphError.ScopeFilter => "Scoping filters: remove the attribute filters that were added since the migration began.",
        var e when e == GraphError.SourceAttribute => $"Attribute mapping: the expressions for cn and the target container must read {deviation.Detail}.",
        _ => null,
    };
}
