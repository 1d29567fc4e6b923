using System.Globalization;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Reporting;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Pages;

/// <summary>One page of a list that is searched, filtered and sorted, with everything that leads to its other pages.</summary>
/// <typeparam name="T">Entries.</typeparam>
sealed record PageList<T>
{
    /// <summary>Few enough for 200 KB, whatever the names are: 256 characters, each written as an escape.</summary>
    public const int DefaultSize = 50;

    public required int Size { get; init; }

    public required string Path { get; init; }
    public required IReadOnlyList<T> Items { get; init; }
    public required int Page { get; init; }

    /// <summary>Entries that fit, and entries at all.</summary>
    public required int Total { get; init; }
    public required int All { get; init; }

    /// <summary>What was asked for: the search text <c>q</c>, filters, <c>sort</c>.</summary>
    public required IReadOnlyList<(string Name, string? Value)> Values { get; init; }

    public int Pages => Math.Max(1, (Total + Size - 1) / Size);

    public bool IsNarrowed => Values.Any(value => value.Name != "sort" && value.Value is { Length: > 0 });

    public string? this[string name] => Values.FirstOrDefault(value => value.Name == name).Value;

    /// <param name="request">Names page, search and filters.</param>
    /// <param name="all">The whole list.</param>
    /// <param name="names">Query values that it takes beside the page.</param>
    /// <param name="narrow">Entries that fit, in their order.</param>
    /// <param name="size">Entries on a page.</param>
    public static PageList<T> Of(HttpRequest request, IReadOnlyList<T> all, IReadOnlyList<string> names, Func<IReadOnlyList<T>, IEnumerable<T>> narrow, int size = DefaultSize)
    {
        ArgumentNullException.ThrowIfNull(request);
        List<T> fitting = [.. narrow(all)];
        var page = RequestReader.PageOf(request);
        return new()
        {
            Path = request.Path,
            Items = [.. fitting.Skip((int)Math.Min((page - 1L) * size, int.MaxValue)).Take(size)],
            Page = page,
            Size = size,
            Total = fitting.Count,
            All = all.Count,
            Values = [.. names.Select(name => (name, (string?)request.Query[name]))],
        };
    }

    /// <summary>How many there are, and the ways to the other pages.</summary>
    public Html Pager(string what) => Html.Of($"""
        <nav class="pager" aria-label="{PageText.Lists.Pages(what)}">
        <p role="status">{Count(what)}</p>
        {(Pages == 1 ? PageParts.Nothing : Html.Of($"""
        <ul>
        <li>{Step(Page - 1, PageText.Lists.Previous, "prev")}</li>
        <li>{PageText.Lists.Of(Page, Pages)}</li>
        <li>{Step(Page + 1, PageText.Lists.Next, "next")}</li>
        </ul>
        """))}
        </nav>
        """);

    /// <summary>The form that narrows the list. It works without script; with it, typing is enough.</summary>
    public Html Form(params IEnumerable<Html> fields) => Html.Of($"""
        <form class="filter" method="get" action="{Path}" role="search" data-filter>
        {fields}
        <button type="submit">{PageText.Lists.Show}</button>
        {(IsNarrowed ? PageParts.Link(Path, PageText.Lists.Clear) : PageParts.Nothing)}
        </form>
        """);

    public Html SearchField(string label) => Html.Of($"""
        <label><span>{label}</span><input type="search" name="q" id="q" value="{this["q"]}" maxlength="{PageParts.Plain(ListSearch.MaxLength)}" autocomplete="off" spellcheck="false"></label>
        """);

    public Html Choice(string name, string label, string any, params IEnumerable<(string Value, string Text)> options) => Html.Of($"""
        <label><span>{label}</span><select name="{name}" id="{name}">{(any.Length == 0 ? PageParts.Nothing : Html.Of($"<option value=\"\">{any}</option>"))}{options.Select(option => Html.Of(
            $"<option value=\"{option.Value}\"{(this[name] == option.Value ? Html.Of($" selected") : PageParts.Nothing)}>{option.Text}</option>"))}</select></label>
        """);

    string Count(string what) => Total == 0 ? PageText.Lists.None(what)
        : IsNarrowed ? PageText.Lists.Narrowed(First, Last, Total, All, what)
        : PageText.Lists.Range(First, Last, Total, what);

    int First => Math.Min(((Page - 1) * Size) + 1, Total);

    int Last => Math.Min(Page * Size, Total);

    Html Step(int page, string text, string rel) => page < 1 || page > Pages
        ? Html.Of($"<span class=\"soft\">{text}</span>")
        : Html.Of($"<a rel=\"{rel}\" href=\"{PagePaths.List(Path, page, Values)}\">{text}</a>");
}

/// <summary>The search in lists: every word must stand somewhere.</summary>
static class ListSearch
{
    public const int MaxLength = 100;

    public static Func<string?[], bool> Of(HttpRequest request)
    {
        var text = RequestReader.Limited(request.Query["q"], "q", MaxLength);
        var words = text?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        return fields => words.All(word => fields.Any(field => field is not null && field.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}
