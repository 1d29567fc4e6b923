using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Gates;

namespace GwbCloud.Functions.Pages;

/// <summary>What is asked at a gate, what follows, on which evidence, and the ways to end it.</summary>
static class GatePage
{
    public static string NameOf(GateName gate) => GateDecisions.NameOf(gate);

    /// <param name="view">The migration.</param>
    /// <param name="name">Which gate.</param>
    /// <param name="standing">How it stands for who looks.</param>
    /// <param name="signIn">The sign-in that the reader comes back from; null when there is none.</param>
    /// <param name="visit">Who looks.</param>
    public static PageContent Render(MigrationView view, GateName name, GateStanding standing, SignInView? signIn, PageVisit visit) => new()
    {
        Title = Words.Title(name),
        Crumbs = MigrationCrumbs.Of(view),
        Live = view.State != MigrationState.Ended,
        Announcement = standing.Gate is { } shown ? Words.Approved(shown.Approved, shown.Required) : Words.NotOpen,
        Body = Html.Of($"""
            <h1>{Words.Title(name)}</h1>
            {(standing.Gate is not null && signIn is { Refusal: not null } ? Nothing : visit.Request.Query["problem"] is [{ } code] && ErrorTable.Find(code) is { } problem ? Problem(problem) : Nothing)}
            {(standing.Gate is { } gate ? Open(view, gate, standing, signIn, visit) : Closed(view, name))}
            """),
    };

    public static PageContent Evidence(MigrationView view, GateName gate, EvidencePart part, Html facts) => new()
    {
        Title = part.Name,
        Crumbs = [.. MigrationCrumbs.Of(view), new(Words.Title(gate), PagePaths.Gate(view.MigrationId, NameOf(gate)))],
        Body = Html.Of($"""
            <h1>{Words.EvidenceOf} {Name(part.Name)}</h1>
            {Facts((Words.Gathered, Time(part.GatheredAt)), (Words.By, Name(part.Server ?? PageText.Product)), (Words.Hash, Copyable(part.Hash())))}
            {facts}
            <p><a href="{PagePaths.Api($"migrations/{view.MigrationId}/gates/{NameOf(gate)}/evidence/{Uri.EscapeDataString(part.Name)}")}">{Words.WholePart}</a></p>
            """),
    };

    /// <summary>Only what the table of errors says: the code stands in the address, which anybody can write.</summary>
    static Html Problem(ErrorEntry problem) => Html.Of($"""
        <section class="standing stop" aria-label="{Words.NotDecided}">
        <p class="lead">{Words.NotDecided}</p>
        <p><code>{problem.Code}</code> {problem.Message} {problem.Remedy}</p>
        </section>
        """);

    static Html Closed(MigrationView view, GateName name)
    {
        var stage = view.Stages.First(stage => stage.Name == (name == GateName.Plan ? StageName.ApprovePlan : StageName.ConfirmSwitch));
        return Part("closed", Html.Of($"""
            <section class="standing calm" aria-label="{Words.How}">
            <p class="lead">{Words.Closed(stage.State)}</p>
            {(stage.Detail is null ? Nothing : Html.Of($"<p>{Sentence(stage.Detail)}</p>"))}
            <p>{Link(PagePaths.Migration(view.MigrationId), PageText.Verbs.Back)}</p>
            </section>
            """));
    }

    static Html Open(MigrationView view, OpenGate gate, GateStanding standing, SignInView? signIn, PageVisit visit) => Html.Of($"""
        {Part("standing", Html.Of($"""
        <section class="standing warn" aria-label="{Words.How}">
        <p class="word">{Badge("warn", Icons.Waiting, Words.IsOpen)}</p>
        <p class="lead">{Words.Approved(gate.Approved, gate.Required)}</p>
        {Facts([
            (Words.ClosesAt, Until(gate.Deadline, visit.Now)),
            (Words.EvidenceFrom, Time(gate.EvidenceAt)),
            (Words.Deciders, gate.Approvers.Count == 0 ? HtmlPage.Text(Words.Everybody) : Html.Join(gate.Approvers.Take(20).Select(person => Html.Of($"{Person(person, visit)} ")))),
            .. gate.Escalation is { Approvers.Count: > 0 } escalation ? [(Words.Escalation, Html.Of($"{Time(escalation.At)}{(escalation.At <= visit.Now ? $", {Words.Escalated}" : "")}"))] : Array.Empty<(string, Html)>(),
        ])}
        {Decisions(standing, visit)}
        </section>
        """))}
        {(signIn is null ? Nothing : Confirm(view, gate, signIn))}
        {Part("asked", Section("asked", Words.Asked, Html.Of($"<ul class=\"consequences\">{gate.Consequences.Select(text => Html.Of($"<li>{Sentence(text)}</li>"))}</ul>")))}
        {Part("changes", Changes(gate))}
        {Part("evidence", Section("evidence", Words.Evidence, Html.Of($"""
        <p>{Words.EvidenceText}</p>
        {Table(Words.Evidence, [Words.PartName, Words.Verdict, Words.Hash], gate.Evidence.Select(part => (IReadOnlyList<Html>)
        [
            part.Facts is null ? Name(part.Name) : Link(PagePaths.Evidence(view.MigrationId, NameOf(gate.Gate), part.Name), part.Name),
            part.Passed ? Badge("fine", Icons.Done, Words.Passed) : Badge("stop", Icons.Warning, Words.Failed), Code(part.Hash),
        ]))}
        <p>{Words.Digest} {Code(gate.EvidenceDigest)}</p>
        """)))}
        {Part("decide", signIn is { State: SignInStanding.Ready } ? Nothing : Section("decide", Words.Decide, Decide(view, gate, standing)))}
        """);

