using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>The report of a migration as one self-contained page: how it ended, what is left to do, who decided, what changed.</summary>
public static class ReportPage
{
    const int MostOrphans = 100;

    public static string Render(MigrationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var view = report.Migration;
        return HtmlPage.Render($"Migration of {report.Plan.Domain}: {EndOf(view)}", Html.Of($"""
            <header>
            <h1>Migration of {report.Plan.Domain}</h1>
            <p class="soft"><code>{view.MigrationId}</code> · as of {Words.Time(report.At)} · tenant <code>{report.Plan.Tenant.ToString("D")}</code></p>
            </header>
            <main>
            {Headline(report)}
            {Limits(report)}
            <h2>What was asked for</h2>
            {Asked(report)}
            <h2>Who decided, on which evidence</h2>
            {Decided(report)}
            <h2>What was done</h2>
            {Stages(view)}
            {Tasks(report)}
            <h2>What changed for the groups</h2>
            {Groups(report)}
            <h2>What was told on the way</h2>
            {Told(view)}
            <h2>The coexistence rules</h2>
            <p>{report.RulesMayGo ?? "This migration leaves no rules that anything rests on: GroupWritebackV2 was not switched off by it."}</p>
            <h2>The lists in full, and the audit log</h2>
            {Lists(report)}
            </main>

            """));
    }

    static Html Headline(MigrationReport report)
    {
        var (view, verified) = (report.Migration, report.Verification);
        var planned = report.Groups.GetValueOrDefault(nameof(GroupClass.Migrates));
        return Html.Of($"""
            <section class="verdict {ClassOf(view)}" aria-label="Outcome">
            <strong>{EndOf(view)}</strong>
            <p>{MeaningOf(view)}</p>
            <ol>{report.Remains.Select(step => Html.Of($"<li>{step}</li>"))}</ol>
            </section>
            <ul class="tiles">
            {Tile(planned, "planned group", "planned groups")}
            {(verified is null ? Html.Of($"") : Tile(verified.Verified, "group verified", "groups verified"))}
            {(report.Comparison is null ? Html.Of($"") : Tile(report.Comparison.Deleted, "group deleted", "groups deleted"))}
            {(report.Comparison is null ? Html.Of($"") : Tile(report.Comparison.MembersLost, "membership lost", "memberships lost"))}
            {(view.EndedAt is { } ended ? Html.Of($"<li><b>{Words.Span(ended - view.StartedAt)}</b><span>from start to end</span></li>") : Html.Of($""))}
            </ul>
            {ReadAt(report)}

            """);
    }

    /// <summary>A stage that stopped in the middle leaves numbers of that moment, and much may have come right since.</summary>
    static Html ReadAt(MigrationReport report) => report.Comparison?.ReadAt is not { } read ? Html.Of($"") : Html.Of(
        $"<p class=\"soft\">What is deleted, lost or changed was read from Active Directory on {Words.Time(read)}, {Words.Span(report.At > read ? report.At - read : TimeSpan.Zero)} before this was written. What happened since is not in these numbers.</p>");

    static Html Limits(MigrationReport report) => report.Plan.Acceptances.Any(a => a.Code == FindingCatalogue.LimitsExceeded)
        ? Html.Of($"<p><strong>The documented limits of Cloud Sync were exceeded.</strong> The app was told not to enforce them, and that was accepted; Microsoft does not support it.</p>\n")
        : Html.Of($"");

