using System.Text.Json.Nodes;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.CloudSync;

/// <summary>A configuration of somebody else's that manages groups already, as it was taken over: what must stay as it is.</summary>
public sealed record AdoptionJournal
{
    /// <summary>Its own expression for cn; groups without GroupDN keep it. Null where it maps as the plan does.</summary>
    public string? Name { get; init; }

    /// <summary>Its own expression for the container; null where it maps as the plan does.</summary>
    public string? Container { get; init; }

    /// <summary>Document of ids: the groups that were assigned to it.</summary>
    public required DocumentReference AssignedBefore { get; init; }

    /// <summary>Its own mappings stay, so that every planned group is kept by GroupDN.</summary>
    public bool OwnMappings => Name is not null;
}

/// <summary>Whether the mappings of a job that manages groups can be preserved beside the migration's.</summary>
public sealed record AdoptedMappings
{
    /// <summary>Why not; null when they can.</summary>
    public string? Refusal { get; init; }
    public string? Name { get; init; }
    public string? Container { get; init; }

    /// <param name="schema">The job's schema.</param>
    /// <param name="secrets">The job's settings.</param>
    /// <param name="wanted">What the plan wants, without a property GroupDN.</param>
    /// <param name="parse">Expressions as the service parses them.</param>
    public static async Task<AdoptedMappings> ReadAsync(
        JsonObject schema, IReadOnlyList<Secret> secrets, SchemaPlan wanted, Func<string, Task<ParsedExpression>> parse)
    {
        ArgumentNullException.ThrowIfNull(parse);
        var own = Of(schema, secrets, wanted);
        foreach (var (target, text) in new[] { (SchemaEdits.CommonName, own.Name), (SchemaEdits.Container, own.Container) })
        {
            // The text would become part of the migration's mapping, while so far the service ran the tree.
            if (text is not null && !SchemaEdits.RunsAsWritten(schema, target, await parse(text)))
            {
                return No($"the expression of {target} says something else than what the service runs: enter it anew in the portal");
            }
        }

        return own;
    }

    static AdoptedMappings Of(JsonObject schema, IReadOnlyList<Secret> secrets, SchemaPlan wanted)
    {
        var deviations = SchemaEdits.Deviations(schema, wanted).Select(d => d.Error).ToHashSet();
        if (SecretsMerge.TakesAll(secrets)) { return No("it takes every group"); }
        if (deviations.Contains(GraphError.AnchorMapping)) { return No("it recognises groups by other anchors"); }
        if (deviations.Contains(GraphError.DoubleMapping)) { return No("an attribute is mapped twice"); }
        if (!deviations.Contains(GraphError.NameMapping) && !deviations.Contains(GraphError.ContainerMapping)) { return new(); }

        return (SchemaEdits.OwnExpression(schema, SchemaEdits.CommonName), SchemaEdits.OwnExpression(schema, SchemaEdits.Container)) is ({ } name, { } container)
            ? new() { Name = name, Container = container }
            : No("its name or container is mapped in a way that no expression can preserve");
    }

    static AdoptedMappings No(string why) => new() { Refusal = why };
}
