using System.Text.Json.Serialization;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Operations.Changes;

namespace GwbCloud.Functions.Operations.Writeback;

/// <summary>Reads and writes <c>writebackConfiguration.isEnabled</c> of groups, 20 a batch. Source: reference of groupWritebackConfiguration (beta).</summary>
/// <remarks>The configuration is written whole, its type as it was read: nobody says whether Graph merges a part of it or takes it for the whole.</remarks>
public sealed class GroupWritebackPort(GraphClient graph) : IValuePort
{
    public ValueKind Kind => ValueKind.GroupWriteback;

    public async Task<IReadOnlyDictionary<string, ValueReading>> ReadAsync(IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var questions = targets.Select(target => new GraphBatchRequest { Id = target, Path = $"groups/{target}?$select=id,writebackConfiguration" }).ToList();
        var readings = new Dictionary<string, ValueReading>(StringComparer.Ordinal);
        foreach (var answer in await graph.BatchAsync("beta", questions, cancellationToken))
        {
            if (answer.Error is { Error: var error } failure)
            {
                // One that was deleted has no value any more.
                if (error == GraphError.NotFound) { continue; }
                throw failure;
            }

            var group = answer.Read<WritebackGroup>();
            readings[answer.Id] = new(WritebackWords.Of(group.WritebackConfiguration?.IsEnabled), group.WritebackConfiguration);
        }

        return readings;
    }

    public async Task<IReadOnlyDictionary<string, GraphException>> WriteAsync(IReadOnlyList<ValueWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var requests = writes.Select(write => new GraphBatchRequest
        {
            Id = write.Target,
            Method = HttpMethod.Patch,
            Path = $"groups/{write.Target}",
            Body = new WritebackPatch
            {
                WritebackConfiguration = new()
                {
                    IsEnabled = WritebackWords.Read(write.Value),
                    OnPremisesGroupType = (write.Now.Rest as WritebackConfiguration)?.OnPremisesGroupType,
                },
            },
        }).ToList();
        var refused = new Dictionary<string, GraphException>(StringComparer.Ordinal);
        foreach (var answer in await graph.BatchAsync("beta", requests, cancellationToken))
        {
            if (answer.Error is { } error) { refused[answer.Id] = error; }
        }

        return refused;
    }
}

/// <summary>The three values of a group's writeback, as plans and lists say them. Not set and on have the same effect for Microsoft 365 groups, and are two values.</summary>
public static class WritebackWords
{
    public const string NotSet = "notSet";
    public const string On = "on";
    public const string Off = "off";

    public static string Of(bool? enabled) => enabled switch { null => NotSet, true => On, false => Off };

    internal static bool? Read(string word) => word switch
    {
        NotSet => null,
        On => true,
        Off => false,
        _ => throw new ArgumentException($"'{word}' is no value of a group's writeback.", nameof(word)),
    };
}

sealed record WritebackGroup
{
    public required Guid Id { get; init; }
    public WritebackConfiguration? WritebackConfiguration { get; init; }
}

sealed record WritebackPatch
{
    public required WritebackConfiguration WritebackConfiguration { get; init; }
}

/// <summary>Both members are said even when they are null: null is a value of each.</summary>
sealed record WritebackConfiguration
{
    public bool? IsEnabled { get; init; }
    public string? OnPremisesGroupType { get; init; }
}

/// <summary>Wire types of the ports of this folder.</summary>
[JsonSerializable(typeof(WritebackGroup))]
[JsonSerializable(typeof(WritebackPatch))]
[JsonSerializable(typeof(GraphPage<GroupSetting>))]
[JsonSerializable(typeof(GroupSetting))]
[JsonSerializable(typeof(GroupSettingTemplate))]
[JsonSerializable(typeof(NewGroupSetting))]
[JsonSerializable(typeof(GroupSettingValues))]
sealed partial class WritebackJson : JsonSerializerContext;
