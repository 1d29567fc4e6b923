using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Reporting;

/// <summary>The report as one self-contained page: no script, nothing loaded, every value escaped.</summary>
public static class ReportPage
{
    const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
        + "table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8886;vertical-align:top}"
        + "caption{text-align:left;font-weight:600}td:last-child{overflow-wrap:anywhere}";

    /// <summary>Allows the page's own style and nothing else.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Render(MigrationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var view = report.Migration;
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        page.Append(CultureInfo.InvariantCulture, $"<title>{Text(view.MigrationId)}</title>\n<style>{Style}</style>\n</head>\n<body>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>Migration {Text(view.MigrationId)}</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>Outcome: <strong>{Text(view.Outcome?.ToString() ?? view.State.ToString())}</strong></p>\n");

        Table(page, "Facts", ["", ""],
        [
            ["Assessment", view.AssessmentId],
            ["Plan", view.PlanHash],
            ["Domain", report.Plan.Domain],
            ["Writeback OU", report.Plan.WritebackOu],
            ["Window", $"{Time(view.Window.Start)} to {Time(view.Window.End)}"],
            ["Started", Time(view.StartedAt)],
            ["Ended", Time(view.EndedAt)],
            ["Audit log", $"{Number(report.AuditLines)} lines, {(report.AuditIntact ? "chain intact" : "chain broken")}"],
        ]);
        Table(page, "Stages", ["Stage", "State", "Started", "Took (h:mm:ss)", "Detail"], view.Stages.Select(stage =>
            new[] { stage.Name.ToString(), stage.State.ToString(), Time(stage.StartedAt), Took(stage), stage.Detail }));
        Table(page, "Groups", ["Class", "Count"], report.Groups.Select(byClass => new[] { byClass.Key, Number(byClass.Value) }));
        Table(page, "Notices", ["Code", "Message", "What to do"], view.Notices.Select(notice => new[] { notice.Code, notice.Message, notice.Remedy }));
        Table(page, "Tasks", ["Task", "State", "Server", "Read back"], view.Tasks.Select(task =>
            new[] { task.Title, task.State.ToString(), task.Server, task.Reads }));
        if (report.Comparison is { } found)
        {
            Table(page, "Active Directory against the snapshot", ["", "Groups"],
            [
                ["Compared", Number(found.Compared)], ["Deleted", Number(found.Deleted)], ["Renamed", Number(found.Renamed)],
                ["Moved", Number(found.Moved)], ["SID changed", Number(found.SidChanged)], ["Type changed", Number(found.TypeChanged)],
                ["Created", Number(found.Created)], ["Anchors changed", Number(found.AnchorsChanged)],
                ["Memberships lost", Number(found.MembersLost)], ["Memberships gained", Number(found.MembersGained)],
            ]);
        }

        return page.Append("</body>\n</html>\n").ToString();
    }

    static void Table(StringBuilder page, string caption, string[] heads, IEnumerable<string?[]> rows)
    {
        page.Append(CultureInfo.InvariantCulture, $"<table>\n<caption>{Text(caption)}</caption>\n");
        if (Array.Exists(heads, head => head.Length > 0))
        {
            page.Append("<tr>").AppendJoin("", heads.Select(head => $"<th scope=\"col\">{Text(head)}</th>")).Append("</tr>\n");
        }

        foreach (var row in rows)
        {
            page.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>\n");
        }

        page.Append("</table>\n");
    }

    static string Took(StageView stage) => stage is { StartedAt: { } start, EndedAt: { } end } ? string.Create(CultureInfo.InvariantCulture, $"{(int)(end - start).TotalHours}:{end - start:mm\\:ss}") : "";

    static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "";

    static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