    static Html Asked(MigrationReport report)
    {
        var (view, people) = (report.Migration, new PeopleNames(report.People));
        return Html.Join(
        [
            HtmlPage.Facts(
                "The request",
                ("Requested by", people.InWords(view.RequestedBy)),
                ("Assessment", view.AssessmentId),
                ("Hash of the plan", view.PlanHash),
                ("Writeback OU", report.Plan.WritebackOu),
                ("Connect servers", string.Join(", ", report.Plan.Servers.Select(s => $"{s.Name} ({(s.Active ? "active" : "standby")}, {s.Version})"))),
                ("Window", $"{Words.Time(view.Window.Start)} to {Words.Time(view.Window.End)}"),
                ("Change", view.Window.ChangeNumber ?? "none"),
                ("Blackouts", view.Window.Blackouts.Count == 0 ? "none" : Moments.InWords(string.Join("; ", view.Window.Blackouts))),
                ("Held before", view.Window.HoldBefore.Count == 0 ? "no stage" : string.Join(", ", view.Window.HoldBefore.Select(Words.Of))),
                ("Predicted time in staging mode", Words.Span(TimeSpan.FromSeconds(report.Plan.Time.PredictedStagingSeconds))),
                ("Limits that were approved", $"{Words.Count(report.Plan.Ceilings.M365NewlyWritten, "Microsoft 365 group", "Microsoft 365 groups")} newly written, "
                    + $"{Words.Number(report.Plan.Ceilings.M365TypeChanged)} of another type, {Words.Count(report.Plan.Ceilings.MembersLost, "membership", "memberships")} lost"),
                ("Started", Words.Time(view.StartedAt)),
                ("Ended", view.EndedAt is { } ended ? Words.Time(ended) : "not yet"),
                ("Ended at the request of", view.AskedEnd is { } asked ? $"{people.InWords(asked.By)}, {Words.Time(asked.At)}" : "nobody")),
            report.Plan.Acceptances.Count == 0 ? Html.Of($"<p>No consequence had to be accepted.</p>\n") : Table(
                "Accepted consequences", ["Code", "Consequence", "#Cases", "Accepted by"],
                report.Plan.Acceptances.GroupBy(a => (a.Code, a.By)).Select(a => new[]
                {
                    a.Key.Code, FindingCatalogue.All.FirstOrDefault(check => check.Code == a.Key.Code)?.Title, Words.Number(a.Count()), people.InWords(a.Key.By),
                })),
        ]);
    }

    static Html Decided(MigrationReport report) => report.Decisions.Count == 0 ? Html.Of($"<p>Nobody has decided anything.</p>\n") : Table(
        "Decisions at the gates", ["Gate", "Decision", "By", "When", "Evidence", "Comment"], report.Decisions.Select(d => new[]
        {
            d.Gate == GateName.Plan ? "Plan" : "Switch", DecisionOf(d), new PeopleNames(report.People).InWords(d.By), Words.Time(d.At), d.EvidenceDigest[..12], d.Comment,
        }));

    static string DecisionOf(ReportedDecision decision)
    {
        var word = decision.Decision switch
        {
            ApprovalDecision.Approve => "Approved",
            ApprovalDecision.Deny => "Denied",
            ApprovalDecision.DenyAndLeave => "Denied, left as it is",
            _ => "Postponed",
        };
        return decision.WithdrawnAt is { } at ? $"{word}; taken back {Words.Time(at)}" : word;
    }

    static Html Stages(MigrationView view) => Table("Stages", ["Stage", "State", "Started", "Took", "Detail"], view.Stages.Select(stage => new[]
    {
        Words.Of(stage.Name), Words.Of(stage.State), stage.StartedAt is { } started ? Words.Time(started) : "",
        stage is { StartedAt: { } from, EndedAt: { } until } ? Words.Span(until - from) : "", Moments.InWords(stage.Detail),
    }));

    static Html Tasks(MigrationReport report) => report.Migration.Tasks.Count == 0 ? Html.Of($"") : Table(
        "Operator tasks", ["Task", "State", "Done by", "Ended", "Read back"], report.Migration.Tasks.Select(task => new[]
        {
            Moments.InWords(task.Title), $"{task.State}", task.CheckedBy is { } who ? new PeopleNames(report.People).InWords(who) : (task.State == TaskState.Done ? "found done by looking" : ""), task.EndedAt is { } ended ? Words.Time(ended) : "", Moments.InWords(task.Reads),
        }));

