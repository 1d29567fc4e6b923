namespace GwbCloud.Contracts;

/// <summary>One line of the table of errors.</summary>
public sealed record ErrorEntry(string Code, string Message, string Cause, string Remedy)
{
    /// <summary>The refusal that this line describes, with a detail that holds no secret.</summary>
    public Refusal Because(string? detail = null) =>
        new() { Code = Code, Message = detail is null ? Message : $"{Message} ({detail})", Remedy = Remedy };

    /// <summary>The same as an exception, for code that cannot go on.</summary>
    public ContractException Exception(string? detail = null, Exception? inner = null) => new(Because(detail), inner);
}

/// <summary>Every error of what the two halves say to each other: 70xx JSON, 71xx documents, 72xx envelopes, 73xx ID tokens,
/// 74xx approvals, 75xx evidence.</summary>
public static class ContractError
{
    private const string Tampered = "The message was altered on its way, or made by someone else.";
    private const string Resend = "Send it again from its source; if it repeats, compare the versions of both halves.";
    private const string SignInAgain = "Sign in again from the approval page; if it repeats, check the app registration.";
    private const string CheckKeys = "Compare the pinned keys of both halves; enrol the listener again after a change of keys.";

    public static readonly ErrorEntry NotJson = new("GWB7001", "The text is not valid JSON.", Tampered, Resend);
    public static readonly ErrorEntry DuplicateMember = new("GWB7002", "A member appears twice in one JSON object.",
        "Two readers could understand such a text differently.", Resend);
    public static readonly ErrorEntry NumberNotExact = new("GWB7003", "A number cannot be held exactly.",
        "Canonical JSON knows finite double-precision numbers only; two different values would have one hash.", "Send the number as text.");
    public static readonly ErrorEntry TextNotUnicode = new("GWB7004", "A text holds half of a surrogate pair or is not UTF-8.",
        "Such a text has no UTF-8 form.", "Correct the value at its source.");
    public static readonly ErrorEntry TooDeep = new("GWB7005", "The JSON is nested too deeply.", Tampered, Resend);

    public static readonly ErrorEntry ReferenceMalformed = new("GWB7101", "The reference to a document is not valid.", Tampered, Resend);
    public static readonly ErrorEntry PartOutOfRange = new("GWB7102", "The document has no such part.", Tampered, Resend);
    public static readonly ErrorEntry PartSizeWrong = new("GWB7103", "The part has the wrong size.",
        "Every part but the last holds exactly 48 KB.", Resend);
    public static readonly ErrorEntry PartChanged = new("GWB7104", "The part was uploaded before with other content.", Tampered, Resend);
    public static readonly ErrorEntry DocumentHashWrong = new("GWB7105", "The document does not have the hash that names it.", Tampered, Resend);
    public static readonly ErrorEntry DocumentIncomplete = new("GWB7106", "Parts of the document are missing.",
        "The upload was interrupted.", "Upload the missing parts.");
    public static readonly ErrorEntry DocumentNotAList = new("GWB7107", "The document is not the list that was expected.",
        "The halves have different versions.", Resend);

