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

    public static readonly ErrorEntry CommentMissing = new("GWB5008", "A denial needs a comment.",
        "Whoever has to act on it must know why.", "Say why in a comment, and sign in for it.");
    public static readonly ErrorEntry DomainDiffers = new("GWB5009", "The typed domain is not the tenant's.",
        "Whoever approves types the tenant's domain, so that nobody approves by accident or for another tenant.", "Type the domain that the gate shows.");
    public static readonly ErrorEntry NotNamed = new("GWB5010", "You are not among those who decide at this gate.",
        "The approvers are named, and the second list is not asked yet.", "Leave it to those who are named; Migration:Approvers counts for migrations that start after a change.");
    public static readonly ErrorEntry EvidenceFails = new("GWB5011", "The evidence does not hold, so nobody can approve it.",
        "A part of it says that something is not as it must be.", "Postpone or deny; the part's problems say what is wrong.");
    public static readonly ErrorEntry NothingToWithdraw = new("GWB5012", "There is no approval of yours that can be taken back.",
        "You have not approved at this opening of the gate, have taken it back already, or enough people have approved by now.",
        "Once the quorum is full, an operator can still cancel or stop.");

    public static readonly ErrorEntry TooFewApprovers = new("GWB5013", "Too few people could approve this request.",
        "The approvers are named, and without the requester they are fewer than must approve.", "Have somebody else request it, or name more approvers.");
    public static readonly ErrorEntry GateEscalated = new("GWB5014", "A gate waits, and the second list is asked.",
        "Not enough of those who were asked first have decided.", "Decide, or postpone.");

    public static readonly ErrorEntry TokenSpent = new("GWB5015", "The sign-in has proved something before.",
        "Each sign-in counts once, for one decision, request or statement; this one was sent again.", "Look whether it was taken; otherwise sign in again, and end your sessions if you did not send it yourself.");

    public static readonly ErrorEntry ForgeryTokenWrong = new("GWB5020", "The anti-forgery token is missing or wrong.",
        "The request was not made by a page of this app, or its session has changed.", "Load the page again.");
    public static readonly ErrorEntry OtherSite = new("GWB5021", "The request comes from another site.",
        "Another site made the browser send it, or SignIn:Address is not the address that browsers use.", "Act on the app's own page.");

    public static readonly ErrorEntry SignInNotConfigured = new("GWB5030", "Browsers can't sign in here.",
        "SignIn:AuthorizeAddress is not set, or nobody said at which address browsers reach the app.", "Set both, or use a bearer token.");
    public static readonly ErrorEntry StateUnknown = new("GWB5031", "The sign-in's state is none of this app's.",
        "It was made up, altered or cut off, or belongs to another installation.", "Begin again at the page.");
    public static readonly ErrorEntry StateExpired = new("GWB5032", "The sign-in took too long.",
        "Its state has expired.", "Begin again at the page.");
    public static readonly ErrorEntry StateUsed = new("GWB5033", "The sign-in's state was used before.",
        "A state is good for one answer of the identity provider: a page was sent twice, or somebody got hold of it.", "Look at the page whether it was taken; otherwise begin again.");
    public static readonly ErrorEntry OtherBrowser = new("GWB5034", "The sign-in was begun in another browser, or by another person.",
        "An address was passed on, cookies are blocked, or somebody got hold of it.", "Begin again at the page, in your own browser.");
    public static readonly ErrorEntry ProviderFailed = new("GWB5035", "The identity provider did not sign in.",
        "The sign-in was cancelled or refused there.", "Begin again at the page; if it repeats, look at the sign-in log of Entra.");
    public static readonly ErrorEntry SignInUnknown = new("GWB5036", "There is no such sign-in.",
        "The id is wrong, or is about something else.", "Begin again at the page.");
    public static readonly ErrorEntry SignInNotBack = new("GWB5037", "The sign-in has not come back yet.",
        "The identity provider has not answered.", "Finish the sign-in first.");

    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        GateClosed, RecordNotCanonical, CommentDiffers, OtherPerson, RequestOfOtherPlan, DecidedAlready, StatementOfOther,
        CommentMissing, DomainDiffers, NotNamed, EvidenceFails, NothingToWithdraw, TooFewApprovers, GateEscalated, TokenSpent, ForgeryTokenWrong, OtherSite,
        SignInNotConfigured, StateUnknown, StateExpired, StateUsed, OtherBrowser, ProviderFailed, SignInUnknown, SignInNotBack,
    ];

    /// <summary>The refusal of <see cref="OtherPerson"/>; who signed in instead of the caller is for the audit log alone.</summary>
    public static Refusal OfOtherPerson(string signedIn) => OtherPerson.Because() with { AuditDetail = $"signed in as {signedIn}" };
}
