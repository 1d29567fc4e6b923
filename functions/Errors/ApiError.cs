using GwbCloud.Contracts;

namespace GwbCloud.Functions.Errors;

/// <summary>Errors of the HTTP API: GWB10xx at the door, GWB11xx assessments, GWB12xx migrations, GWB125x operations.</summary>
public static class ApiError
{
    public static readonly ErrorEntry Unexpected = new("GWB1001", "Something went wrong that nobody foresaw.",
        "A fault of the product, or a part of it that does not answer.", "Try again; if it repeats, read the log under the trace id.");
    public static readonly ErrorEntry BodyNotJson = new("GWB1002", "The body is not valid JSON.",
        "It is empty, cut off, or of another content type than application/json.", "Send one JSON object as the API's description shows it.");
    public static readonly ErrorEntry BodyTooLarge = new("GWB1003", "The body is too large.",
        "No request of this API needs more than 64 KB.", "Send less.");
    public static readonly ErrorEntry FieldMissing = new("GWB1004", "A required field is missing.",
        "The field named here is absent, null or empty.", "Add the field.");
    public static readonly ErrorEntry FieldUnknown = new("GWB1005", "A field is not known or appears twice.",
        "A misspelt field would otherwise be ignored silently.", "Correct or remove the field.");
    public static readonly ErrorEntry FieldInvalid = new("GWB1006", "A field has an impossible value.",
        "Its type, form or range is wrong.", "Correct the field as the detail says.");
    public static readonly ErrorEntry NotSignedIn = new("GWB1007", "Nobody is signed in.",
        "The request carries no sign-in that counts here.", "Sign in, or send a bearer token of the configured issuer.");
    public static readonly ErrorEntry AuthenticationNotConfigured = new("GWB1008", "No authentication is configured.",
        "Without it every call is refused.", "Set Authentication:Mode to Platform or Bearer.");
    public static readonly ErrorEntry RoleMissing = new("GWB1009", "The role for this is missing.",
        "The caller is signed in, but has not been given the app role.", "Have the app role assigned in the enterprise application, then sign in again.");
    public static readonly ErrorEntry TokenRefused = new("GWB1010", "The bearer token is refused.",
        "It has expired, or was issued by or for someone else.", "Sign in again.");

    public static readonly ErrorEntry AssessmentUnknown = new("GWB1101", "There is no such assessment.",
        "The id is wrong, or belongs to another installation.", "List the assessments.");
    public static readonly ErrorEntry AssessmentNotReady = new("GWB1102", "The assessment does not allow that yet.",
        "It still runs, something blocks, or a consequence has not been accepted.", "Read its findings; then accept, or assess again.");
    public static readonly ErrorEntry CanariesNotDistinct = new("GWB1103", "The three canaries must be three groups.",
        "One group is named twice; each canary proves something else.", "Name three different cloud security groups.");
    public static readonly ErrorEntry NothingToAccept = new("GWB1104", "There is nothing to accept under this code.",
        "The assessment has no such finding, or not the case or no more than the number that is named; or it was accepted before.", "Read the findings that need acceptance.");
    public static readonly ErrorEntry AcceptedOtherwise = new("GWB1105", "You have accepted this otherwise.",
        "With another comment or number. An acceptance is recorded once for each person, and not changed.", "Nothing to do; to withdraw or reword it, assess again.");
    public static readonly ErrorEntry OtherTenant = new("GWB1106", "The two assessments are of different tenants.",
        "The app was pointed at another tenant in between.", "Compare assessments of one tenant.");
    public static readonly ErrorEntry SameAssessment = new("GWB1107", "An assessment can't be compared with itself.",
        "Both ids are the same.", "Name another assessment.");
    public static readonly ErrorEntry FindingUnknown = new("GWB1108", "The assessment has no such finding.",
        "The check found nothing, or the code is wrong.", "List the findings.");
    public static readonly ErrorEntry AssessmentTooOld = new("GWB1109", "The assessment is too old to start a migration from it.",
        "What it read is watched by nobody until a migration runs.", "Assess again; the new assessment needs its own acceptances. What differs shows in their comparison.");

    public static readonly ErrorEntry MigrationUnknown = new("GWB1201", "There is no such migration.",
        "The id is wrong, or belongs to another installation.", "List the migrations.");
    public static readonly ErrorEntry MigrationRuns = new("GWB1202", "A migration is running already.",
        "A tenant has one migration at a time.", "Wait for its end, or cancel it.");
    public static readonly ErrorEntry PlanDiffers = new("GWB1203", "The plan hash is not that of the assessment.",
        "The request was made for another plan.", "Read the plan as it is, then request again.");
    public static readonly ErrorEntry NotConfirmed = new("GWB1204", "A preparatory step was not confirmed by name.",
        "Preparation writes, though nothing that anybody notices; so it is confirmed step by step.", "Add the named step to confirm.");
    public static readonly ErrorEntry WindowImpossible = new("GWB1205", "The window is impossible.",
        "It is over, too short for the plan, or too long.", "Choose a window as the detail says.");
    public static readonly ErrorEntry TaskUnknown = new("GWB1206", "There is no such task.",
        "The id is wrong, or the task belongs to another migration or assessment.", "List the tasks of the migration or the assessment.");
    public static readonly ErrorEntry TaskIsDone = new("GWB1207", "The task is done.",
        "What it asked for has been read back.", "Nothing to do.");
    public static readonly ErrorEntry NotInThisState = new("GWB1208", "The migration's state does not allow that.",
        "See the table of verbs and states in docs/api.md.", "Read the migration's state, and do what it offers.");
    public static readonly ErrorEntry NoReport = new("GWB1209", "There is no report.",
        "Nothing was kept of the request, so there is no plan to report on.", "Look at the migration itself.");
    public static readonly ErrorEntry NoAttachment = new("GWB1210", "The task has no such attachment.",
        "Only some tasks have a list or a script.", "Follow the steps of the task.");
    public static readonly ErrorEntry MigrationNotRunning = new("GWB1211", "The migration is not running.",
        "Its orchestration has ended or was removed, although its view says otherwise.", "Read the migration again; if it stays so, look at the log.");

