using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Pages;

/// <summary>The table of pages: whom each lets in and which query values it takes. Tests hold the functions and docs/pages.md against it.</summary>
public static class PageRoutes
{
    static readonly QueryValue Search = new("q", false);

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        Show("ShowHome", "", "Migrations and assessments, newest first.") with { Paged = true },
        Show("ShowMigration", "/migrations/{id}", "One migration: what it waits for, its stages, tasks and notices."),
        Show("ShowGate", "/migrations/{id}/gates/{gate}", "What is asked at a gate, on which evidence, with which consequences; the way to decide.") with { Query = [new("signIn", false), new("problem", false)] },
        Show("ShowEvidence", "/migrations/{id}/gates/{gate}/evidence/{part}", "The facts of one part of the evidence."),
        Show("ShowTasks", "/migrations/{id}/tasks", "The tasks of a migration.") with { Paged = true },
        Show("ShowTask", "/migrations/{id}/tasks/{taskId}", "One task, with its steps and what was read back."),
        Show("ShowReview", "/migrations/{id}/review", "What stopped the migration.") with { Paged = true, Query = [Search] },
        Show("ShowExports", "/migrations/{id}/exports", "Pending exports that nobody allowed.") with { Paged = true, Query = [Search] },
        Show("ShowAudit", "/migrations/{id}/audit", "The audit log, newest first.") with { Paged = true, Query = [Search] },
        Show("ShowAction", "/migrations/{id}/actions/{verb}", "What a verb does, to be confirmed."),

        Show("ShowAssessment", "/assessments/{id}", "One assessment: the verdict, what the migration touches, and what to do next."),
        Show("ShowFindings", "/assessments/{id}/findings", "What the checks found.") with
        {
            Paged = true, Query = [Search, QueryValue.OneOf<FindingSeverity>("severity"), new("state", false, "open", "accepted"), new("sort", false, "severity", "code", "concerns")],
        },
        Show("ShowFinding", "/assessments/{id}/findings/{code}", "One finding with all that it concerns.") with { Paged = true, Query = [Search, new("signIn", false), new("problem", false)] },
        Show("ShowGroups", "/assessments/{id}/groups", "Every group, classified.") with
        {
            Paged = true,
            Query = [Search, QueryValue.OneOf<GroupClass>("class"), QueryValue.OneOf<Readiness>("readiness"), new("reason", false, [.. ReasonNames.All.Keys]), new("sort", false, "name", "class", "members", "unwritten")],
        },
        Show("ShowLosses", "/assessments/{id}/losses", "Members that planned groups will lose.") with { Paged = true, Query = [Search, new("sort", false, "lost", "name")] },
        Show("ShowNames", "/assessments/{id}/names", "Name and place of every group that migrates, now and under Cloud Sync.") with
        {
            Paged = true, Query = [Search, QueryValue.OneOf<NameKeeping>("keptBy")],
        },
        Show("ShowDiscovery", "/assessments/{id}/discovery", "The plan document's items beside the tenant's values."),
        Show("ShowRisks", "/assessments/{id}/tasks", "The groups at risk as tasks.") with { Paged = true, Query = [Search, new("state", false, "open", "done")] },
        Show("ShowRisk", "/assessments/{id}/tasks/{taskId}", "One group at risk, with its steps and what was read."),
        Show("ShowStart", "/assessments/{id}/start", "The way to start a migration: sign in for the plan, then its window and what is confirmed.") with { Query = [new("signIn", false), new("problem", false)] },
        Show("ShowComparison", "/assessments/{id}/comparison", "What differs from another assessment.") with
        {
            Paged = true, Query = [new("with", false), QueryValue.OneOf<GroupChangeKind>("change")],
        },

        Show("ShowOperations", "/operations", "The operations beside a migration, and how to plan one.") with { Paged = true },
        Show("ShowOperation", "/operations/{id}", "One operation: its plan, who must approve it, its progress, and its undo.") with { Query = [new("signIn", false), new("problem", false)] },
        Show("ShowOperationReport", "/operations/{id}/report", "What a discovery found: the plan document's items beside the tenant's values."),
        Show("ShowOperationChanges", "/operations/{id}/changes", "Every value that an operation writes.") with { Paged = true, Query = [Search] },
        Show("ShowOperationAffected", "/operations/{id}/affected", "What is touched by what follows from an operation.") with { Paged = true, Query = [Search] },
        Show("ShowOperationLeft", "/operations/{id}/left", "What an operation leaves as it is, and why.") with { Paged = true, Query = [Search] },

        new() { Function = "GetAsset", Method = "GET", Template = "pages/assets/{name}", Access = Access.Anyone, Summary = "Style, script and icon of the pages." },
        new() { Function = "ZzUnknown", Method = "ANY", Template = "{*path}", Access = Access.Anyone, Summary = "404 or 405 for everything else." },
    ];

    /// <summary>The row of a function.</summary>
    public static ApiRoute Of(string function) => All.Single(route => route.Function == function);

    static ApiRoute Show(string function, string below, string summary) =>
        new() { Function = function, Method = "GET", Template = $"pages{below}", Access = Access.Reader, Summary = summary };
}
