using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Tenant.OData;

/// <summary>Query options on collections and single entities: what Graph does not know is an error, never ignored.</summary>
/// <remarks>Everything here runs within a read of the world's store. A page costs what it shows, not what the collection holds.</remarks>
public static class ODataQuery
{
    /// <summary>Largest page of directory objects.</summary>
    public const int PageCap = 999;

    static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    static readonly string[] Options = ["$filter", "$select", "$top", "$count", "$skiptoken", "$orderby"];

    /// <summary>One page of a small collection.</summary>
    /// <param name="call">The request.</param>
    /// <param name="type">Its entities.</param>
    /// <param name="entities">All of them, in any order.</param>
    public static GraphAnswer Page<T>(GraphCall call, EntityType<T> type, IEnumerable<T> entities)
    {
        ArgumentNullException.ThrowIfNull(type);
        var ordered = entities.OrderBy(type.Id, StringComparer.Ordinal).ToList();
        return Page(call, type, after => after is null ? ordered : ordered.Where(e => string.CompareOrdinal(type.Id(e), after) > 0));
    }

    /// <summary>One page of a collection.</summary>
    /// <param name="call">The request.</param>
    /// <param name="type">Its entities.</param>
    /// <param name="after">The entities behind an id, or all, in the order of their ids; taken only as far as the page needs them.</param>
    public static GraphAnswer Page<T>(GraphCall call, EntityType<T> type, Func<string?, IEnumerable<T>> after)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(after);
        DemandKnown(call, type.Pages ? Options : ["$filter", "$select", "$orderby"]);
        var select = Select(call, type);
        var filter = Filter(call, type);
        var top = Top(call, type);
        var last = call.Query.TryGetValue("$skiptoken", out var token) ? SkipToken.Read(QueryOf(call), token) : null;
        var matching = Order(call, type, after, filter, last) ?? (filter is null ? after(last) : after(last).Where(filter));

        // One more than the page shows, to know whether another follows.
        var page = matching.Take(top + 1).ToList();
        var more = page.Count > top;
        if (more)
        {
            page.RemoveAt(top);
        }

        var buffer = new ArrayBufferWriter<byte>(256 + (page.Count * 256));
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        json.WriteString("@odata.context", $"{call.BaseAddress}/{call.Version}/$metadata#{string.Join('/', call.Path)}");
        if (WantsCount(call) && last is null)
        {
            // Only the first page tells it. Source: advanced query capabilities.
            json.WriteNumber("@odata.count", filter is null ? after(null).Count() : after(null).Count(filter));
        }

        if (more)
        {
            json.WriteString("@odata.nextLink", NextLink(call, type.Id(page[^1])));
        }

        json.WriteStartArray("value");
        foreach (var entity in page)
        {
            Write(json, type, entity, select, context: null);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return new GraphAnswer { Status = 200, Json = buffer.WrittenMemory, IsPage = true };
    }

