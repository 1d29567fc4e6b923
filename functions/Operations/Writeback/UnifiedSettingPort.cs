using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Operations.Changes;

namespace GwbCloud.Functions.Operations.Writeback;

/// <summary>Reads and writes <c>NewUnifiedGroupWritebackDefault</c> of the directory setting <c>Group.Unified</c>. Source: modify default behaviour.</summary>
/// <remarks>
/// A setting that is not there is made of the template with all its values, because Graph takes nothing less. One that is there is written with the
/// whole of its values, as they were read a moment ago: Graph's documents show a part of them, and do not say what becomes of the rest.
/// </remarks>
public sealed class UnifiedSettingPort(GraphClient graph, ReplicationWait replication) : IValuePort
{
    /// <summary>The one target: the template's name.</summary>
    public const string Target = "Group.Unified";

    public const string ValueName = "NewUnifiedGroupWritebackDefault";

    /// <summary>There is no setting, so that the template's default counts.</summary>
    public const string Absent = "absent";

    const string TemplateId = "62375ab9-6b52-47ed-826b-58e47e0e304b";

    public ValueKind Kind => ValueKind.NewGroupsDefault;

    public async Task<IReadOnlyDictionary<string, ValueReading>> ReadAsync(IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return new Dictionary<string, ValueReading>(targets.Count == 0 ? [] : [KeyValuePair.Create(Target, await ReadAsync(cancellationToken))], StringComparer.Ordinal);
    }

    /// <summary>The value as it is now.</summary>
    internal async Task<ValueReading> ReadAsync(CancellationToken cancellationToken)
    {
        var setting = await FindAsync(cancellationToken);
        var value = setting?.Values.FirstOrDefault(value => value.Name == ValueName)?.Value;
        return new(setting is null ? Absent : UnifiedDefault.Word(value), setting);
    }

    public async Task<IReadOnlyDictionary<string, GraphException>> WriteAsync(IReadOnlyList<ValueWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var refused = new Dictionary<string, GraphException>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            try
            {
                await WriteAsync(write, cancellationToken);
            }
            catch (GraphException error) when (!error.Transient)
            {
                refused[write.Target] = error;
            }
        }

        return refused;
    }

    async Task WriteAsync(ValueWrite write, CancellationToken cancellationToken)
    {
        var template = await graph.GetAsync<GroupSettingTemplate>($"v1.0/groupSettingTemplates/{TemplateId}", cancellationToken);
        var setting = write.Now.Rest as GroupSetting;
        switch (UnifiedDefault.Decide(write.Value, setting, template))
        {
            case { Delete: false, Values.Count: 0 }:
                break;
            case { Delete: true }:
                await graph.DeleteAsync($"v1.0/groupSettings/{setting!.Id}", cancellationToken);
                break;
            case { Values: var values } when setting is null:
                // A run that broke off may have made it, and replication may hide it.
                await graph.EnsureAsync(
                    FindAsync, "v1.0/groupSettings", new NewGroupSetting { TemplateId = TemplateId, Values = values }, maybePosted: true,
                    replication.Pause, replication.Looks, cancellationToken);
                break;
            case { Values: var values }:
                await graph.WriteAsync(HttpMethod.Patch, $"v1.0/groupSettings/{setting.Id}", new GroupSettingValues { Values = values }, cancellationToken);
                break;
        }
    }

    async Task<GroupSetting?> FindAsync(CancellationToken cancellationToken)
    {
        await foreach (var setting in graph.PagesAsync<GroupSetting>("v1.0/groupSettings", cancellationToken))
        {
            if (string.Equals(setting.TemplateId, TemplateId, StringComparison.OrdinalIgnoreCase)) { return setting; }
        }

        return null;
    }
}

/// <summary>Decides how the setting is brought to a value. Pure.</summary>
static class UnifiedDefault
{
    /// <summary>The value in the port's words; one that the setting does not have counts as the template's default, which is on.</summary>
    public static string Word(string? value) => "false".Equals(value, StringComparison.OrdinalIgnoreCase) ? WritebackWords.Off : WritebackWords.On;

    /// <summary>What is written so that the value is the wanted one and every other value stays as it is.</summary>
    /// <param name="wanted">A word of the port.</param>
    /// <param name="setting">As it was read; null when there is none.</param>
    /// <param name="template">Names and default values.</param>
    public static UnifiedWrite Decide(string wanted, GroupSetting? setting, GroupSettingTemplate template)
    {
        if (wanted == UnifiedSettingPort.Absent)
        {
            // Others have put something of theirs into it since we made it: then it stays, and only our value goes back to the default.
            return setting is null || setting.Values.All(value => value.Name == UnifiedSettingPort.ValueName || IsDefault(value, template))
                ? new() { Delete = setting is not null }
                : new() { Values = With(setting.Values, "true") };
        }

        var value = wanted == WritebackWords.Off ? "false" : "true";
        return new() { Values = With(setting?.Values ?? [.. template.Values.Select(of => new GroupSettingValue { Name = of.Name, Value = of.DefaultValue ?? "" })], value) };
    }

    static bool IsDefault(GroupSettingValue value, GroupSettingTemplate template) =>
        template.Values.Any(of => of.Name == value.Name && string.Equals(of.DefaultValue ?? "", value.Value ?? "", StringComparison.OrdinalIgnoreCase));

    static IReadOnlyList<GroupSettingValue> With(IReadOnlyList<GroupSettingValue> values, string value) =>
        [.. values.Where(of => of.Name != UnifiedSettingPort.ValueName), new() { Name = UnifiedSettingPort.ValueName, Value = value }];
}

/// <summary>What is done to the setting.</summary>
sealed record UnifiedWrite
{
    public bool Delete { get; init; }

    /// <summary>All its values.</summary>
    public IReadOnlyList<GroupSettingValue> Values { get; init; } = [];
}

sealed record GroupSetting
{
    public required string Id { get; init; }
    public string? TemplateId { get; init; }
    public IReadOnlyList<GroupSettingValue> Values { get; init => field = value ?? []; } = [];
}

sealed record GroupSettingValue
{
    public required string Name { get; init; }
    public string? Value { get; init; }
}

sealed record GroupSettingTemplate
{
    public IReadOnlyList<GroupSettingTemplateValue> Values { get; init => field = value ?? []; } = [];
}

sealed record GroupSettingTemplateValue
{
    public required string Name { get; init; }
    public string? DefaultValue { get; init; }
}

sealed record NewGroupSetting
{
    public required string TemplateId { get; init; }
    public required IReadOnlyList<GroupSettingValue> Values { get; init; }
}

sealed record GroupSettingValues
{
    public required IReadOnlyList<GroupSettingValue> Values { get; init; }
}
