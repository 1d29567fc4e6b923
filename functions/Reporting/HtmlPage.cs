using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GwbCloud.Functions.Reporting;

/// <summary>The frame of every page that is made here: self-contained, without script, light and dark, fit for paper and small screens.</summary>
public static class HtmlPage
{
    // A browser hashes the style with its line ends as they are in HTML.
    static readonly string Style = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--card:#f6f8fa;--line:#d0d7de;--stop:#b3261e;--warn:#8a5a00;--fine:#1a7f37;--know:#0b63b5;--track:#e7ebef;--b1:#0b63b5;--b2:#b97a00;--b3:#c0392b;--b4:#7a828c}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa5b1;--paper:#0f1419;--card:#171d24;--line:#313a44;--stop:#ff8a80;--warn:#f0b849;--fine:#5fd07f;--know:#73b7ff;--track:#262e37;--b1:#4b9bea;--b2:#dfa02b;--b3:#f0685d;--b4:#8d96a0}}
        *{box-sizing:border-box}
        body{font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;max-width:64rem;margin:0 auto;padding:1.5rem 1rem 4rem;color:var(--ink);background:var(--paper)}
        h1{font-size:1.9rem;line-height:1.2;margin:.5rem 0 .25rem}
        h2{font-size:1.35rem;margin:2.5rem 0 .5rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
        h3{font-size:1.05rem;margin:1.5rem 0 .5rem}
        h4{font-size:1rem;margin:0 0 .35rem}
        p{margin:.4rem 0}
        .soft{color:var(--soft)}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;margin:.75rem 0 1.25rem}
        caption{text-align:left;font-weight:600;padding:.25rem 0}
        th,td{text-align:left;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        td{overflow-wrap:break-word}td:last-child{overflow-wrap:anywhere}td:last-child:not(.n){min-width:8rem}
        thead th{color:var(--soft);font-weight:600;font-size:.875rem}
        tbody th{font-weight:500;min-width:8rem;max-width:24rem}bdi{overflow-wrap:anywhere}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .bar{min-width:7rem;padding-top:.3rem}td:has(.bar){width:34%}
        svg{display:block;width:100%;overflow:visible}
        svg text{fill:var(--soft);font-size:.75rem}
        .track{fill:var(--track)}.b1{fill:var(--b1)}.b2{fill:var(--b2)}.b3{fill:var(--b3)}.b4{fill:var(--b4)}
        .mark{stroke:var(--ink);stroke-width:2}
        .verdict{border:1px solid var(--line);border-left:.5rem solid;border-radius:.4rem;background:var(--card);padding:1rem 1.25rem;margin:1.25rem 0}
        .verdict strong{display:block;font-size:1.4rem;line-height:1.25;color:inherit}
        .verdict p{color:var(--ink)}.verdict ol{color:var(--ink);margin:.5rem 0 0;padding-left:1.4rem}
        .stop{color:var(--stop);border-left-color:var(--stop)}.warn{color:var(--warn);border-left-color:var(--warn)}.fine{color:var(--fine);border-left-color:var(--fine)}.know{color:var(--know);border-left-color:var(--know)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1rem 0;padding:0;list-style:none}
        .tiles li{border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem}
        .tiles b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
        .tiles span{color:var(--soft);font-size:.875rem}
        .finding{border:1px solid var(--line);border-left:.3rem solid;border-radius:.4rem;padding:.75rem 1rem;margin:.75rem 0}
        .finding>*{color:var(--ink)}
        dl{display:grid;grid-template-columns:7.5rem 1fr;gap:.2rem .75rem;margin:0}
        dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        .badge{font-size:.8rem;font-weight:600;border:1px solid;border-radius:1rem;padding:.05rem .55rem;margin-left:.4rem;white-space:nowrap}
        .key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:.5rem 0;list-style:none;color:var(--soft);font-size:.875rem}
        .key svg{display:inline-block;width:.8rem;height:.8rem;vertical-align:-.05rem;margin-right:.35rem}
        code{font:.9em ui-monospace,Consolas,monospace;overflow-wrap:anywhere}
        ul.names{margin:0;padding:0;list-style:none;columns:2 14rem;column-gap:1.5rem}
        ul.names li{break-inside:avoid;overflow-wrap:anywhere}
        @media (max-width:40rem){table.wide{min-width:38rem}h1{font-size:1.5rem}dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}ul.names{columns:1}th,td{padding-right:.5rem}.bar{min-width:3rem}tbody th{min-width:8.5rem}}
        @media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:11pt}.finding,.verdict,tr{break-inside:avoid}h2,h3{break-after:avoid}svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """.ReplaceLineEndings("\n");

    /// <summary>Allows the page's own style and nothing else: no script, no image, no request to anywhere.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The whole page around its content.</summary>
    public static string Render(string title, Html content)
    {
        // The style is ours and goes in as it is: encoded it would have another hash.
        var head = Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{title}</title>
            """);
        return $"{head}\n<style>{Style}</style>\n</head>\n<body>\n{content}</body>\n</html>\n";
    }

    /// <summary>A table. Its first column names the row.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="heads">Heads of the columns; those that begin with # hold numbers. Empty for a table of names and values.</param>
    /// <param name="rows">Cells, as many as heads.</param>
    public static Html Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<Html>> rows)
    {
        ArgumentNullException.ThrowIfNull(heads);
        var numbers = heads.Select(head => head.StartsWith('#')).ToList();
        var head = heads.Count == 0
            ? Html.Of($"")
            : Html.Of($"<thead><tr>{heads.Select((text, at) => Html.Of($"<th scope=\"col\"{ClassOf(at)}>{text.TrimStart('#')}</th>"))}</tr></thead>\n");
        var body = rows.Select(row => Html.Of($"<tr>{row.Select((cell, at) => at == 0
            ? Html.Of($"<th scope=\"row\">{cell}</th>")
            : Html.Of($"<td{ClassOf(at)}>{cell}</td>"))}</tr>\n"));
        return Html.Of($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\">\n<table{(heads.Count > 3 ? Html.Of($" class=\"wide\"") : Html.Of($""))}>\n<caption>{caption}</caption>\n{head}<tbody>\n{body}</tbody>\n</table>\n</div>\n");

        Html ClassOf(int at) => at < numbers.Count && numbers[at] ? Html.Of($" class=\"n\"") : Html.Of($"");
    }

    /// <summary>A table of names and values.</summary>
    public static Html Facts(string caption, params IEnumerable<(string Name, string? Value)> facts) =>
        Table(caption, [], facts.Select(fact => (IReadOnlyList<Html>)[Text(fact.Name), Text(fact.Value)]));

    public static Html Text(string? text) => Html.Of($"{text}");

    public static Html Number(long number) => Html.Of($"{number}");

    /// <summary>A name that somebody else chose: it keeps its direction of writing to itself.</summary>
    public static Html Name(string? name) => Html.Of($"<bdi>{name}</bdi>");

    /// <summary>A bar of parts of a whole. Decoration: its numbers stand beside it as text.</summary>
    /// <param name="whole">What the full width stands for.</param>
    /// <param name="parts">Parts from left to right, each with one of the classes b1 to b4.</param>
    public static Html Bar(double whole, params IEnumerable<(double Part, string Class)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var at = 0.0;
        var rects = new List<Html>();
        foreach (var (part, kind) in parts.Where(part => part.Part > 0))
        {
            // What is there at all stays visible beside much more.
            var width = Math.Max(0.4, whole > 0 ? 100 * part / whole : 0);
            rects.Add(Html.Of($"<rect x=\"{Percent(at)}\" width=\"{Percent(width)}\" y=\"0\" height=\"14\" class=\"{kind}\"/>"));
            at += width;
        }

        return Html.Of($"<svg height=\"14\" aria-hidden=\"true\" focusable=\"false\"><rect width=\"100%\" height=\"14\" rx=\"3\" class=\"track\"/>{rects}</svg>");
    }

    /// <summary>What the colours of bars mean.</summary>
    public static Html Key(params IEnumerable<(string Class, string Meaning)> colours) =>
        Html.Of($"<ul class=\"key\">{colours.Select(colour => Html.Of(
            $"<li><svg aria-hidden=\"true\" focusable=\"false\"><rect width=\"100%\" height=\"100%\" rx=\"2\" class=\"{colour.Class}\"/></svg>{colour.Meaning}</li>"))}</ul>\n");

    public static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(value, 0, 100):0.##}%");
}