    static Html Groups(MigrationReport report)
    {
        var conspicuous = report.Conspicuous;
        return Html.Join(
        [
            Table("Groups by class", ["Class", "#Groups", "What that means"], report.Groups.Select(of => Enum.TryParse<GroupClass>(of.Key, out var kind)
                ? new[] { Words.Of(kind), Words.Number(of.Value), Words.Meaning(kind) }
                : [of.Key, Words.Number(of.Value), ""])),
            report.Verification is { } verified ? Verified(verified) : Html.Of($"<p>The migration did not get as far as verifying the groups.</p>\n"),
            report.Comparison is { } found ? Compared(found) : Html.Of($""),
            conspicuous.Count == 0 ? Html.Of($"") : HtmlPage.Table(
                (conspicuous.Count < MigrationReport.MostGroups ? "Groups that differ" : $"The first {MigrationReport.MostGroups} groups that differ") + On(report.Comparison?.ReadAt ?? report.Verification?.ReadAt),
                ["Group", "Class", "Outcome", "What differs"],
                conspicuous.Select(group => (IReadOnlyList<Html>)
                    [HtmlPage.Name(group.Name), HtmlPage.Text(Words.Of(group.Class)), HtmlPage.Text(OutcomeOf(group.Outcome)), HtmlPage.Text(string.Join(", ", group.Differs))])),
        ]);
    }

    static string OutcomeOf(GroupOutcome outcome) => outcome switch
    {
        GroupOutcome.Verified => "Verified",
        GroupOutcome.NotVerified => "Not verified",
        GroupOutcome.NotReached => "Not reached",
        GroupOutcome.Unchanged => "Unchanged",
        GroupOutcome.Changed => "Changed",
        _ => "Not compared",
    };

    static Html Told(MigrationView view) => Html.Join(
    [
        view.Notices.Count == 0 ? Html.Of($"<p>Nothing had to be told.</p>\n")
            : Table("The last notices", ["Code", "Message", "What to do"], view.Notices.Select(notice => new[] { notice.Code, Moments.InWords(notice.Message), notice.Remedy })),
        view.Orphans.Count == 0 ? Html.Of($"") : Table(
            view.Orphans.Count <= MostOrphans ? "Objects that stay behind, their groups gone in Entra" : $"The first {MostOrphans} of {Words.Number(view.Orphans.Count)} objects that stay behind, their groups gone in Entra",
            ["Object", "Group"], view.Orphans.Take(MostOrphans).Select(o => new[] { o.DistinguishedName, o.CloudId.ToString("D") })),
        view.Deliveries is not { Failed: { Count: > 0 } failed } ? Html.Of($"") : Table(
            "Messages that were not delivered", ["When", "Message", "Channel", "Why"], failed.Select(f => new[] { Words.Time(f.At), f.Title, f.Channel, $"{f.Reason.Code}: {f.Reason.Message}" })),
    ]);

    static Html Lists(MigrationReport report)
    {
        var id = report.Migration.MigrationId;
        return Html.Of($"""
            <p>Every group, stage, task and decision stands in tables for a spreadsheet, and the report in a JSON document:</p>
            <ul>
            {MigrationTables.Columns.Keys.Select(table => Html.Of($"<li><code>GET /api/migrations/{id}/report?format=csv&amp;table={table}</code></li>\n"))}<li><code>GET /api/migrations/{id}/report?format=json</code></li>
            <li><code>GET /api/migrations/{id}/report?format=rules</code>: a script that creates both coexistence rules on a rebuilt Connect server</li>
            </ul>
            <p>The audit log had {Words.Count(report.AuditLines, "line", "lines")} when this was written, and its chain was <strong>{(report.AuditIntact ? "intact" : "broken")}</strong>.
            The last of them has the hash <code>{report.AuditHash ?? "none"}</code>. Whoever has the log and this report can verify both:</p>
            <p><code>dotnet run --project lab -- audit audit.jsonl --lines {report.AuditLines} --hash {report.AuditHash ?? ""}</code></p>

            """);
    }