    /// <summary>Who has decided so far, and what.</summary>
    static Html Decisions(GateStanding standing, PageVisit visit) => standing.Decisions.Count == 0 ? Nothing : Html.Of($"""
        <h2>{Words.DecidedSoFar}</h2>
        <ul class="notices">{standing.Decisions.Take(20).Select(made => Html.Of($"""
        <li><p>{Verdict(made.Decision)} {Person(made.Person, visit)} <span class="soft">{Time(made.At)}</span></p>{(made.Comment is { Length: > 0 } comment ? Html.Of($"<p>{Name(comment)}</p>") : Nothing)}</li>
        """))}</ul>
        """);

    /// <summary>What is not as it was when somebody approved before.</summary>
    static Html Changes(OpenGate gate) => gate.Changes.Count == 0 ? Nothing : Section("changes", Words.Changed, Html.Of($"""
        <p>{Words.ChangedText}</p>
        {Table(Words.Changed, [Words.Fact, Words.Before, Words.Now], gate.Changes.Select(change => (IReadOnlyList<Html>)
        [
            Html.Of($"{Name(change.Part)} <code>{change.Path}</code>"),
            change.Before is null ? Nothing : Html.Of($"<del>{Name(change.Before)}</del>"), change.After is null ? Nothing : Html.Of($"<ins>{Name(change.After)}</ins>"),
        ]))}
        """));

    static Html Decide(MigrationView view, OpenGate gate, GateStanding standing)
    {
        var api = PagePaths.Api($"migrations/{view.MigrationId}/gates/{NameOf(gate.Gate)}");
        if (standing.You.Decided is { } own)
        {
            return Html.Of($"""
                <p>{Words.YouDecided} {Verdict(own.Decision)} {Time(own.At)}</p>
                {(own.MayWithdraw ? Html.Of($"""
                <p>{Words.WithdrawText}</p>
                <form data-api="{api}/withdrawals" data-done="{Words.Withdrawn}"><p><button type="submit" disabled>{Words.Withdraw}</button></p></form>
                """) : Nothing)}
                """);
        }

        if (!standing.You.MayDecide)
        {
            return Html.Of($"<p>{Name(standing.You.Refusal?.Message)} {Name(standing.You.Refusal?.Remedy)}</p>");
        }

        var ends = ChoicesOf(gate);
        return Html.Of($"""
            <form data-api="{api}/sign-ins" data-return data-go-address>
            <input type="hidden" name="evidenceDigest" value="{gate.EvidenceDigest}">
            <fieldset class="ends"><legend class="unseen">{Words.Choose}</legend>
            {ends.Select(end => Choice(gate, end))}
            </fieldset>
            {Field("comment", ends.Where(end => end.NeedsComment), ActionPage.Comment(required: true))}
            {Field("comment-wished", ends.Where(end => !end.NeedsComment), Html.Of($"""
            <label for="wished">{PageText.CommentWished}</label><textarea id="wished" name="comment" rows="3" maxlength="1000"></textarea>
            """))}
            {Field("domain", ends.Where(end => end.NeedsDomain), Html.Of($"""
            <label for="domain">{Words.TypeDomain(gate.Domain)}</label>
            <input id="domain" name="domain" required maxlength="300" autocomplete="off" autocapitalize="none" spellcheck="false">
            """))}
            <p class="soft">{Words.SignInText}</p>
            <p><button type="submit" class="primary" disabled>{Words.SignInFor}</button></p>
            </form>
            """);
    }

    /// <summary>A gate that an earlier version opened does not say how it can end, and can be decided all the same.</summary>
    static IReadOnlyList<GateChoice> ChoicesOf(OpenGate gate) => gate.Ends.Count > 0 ? gate.Ends :
    [
        .. new[] { ApprovalDecision.Approve, ApprovalDecision.Postpone, ApprovalDecision.Deny, ApprovalDecision.DenyAndLeave }
            .Where(decision => decision != ApprovalDecision.DenyAndLeave || gate.Gate == GateName.Plan)
            .Select(decision => new GateChoice
            {
                Decision = decision,
                Consequences = [],
                NeedsComment = decision is ApprovalDecision.Deny or ApprovalDecision.DenyAndLeave,
                NeedsDomain = decision == ApprovalDecision.Approve && gate.Domain is not null,
            }),
    ];

