using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace GwbCloud.Lab.Tenant.OData;

/// <summary>Query options on collections and single entities: what Graph does not know is an error, never ignored.</summary>
public static class ODataQuery
{
    /// <summary>Largest page of directory objects.</summary>
    public const int PageCap = 999;
    const int DefaultPage = 100;

    static readonly string[] Options = ["$filter", "$select", "$top", "$count", "$skiptoken", "$orderby"];

    /// <summary>One page of a collection.</summary>
    /// <param name="call">The request.</param>
    /// <param name="type">Its entities.</param>
    /// <param name="entities">All of them with all properties, in a stable order, each with its <c>id</c>.</param>
    /// <param name="defaultPage">Entities on a page when $top does not say.</param>
    public static GraphAnswer Page(GraphCall call, EntityType type, IEnumerable<JsonObject> entities, int defaultPage = DefaultPage)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(type);
        DemandKnown(call, Options);
        var select = Select(call, type);
        var matching = Order(call, type, Filter(call, type, entities)).ToList();
        var top = Top(call, type, defaultPage);
        var from = Skip(call, matching);
        var page = matching.Skip(from).Take(top).ToList();

        return Answer(
            call,
            [.. page.Select(e => Project(e, select))],
            WantsCount(call) ? matching.Count : null,
            from + page.Count < matching.Count ? (string)page[^1]["id"]! : null);
    }

    static GraphAnswer Answer(GraphCall call, IReadOnlyList<JsonObject> page, int? count, string? lastId)
    {
        var answer = new JsonObject { ["@odata.context"] = $"{call.BaseAddress}/{call.Version}/$metadata#{string.Join('/', call.Path)}" };
        if (count is not null)
        {
            answer["@odata.count"] = count;
        }

        if (lastId is not null)
        {
            answer["@odata.nextLink"] = NextLink(call, lastId);
        }

        answer["value"] = new JsonArray([.. page]);
        return GraphAnswer.Ok(answer);
    }

    /// <summary>One page of a large collection: only what the page shows is made into entities, unless a filter, an order or a count must see all.</summary>
    /// <param name="call">The request.</param>
    /// <param name="type">Its entities.</param>
    /// <param name="rows">All rows by id, in the order of their ids (ordinal).</param>
    /// <param name="show">The entity of a row with all its properties; null leaves the row out.</param>
    public static GraphAnswer Page<T>(GraphCall call, EntityType type, IEnumerable<KeyValuePair<string, T>> rows, Func<T, JsonObject?> show)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(rows);
        if (WantsCount(call) || call.Query.ContainsKey("$filter") || call.Query.ContainsKey("$orderby"))
        {
            return Page(call, type, rows.Select(r => show(r.Value)).OfType<JsonObject>());
        }

        DemandKnown(call, Options);
        var select = Select(call, type);
        var top = Top(call, type, DefaultPage);
        var last = LastShown(call);
        var found = (last is null ? rows : rows.SkipWhile(r => string.CompareOrdinal(r.Key, last) <= 0))
            .Select(r => (r.Key, Entity: show(r.Value))).Where(r => r.Entity is not null).Take(top + 1).ToList();
        var page = found.Count > top ? found[..top] : found;
        return Answer(call, [.. page.Select(r => Project(r.Entity!, select))], count: null, lastId: found.Count > top ? page[^1].Key : null);
    }

    /// <summary>One entity.</summary>
    public static GraphAnswer One(GraphCall call, EntityType type, JsonObject entity)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(entity);
        DemandKnown(call, "$select");
        var answer = Project(entity, Select(call, type));
        answer.Insert(0, "@odata.context", $"{call.BaseAddress}/{call.Version}/$metadata#{call.Path[0]}/$entity");
        return GraphAnswer.Ok(answer);
    }

    /// <summary>The segment /$count: a plain number, an advanced query.</summary>
    public static GraphAnswer Count(GraphCall call, EntityType type, IEnumerable<JsonObject> entities)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(type);
        DemandKnown(call, "$filter");
        if (!call.Eventual)
        {
            throw GraphException.BadRequest("$count is not currently supported.");
        }

        var matching = call.Query.TryGetValue("$filter", out var text) ? entities.Where(ODataFilter.Parse(text, type).Holds) : entities;
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

    static IEnumerable<JsonObject> Filter(GraphCall call, EntityType type, IEnumerable<JsonObject> entities)
    {
        var filter = call.Query.TryGetValue("$filter", out var text) ? ODataFilter.Parse(text, type) : null;
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

        return filter is null ? entities : entities.Where(filter.Holds);
    }

    static IEnumerable<JsonObject> Order(GraphCall call, EntityType type, IEnumerable<JsonObject> entities)
    {
        if (!call.Query.TryGetValue("$orderby", out var text))
        {
            return entities;
        }

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2 || !type.Orderable.Contains(words[0]) || (words.Length == 2 && words[1] is not ("asc" or "desc")))
        {
            throw GraphException.UnsupportedQuery($"Sorting by '{text}' is not supported.");
        }

        return words.Length == 2 && words[1] == "desc"
            ? entities.OrderByDescending(e => (string?)e[words[0]], StringComparer.Ordinal)
            : entities.OrderBy(e => (string?)e[words[0]], StringComparer.Ordinal);
    }

    static IReadOnlyList<string> Select(GraphCall call, EntityType type)
    {
        if (!call.Query.TryGetValue("$select", out var text))
        {
            return [.. type.Default.Where(p => call.IsBeta || !type.BetaOnly.Contains(p))];
        }

        var properties = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return properties.FirstOrDefault(p => !type.Knows(p, call.IsBeta)) is { } unknown
            ? throw GraphException.BadRequest($"Parsing OData Select and Expand failed: Could not find a property named '{unknown}' on type 'microsoft.graph.{type.Name}'.")
            : [.. properties];
    }

    static JsonObject Project(JsonObject entity, IReadOnlyList<string> select)
    {
        var result = new JsonObject();
        foreach (var annotation in entity.Where(p => p.Key.StartsWith('@')))
        {
            result[annotation.Key] = annotation.Value?.DeepClone();
        }

        foreach (var property in select)
        {
            // What an entity has not, it does not show: extensions without a value, a user's properties on a device.
            if (entity.ContainsKey(property))
            {
                result[property] = entity[property]?.DeepClone();
            }
        }

        return result;
    }

    static bool WantsCount(GraphCall call) => call.Query.TryGetValue("$count", out var text) && text switch
    {
        "true" => true,
        "false" => false,
        _ => throw GraphException.BadRequest("$count is true or false."),
    };

    static int Top(GraphCall call, EntityType type, int defaultPage)
    {
        var cap = type.DirectoryObject ? PageCap : 1000;
        return !call.Query.TryGetValue("$top", out var text) ? defaultPage
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top >= 1 && top <= cap ? top
            : throw GraphException.BadRequest($"Invalid page size specified: '{text}'. Must be between 1 and {cap} inclusive.");
    }

    // The token names the last entity of the page before, so that what changes meanwhile neither hides nor repeats others.
    static string NextLink(GraphCall call, string lastId)
    {
        var token = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"after:{lastId}"));
        var options = call.Query.Where(o => o.Key != "$skiptoken").Append(KeyValuePair.Create("$skiptoken", token));
        return $"{call.BaseAddress}/{call.Version}/{string.Join('/', call.Path)}?{string.Join('&', options.Select(o => $"{o.Key}={Uri.EscapeDataString(o.Value)}"))}";
    }

    static int Skip(GraphCall call, List<JsonObject> matching)
    {
        if (LastShown(call) is not { } last)
        {
            return 0;
        }

        var at = matching.FindIndex(e => (string?)e["id"] == last);
        // The entity is gone: whatever is ordered behind it comes next.
        return at >= 0 ? at + 1 : matching.TakeWhile(e => string.CompareOrdinal((string?)e["id"], last) < 0).Count();
    }

    /// <summary>Id of the last entity on the page before; null on the first page.</summary>
    static string? LastShown(GraphCall call)
    {
        if (!call.Query.TryGetValue("$skiptoken", out var token))
        {
            return null;
        }

        string? last = null;
        try
        {
            last = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        }
        catch (FormatException)
        {
        }

        if (last?.StartsWith("after:", StringComparison.Ordinal) != true)
        {
            throw new GraphException(400, "Directory_ExpiredPageToken", "The specified page token value is expired or invalid.");
        }

        return last[6..];
    }
}
