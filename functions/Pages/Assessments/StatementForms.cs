using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Reporting;
using static GwbCloud.Functions.Pages.PageParts;
using Words = GwbCloud.Functions.Pages.PageText.Findings;

namespace GwbCloud.Functions.Pages;

/// <summary>For which names something can be stated, and the sign-in that the reader comes back from.</summary>
sealed record StatementChoice(IReadOnlyList<string> Names, KeptSignIn? SignIn);

/// <summary>A statement where a click would weigh too little: chosen and commented, signed in for, then stated. What was said is kept with the sign-in, by the server.</summary>
static class StatementForms
{
    const int MostNames = 100;

    public static Html Render(string id, string code, StatementChoice choice, IReadOnlyList<Acceptance> acceptances, PageVisit visit)
    {
        var open = choice.Names.Where(name => !acceptances.Any(made => string.Equals(made.Subject, name, StringComparison.OrdinalIgnoreCase))).Take(MostNames).ToList();
        return !visit.IsOperator ? Nothing
            : choice.SignIn is { Statement: { } statement } kept && statement.Code == code ? Confirm(id, code, statement.Name, kept, visit)
            : open.Count == 0 ? Nothing
            : Section("state", Words.StateGone, Html.Of($"""
            {(visit.Request.Query["problem"] is [{ Length: > 0 } problem] ? Failed(problem) : Nothing)}
            <p>{Words.StateText}</p>
            <form data-api="{PagePaths.Api($"assessments/{id}/sign-ins")}" data-return data-go-address>
            <input type="hidden" name="code" value="{code}">
            <label for="stated">{Words.Server}</label><select id="stated" name="name" required>{open.Select(name => Html.Of($"<option>{name}</option>"))}</select>
            {ActionPage.Comment(required: true)}
            <p><button type="submit" class="primary" disabled>{Words.SignInToState}</button></p>
            </form>
            """));
    }

    /// <summary>Back from the sign-in: what will be stated, and one more click.</summary>
    static Html Confirm(string id, string code, string name, KeptSignIn kept, PageVisit visit)
    {
        var path = PagePaths.Finding(id, code);
        return kept.Refusal is not null || kept.IdToken is null || kept.Until < visit.Now
            ? Html.Of($"<section class=\"confirm\" aria-label=\"{Words.StateGone}\"><p>{Words.NotSigned} {Name(kept.Refusal?.Message)} {Name(kept.Refusal?.Remedy)}</p><p>{Link(path, Words.StateAnew)}</p></section>")
            : Html.Of($"""
            <section class="confirm" aria-labelledby="confirm">
            <h2 id="confirm"><bdi>{Words.StateThat(name)}</bdi></h2>
            {Facts((Words.Comment, Name(kept.Comment)), (Words.SignInUntil, Time(kept.Until)))}
            <form data-api="{PagePaths.Api($"assessments/{id}/acceptances")}" data-then="{PagePaths.Assessment(id)}">
            <fieldset data-list="acceptances" class="plain"><legend class="unseen">{Words.StateGone}</legend>
            <input type="hidden" name="code" value="{code}">
            <span data-object="proof"><input type="hidden" name="signIn" value="{kept.Id}"></span>
            </fieldset>
            <p><button type="submit" class="primary" disabled>{Words.StateNow}</button> {Link(path, Words.NotAfterAll)}</p>
            </form>
            </section>
            """);
    }

    static Html Failed(string code) => Html.Of($"<p class=\"late\">{Words.NotSigned} <code>{code}</code> {Errors.ErrorTable.Find(code)?.Message}</p>");
}