    static Html Choice(OpenGate gate, GateChoice end) => Html.Of($"""
        <div class="end{(IsFinal(gate, end.Decision) ? " final" : "")}">
        <label for="{IdOf(end)}"><input type="radio" name="decision" id="{IdOf(end)}" value="{ValueOf(end.Decision)}" required>{(IsFinal(gate, end.Decision) ? Icons.Warning : Nothing)}{Words.NameOf(gate.Gate, end.Decision)}</label>
        {(end.Consequences.Count == 0 ? Nothing : Html.Of($"""
        <ul>{end.Consequences.Select(text => Html.Of($"<li>{Sentence(text)}</li>"))}</ul>
        {Impact(gate, end)}
        """))}
        </div>

        """);

    static Html Impact(OpenGate gate, GateChoice end) => Html.Of($"""
        <p class="impact soft"><span>{Words.StagingFor(gate.Gate, end.StagingMinutes is { } minutes ? Span(TimeSpan.FromMinutes(minutes)) : null)}</span> <span>{Words.ImpactOf(end.Impact)}</span></p>
        """);

    /// <summary>Back from the sign-in: what will be decided, and one more click.</summary>
    static Html Confirm(MigrationView view, OpenGate gate, SignInView signIn)
    {
        var path = PagePaths.Gate(view.MigrationId, NameOf(gate.Gate));
        if (signIn.State != SignInStanding.Ready || signIn.EvidenceDigest != gate.EvidenceDigest)
        {
            return Html.Of($"""
                <section class="confirm" aria-label="{Words.SignInOf}"><p>{(signIn.State == SignInStanding.Ready ? Words.OtherEvidence : Words.Of(signIn.State))} {Name(signIn.Refusal?.Message)} {Name(signIn.Refusal?.Remedy)}</p>
                <p>{Link(path, Words.Anew)}</p></section>
                """);
        }

        var isFinal = IsFinal(gate, signIn.Decision);
        return Html.Of($"""
            <section class="confirm{(isFinal ? " final" : "")}" aria-labelledby="confirm">
            <h2 id="confirm">{(isFinal ? Icons.Warning : Nothing)}{Words.Confirm(gate.Gate, signIn.Decision)}</h2>
            <ul class="consequences">{signIn.Consequences.Select(text => Html.Of($"<li>{Sentence(text)}</li>"))}</ul>
            {(gate.Ends.FirstOrDefault(end => end.Decision == signIn.Decision) is { } chosen ? Impact(gate, chosen) : Nothing)}
            {Facts([
                .. signIn.Comment is { Length: > 0 } comment ? [(Words.YourComment, Name(comment))] : Array.Empty<(string, Html)>(),
                (Words.OnEvidence, Code(signIn.EvidenceDigest)),
                (Words.SignInUntil, Time(signIn.ExpiresAt)),
            ])}
            <form data-api="{PagePaths.Api($"migrations/{view.MigrationId}/gates/{NameOf(gate.Gate)}/sign-ins/{Uri.EscapeDataString(signIn.Id)}/decision")}" data-empty data-then="{path}">
            <p><button type="submit" class="{(isFinal ? "danger solid" : "primary")}" disabled>{(isFinal ? Icons.Warning : Nothing)}{Words.Do(gate.Gate, signIn.Decision)}</button> {Link(path, Words.NotAfterAll)}</p>
            </form>
            </section>
            """);
    }

    static Html Field(string name, IEnumerable<GateChoice> ends, Html field) =>
        ends.Select(IdOf).ToList() is { Count: > 0 } ids ? Html.Of($"<div data-shown-for=\"{string.Join(' ', ids)}\" id=\"for-{name}\">{field}</div>\n") : Nothing;

    static Html Verdict(ApprovalDecision decision) => decision switch
    {
        ApprovalDecision.Approve => Badge("fine", Icons.Done, Words.Of(decision)),
        ApprovalDecision.Postpone => Badge("calm", Icons.Waiting, Words.Of(decision)),
        _ => Badge("stop", Icons.Failed, Words.Of(decision)),
    };

    static bool IsFinal(OpenGate gate, ApprovalDecision decision) => gate.Gate == GateName.Switch && decision == ApprovalDecision.Approve;

    static string ValueOf(ApprovalDecision decision) => JsonNamingPolicy.CamelCase.ConvertName(decision.ToString());

    static string IdOf(GateChoice end) => $"end-{ValueOf(end.Decision)}";
}
