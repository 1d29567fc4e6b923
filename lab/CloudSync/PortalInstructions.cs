using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.CloudSync;

/// <summary>A person in the portal who does, word by word, what an instruction about a configuration says, and nothing that it does not say.</summary>
/// <remarks>An instruction that names the wrong place or value leaves the configuration wrong, as it would with a person.</remarks>
public sealed partial class PortalInstructions(SimulatedWorld world)
{
    const string Threshold = "DeleteThresholdValue";

    /// <summary>Follows one instruction.</summary>
    /// <returns>False when it asks for nothing that can be set here: to open a page, to save, to come back.</returns>
    public async Task<bool> FollowAsync(string jobId, string instruction)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        if (instruction == "Scoping filters: choose 'Selected security groups'.")
        {
            await new Portal(world).SelectGroupsAsync(jobId);
            return true;
        }

        if (Mapping().Match(instruction) is { Success: true } mapping)
        {
            await MapAsync(jobId, mapping.Groups["kind"].Value == "Constant" ? SourceType.Constant : SourceType.Function, mapping.Groups["value"].Value, Targets(mapping.Groups["where"].Value));
            return true;
        }

        if (Defaults().Match(instruction) is { Success: true } defaults)
        {
            await MapAsync(jobId, SourceType.Function, defaults.Groups["value"].Value, [defaults.Groups["one"].Value, defaults.Groups["other"].Value]);
            return true;
        }

        if (Deletes().Match(instruction) is { Success: true } deletes)
        {
            await SetThresholdAsync(jobId, int.Parse(deletes.Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture));
            return true;
        }

        return false;
    }

    static string[] Targets(string where) => where == "Target container" ? [SyncSchema.Container] : [where["Attribute mapping, ".Length..]];

    Task MapAsync(string jobId, SourceType type, string value, string[] targets) => ChangeAsync(jobId, job =>
    {
        var schema = JsonNode.Parse(job.Schema)!;
        var mappings = schema["synchronizationRules"]![0]!["objectMappings"]![0]!["attributeMappings"]!.AsArray();
        foreach (var mapping in targets.Select(target => mappings.Single(m => (string?)m!["targetAttributeName"] == target)!))
        {
            mapping["source"] = type == SourceType.Constant
                ? new JsonObject { ["type"] = "Constant", ["name"] = value, ["expression"] = $"\"{value}\"", ["parameters"] = new JsonArray() }
                : ExpressionParser.Parse(value).ToJson();
            mapping["defaultValue"] = null;
            mapping["flowType"] = "Always";
        }

        // The portal offers a directory extension as a source, and declares it when it is chosen.
        foreach (var property in Extension().Matches(value).Select(m => m.Groups["name"].Value).Distinct())
        {
            var attributes = schema["directories"]![0]!["objects"]![0]!["attributes"]!.AsArray();
            if (attributes.All(a => (string?)a!["name"] != property))
            {
                attributes.Add((JsonNode)new JsonObject { ["name"] = property, ["type"] = "String" });
            }
        }

        return job with { Schema = schema.ToJsonString(), NeedsInitial = true };
    });

    Task SetThresholdAsync(string jobId, int value) => ChangeAsync(jobId, job =>
    {
        var settings = job.Secrets.TryGetValue("SyncNotificationSettings", out var there) ? JsonNode.Parse(there)! : new JsonObject { ["Enabled"] = false, ["Recipients"] = "" };
        (settings["DeleteThresholdEnabled"], settings[Threshold]) = (true, value);
        return job with { Secrets = new Dictionary<string, string>(job.Secrets) { ["SyncNotificationSettings"] = settings.ToJsonString() }, NeedsInitial = true };
    });

    async Task ChangeAsync(string jobId, Func<JobState, JobState> edit) => await world.Store.ChangeAsync(change => world.Jobs.Put(change, jobId, edit(world.Jobs[jobId])));

    [GeneratedRegex("^(?<where>Target container|Attribute mapping, [A-Za-z-]+): mapping type (?<kind>Constant|Expression), apply always: (?<value>.+)$")]
    private static partial Regex Mapping();

    [GeneratedRegex("^Attribute mapping: restore the defaults of (?<one>[A-Za-z-]+) and (?<other>[A-Za-z-]+): (?<value>.+)$")]
    private static partial Regex Defaults();

    [GeneratedRegex("accidental delete prevention .*?(?<value>[0-9]+)")]
    private static partial Regex Deletes();

    [GeneratedRegex(@"\[(?<name>extension_[^\]]+)\]")]
    private static partial Regex Extension();
}