    public static readonly ErrorEntry MigrationUnfinished = new("GWB1212", "An earlier migration ended unfinished.",
        "It still has something to undo or to do; a new one would take what is left for how things were before.",
        "Take it up again with retry; or, once people have put everything right by hand, let it go with cancel.");
    public static readonly ErrorEntry NothingToTakeUp = new("GWB1213", "There is nothing of the migration to take up.",
        "It was let go, or what it stood at was never kept.", "Look at its report and audit; what is left is for people to do.");
    public static readonly ErrorEntry NoEvidence = new("GWB1214", "There is no such part of the evidence.",
        "The gate is not open, or its evidence has no part of that name.", "Read the migration: an open gate lists its parts.");
    public static readonly ErrorEntry NoRepairPack = new("GWB1217", "There is no repair pack yet.",
        "It is made from the snapshot of the freeze, and nothing was frozen yet; or a restore found no group that can come back.", "Nothing was written to the groups that a repair would bring back.");
    public static readonly ErrorEntry RepairNameDiffers = new("GWB1218", "The typed name is not that of the group.",
        "The common name in the frozen snapshot is another one, or the snapshot does not know the group.", "Read the review or the snapshot, and type the name as it stands there.");
    public static readonly ErrorEntry NothingToReview = new("GWB1219", "The review names no such thing.",
        "Something is accepted that the review does not list, or there is no review.", "Read the review, and name what it lists.");
    public static readonly ErrorEntry ChangedMeanwhile = new("GWB1220", "Something has changed since you looked.",
        "The request names in If-Match another state of the migration than it is in by now.", "Read the migration again, then decide anew. Nothing was done.");
    public static readonly ErrorEntry PageUnknown = new("GWB1221", "There is nothing at this address.",
        "The address is wrong, or of another version.", "Begin at /api/pages, or read /api/openapi.json.");
    public static readonly ErrorEntry MethodUnknown = new("GWB1222", "The address does not take this method.",
        "What is read is asked for with GET, what is done with POST.", "Use the method that the answer's Allow header names.");

    public static readonly ErrorEntry TaskIsOver = new("GWB1223", "The time for the task has passed.",
        "It was not done by its deadline, and nobody looks any more.", "Read what became of it: a retry, or another start, hands the task out anew where it is still needed.");

    public static readonly ErrorEntry OperationUnknown = new("GWB1250", "There is no such operation.",
        "The id is wrong, or belongs to another installation.", "List the operations.");
    public static readonly ErrorEntry OperationRuns = new("GWB1251", "An operation is at work.",
        "One operation writes at a time, and never beside a migration.", "Wait for its end, or stop it.");
    public static readonly ErrorEntry MigrationUnderWay = new("GWB1252", "A migration is not at its end.",
        "An operation would change what the migration's plan rests on.", "Wait for its end, or cancel it.");
    public static readonly ErrorEntry OperationPlanDiffers = new("GWB1253", "The plan hash is not that of the operation.",
        "The request was made for another plan.", "Read the plan as it is, then start again.");
    public static readonly ErrorEntry OperationPlanTooOld = new("GWB1254", "The plan is too old.",
        "What it read is watched by nobody.", "Plan the operation again.");
    public static readonly ErrorEntry OperationUnapproved = new("GWB1255", "The plan needs a second person's approval.",
        "It is dangerous for the reasons that it names.", "Have somebody with the role Approver, who is not you, read and approve it.");
    public static readonly ErrorEntry NothingToApprove = new("GWB1256", "The operation waits for no approval.",
        "Its plan needs none, is not ready, or has been started.", "Read the operation.");
    public static readonly ErrorEntry OperationNotInThisState = new("GWB1257", "The operation's state does not allow that.",
        "See the table of verbs and states in docs/operations.md.", "Read the operation's state, and do what it offers.");

    public static readonly ErrorEntry StartsCollide = new("GWB1258", "Something else is being started just now.",
        "One start at a time looks whether anything runs, among all instances of the app; this one waited for long, or took so long itself that another had its turn.", "Nothing was started. Read what runs, and try again.");

    public static readonly ErrorEntry OperationHasNoReport = new("GWB1266", "The operation has no report.",
        "Only a discovery, a restore and a clean-up have one, and only when everything was read.", "Read the operation; wait while it is being planned.");

    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        Unexpected, BodyNotJson, BodyTooLarge, FieldMissing, FieldUnknown, FieldInvalid, NotSignedIn, AuthenticationNotConfigured, RoleMissing, TokenRefused,
        AssessmentUnknown, AssessmentNotReady, CanariesNotDistinct, NothingToAccept, AcceptedOtherwise, OtherTenant, SameAssessment, FindingUnknown, AssessmentTooOld,
        MigrationUnknown, MigrationRuns, PlanDiffers, NotConfirmed, WindowImpossible, TaskUnknown, TaskIsDone, NotInThisState, NoReport, NoAttachment, MigrationNotRunning,
        MigrationUnfinished, NothingToTakeUp, NoEvidence,
        NoRepairPack, RepairNameDiffers, NothingToReview, ChangedMeanwhile, PageUnknown, MethodUnknown, TaskIsOver,
        OperationUnknown, OperationRuns, MigrationUnderWay, OperationPlanDiffers, OperationPlanTooOld, OperationUnapproved, NothingToApprove, OperationNotInThisState, StartsCollide, OperationHasNoReport,
    ];
}
