using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Identity;

/// <summary>Verifies both kinds of tokens with the published keys, and looks for new keys when one is unknown.</summary>
public sealed class TokenChecks
{
    readonly PublishedKeys _keys;
    readonly IdTokenVerifier _idTokens;
    readonly AccessTokenVerifier _accessTokens;

    public TokenChecks(PublishedKeys keys, TimeProvider clock, IOptions<IdentityOptions> options)
    {
        var identity = options.Value;
        _keys = keys;
        _idTokens = new(keys, clock, new() { Issuer = identity.Issuer, Audience = identity.ClientId, Tenant = identity.Tenant });
        _accessTokens = new(keys, clock, new() { Issuer = identity.Issuer, Audience = identity.EffectiveApiAudience, Tenant = identity.Tenant });
        Quorum = new(_idTokens, clock);
        Tenant = identity.Tenant;
    }

    /// <summary>Judges gates; call <see cref="EnsureKeysAsync"/> first.</summary>
    public ApprovalQuorum Quorum { get; }

    public string Tenant { get; }

    /// <summary>Makes sure that the keys seen before are there.</summary>
    public Task EnsureKeysAsync(CancellationToken cancellationToken) => _keys.RefreshAsync(unknownKey: false, cancellationToken);

    public async Task<TokenVerdict> VerifyIdTokenAsync(string token, TokenExpectation expected, CancellationToken cancellationToken)
    {
        await EnsureKeysAsync(cancellationToken);
        var verdict = _idTokens.Verify(token, expected);
        if (IsKeyUnknown(verdict.Refusal))
        {
            await _keys.RefreshAsync(unknownKey: true, cancellationToken);
            verdict = _idTokens.Verify(token, expected);
        }

        return verdict;
    }

    public async Task<AccessVerdict> VerifyAccessTokenAsync(string token, CancellationToken cancellationToken)
    {
        await EnsureKeysAsync(cancellationToken);
        var verdict = _accessTokens.Verify(token);
        if (IsKeyUnknown(verdict.Refusal))
        {
            await _keys.RefreshAsync(unknownKey: true, cancellationToken);
            verdict = _accessTokens.Verify(token);
        }

        return verdict;
    }

    static bool IsKeyUnknown(Refusal? refusal) => refusal?.Code == ContractError.TokenKeyUnknown.Code;
}
