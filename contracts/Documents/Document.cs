using System.Text.Json;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Documents;

/// <summary>A document with its content in memory, and the reference that names it.</summary>
public sealed record Document
{
    /// <summary>Names the content.</summary>
    public required DocumentReference Reference { get; init; }

    /// <summary>The whole content, UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>A list: one JSON array, one entry a line, so that a person can read it and a diff shows single entries.</summary>
    public static Document OfList<T>(string kind, IEnumerable<T> entries)
    {
        using var content = new MemoryStream();
        var count = WriteList(content, entries);
        return Of(kind, content.ToArray(), count);
    }

    /// <summary>Writes a list as <see cref="OfList"/> has it, entry by entry.</summary>
    /// <returns>How many entries there were.</returns>
    public static int WriteList<T>(Stream content, IEnumerable<T> entries)
    {
        var count = 0;
        content.WriteByte((byte)'[');
        foreach (var entry in entries)
        {
            content.Write(count++ == 0 ? "\n"u8 : ",\n"u8);
            JsonSerializer.Serialize(content, entry, ContractJson.Options);
        }

        content.Write(count == 0 ? "]\n"u8 : "\n]\n"u8);
        return count;
    }

    /// <summary>The same for entries that come one by one, so that memory stays flat.</summary>
    /// <returns>How many entries there were.</returns>
    public static async Task<int> WriteListAsync<T>(Stream content, IAsyncEnumerable<T> entries, CancellationToken cancellationToken)
    {
        var count = 0;
        content.WriteByte((byte)'[');
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            content.Write(count++ == 0 ? "\n"u8 : ",\n"u8);
            JsonSerializer.Serialize(content, entry, ContractJson.Options);
        }

        content.Write(count == 0 ? "]\n"u8 : "\n]\n"u8);
        return count;
    }

    /// <summary>A single value as JSON.</summary>
    public static Document OfValue<T>(string kind, T value) => Of(kind, JsonSerializer.SerializeToUtf8Bytes(value, ContractJson.Options));

    /// <summary>Bytes as they are.</summary>
    public static Document Of(string kind, ReadOnlyMemory<byte> content, int count = 1) =>
        new() { Reference = DocumentReference.Of(kind, content.Span, count), Content = content };

    /// <summary>The entries of a list.</summary>
    /// <exception cref="ContractException">GWB7107 when it is no list of such entries, or holds another number of them.</exception>
    public IReadOnlyList<T> ReadList<T>()
    {
        List<T>? entries;
        try
        {
            entries = JsonSerializer.Deserialize<List<T>>(Content.Span, ContractJson.Options);
        }
        catch (JsonException refused)
        {
            throw ContractError.DocumentNotAList.Exception(Reference.Kind, refused);
        }

        return entries is not null && entries.Count == Reference.Count && !entries.Exists(entry => entry is null)
            ? entries
            : throw ContractError.DocumentNotAList.Exception(Reference.Kind);
    }
}
