using System.Text;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Approvals;

/// <summary>The ID tokens that proved something, each for one matter: a decision, a request or a statement. So each counts once, whoever sends it again.</summary>
/// <remarks>
/// A name is written only where nothing stands. Of two who hand in the same token at the same moment, through whatever instance of the app, one comes
/// first, and what he wrote is never taken away. The same matter again is none: its first answer may have been lost.
/// </remarks>
public sealed class SpentTokens(IDocumentStore documents)
{
    /// <summary>Spends a token.</summary>
    /// <param name="token">As it was verified.</param>
    /// <param name="matter">What it proves.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>The matter for which it is spent: the given one, or an earlier one, and then it proves nothing here.</returns>
    public async Task<string> SpendAsync(VerifiedToken token, string matter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var name in NamesOf(token))
        {
            if (await documents.WriteOneAsync(name, new SpentToken { Matter = matter }, etag: "", CancellationToken.None))
            {
                continue;
            }

            var before = await documents.ReadOneAsync<SpentToken>(name, CancellationToken.None) ?? throw new DocumentException("A spent token is missing.");
            if (before.Matter != matter)
            {
                return before.Matter;
            }
        }

        return matter;
    }

    /// <summary>Its hash, and its id where the issuer gave one: another token of the same id is the same sign-in.</summary>
    static IEnumerable<string> NamesOf(VerifiedToken token) =>
        token.TokenId is { } id ? [StoreNames.SpentToken(token.TokenHash), StoreNames.SpentToken(Sha256Text.Of(Encoding.UTF8.GetBytes($"id\n{id}")))] : [StoreNames.SpentToken(token.TokenHash)];

    sealed record SpentToken
    {
        public required string Matter { get; init; }
    }
}