    /// <summary>One entity.</summary>
    public static GraphAnswer One<T>(GraphCall call, EntityType<T> type, T entity)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(type);
        DemandKnown(call, "$select");
        return Entity(call, type, entity, Select(call, type), status: 200);
    }

    /// <summary>The answer to a creation.</summary>
    public static GraphAnswer Created<T>(GraphCall call, EntityType<T> type, T entity)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(type);
        DemandKnown(call);
        return Entity(call, type, entity, type.Defaults(call.IsBeta), status: 201);
    }

    /// <summary>The segment /$count: a plain number, an advanced query.</summary>
    public static GraphAnswer Count<T>(GraphCall call, EntityType<T> type, IEnumerable<T> entities)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(type);
        DemandKnown(call, "$filter");
        if (!call.Eventual)
        {
            throw GraphException.BadRequest("$count is not currently supported.");
        }

        var matching = call.Query.TryGetValue("$filter", out var text) ? entities.Where(ODataFilter.Parse(text, type, call.IsBeta).Holds) : entities;
        return new GraphAnswer { Status = 200, Text = matching.Count().ToString(CultureInfo.InvariantCulture) };
    }

    /// <summary>Refuses every query option but these.</summary>
    public static void DemandKnown(GraphCall call, params string[] known)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Query.Keys.FirstOrDefault(k => !known.Contains(k)) is { } unknown)
        {
            throw GraphException.BadRequest($"The query parameter '{unknown}' is not supported.");
        }
    }

    static GraphAnswer Entity<T>(GraphCall call, EntityType<T> type, T entity, IReadOnlyList<EntityProperty<T>> select, int status)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Writing);
        Write(json, type, entity, select, $"{call.BaseAddress}/{call.Version}/$metadata#{call.Path[0]}/$entity");
        json.Flush();
        return new GraphAnswer { Status = status, Json = buffer.WrittenMemory };
    }

    static Func<T, bool>? Filter<T>(GraphCall call, EntityType<T> type)
    {
        var filter = call.Query.TryGetValue("$filter", out var text) ? ODataFilter.Parse(text, type, call.IsBeta) : null;
        var counts = WantsCount(call);
        if (type.DirectoryObject && !call.Eventual && (counts || filter?.IsAdvanced == true))
        {
            throw GraphException.UnsupportedQuery(
                "Advanced query capabilities need the header ConsistencyLevel: eventual and the query parameter $count=true.");
        }

        if (type.DirectoryObject && filter?.IsAdvanced == true && !counts)
        {
            throw GraphException.UnsupportedQuery("Advanced query capabilities need the query parameter $count=true.");
        }

        return filter?.Holds;
    }

    /// <summary>What follows in the order that was asked for; null when none was.</summary>
    static IEnumerable<T>? Order<T>(GraphCall call, EntityType<T> type, Func<string?, IEnumerable<T>> after, Func<T, bool>? filter, string? last)
    {
        if (!call.Query.TryGetValue("$orderby", out var text))
        {
            return null;
        }

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var property = words.Length is 1 or 2 ? type.Find(words[0], call.IsBeta) : null;
        if (property is not { Orderable: true } || (words.Length == 2 && words[1] is not ("asc" or "desc")))
        {
            throw GraphException.UnsupportedQuery($"Sorting by '{text}' is not supported.");
        }

        if (type.DirectoryObject && filter is not null && !call.Eventual)
        {
            throw GraphException.UnsupportedQuery("Sorting and filtering together need the header ConsistencyLevel: eventual and the query parameter $count=true.");
        }

        var all = filter is null ? after(null) : after(null).Where(filter);
        // Text and moments order as their text does; ids make the order whole.
        string Key(T entity) => property.Value(entity) switch { DateTimeOffset at => at.UtcTicks.ToString("d20", CultureInfo.InvariantCulture), var value => value?.ToString() ?? "" };
        var ordered = words is [_, "desc"]
            ? all.OrderByDescending(Key, StringComparer.OrdinalIgnoreCase).ThenByDescending(type.Id, StringComparer.Ordinal)
            : all.OrderBy(Key, StringComparer.OrdinalIgnoreCase).ThenBy(type.Id, StringComparer.Ordinal);
        return last is null ? ordered : ordered.SkipWhile(e => type.Id(e) != last).Skip(1);
    }

    static IReadOnlyList<EntityProperty<T>> Select<T>(GraphCall call, EntityType<T> type)
    {
        if (!call.Query.TryGetValue("$select", out var text))
        {
            return type.Defaults(call.IsBeta);
        }

        return
        [
            .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => type.Find(name, call.IsBeta)
                ?? throw GraphException.BadRequest($"Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{type.Name}'.")),
        ];
    }

    static bool WantsCount(GraphCall call) => call.Query.TryGetValue("$count", out var text) && text switch
    {
        "true" => true,
        "false" => false,
        _ => throw GraphException.BadRequest("$count is true or false."),
    };

    static int Top<T>(GraphCall call, EntityType<T> type) =>
        !call.Query.TryGetValue("$top", out var text) ? type.Pages ? type.DefaultPage : int.MaxValue - 1
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top >= 1 && top <= type.PageCap ? top
        : throw GraphException.BadRequest($"Invalid page size specified: '{text}'. Must be between 1 and {type.PageCap} inclusive.");

    static string NextLink(GraphCall call, string lastId)
    {
        var options = call.Query.Where(o => o.Key != "$skiptoken").Append(KeyValuePair.Create("$skiptoken", SkipToken.Make(QueryOf(call), lastId)));
        return $"{call.BaseAddress}/{call.Version}/{string.Join('/', call.Path)}?{string.Join('&', options.Select(o => $"{o.Key}={Uri.EscapeDataString(o.Value)}"))}";
    }

    // What the token belongs to. The size of the page may change on the way.
    static string QueryOf(GraphCall call) => string.Join(
        '\n',
        call.Query.Where(o => o.Key is "$filter" or "$orderby" or "$select").OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}")
            .Prepend($"{call.Version}/{string.Join('/', call.Path)}"));

    static void Write<T>(Utf8JsonWriter json, EntityType<T> type, T entity, IReadOnlyList<EntityProperty<T>> select, string? context)
    {
        json.WriteStartObject();
        if (context is not null)
        {
            json.WriteString("@odata.context", context);
        }

        if (type.TypeOf is { } typeOf)
        {
            json.WriteString("@odata.type", typeOf(entity));
        }

        foreach (var property in select)
        {
            var value = property.Value(entity);
            // What an entity has not, it does not show: extensions without a value, a user's properties on a device.
            if (ReferenceEquals(value, EntityProperty.Absent))
            {
                continue;
            }

            json.WritePropertyName(property.Name);
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case string text:
                    json.WriteStringValue(text);
                    break;
                case bool truth:
                    json.WriteBooleanValue(truth);
                    break;
                case Guid id:
                    json.WriteStringValue(id);
                    break;
                case int number:
                    json.WriteNumberValue(number);
                    break;
                case DateTimeOffset moment:
                    json.WriteStringValue(TenantEntities.Moment(moment));
                    break;
                case IReadOnlyList<string> texts:
                    json.WriteStartArray();
                    foreach (var text in texts)
                    {
                        json.WriteStringValue(text);
                    }

                    json.WriteEndArray();
                    break;
                case JsonNode node:
                    node.WriteTo(json);
                    break;
                default:
                    throw new InvalidOperationException($"{type.Name}.{property.Name} has a value of {value.GetType().Name}.");
            }
        }

        json.WriteEndObject();
    }
}
