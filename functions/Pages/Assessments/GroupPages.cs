using System.Text.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;

namespace GwbCloud.Functions.Pages;

/// <summary>The groups of an assessment: classified, losing members, with their names.</summary>
static class GroupPages
{
    const int MostMembers = 10;

    public static PageContent Groups(string id, PageList<ClassifiedGroup> list) => new()
    {
        Title = PageText.Groups.Title,
        Crumbs = AssessmentCrumbs.Of(id),
        Body = Html.Of($"""
            <h1>{PageText.Groups.Title}</h1>
            <p>{PageText.Groups.What}</p>
            {list.Form(
                list.SearchField(PageText.Groups.Search),
                list.Choice("class", PageText.Groups.Class, PageText.Any, Enum.GetValues<GroupClass>().Select(kind => (ValueOf(kind), Words.Of(kind)))),
                list.Choice("readiness", PageText.Groups.Readiness, PageText.Any, Enum.GetValues<Readiness>().Select(readiness => (ValueOf(readiness), PageText.Groups.Of(readiness)))),
                list.Choice("reason", PageText.Groups.Reason, PageText.Any, ReasonNames.All.Select(reason => (reason.Key, reason.Value))),
                list.Choice("sort", PageText.Sort, "", ("name", PageText.Groups.Name), ("class", PageText.Groups.Class), ("members", PageText.Groups.MostMembers), ("unwritten", PageText.Groups.MostUnwritten)))}
            {Part("list", Html.Of($"""
            {(list.Total == 0 ? Nothing : Table(PageText.Groups.Title, [PageText.Groups.Group, PageText.Groups.Class, PageText.Groups.Readiness, "#" + PageText.Groups.Members, "#" + PageText.Groups.Unwritten, PageText.Groups.Reason], list.Items.Select(group => (IReadOnlyList<Html>)
            [
                Html.Of($"{Name(group.Name)} <code class=\"id\">{(group.CloudId ?? group.ObjectGuid)?.ToString("D")}</code>"), HtmlPage.Text(Words.Of(group.Class)), Ready(group.Readiness),
                HtmlPage.Number(group.Members), HtmlPage.Number(group.Unwritten?.All ?? 0), HtmlPage.Text(string.Join("; ", group.Reasons)),
            ])))}
            {list.Pager(PageText.Groups.Many)}
            """))}
            """),
    };

    public static PageContent Losses(string id, PageList<(GroupLoss Loss, ClassifiedGroup? Group)> list) => new()
    {
        Title = PageText.Losses.Title,
        Crumbs = AssessmentCrumbs.Of(id),
        Body = Html.Of($"""
            <h1>{PageText.Losses.Title}</h1>
            <p>{PageText.Losses.What}</p>
            {list.Form(list.SearchField(PageText.Losses.Search), list.Choice("sort", PageText.Sort, "", ("lost", PageText.Losses.Most), ("name", PageText.Groups.Name)))}
            {Part("list", Html.Of($"""
            {(list.Total == 0 ? Nothing : Table(PageText.Losses.Title, [PageText.Groups.Group, "#" + PageText.Losses.Lost, "#" + PageText.Groups.Members, PageText.Losses.Members], list.Items.Select(entry => (IReadOnlyList<Html>)
            [
                Html.Of($"{Name(entry.Group?.Name)} <code class=\"id\">{entry.Loss.CloudId.ToString("D")}</code>"), HtmlPage.Number(entry.Loss.Members.Count), HtmlPage.Number(entry.Group?.Members ?? 0),
                Html.Of($"""
                <details><summary>{PageText.Losses.Ids(Math.Min(entry.Loss.Members.Count, MostMembers), entry.Loss.Members.Count)}</summary><ul class="names">{entry.Loss.Members.Take(MostMembers).Select(member => Html.Of($"<li>{Code(member.ToString("D"))}</li>"))}</ul></details>
                """),
            ])))}
            {list.Pager(PageText.Groups.Many)}
            """))}
            """),
    };

    public static PageContent Names(string id, PageList<NamePrediction> list) => new()
    {
        Title = PageText.Names.Title,
        Crumbs = AssessmentCrumbs.Of(id),
        Body = Html.Of($"""
            <h1>{PageText.Names.Title}</h1>
            <p>{PageText.Names.What}</p>
            {list.Form(
                list.SearchField(PageText.Groups.Search),
                list.Choice("keptBy", PageText.Names.KeptBy, PageText.Any, Enum.GetValues<NameKeeping>().Select(way => (ValueOf(way), PageText.Names.Of(way)))))}
            {Part("list", Html.Of($"""
            {(list.Total == 0 ? Nothing : Table(PageText.Names.Title, [PageText.Groups.Group, PageText.Names.KeptBy, PageText.Names.Now, PageText.Names.Written], list.Items.Select(name => (IReadOnlyList<Html>)
            [
                Name(name.Name), PageParts.Badge(name.KeptBy == NameKeeping.Nothing ? "stop" : "fine", name.KeptBy == NameKeeping.Nothing ? Icons.Warning : Icons.Done, PageText.Names.Of(name.KeptBy)),
                Html.Of($"{Name(name.CommonName)} <span class=\"soft\">{Name(name.Container)}</span>"), Written(name),
            ])))}
            {list.Pager(PageText.Groups.Many)}
            """))}
            """),
    };

    public static string ValueOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static Html Ready(Readiness readiness) => PageParts.Badge(
        readiness switch { Readiness.Ready => "fine", Readiness.NotReady => "stop", Readiness.ReadyWithConditions => "warn", _ => "calm" },
        readiness == Readiness.Ready ? Icons.Done : Icons.Warning, PageText.Groups.Of(readiness));

    static Html Written(NamePrediction name) => name.CommonName == name.WrittenCommonName && name.Container == name.WrittenContainer
        ? Html.Of($"<span class=\"soft\">{PageText.Names.Same}</span>")
        : Html.Of($"<strong>{Name(name.WrittenCommonName)}</strong> <span class=\"soft\">{Name(name.WrittenContainer)}</span>");
}
