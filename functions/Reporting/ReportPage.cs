using System.Globalization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>The report of a migration as one self-contained page.</summary>
public static class ReportPage
{
    public static string Render(MigrationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var view = report.Migration;
        return HtmlPage.Render(view.MigrationId, Html.Of($"""
            <h1>Migration {view.MigrationId}</h1>
            <p>Outcome: <strong>{view.Outcome?.ToString() ?? view.State.ToString()}</strong></p>
            {HtmlPage.Facts(
                "Facts",
                ("Assessment", view.AssessmentId),
                ("Plan", view.PlanHash),
                ("Domain", report.Plan.Domain),
                ("Writeback OU", report.Plan.WritebackOu),
                ("Window", $"{Time(view.Window.Start)} to {Time(view.Window.End)}"),
                ("Change", view.Window.ChangeNumber ?? "none"),
                ("Blackouts", view.Window.Blackouts.Count == 0 ? "none" : string.Join("; ", view.Window.Blackouts)),
                ("Held before", view.Window.HoldBefore.Count == 0 ? "no stage" : string.Join(", ", view.Window.HoldBefore)),
                ("Started", Time(view.StartedAt)),
                ("Ended", Time(view.EndedAt)),
                ("Audit log", $"{Number(report.AuditLines)} lines, {(report.AuditIntact ? "chain intact" : "chain broken")}"))}
            {(report.Plan.Acceptances.Any(a => a.Code == FindingCatalogue.LimitsExceeded) ? Html.Of($"<p><strong>The documented limits of Cloud Sync were exceeded.</strong> The app was told not to enforce them, and that was accepted; Microsoft does not support it.</p>") : Html.Of($""))}
            {Table("Stages", ["Stage", "State", "Started", "Took (h:mm:ss)", "Detail"], view.Stages.Select(stage =>
                new[] { stage.Name.ToString(), stage.State.ToString(), Time(stage.StartedAt), Took(stage), stage.Detail }))}
            {Table("Groups", ["Class", "#Count"], report.Groups.Select(byClass => new[] { byClass.Key, Number(byClass.Value) }))}
            {Table("Accepted consequences", ["Code", "Consequence", "Accepted by"], report.Plan.Acceptances.GroupBy(a => (a.Code, a.By)).Select(a =>
                new[] { a.Key.Code, FindingCatalogue.All.FirstOrDefault(check => check.Code == a.Key.Code)?.Title, a.Key.By }))}
            {Table("Notices", ["Code", "Message", "What to do"], view.Notices.Select(notice => new[] { notice.Code, notice.Message, notice.Remedy }))}
            {(view.Orphans.Count == 0 ? Html.Of($"") : Table("Objects that stay behind, their groups gone in Entra", ["Object", "Group"], view.Orphans.Select(o =>
                new[] { o.DistinguishedName, o.CloudId.ToString("D") })))}
            {Table("Tasks", ["Task", "State", "Server", "Read back"], view.Tasks.Select(task =>
                new[] { task.Title, task.State.ToString(), task.Server, task.Reads }))}
            {(report.Comparison is { } found ? Compared(found) : Html.Of($""))}
            {(report.Verification is { } verified ? Verified(verified) : Html.Of($""))}

            """));
    }

    static Html Compared(DirectoryComparison found) => Table("Active Directory against the snapshot", ["", "#Groups"],
    [
        ["Compared", Number(found.Compared)], ["Deleted", Number(found.Deleted)], ["Renamed", Number(found.Renamed)],
        ["Moved", Number(found.Moved)], ["SID changed", Number(found.SidChanged)], ["Type changed", Number(found.TypeChanged)],
        ["Created", Number(found.Created)], ["Anchors changed", Number(found.AnchorsChanged)],
        ["sAMAccountName changed", Number(found.AccountNamesChanged)], ["Display name or description changed", Number(found.TextsChanged)],
        ["Owner changed", Number(found.OwnersChanged)], ["Own access control entries changed", Number(found.AccessListsChanged)],
        ["Memberships in other groups lost", Number(found.MemberOfLost)], ["Memberships in other groups gained", Number(found.MemberOfGained)],
        ["Memberships lost", Number(found.MembersLost)], ["Memberships gained", Number(found.MembersGained)],
    ]);

    static Html Verified(Verification verified) => Table("Planned groups, verified one by one", ["", "#Groups"],
    [
        ["Planned", Number(verified.Groups)], ["Verified", Number(verified.Verified)],
        ["Written according to the provisioning log, too", Number(verified.LoggedAsDone)],
        ["Not verified, first", verified.Examples.Count == 0 ? "none" : string.Join(", ", verified.Examples)],
    ]);

    static Html Table(string caption, string[] heads, IEnumerable<string?[]> rows) =>
        HtmlPage.Table(caption, heads, rows.Select(row => (IReadOnlyList<Html>)[.. row.Select(HtmlPage.Text)]));

    static string Took(StageView stage) => stage is { StartedAt: { } start, EndedAt: { } end } ? string.Create(CultureInfo.InvariantCulture, $"{(int)(end - start).TotalHours}:{end - start:mm\\:ss}") : "";

    static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "";

    static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