    public static readonly ErrorEntry EnvelopeTooLarge = new("GWB7201", "The envelope is larger than 64 KB.",
        "Large content travels as a document.", "Send the content as a document and name its hash.");
    public static readonly ErrorEntry EnvelopeMalformed = new("GWB7202", "The envelope is not a compact JWS.", Tampered, Resend);
    public static readonly ErrorEntry EnvelopeHeaderWrong = new("GWB7203", "The envelope's header must hold alg, typ and kid, and nothing else.",
        Tampered, Resend);
    public static readonly ErrorEntry EnvelopeAlgorithmRefused = new("GWB7204", "The envelope is not signed with ES256.", Tampered, Resend);
    public static readonly ErrorEntry EnvelopeTypeWrong = new("GWB7205", "The envelope is of another type.", Tampered, Resend);
    public static readonly ErrorEntry EnvelopeKeyUnknown = new("GWB7206", "The envelope's key is not pinned here.",
        "A key was changed, or the sender is not the one who was enrolled.", CheckKeys);
    public static readonly ErrorEntry EnvelopeSignatureWrong = new("GWB7207", "The envelope's signature does not fit.", Tampered, CheckKeys);
    public static readonly ErrorEntry EnvelopeClaimsMalformed = new("GWB7208", "The envelope's content is not complete and strict JSON.",
        "The halves have different versions.", Resend);
    public static readonly ErrorEntry EnvelopeExpired = new("GWB7209", "The envelope has expired.",
        "It was delayed, or a clock is wrong.", "Compare both clocks, then send the command again.");
    public static readonly ErrorEntry EnvelopeNotYetValid = new("GWB7210", "The envelope comes from the future.",
        "A clock is wrong.", "Compare both clocks.");
    public static readonly ErrorEntry EnvelopeLifeTooLong = new("GWB7211", "The envelope would be valid for too long.",
        "The sender is configured otherwise.", "Compare the configuration of both halves.");
    public static readonly ErrorEntry EnvelopeOtherTenant = new("GWB7212", "The envelope is meant for another tenant.",
        "A relay or a key is shared by mistake.", CheckKeys);
    public static readonly ErrorEntry EnvelopeOtherServer = new("GWB7213", "The envelope belongs to another server.",
        "A relay or a key is shared by mistake.", CheckKeys);
    public static readonly ErrorEntry CommandConflict = new("GWB7214", "The command id was used before with other content.", Tampered,
        "Give a new command a new id.");
    public static readonly ErrorEntry ReplayWindowFull = new("GWB7215", "Too many commands are remembered at once.",
        "A sender repeats itself with new ids.", "Wait until earlier commands have expired.");
    public static readonly ErrorEntry ResultOfOtherCommand = new("GWB7216", "The result answers another command.", Tampered, Resend);
    public static readonly ErrorEntry EnvelopeKeyOutOfTime = new("GWB7217", "The envelope's key is not accepted at this time.",
        "The key was replaced, or its time has not begun.", "Sign with the key of today; pin the next key on both halves before the old one ends.");

    public static readonly ErrorEntry TokenTooLarge = new("GWB7301", "The ID token is too large.",
        "The token carries more claims than an approval needs.", "Remove optional claims from the app registration.");
    public static readonly ErrorEntry TokenMalformed = new("GWB7302", "The ID token is not a compact JWS of strict JSON.", Tampered, SignInAgain);
    public static readonly ErrorEntry TokenDuplicateClaim = new("GWB7303", "The ID token holds a claim twice.", Tampered, SignInAgain);
    public static readonly ErrorEntry TokenHeaderRefused = new("GWB7304", "The ID token's header names a key or an extension of its own.",
        Tampered, SignInAgain);
    public static readonly ErrorEntry TokenAlgorithmRefused = new("GWB7305", "The ID token is not signed with RS256.", Tampered, SignInAgain);
    public static readonly ErrorEntry TokenTypeWrong = new("GWB7306", "The ID token is not of type JWT.", Tampered, SignInAgain);
    public static readonly ErrorEntry TokenKeyUnknown = new("GWB7307", "The ID token's key is not among the published keys.",
        "The tenant's keys rotated, or the token was made by someone else.", "Refresh the published keys, then sign in again.");
    public static readonly ErrorEntry TokenKeyWeak = new("GWB7308", "The ID token's key is too weak or not usable.", Tampered,
        "Refresh the published keys from the tenant's own address.");
    public static readonly ErrorEntry TokenSignatureWrong = new("GWB7309", "The ID token's signature does not fit.", Tampered, SignInAgain);
    public static readonly ErrorEntry TokenIssuerWrong = new("GWB7310", "The ID token has another issuer.", Tampered, SignInAgain);
    public static readonly ErrorEntry TokenAudienceWrong = new("GWB7311", "The ID token was issued for another application.",
        "A token of another application was used.", SignInAgain);
    public static readonly ErrorEntry TokenTenantWrong = new("GWB7312", "The ID token belongs to another tenant.", Tampered, SignInAgain);
    public static readonly ErrorEntry TokenExpired = new("GWB7313", "The ID token has expired.", "The decision came late.", SignInAgain);
    public static readonly ErrorEntry TokenNotYetValid = new("GWB7314", "The ID token is not valid yet.", "A clock is wrong.", "Compare the clocks.");
    public static readonly ErrorEntry TokenTimesWrong = new("GWB7315", "The ID token's times are missing or contradict each other.",
        Tampered, SignInAgain);
    public static readonly ErrorEntry TokenNonceWrong = new("GWB7316", "The ID token was not issued for this decision.",
        "The sign-in belongs to another decision, or the decision was altered after it.", SignInAgain);
    public static readonly ErrorEntry TokenRoleMissing = new("GWB7317", "The ID token lacks the required role.",
        "The person has no such role in the enterprise application.", "Assign the app role, then sign in again.");
    public static readonly ErrorEntry TokenSignInStale = new("GWB7318", "The sign-in is not fresh.",
        "The token stems from an earlier sign-in.", "Sign in again; auth_time must be among the optional claims of the app.");
    public static readonly ErrorEntry TokenPersonMissing = new("GWB7319", "The ID token names no person (oid).", Tampered, SignInAgain);
    public static readonly ErrorEntry KeySetMalformed = new("GWB7320", "The published keys are not a valid key set.", Tampered,
        "Fetch the keys again from the tenant's own address.");
    public static readonly ErrorEntry KeyChanged = new("GWB7321", "A published key was seen before with other content.", Tampered,
        "Compare the key with the tenant's own address before going on.");

