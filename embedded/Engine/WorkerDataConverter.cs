using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.DurableTask;

namespace GwbCloud.Embedded.Engine;

/// <summary>Payloads as the Functions worker writes them: by runtime type, property names as declared and read without regard to case,
/// fields left out, enums as numbers unless their type says otherwise.</summary>
public sealed class WorkerDataConverter : DataConverter
{
    static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    /// <summary>The one instance that is needed.</summary>
    public static WorkerDataConverter Instance { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The value is a tuple: the worker would write it empty, without an error.</exception>
    public override string? Serialize(object? value) => value switch
    {
        null => null,
        ITuple => throw new NotSupportedException($"A tuple ({value.GetType()}) can't travel through history, its values would be left out. Use a record."),
        _ => JsonSerializer.Serialize(value, value.GetType(), Options),
    };

    /// <inheritdoc/>
    public override object? Deserialize(string? data, Type targetType) => string.IsNullOrEmpty(data) ? null : JsonSerializer.Deserialize(data, targetType, Options);

    /// <inheritdoc/>
    public override T? Deserialize<T>(string? data)
        where T : default
        => Deserialize(data, typeof(T)) is T value ? value : default;
}
