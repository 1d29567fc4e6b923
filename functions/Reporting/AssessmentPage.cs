using System.Globalization;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Reporting;

/// <summary>An assessment as a page for people: the verdict first, then what the switch would touch, why, and how long it takes.</summary>
public static class AssessmentPage
{
    static readonly (string Class, string Meaning)[] ReadinessKey = [("b1", "ready"), ("b2", "ready with conditions"), ("b3", "not ready"), ("b4", "unknown")];

    public static string Render(AssessmentReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var id = report.Outcome.AssessmentId;
        return HtmlPage.Render($"Assessment of {report.Facts.Forest.Domain}: {Verdict.Of(report).Word}", Html.Of($"""
            <header>
            <h1>Assessment of {report.Facts.Forest.Domain}</h1>
            <p class="soft"><code>{id}</code> · {report.At.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture)} · tenant <code>{report.Facts.Tenant.Tenant.ToString("D")}</code></p>
            </header>
            <main>
            {Headline(report)}
            <h2>What the migration touches</h2>
            {BlastRadius(report)}
            <h2>Findings</h2>
            {AssessmentFindings.Render(report)}
            {Tasks(report)}
            <h2>Groups</h2>
            {Classes(report)}
            {Reasons(report)}
            <h2>Names and places</h2>
            {Names(report)}
            <h2>Members that are lost</h2>
            {Losses(report)}
            <h2>Time in staging mode</h2>
            {StagingTime.Render(report.Outcome.Time!)}
            <h2>Surroundings</h2>
            {Servers(report)}
            {Surroundings(report)}
            {(report.Discovery is { } discovery ? Html.Of($"<h2>Group writeback as it is</h2>\n{DiscoveryPage.Body(discovery)}") : Html.Of($""))}
            <h2>Plan and acceptances</h2>
            {Plan(report)}
            <h2>The lists in full</h2>
            <p>Every group, finding and loss stands in tables for a spreadsheet, and all of it in one JSON document:</p>
            <ul>
            {AssessmentTables.Columns.Keys.Select(table => Html.Of($"<li><code>GET /api/assessments/{id}/report?format=csv&amp;table={table}</code></li>\n"))}<li><code>GET /api/assessments/{id}/report?format=json</code></li>
            </ul>
            </main>

            """));
    }

    static Html Headline(AssessmentReport report)
    {
        var (verdict, outcome) = (Verdict.Of(report), report.Outcome);
        return Html.Of($"""
            <section class="verdict {verdict.Class}" aria-label="Verdict">
            <strong>{verdict.Word}</strong>
            <p>{verdict.Meaning}</p>
            <ol>{verdict.Next.Select(step => Html.Of($"<li>{step}</li>"))}</ol>
            </section>
            <ul class="tiles">
            {Tile(outcome.Migrating, "group migrates", "groups migrate")}
            {Tile(outcome.NotReady, "group is not ready", "groups are not ready")}
            {Tile(outcome.Freezing, "group freezes", "groups freeze")}
            {Tile(outcome.MembersLost, "membership is lost", "memberships are lost")}
            {Tile(outcome.M365NewlyWritten, "Microsoft 365 group appears", "Microsoft 365 groups appear")}
            <li><b>{Words.Span(TimeSpan.FromSeconds(outcome.Time!.PredictedStagingSeconds))}</b><span>in staging mode</span></li>
            </ul>

            """);
    }

    static Html Tile(int number, string one, string many) => Html.Of($"<li><b>{number}</b><span>{(number == 1 ? one : many)}</span></li>");

    static Html BlastRadius(AssessmentReport report)
    {
        var (outcome, tally) = (report.Outcome, report.Tally);
        return Html.Of($"""
            <p>Switch and rules act on the whole tenant, so that every group in the writeback OU and every Microsoft 365 group counts, not only those that migrate.</p>
            {HtmlPage.Table("Consequences", ["Consequence", "", "#Number", "#Of"],
            [
                Row("Groups move to Cloud Sync and stay as they are in Active Directory", outcome.Migrating, tally.Groups, "b1", "groups"),
                Row("Groups would be lost, or stand in the way, as things are", outcome.NotReady, tally.Groups, "b3", "groups"),
                Row("Groups stay, and no longer follow Entra", outcome.Freezing, tally.Groups, "b2", "groups"),
                Row("Microsoft 365 groups appear in Active Directory", outcome.M365NewlyWritten, tally.Groups, "b2", "groups"),
                Row("Microsoft 365 groups change from security to distribution", outcome.M365TypeChanged, tally.Groups, "b2", "groups"),
                Row("Groups lose members", outcome.Blast!.LosingMembers, outcome.Migrating, "b2", "that migrate"),
                Row("Memberships end", outcome.MembersLost, tally.Memberships, "b2", "memberships"),
                Row("Microsoft 365 groups stay out, because they are too large", outcome.Blast!.M365TooLarge, tally.Groups, "b4", "groups"),
            ])}
            """);

        static IReadOnlyList<Html> Row(string what, int number, long whole, string kind, string of) =>
            [HtmlPage.Text(what), Html.Of($"<div class=\"bar\">{HtmlPage.Bar(whole, (number, kind))}</div>"), HtmlPage.Number(number), Html.Of($"{whole} {of}")];
    }

