using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.Operations.Changes;

/// <summary>Reads and writes values of one kind, many at a time. Decides nothing.</summary>
public interface IValuePort
{
    ValueKind Kind { get; }

    /// <summary>The values as they are now. A target that is gone is left out.</summary>
    Task<IReadOnlyDictionary<string, ValueReading>> ReadAsync(IReadOnlyList<string> targets, CancellationToken cancellationToken);

    /// <summary>Writes values; the same again means the same.</summary>
    /// <returns>What was refused for good, by target. What is missing there was taken, or nobody knows: the caller reads.</returns>
    /// <exception cref="GraphTransientException">The whole may be tried again.</exception>
    Task<IReadOnlyDictionary<string, GraphException>> WriteAsync(IReadOnlyList<ValueWrite> writes, CancellationToken cancellationToken);
}

/// <summary>A value as it was read.</summary>
/// <param name="Value">In the port's words.</param>
/// <param name="Rest">What stands beside it and must not change by a write; the port's own.</param>
public sealed record ValueReading(string Value, object? Rest = null);

/// <summary>A value to write.</summary>
/// <param name="Target">What has it.</param>
/// <param name="Value">In the port's words.</param>
/// <param name="Now">As it was read a moment ago.</param>
public sealed record ValueWrite(string Target, string Value, ValueReading Now);
