using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Pages;

/// <summary>What stands around every page: head, skip link, the way here, who is signed in, and whether the page is in contact.</summary>
static class PageFrame
{
    public static string Render(PageContent content, PageVisit visit, string tag) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{content.Title} · {PageText.Product}</title>
        <link rel="icon" href="{PageAssets.Icon}" type="image/svg+xml">
        <link rel="stylesheet" href="{PageAssets.Style}">
        <script type="module" src="{PageAssets.Script}"></script>
        </head>
        <body data-tag="{tag}"{(content.Live ? Html.Of($" data-live") : Html.Of($""))}{Words()}>
        <a class="skip" href="#main">{PageText.Frame.Skip}</a>
        <header class="top">
        <a class="brand" href="{PagePaths.Home}"><span class="mark" aria-hidden="true"></span>{PageText.Product}</a>
        {Caller(visit)}
        </header>
        {Way(content)}
        <div id="contact" class="contact" role="status" hidden></div>
        <div id="answer" class="answer" role="alert" hidden></div>
        <noscript><p class="contact">{PageText.Frame.NoScript}</p></noscript>
        <main id="main" tabindex="-1">
        {content.Body}
        </main>
        <footer class="foot">
        <p>{PageText.Frame.Read} {PageParts.Time(visit.Now)}. <span data-polls hidden>{PageText.Frame.Updates}</span></p>
        </footer>
        <div id="announce" class="unseen" role="status" data-text="{content.Announcement}"></div>
        </body>
        </html>

        """).ToString();

    static Html Way(PageContent content) => content.Crumbs.Count == 0 ? Html.Of($"") : Html.Of($"""
        <nav class="way" aria-label="{PageText.Frame.Way}"><ol>{content.Crumbs.Select(crumb => Html.Of($"<li><a href=\"{crumb.Path}\">{crumb.Text}</a></li>"))}<li aria-current="page">{content.Title}</li></ol></nav>
        """);

    static Html Caller(PageVisit visit) => visit.Caller is not { } caller ? Html.Of($"") : Html.Of($"""
        <div class="caller">{Icons.Person}<span data-person title="{caller.ObjectId}">{PageText.Frame.SignedInAs(caller)}</span>
        <button type="button" class="quiet" data-sign-out hidden>{PageText.Frame.SignOut}</button></div>
        """);

    /// <summary>What the script says; it has no words of its own.</summary>
    static Html Words() => Html.Join(PageText.Script.All.Select(text => Html.Of($" data-text-{text.Key}=\"{text.Value}\"")));
}