    static Html Classes(AssessmentReport report)
    {
        var tally = report.Tally;
        var present = Enum.GetValues<GroupClass>().Where(kind => tally[kind] > 0).ToList();
        var most = present.Select(kind => tally[kind]).DefaultIfEmpty().Max();
        return Html.Of($"""
            {HtmlPage.Key(ReadinessKey)}
            {HtmlPage.Table("Groups by class", ["Class", "", "#Groups", "#Ready", "#With conditions", "#Not ready", "#Unknown"], present.Select(kind => (IReadOnlyList<Html>)
            [
                Html.Of($"{Words.Of(kind)}<br><span class=\"soft\">{Words.Meaning(kind)}</span>"),
                Html.Of($"<div class=\"bar\">{HtmlPage.Bar(most, Enum.GetValues<Readiness>().Select(readiness => ((double)tally[kind, readiness], ReadinessKey[(int)readiness].Class)))}</div>"),
                HtmlPage.Number(tally[kind]), .. Enum.GetValues<Readiness>().Select(readiness => HtmlPage.Number(tally[kind, readiness])),
            ]))}
            """);
    }

    static Html Reasons(AssessmentReport report) => HtmlPage.Table("Why", ["Reason", "Class", "#Groups"], report.Tally.Reasons.Select(reason =>
        (IReadOnlyList<Html>)[HtmlPage.Text(reason.Reason), HtmlPage.Text(Words.Of(reason.Class)), HtmlPage.Number(reason.Groups)]));

    static Html Tasks(AssessmentReport report)
    {
        var all = report.Outcome.Tasks?.Count ?? report.Tasks.Count;
        return all == 0 ? Html.Of($"") : Html.Of($"""
            <h2>Groups at risk</h2>
            <p>Each is a task for a person. What is read back closes it: by a check of the task, or by the next assessment.{(all > report.Tasks.Count ? $" These are the first {report.Tasks.Count} of {all}." : "")}</p>
            {report.Tasks.Select(task => Html.Of($"""
            <section class="finding stop">
            <h3>{HtmlPage.Name(task.Title)}</h3>
            <p>{HtmlPage.Name(task.Why)}</p>
            <ol>{task.Steps.Select(step => Html.Of($"<li>{HtmlPage.Name(step)}</li>"))}</ol>
            <p class="soft">Read: {HtmlPage.Name(task.Reads)}. <code>{task.Id}</code></p>
            </section>

            """))}

            """);
    }

    static Html Names(AssessmentReport report)
    {
        var keeping = Enum.GetValues<NameKeeping>().Select(way => (Way: way, Groups: report.Keeping.GetValueOrDefault(way))).Where(kept => kept.Groups > 0).ToList();
        return keeping.Count == 0 ? Html.Of($"<p>No group migrates, so that Cloud Sync writes no name.</p>\n") : Html.Of($"""
            <p>{string.Join(" ", keeping.Select(kept => string.Create(CultureInfo.InvariantCulture, $"{kept.Groups:N0} {Words.Of(kept.Way)}.")))} The table of names has every group, with what Cloud Sync will write beside what is there.</p>
            {(report.Deviating.Count == 0 ? Html.Of($"") : HtmlPage.Table("Groups that one mapping for all would rename or move", ["Group", "Now", "By the mapping alone", "Written"], report.Deviating.Select(name =>
                (IReadOnlyList<Html>)
                [
                    HtmlPage.Name(name.Name), HtmlPage.Name($"{name.CommonName} in {name.Container}"),
                    HtmlPage.Name(name.MappedCommonName is null ? "the configuration's own mapping" : $"{name.MappedCommonName} in {name.MappedContainer}"),
                    HtmlPage.Name($"{name.WrittenCommonName} in {name.WrittenContainer}"),
                ])))}

            """);
    }

