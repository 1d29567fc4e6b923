using System.Text.Json;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Exports;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Api;

/// <summary>Whom a route lets in.</summary>
public enum Access
{
    /// <summary>Everybody, once authentication is configured at all.</summary>
    Anyone,

    /// <summary>Any role of the app.</summary>
    Reader,
    Operator,
    Approver,
}

/// <summary>One row of the API.</summary>
public sealed record ApiRoute
{
    /// <summary>Name of the function.</summary>
    public required string Function { get; init; }
    public required string Method { get; init; }

    /// <summary>Below <c>/api/</c>.</summary>
    public required string Template { get; init; }
    public required Access Access { get; init; }
    public required string Summary { get; init; }

    /// <summary>Status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Record of the request's body.</summary>
    public Type? Body { get; init; }

    /// <summary>Record of the answer; null when it is a document of its own kind.</summary>
    public Type? Answer { get; init; }

    /// <summary>Posted by other sites by its nature, so that it may change nothing that a session could.</summary>
    public bool FromOtherSites { get; init; }

    /// <summary>Whoever is refused here tried to decide something: each time is a line in the audit.</summary>
    public bool AuditsRefusals { get; init; }

    /// <summary>Takes <c>page</c> and <c>size</c>.</summary>
    public bool Paged { get; init; }

    /// <summary>Other query values.</summary>
    public IReadOnlyList<QueryValue> Query { get; init; } = [];

    /// <summary>Whether a name of a query value is one of this route's.</summary>
    public bool Takes(string name) =>
        (Paged ? Query.Select(value => value.Name).Concat(["page", "size"]) : Query.Select(value => value.Name)).Contains(name, StringComparer.OrdinalIgnoreCase);

    public bool LetsIn(Principal principal) => Access switch
    {
        Access.Anyone => true,
        Access.Reader => principal.Roles.Any(role => role is Roles.Reader or Roles.Operator or Roles.Approver),
        Access.Operator => principal.Roles.Contains(Roles.Operator),
        Access.Approver => principal.Roles.Contains(Roles.Approver),
        _ => false,
    };
}

/// <summary>A query value of a route. A value that is none of its choices is refused with its name.</summary>
public sealed record QueryValue(string Name, bool Required, params IReadOnlyList<string> Choices)
{
    public static QueryValue OneOf<T>(string name)
        where T : struct, Enum => new(name, false, [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)]);
}

/// <summary>The table of routes: roles and the API's description come from it, and a test holds the functions against it.</summary>
public static class ApiRoutes
{
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        Post("StartAssessment", "assessments", Access.Operator, "Starts a read-only assessment.", typeof(StartAssessmentBody), typeof(StartedAssessment)),
        List("ListAssessments", "assessments", "The assessments, newest first.", typeof(AssessmentOutcome)),
        Get("GetAssessment", "assessments/{id}", "One assessment.", typeof(AssessmentOutcome)),
        Get("GetPlan", "assessments/{id}/plan", "The plan of an assessment.", typeof(MigrationPlan)),
        List("GetFindings", "assessments/{id}/findings", "What the checks found.", typeof(Finding)),
        List("GetConcerned", "assessments/{id}/findings/{code}/concerned", "All groups, servers or settings that a finding is about.", typeof(Concern)),
        List("GetGroups", "assessments/{id}/groups", "Every group, classified.", typeof(ClassifiedGroup)) with
        {
            Query = [QueryValue.OneOf<GroupClass>("class"), QueryValue.OneOf<Readiness>("readiness"), new("reason", false, [.. ReasonNames.All.Keys])],
        },
        List("GetLosses", "assessments/{id}/losses", "Members that planned groups will lose.", typeof(GroupLoss)),
        List("GetNames", "assessments/{id}/names", "Name and place of every group that migrates, now and under Cloud Sync.", typeof(NamePrediction)) with
        {
            Query = [QueryValue.OneOf<NameKeeping>("keptBy")],
        },
        List("GetAssessmentTasks", "assessments/{id}/tasks", "The groups at risk as tasks, as they stand now.", typeof(RiskTask)) with
        {
            Query = [QueryValue.OneOf<RiskTaskState>("state")],
        },
        Get("GetAssessmentTask", "assessments/{id}/tasks/{taskId}", "One task of an assessment.", typeof(RiskTask)),
        Get("GetAssessmentTaskScript", "assessments/{id}/tasks/{taskId}/script", "The script that resolves a task in Entra."),
        Post("CheckAssessmentTask", "assessments/{id}/tasks/{taskId}/check", Access.Operator, "Looks at the group of a task now.", body: null, typeof(CheckTaken)),
        Post(
            "AcceptConsequences", "assessments/{id}/acceptances", Access.Operator, "Accepts consequences, and judges what was read again.",
            typeof(AcceptBody), typeof(AssessmentOutcome)) with { Status = 200, AuditsRefusals = true },
        Post(
            "BeginProof", "assessments/{id}/sign-ins", Access.Operator, "Begins a browser's sign-in for a request or a statement.",
            typeof(BeginProofBody), typeof(StartedSignIn)) with { Status = 201, AuditsRefusals = true },
        Get("CompareAssessments", "assessments/{id}/comparison", "What differs from another assessment.", typeof(ComparedAssessments)) with
        {
            Paged = true, Query = [new("with", true), QueryValue.OneOf<GroupChangeKind>("change")],
        },
        Get("GetAssessmentReport", "assessments/{id}/report", "The results as JSON, CSV, page or scenario.") with
        {
            Query = [new("format", false, AssessmentFormats.All), new("table", false, [.. AssessmentTables.Columns.Keys])],
        },