    public static readonly ErrorEntry RecordOfOtherMatter = new("GWB7401", "The decision belongs to another tenant, migration or gate.",
        Tampered, SignInAgain);
    public static readonly ErrorEntry EvidenceDiffers = new("GWB7402", "The decision was made on other evidence.",
        "The evidence changed after the decision.", "Read the evidence as it is now and decide again.");
    public static readonly ErrorEntry ApproverIsRequester = new("GWB7403", "The requester cannot decide on the own request.",
        "Four eyes are required.", "Ask another approver.");
    public static readonly ErrorEntry PersonDecidedBefore = new("GWB7404", "This person has decided already.",
        "One decision counts for each person.", "Nothing to do.");
    public static readonly ErrorEntry TokenUsedBefore = new("GWB7405", "The sign-in was used for a decision before.",
        "Each sign-in counts once.", SignInAgain);
    public static readonly ErrorEntry DecidedTooEarly = new("GWB7406", "The decision is older than the evidence.",
        "The sign-in took place before the evidence was gathered.", SignInAgain);
    public static readonly ErrorEntry DecidedTooLate = new("GWB7407", "The decision came after the deadline.",
        "The gate's deadline had passed.", "Start the gate again.");
    public static readonly ErrorEntry RequestUnproven = new("GWB7408", "The requester is not proven for this plan.",
        "Without a proven requester nobody can tell that the approver is someone else.", "The requester signs in for the plan again.");
    public static readonly ErrorEntry DecisionNotOffered = new("GWB7409", "This decision is not offered at this gate.",
        "Denying and leaving everything as it is exists at the plan's gate only.", "Deny, or postpone.");
    public static readonly ErrorEntry SessionShared = new("GWB7410", "Two people decided from one sign-in session.", Tampered,
        "Each approver signs in on the own device.");
    public static readonly ErrorEntry RecordUnreadable = new("GWB7411", "The decision is not a canonical record.", Tampered, SignInAgain);

    public static readonly ErrorEntry EvidencePartTwice = new("GWB7501", "A part of the evidence appears twice or has no name.", Tampered, Resend);
    public static readonly ErrorEntry EvidenceStale = new("GWB7502", "A part of the evidence is too old.",
        "Its server did not answer in time.", "Gather the evidence again.");
    public static readonly ErrorEntry EvidencePartOther = new("GWB7503", "The part of the evidence is not the one that was asked for.",
        Tampered, Resend);

    /// <summary>Every line of the table, by code; the documentation's table is held against it.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        .. typeof(ContractError).GetFields().Select(field => field.GetValue(null)).OfType<ErrorEntry>()
            .OrderBy(entry => entry.Code, StringComparer.Ordinal),
    ];
}
