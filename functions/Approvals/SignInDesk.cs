using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Approvals;

/// <summary>
/// Sign-ins in a browser, by OpenID Connect without a client secret: begun here, answered by the identity provider with a form post, and used
/// by the page that began them.
/// </summary>
/// <remarks>
/// The post comes from another site, so it decides nothing: it stores the token under its one-time state. Whose sign-in it is shows at the next
/// step, where the browser's own cookie is there again. Source: OpenID Connect Core 1.0, 3.2; OAuth 2.0 Form Post Response Mode.
/// </remarks>
public sealed class SignInDesk(
    IDocumentStore documents, BrowserSecret secret, BrowserCookies cookies, BrowserSessions sessions, PublicAddress address, TokenChecks tokens, SignInSweep sweep,
    IOptions<SignInOptions> options, IOptions<IdentityOptions> identity, TimeProvider clock)
{
    /// <summary>Below the app's address; registered as redirect address.</summary>
    public const string CallbackPath = "/api/sign-in/callback";

    public const string FinishPath = "/api/sign-in/finish";

    /// <summary>Begins a session's sign-in: where the browser goes.</summary>
    /// <exception cref="ApiException">409.</exception>
    public async Task<string> BeginSessionAsync(HttpRequest request, string returnTo, CancellationToken cancellationToken)
    {
        var state = NewState(request, returnTo, kept: false);
        var text = await state.SealAsync(secret, cancellationToken);
        return AddressOf(request, text, NonceOf(text), fresh: false);
    }

    /// <summary>Begins a sign-in for a record.</summary>
    /// <param name="request">The browser's.</param>
    /// <param name="matter">What is signed, by whom, on what; what only this desk knows is filled in.</param>
    /// <param name="nonce">The record's.</param>
    /// <param name="cancellationToken">Stops before anything is kept.</param>
    /// <exception cref="ApiException">409.</exception>
    public async Task<StartedSignIn> BeginAsync(HttpRequest request, SignInMatter matter, string nonce, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(matter);
        var state = NewState(request, matter.ReturnTo, kept: true);
        var started = new StartedSignIn
        {
            Id = state.Id,
            Address = AddressOf(request, await state.SealAsync(secret, cancellationToken), nonce, fresh: true),
            ExpiresAt = state.Until,
        };
        await documents.WriteOneAsync(
            NameOf(state.Id),
            new KeptSignIn
            {
                Id = state.Id,
                Purpose = matter.Purpose,
                Browser = state.Browser,
                ReturnTo = matter.ReturnTo,
                Until = state.Until,
                Person = matter.Person,
                Subject = matter.Subject,
                Gate = matter.Gate,
                Record = matter.Record,
                Comment = matter.Comment,
                Domain = matter.Domain,
                Consequences = matter.Consequences,
            },
            etag: "", cancellationToken);
        await sweep.RunAsync(cancellationToken);
        return started;
    }

    /// <summary>Takes the identity provider's answer. The browser goes on at <see cref="FinishPath"/>.</summary>
    /// <returns>The sign-in with its token, or with why none counts.</returns>
    /// <exception cref="ApiException">400, 403 or 409.</exception>
    public async Task<KeptSignIn> TakeAsync(IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        var text = form.GetValueOrDefault("state");
        var state = await SignInState.OpenAsync(secret, text, cancellationToken)
            ?? throw new ApiException(StatusCodes.Status400BadRequest, ApprovalError.StateUnknown.Because());
        var stored = await documents.ReadAsync(NameOf(state.Id), cancellationToken);
        var kept = stored is null ? null : JsonSerializer.Deserialize<KeptSignIn>(stored.Content, ContractJson.Lenient);
        if (clock.GetUtcNow() > state.Until)
        {
            throw Expired(kept?.Subject);
        }

        // One that is kept from its beginning is there before its token; one for a session only after it.
        if (state.Kept ? kept is not { Arrived: null } : stored is not null)
        {
            throw new ApiException(StatusCodes.Status409Conflict, ApprovalError.StateUsed.Because()) { About = kept?.Subject };
        }

        var answer = form.TryGetValue("error", out var error) ? Failed(error) : null;
        var token = form.GetValueOrDefault("id_token");
        var arrived = kept is not null
            ? await ForRecordAsync(kept, token, answer, cancellationToken)
            : await ForSessionAsync(state, NonceOf(text!), token, answer, cancellationToken);
        if (arrived.Refusal is { } refused && !state.Kept)
        {
            throw new ApiException(StatusCodes.Status403Forbidden, refused);
        }

        return await documents.WriteOneAsync(NameOf(state.Id), arrived, stored?.ETag ?? "", cancellationToken)
            ? arrived
            : throw new ApiException(StatusCodes.Status409Conflict, ApprovalError.StateUsed.Because()) { About = kept?.Subject };
    }

    /// <summary>Goes on in the browser that began: a session begins, and whatever else was signed for goes back to its page.</summary>
    /// <returns>Where the browser goes on.</returns>
    /// <exception cref="ApiException">403, 404 or 409.</exception>
    public async Task<string> FinishAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (kept, etag) = await ReadAsync(request, id, cancellationToken);
        if (kept.Arrived is null)
        {
            throw Conflict(ApprovalError.SignInNotBack, kept);
        }

        if (kept.Purpose != SignInPurpose.Session)
        {
            var back = PublicAddress.With(kept.ReturnTo, "signIn", kept.Id);
            return kept.Refusal is { } refusal ? PublicAddress.With(back, "problem", refusal.Code) : back;
        }

        if (clock.GetUtcNow() > kept.Until)
        {
            throw Expired(kept.Subject);
        }

        if (kept.Used || !await documents.WriteOneAsync(NameOf(id), kept with { Used = true }, etag, cancellationToken))
        {
            throw Conflict(ApprovalError.StateUsed, kept);
        }

        // Another one's session ends with the new one: a browser speaks for one person at a time.
        if (cookies.ReadSession(request) is { } before)
        {
            await sessions.EndAsync(BrowserCookies.HashOf(before), cancellationToken);
        }

        var (session, until) = await sessions.BeginAsync(kept.SignedIn!, cancellationToken);
        cookies.WriteSession(request, session, until - clock.GetUtcNow());
        await sweep.RunAsync(cancellationToken);
        return kept.ReturnTo;
    }

    /// <summary>The sign-in of an id, for the person and the browser that began it, about nothing else than what is asked for.</summary>
    /// <exception cref="ApiException">403 or 404.</exception>
    public async Task<KeptSignIn> FindAsync(HttpRequest request, string id, SignInPurpose purpose, string subject, Principal caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var (kept, _) = await ReadAsync(request, id, cancellationToken);
        return kept.Person != caller.ObjectId ? throw new ApiException(StatusCodes.Status403Forbidden, ApprovalError.OtherBrowser.Because("another person")) { About = kept.Subject }
            : kept.Purpose != purpose || kept.Subject != subject ? throw ApiException.NotFound(ApprovalError.SignInUnknown)
            : kept;
    }

    /// <summary>The token that a sign-in came back with.</summary>
    /// <exception cref="ApiException">400, 403 or 409: it has not come back, was refused, or is over.</exception>
    public string DemandToken(KeptSignIn kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return kept.Refusal is { } refusal ? throw Refusals.ToException(refusal)
            : kept.Used ? throw Conflict(ApprovalError.StateUsed, kept)
            : kept.IdToken is not { } token ? throw Conflict(ApprovalError.SignInNotBack, kept)
            : clock.GetUtcNow() > kept.Until ? throw Expired(kept.Subject)
            : token;
    }

    /// <summary>A proof as it is handed in: record and token, or the sign-in that holds both.</summary>
    /// <exception cref="ApiException">400, 403, 404 or 409.</exception>
    public async Task<ProofBody?> ResolveAsync(
        HttpRequest request, ProofBody? proof, SignInPurpose purpose, string? subject, Principal caller, CancellationToken cancellationToken)
    {
        if (proof?.SignIn is not { } id || subject is null)
        {
            return proof;
        }

        var kept = await FindAsync(request, id, purpose, subject, caller, cancellationToken);
        return new() { Record = kept.Record, IdToken = DemandToken(kept) };
    }

    /// <summary>What was proved by a sign-in is carried out: it proves nothing a second time.</summary>
    public async Task UseAsync(HttpRequest request, ProofBody? proof, CancellationToken cancellationToken)
    {
        if (proof?.SignIn is { } id)
        {
            await UseAsync((await ReadAsync(request, id, cancellationToken)).Kept, cancellationToken);
        }
    }

    /// <summary>It has served its purpose.</summary>
    public Task UseAsync(KeptSignIn kept, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return documents.ChangeOneAsync<KeptSignIn>(
            NameOf(kept.Id), before => Task.FromResult(before is null ? null : before with { Used = true, IdToken = null }), cancellationToken);
    }

    async Task<(KeptSignIn Kept, string ETag)> ReadAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var stored = Sha256Text.IsValid(id) ? await documents.ReadAsync(NameOf(id), cancellationToken) : null;
        if (stored is null || JsonSerializer.Deserialize<KeptSignIn>(stored.Content, ContractJson.Lenient) is not { } kept)
        {
            throw ApiException.NotFound(ApprovalError.SignInUnknown);
        }

        return cookies.ReadBrowser(request) is { } browser && BrowserSecret.Same(browser, kept.Browser)
            ? (kept, stored.ETag)
            : throw new ApiException(StatusCodes.Status403Forbidden, ApprovalError.OtherBrowser.Because()) { About = kept.Subject };
    }

    async Task<KeptSignIn> ForRecordAsync(KeptSignIn kept, string? token, Refusal? failed, CancellationToken cancellationToken)
    {
        var role = kept.Purpose == SignInPurpose.Decision ? Roles.Approver : Roles.Operator;
        var verdict = failed is not null ? null
            : await tokens.VerifyIdTokenAsync(token ?? "", new() { Nonce = ApprovalNonce.OfText(kept.Record!), Role = role }, cancellationToken);
        var refusal = failed ?? verdict!.Refusal
            ?? (verdict.Token!.Oid != kept.Person ? ApprovalError.OfOtherPerson(verdict.Token.Oid) : null);
        return kept with { Arrived = clock.GetUtcNow(), Refusal = refusal, IdToken = refusal is null ? token : null };
    }

    async Task<KeptSignIn> ForSessionAsync(SignInState state, string nonce, string? token, Refusal? failed, CancellationToken cancellationToken)
    {
        var verdict = failed is not null ? null
            : await tokens.VerifyIdTokenAsync(token ?? "", new() { Nonce = nonce, Role = null, FreshSignIn = false }, cancellationToken);
        return new()
        {
            Id = state.Id,
            Purpose = SignInPurpose.Session,
            Browser = state.Browser,
            ReturnTo = state.ReturnTo,
            Until = state.Until,
            Arrived = clock.GetUtcNow(),
            Refusal = failed ?? verdict!.Refusal,
            SignedIn = verdict is { IsAccepted: true } ? IdTokenPerson.Read(token!, verdict.Token.Oid) : null,
        };
    }

    SignInState NewState(HttpRequest request, string returnTo, bool kept)
    {
        if (options.Value.AuthorizeAddress is not { Length: > 0 } || address.Of(request) is null)
        {
            throw ApiException.Conflict(ApprovalError.SignInNotConfigured);
        }

        return new()
        {
            Id = RandomNumberGenerator.GetHexString(64, lowercase: true),
            Kept = kept,
            Browser = cookies.EnsureBrowser(request),
            ReturnTo = returnTo,
            Until = clock.GetUtcNow().AddMinutes(options.Value.FlowMinutes),
        };
    }

    string AddressOf(HttpRequest request, string state, string nonce, bool fresh)
    {
        Dictionary<string, string> query = new()
        {
            ["client_id"] = identity.Value.ClientId,
            ["response_type"] = "id_token",
            ["response_mode"] = "form_post",
            ["scope"] = "openid profile",
            ["redirect_uri"] = address.Of(request) + CallbackPath,
            ["state"] = state,
            ["nonce"] = nonce,
        };
        if (fresh)
        {
            query["prompt"] = "login";
            query["max_age"] = "0";
        }

        return $"{options.Value.AuthorizeAddress}?{string.Join('&', query.Select(value => $"{value.Key}={Uri.EscapeDataString(value.Value)}"))}";
    }

    /// <summary>The provider's own code is a short word; anything else is not repeated.</summary>
    static Refusal Failed(string error) =>
        ApprovalError.ProviderFailed.Because(error.Length <= 40 && error.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? error : null);

    static string NonceOf(string state) => Sha256Text.Of(Encoding.UTF8.GetBytes(state));

    static string NameOf(string id) => PassingName.SignIn(id).Value;

    static ApiException Expired(string? about) => new(StatusCodes.Status400BadRequest, ApprovalError.StateExpired.Because()) { About = about };

    static ApiException Conflict(ErrorEntry error, KeptSignIn kept) => new(StatusCodes.Status409Conflict, error.Because()) { About = kept.Subject };
}