        Post("StartMigration", "migrations", Access.Operator, "Starts the migration of a plan.", typeof(StartMigrationBody), typeof(StartedMigration)) with
        {
            AuditsRefusals = true,
        },
        List("ListMigrations", "migrations", "The migrations, newest first.", typeof(MigrationView)),
        Get("GetMigration", "migrations/{id}", "One migration.", typeof(MigrationView)),
        Get("GetGate", "migrations/{id}/gates/{gate}", "How a gate stands, and what the caller may do at it.", typeof(GateStanding)),
        Deciding("Decide", "migrations/{id}/gates/{gate}/decisions", "Decides at a gate.", typeof(DecisionBody), typeof(DecisionTaken)),
        Deciding("BeginDecision", "migrations/{id}/gates/{gate}/sign-ins", "Begins a browser's sign-in for a decision.", typeof(BeginDecisionBody), typeof(StartedSignIn)) with
        {
            Status = 201,
        },
        Get("GetSignIn", "migrations/{id}/gates/{gate}/sign-ins/{signInId}", "What will be decided by a sign-in.", typeof(SignInView), Access.Approver) with
        {
            AuditsRefusals = true,
        },
        Deciding("DecideBySignIn", "migrations/{id}/gates/{gate}/sign-ins/{signInId}/decision", "Decides by a sign-in that came back.", body: null, typeof(DecisionTaken)),
        Deciding("Withdraw", "migrations/{id}/gates/{gate}/withdrawals", "Takes the own approval back.", body: null, typeof(WithdrawalTaken)),
        Get("GetTask", "migrations/{id}/tasks/{taskId}", "One operator task.", typeof(OperatorTask)),
        Get("GetAttachment", "migrations/{id}/tasks/{taskId}/attachment", "The list that belongs to a task."),
        Get("GetScript", "migrations/{id}/tasks/{taskId}/script", "The script that assigns the groups of a task's list."),
        Verb("CheckTask", "migrations/{id}/tasks/{taskId}/check", "Reads a task back now."),
        Verb("PostponeMigration", "migrations/{id}/postpone", "Back to normal operation, preparation kept."),
        Verb("CancelMigration", "migrations/{id}/cancel", "Back to normal operation, everything undone."),
        Verb("StopMigration", "migrations/{id}/stop", "Stops everything that moves, now."),
        Verb("RetryMigration", "migrations/{id}/retry", "Tries again what needs attention.") with { Body = typeof(RetryBody) },
        Verb("ReleaseMigration", "migrations/{id}/release", "Lets a held stage begin."),
        Verb("SkipMigration", "migrations/{id}/skip", "Refused: nothing can be left out yet."),
        Post("RepairGroups", "migrations/{id}/repair", Access.Operator, "Brings named groups back to the frozen snapshot.", typeof(RepairBody), typeof(RequestTaken)),
        Get("GetRepairPack", "migrations/{id}/repair", "The repair pack: script, LDIF or the snapshot that both are made from.", access: Access.Operator) with
        {
            Query = [new("format", false, RepairFiles.Formats)],
        },
        List("GetReview", "migrations/{id}/review", "What stopped the migration, each under the name by which a retry accepts it.", typeof(ReviewItem)),
        Get("GetReport", "migrations/{id}/report", "The report of this moment, or of the end: JSON, page, a table as CSV, or the coexistence rules as a script.") with
        {
            Query = [new("format", false, "json", "html", "csv", "rules"), new("table", false, [.. MigrationTables.Columns.Keys])],
        },
        List("GetReportGroups", "migrations/{id}/report/groups", "What became of each group.", typeof(GroupResult)) with { Query = [QueryValue.OneOf<GroupOutcome>("outcome")] },
        List("GetExports", "migrations/{id}/exports", "Every pending export that nobody allowed, explained, by the look that found it.", typeof(OffendingExport)),
        Get("GetEvidence", "migrations/{id}/gates/{gate}/evidence/{part}", "The facts of one part of the evidence at the open gate, as they were hashed.", typeof(EvidencePart)),
        Get("GetAudit", "migrations/{id}/audit", "The audit log, one JSON object a line."),
        List("GetAuditLines", "migrations/{id}/audit/lines", "The lines of the audit log.", typeof(AuditEntry)) with { Query = [new("order", false, "oldest", "newest")] },