    static Html Losses(AssessmentReport report) => report.Outcome.Blast!.LosingMembers == 0
        ? Html.Of($"<p>No group that migrates loses a member.</p>\n")
        : Html.Of($"""
            <p>{report.Outcome.Blast.LosingMembers} of {report.Outcome.Migrating} groups lose {report.Outcome.MembersLost} memberships. Which members these are stands in the table of losses, by their ids.</p>
            {HtmlPage.Table(report.Outcome.Blast.LosingMembers > report.Losses.Count ? "Groups that lose most" : "Groups that lose members", ["Group", "", "#Lost", "#Members"], report.Losses.Select(group =>
                (IReadOnlyList<Html>)
                [
                    HtmlPage.Name(group.Name), Html.Of($"<div class=\"bar\">{HtmlPage.Bar(Math.Max(group.Members, group.Lost), (group.Lost, "b2"))}</div>"),
                    HtmlPage.Number(group.Lost), HtmlPage.Number(group.Members),
                ]))}
            """);

    static Html Servers(AssessmentReport report) => HtmlPage.Table("Connect servers", ["Server", "Role", "Version", "Scheduler", "#Last full cycle"], report.Facts.Servers.Select(server =>
        (IReadOnlyList<Html>)
        [
            HtmlPage.Text(server.Server), HtmlPage.Text(server.Staging ? "staging" : "active"), HtmlPage.Text(server.Version),
            HtmlPage.Text(server.Scheduler.Suspended ? "suspended" : server.Scheduler.Enabled ? "on" : "off"),
            HtmlPage.Text(server.LastInitialSeconds is { } seconds ? $"{StagingTime.Hours(seconds)} h" : "unknown"),
        ]).Concat(report.Facts.Silent.Select(server => (IReadOnlyList<Html>)
        [
            HtmlPage.Text(server.Server), HtmlPage.Text("did not answer"), HtmlPage.Text("unknown"), HtmlPage.Text("unknown"), HtmlPage.Text("unknown"),
        ])));

    static Html Surroundings(AssessmentReport report)
    {
        var (forest, tenant) = (report.Facts.Forest, report.Facts.Tenant);
        return HtmlPage.Facts(
            "Tenant and forest",
            ("Licence", tenant.PremiumLicence ? "Entra ID P1 or P2 is there" : "Entra ID P1 is missing"),
            ("Users", tenant.Numbers.Users is { } users ? Number(users) : "could not be counted"),
            ("Security and Microsoft 365 groups", Number(tenant.Numbers.Groups)),
            ("Memberships of written-back groups", Number(tenant.Numbers.Memberships)),
            ("Microsoft 365 groups by writeback", $"{Number(tenant.Numbers.M365On)} on, {Number(tenant.Numbers.M365Undecided)} undecided and so written, {Number(tenant.Numbers.M365Off)} off"),
            ("New Microsoft 365 groups", tenant.NewM365GroupsAreWritten ? "are written back" : "are not written back now; version 1 will write them"),
            ("Writeback OU", forest.WritebackOu),
            ("Names of the groups", report.Outcome.Naming == NamingStyle.DisplayName ? "display name and the end of the objectId" : "Group_ and the objectId"),
            ("Schema", string.Create(CultureInfo.InvariantCulture, $"version {forest.SchemaVersion}")),
            ("Recycle Bin", forest.RecycleBinEnabled ? "on" : "off"),
            ("Last backup of the domain", forest.LastBackup is { } backup ? backup.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture) : "never"),
            ("Exchange", forest.Exchange.Prepared ? "the forest is prepared" : "the forest is not prepared"),
            ("Provisioning agents", string.Join(", ", forest.Agents.Select(agent => $"{agent.Computer} ({(agent.Version.Length == 0 ? "version unknown" : agent.Version)}, {agent.Active switch { true => "active", false => "stopped", null => "state unknown" }})").DefaultIfEmpty("none"))));

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
    }

    static Html Plan(AssessmentReport report)
    {
        var acceptances = report.Facts.Request.Acceptances;
        return Html.Of($"""
            {(report.Outcome.PlanHash is { } hash ? Html.Of($"<p>Hash of the plan: <code>{hash}</code></p>") : Html.Of($"<p>There is no plan while something blocks.</p>"))}
            {(acceptances.Count == 0 ? Html.Of($"<p>Nothing has been accepted.</p>") : HtmlPage.Table("Accepted consequences", ["Finding", "For", "Accepted by", "Comment"], acceptances.Select(acceptance =>
                (IReadOnlyList<Html>)[HtmlPage.Text(acceptance.Code), HtmlPage.Name(acceptance.Subject ?? (acceptance.Set is null ? "all of it" : "exactly those that were read")), Html.Of($"<code>{acceptance.By}</code>"), HtmlPage.Name(acceptance.Comment)])))}

            """);
    }
}