    static Html Compared(DirectoryComparison found) => Table($"Active Directory against the snapshot{On(found.ReadAt)}", ["", "#Groups"],
    [
        ["Compared", Words.Number(found.Compared)], ["Deleted", Words.Number(found.Deleted)], ["Renamed", Words.Number(found.Renamed)],
        ["Moved", Words.Number(found.Moved)], ["SID changed", Words.Number(found.SidChanged)], ["Type changed", Words.Number(found.TypeChanged)],
        ["Created", Words.Number(found.Created)], ["Anchors changed", Words.Number(found.AnchorsChanged)],
        ["sAMAccountName changed", Words.Number(found.AccountNamesChanged)], ["Display name or description changed", Words.Number(found.TextsChanged)],
        ["Owner changed", Words.Number(found.OwnersChanged)], ["Own access control entries changed", Words.Number(found.AccessListsChanged)],
        ["Memberships in other groups lost", Words.Number(found.MemberOfLost)], ["Memberships in other groups gained", Words.Number(found.MemberOfGained)],
        ["Memberships lost", Words.Number(found.MembersLost)], ["Memberships gained", Words.Number(found.MembersGained)],
    ]);

    static Html Verified(Verification verified) => Table($"Planned groups, verified one by one{On(verified.ReadAt)}", ["", "#Groups"],
    [
        ["Planned", Words.Number(verified.Groups)], ["Verified", Words.Number(verified.Verified)],
        ["Written according to the provisioning log, too", Words.Number(verified.LoggedAsDone)],
    ]);

    static string On(DateTimeOffset? read) => read is { } at ? $", as of {Words.Time(at)}" : "";

    static Html Table(string caption, string[] heads, IEnumerable<string?[]> rows) =>
        HtmlPage.Table(caption, heads, rows.Select(row => (IReadOnlyList<Html>)[.. row.Select(HtmlPage.Text)]));

    static Html Tile(long number, string one, string many) => Html.Of($"<li><b>{number}</b><span>{(number == 1 ? one : many)}</span></li>");

    static string EndOf(MigrationView view) => (view.Outcome, view.AskedEnd?.Action) switch
    {
        (null, _) => Words.Of(view.State),
        (MigrationOutcome.Denied, OperatorAction.Cancel) => "Cancelled",
        (MigrationOutcome.Denied, OperatorAction.Stop) => "Stopped",
        ({ } outcome, _) => Words.Of(outcome),
    };

    static string ClassOf(MigrationView view) => view switch
    {
        { Outcome: MigrationOutcome.Completed } => "fine",
        { Outcome: null, State: MigrationState.Running or MigrationState.Waiting } => "know",
        { Outcome: MigrationOutcome.Denied or MigrationOutcome.Postponed or MigrationOutcome.Expired or MigrationOutcome.RolledBack } => "warn",
        { Outcome: null, State: MigrationState.RollingBack } => "warn",
        _ => "stop",
    };

    static string MeaningOf(MigrationView view) => view.Outcome switch
    {
        MigrationOutcome.Completed => "Cloud Sync writes the planned groups. GroupWritebackV2 is off, and every planned group was verified in Active Directory.",
        MigrationOutcome.Denied when view.AskedEnd is not null => "An operator asked for its end, and what was prepared was undone. GwbCloud did not switch GroupWritebackV2 off.",
        MigrationOutcome.Denied => "People decided against it. GwbCloud did not switch GroupWritebackV2 off.",
        MigrationOutcome.Postponed => "It is put off. GwbCloud did not switch GroupWritebackV2 off.",
        MigrationOutcome.Expired => "Nobody decided in time, and silence never approves. GwbCloud did not switch GroupWritebackV2 off.",
        MigrationOutcome.RolledBack => "A condition did not hold, and everything was undone. GwbCloud did not switch GroupWritebackV2 off.",
        null => "It is under way.",
        _ => "It ended before it was finished, and needs a person.",
    };
}