        Post("PlanOperationRequest", "operations", Access.Operator, "Has an operation planned; nothing is written by that.", typeof(PlanOperationBody), typeof(PlannedOperation)),
        List("ListOperations", "operations", "The operations, newest first.", typeof(OperationView)),
        Get("GetOperation", "operations/{id}", "One operation, with its plan.", typeof(OperationView)),
        List("GetOperationChanges", "operations/{id}/changes", "Every value that the plan writes.", typeof(ValueChange)),
        List("GetOperationLeft", "operations/{id}/left", "What the plan leaves out; after a run, what was left as it is.", typeof(LeftValue)),
        List("GetOperationAffected", "operations/{id}/affected", "What is touched by what follows from the plan.", typeof(LeftValue)),
        Post("StartOperation", "operations/{id}/start", Access.Operator, "Writes what was planned, or goes on with it.", typeof(StartOperationBody), typeof(OperationTaken)),
        Post("UndoOperation", "operations/{id}/undo", Access.Operator, "Takes back what is still the operation's own.", body: null, typeof(OperationTaken)),
        Post("StopOperation", "operations/{id}/stop", Access.Operator, "Ends a run or undo between two parts.", body: null, typeof(OperationTaken)),
        Post("CheckOperationTask", "operations/{id}/tasks/{taskId}/check", Access.Operator, "Reads a task of a running operation back now.", body: null, typeof(OperationTaken)),
        Deciding("BeginOperationDecision", "operations/{id}/sign-ins", "Begins a browser's sign-in for a decision about a plan.", typeof(BeginOperationDecisionBody), typeof(StartedSignIn)) with
        {
            Status = 201,
        },
        Deciding("DecideOperation", "operations/{id}/decisions", "Approves or denies a plan that needs a second person.", typeof(OperationDecisionBody), typeof(OperationDecision)),
        Get("GetOperationReport", "operations/{id}/report", "What a discovery found, as JSON, page, or a table as CSV; which deleted groups a restore found, as JSON; what may go after a migration, as JSON, or the coexistence rules as a script.") with
        {
            Query = [new("format", false, "json", "html", "csv", "rules"), new("table", false, [.. DiscoveryTables.Columns.Keys])],
        },
        Get("GetOperationRepair", "operations/{id}/repair", "The groups that a restore would bring back, for doing it by hand: script, LDIF or the snapshot that both are made from.", access: Access.Operator) with
        {
            Query = [new("format", false, RepairFiles.Formats)],
        },
        Get("GetOperationAudit", "operations/{id}/audit", "The audit log of an operation, one JSON object a line."),

        Get("GetSession", "session", "Who is signed in with this browser.", typeof(SessionView), Access.Anyone),
        Get("SignIn", "sign-in", "Leads to the identity provider.", access: Access.Anyone) with { Status = 302, Query = [new("returnTo", false)] },
        Post("SignInCallback", "sign-in/callback", Access.Anyone, "Takes the identity provider's form post.", body: null, answer: null) with
        {
            Status = 303, FromOtherSites = true, AuditsRefusals = true,
        },
        Get("FinishSignIn", "sign-in/finish", "Goes on in the browser that began the sign-in.", access: Access.Anyone) with
        {
            Status = 303, Query = [new("id", true)], AuditsRefusals = true,
        },
        Post("SignOut", "sign-out", Access.Anyone, "Ends the session.", body: null, typeof(SignedOut)) with { Status = 200 },
        Get("GetAccessAudit", "audit", "Refused attempts that are about no migration, one JSON object a line."),
        Get("GetHealth", "health", "Whether the app answers.", typeof(Health), Access.Anyone),
        Get("GetDescription", "openapi.json", "This description (OpenAPI 3.1)."),
    ];

    /// <summary>The row of a function.</summary>
    public static ApiRoute Of(string function) => All.Single(route => route.Function == function);

    static ApiRoute Get(string function, string template, string summary, Type? answer = null, Access access = Access.Reader) =>
        new() { Function = function, Method = "GET", Template = template, Access = access, Summary = summary, Answer = answer };

    static ApiRoute List(string function, string template, string summary, Type item) =>
        Get(function, template, summary, typeof(Slice<>).MakeGenericType(item)) with { Paged = true };

    static ApiRoute Post(string function, string template, Access access, string summary, Type? body, Type? answer) =>
        new() { Function = function, Method = "POST", Template = template, Access = access, Summary = summary, Status = 202, Body = body, Answer = answer };

    static ApiRoute Deciding(string function, string template, string summary, Type? body, Type answer) =>
        Post(function, template, Access.Approver, summary, body, answer) with { AuditsRefusals = true };

    static ApiRoute Verb(string function, string template, string summary) =>
        Post(function, template, Access.Operator, summary, body: null, typeof(RequestTaken));
}
