using System.Globalization;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Errors;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Api;

/// <summary>Reads bodies and query values, and refuses what is wrong with the field's name. The only reader of the API.</summary>
public static class RequestReader
{
    public const int MaxBodyBytes = 64 * 1024;
    const int DefaultSize = 100;
    const int MaxSize = 500;
    const int MaxPage = 1_000_000;

    /// <summary>The body as a record, read strictly.</summary>
    /// <exception cref="ApiException">400 with the field's path, or 413.</exception>
    public static async Task<T> ReadBodyAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw ApiException.BadRequest(ApiError.BodyNotJson, null, "content type");
        }

        var body = await ReadBytesAsync(request, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<T>(body, ContractJson.Options) ?? throw ApiException.BadRequest(ApiError.BodyNotJson, null, "null");
        }
        catch (JsonException refused)
        {
            throw Explain(refused, body);
        }
    }

    /// <summary>A value that must be there; texts must not be blank.</summary>
    public static T Required<T>(T? value, string field)
        where T : class
        => value is null || (value is string text && string.IsNullOrWhiteSpace(text)) ? throw ApiException.BadRequest(ApiError.FieldMissing, field) : value;

    /// <inheritdoc cref="Required{T}(T, string)"/>
    public static T Required<T>(T? value, string field)
        where T : struct
        => value ?? throw ApiException.BadRequest(ApiError.FieldMissing, field);

    /// <summary>A text that must be there and not be longer.</summary>
    public static string Required(string? value, string field, int maxLength) => Limited(Required(value, field), field, maxLength)!;

    /// <summary>A text that may be missing.</summary>
    public static string? Limited(string? value, string field, int maxLength) =>
        value is null || value.Length <= maxLength
            ? value
            : throw ApiException.BadRequest(ApiError.FieldInvalid, field, string.Create(CultureInfo.InvariantCulture, $"longer than {maxLength} characters"));

    /// <summary>The page of a list that is asked for, from 1.</summary>
    public static int PageOf(HttpRequest request) => ReadNumber(request, "page", 1, MaxPage);

    /// <summary>The part of a list that <c>page</c> and <c>size</c> name.</summary>
    public static Slice<T> Slice<T>(HttpRequest request, IReadOnlyList<T> items)
    {
        var page = PageOf(request);
        var size = ReadNumber(request, "size", DefaultSize, MaxSize);
        return new() { Items = [.. items.Skip((int)Math.Min((page - 1L) * size, int.MaxValue)).Take(size)], Page = page, Size = size, Total = items.Count };
    }

    /// <summary>The part of a long list that <c>page</c> and <c>size</c> name; only that part is kept in memory.</summary>
    /// <param name="request">Names the part.</param>
    /// <param name="items">The whole list.</param>
    /// <param name="known">How many there are, when that is known: then nothing behind the part is read.</param>
    public static async Task<Slice<T>> SliceAsync<T>(HttpRequest request, IAsyncEnumerable<T> items, int? known = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        var page = PageOf(request);
        var size = ReadNumber(request, "size", DefaultSize, MaxSize);
        var (first, total) = ((page - 1L) * size, 0);
        List<T> kept = [];
        await foreach (var item in items)
        {
            if (known is not null && kept.Count == size)
            {
                break;
            }

            if (total >= first && kept.Count < size)
            {
                kept.Add(item);
            }

            total++;
        }

        return new() { Items = kept, Page = page, Size = size, Total = known ?? total };
    }

    /// <summary>A query value from a closed list, or null when it is left out.</summary>
    public static string? ReadOptional(HttpRequest request, string name, params IEnumerable<string> choices) =>
        request.Query.ContainsKey(name) ? ReadChoice(request, name, [.. choices]) : null;

    /// <summary>A query value that is a name of an enumeration as JSON writes it, or null when it is left out.</summary>
    public static T? ReadOptional<T>(HttpRequest request, string name)
        where T : struct, Enum =>
        ReadOptional(request, name, Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)) is { } value ? Enum.Parse<T>(value, ignoreCase: true) : null;

    /// <summary>A query value from a closed list; the first is the default.</summary>
    public static string ReadChoice(HttpRequest request, string name, params string[] choices)
    {
        var values = request.Query[name];
        return values.Count == 0 ? choices[0]
            : values is [{ } value] && choices.Contains(value) ? value
            : throw ApiException.BadRequest(ApiError.FieldInvalid, name, $"one of {string.Join(", ", choices)}");
    }

    static int ReadNumber(HttpRequest request, string name, int fallback, int max)
    {
        var values = request.Query[name];
        return values.Count == 0 ? fallback
            : values is [{ } text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max ? number
            : throw ApiException.BadRequest(ApiError.FieldInvalid, name, string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {max}"));
    }

    /// <summary>The body as it came.</summary>
    /// <exception cref="ApiException">413.</exception>
    public static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.ContentLength is > MaxBodyBytes)
        {
            throw TooLarge();
        }

        var buffer = new MemoryStream();
        var piece = new byte[8 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(piece, cancellationToken)) > 0)
        {
            buffer.Write(piece, 0, read);
            if (buffer.Length > MaxBodyBytes)
            {
                throw TooLarge();
            }
        }

        return buffer.ToArray();
    }

    static ApiException TooLarge() => new(StatusCodes.Status413PayloadTooLarge, ApiError.BodyTooLarge.Because());

    /// <summary>The serializer has one exception for everything; whether the text is an object at all tells the cases apart.</summary>
    static ApiException Explain(JsonException refused, byte[] body)
    {
        var field = refused.Path is { Length: > 2 } path && path[0] == '$' ? path[2..] : null;
        if (!IsObject(body))
        {
            return ApiException.BadRequest(ApiError.BodyNotJson, field);
        }

        // Only a value of the wrong type is told with its place in the text; an unknown or repeated member has none.
        return refused.Message.Contains("LineNumber", StringComparison.Ordinal)
            ? ApiException.BadRequest(ApiError.FieldInvalid, field, "type or range")
            : ApiException.BadRequest(ApiError.FieldUnknown, field);
    }

    static bool IsObject(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
