using GwbCloud.Contracts;

namespace GwbCloud.Functions.Errors;

/// <summary>Errors of requests and decisions beside those that the token verifier and the quorum name (GWB73xx, GWB74xx): GWB50xx.</summary>
public static class ApprovalError
{
    public static readonly ErrorEntry GateClosed = new("GWB5001", "The gate is not open.",
        "It has not been reached, was decided, has expired, or the migration has ended.", "Read the migration's state; a decision counts at an open gate only.");
    public static readonly ErrorEntry RecordNotCanonical = new("GWB5002", "The record is not the canonical JSON of a decision or request.",
        "It was composed by hand, or altered on its way.", "Compose it from the gate as shown, and sign in for exactly that text.");
    public static readonly ErrorEntry CommentDiffers = new("GWB5003", "The comment is not the one that was signed.",
        "The comment was changed after the sign-in.", "Send the comment as it was when the sign-in began.");
    public static readonly ErrorEntry OtherPerson = new("GWB5004", "The sign-in belongs to another person than the caller.",
        "Two people share a browser, or a token was passed on.", "Decide in your own session.");
    public static readonly ErrorEntry RequestOfOtherPlan = new("GWB5005", "The request was signed for another tenant, assessment or plan.",
        "The plan changed after the sign-in, or the wrong record was sent.", "Sign in for the plan as it is now.");
    public static readonly ErrorEntry DecidedAlready = new("GWB5006", "You have decided at this gate already.",
        "One decision counts for each person.", "Nothing to do; another person may still decide.");

    public static readonly ErrorEntry StatementOfOther = new("GWB5007", "The statement was signed for another tenant, assessment, finding or name.",
        "The record was composed for another one, or altered on its way.", "Sign in for exactly the name and comment that are sent.");

    public static IReadOnlyList<ErrorEntry> All { get; } =
        [GateClosed, RecordNotCanonical, CommentDiffers, OtherPerson, RequestOfOtherPlan, DecidedAlready, StatementOfOther];
}
