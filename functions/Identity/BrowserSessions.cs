using GwbCloud.Functions.Documents;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Identity;

/// <summary>Sessions of browsers, kept by the server under the hash of what the cookie holds: a copy of the store opens none.</summary>
public sealed class BrowserSessions(IDocumentStore documents, TimeProvider clock, IOptions<SignInOptions> options, IOptions<IdentityOptions> identity)
{
    /// <summary>Begins a session.</summary>
    /// <returns>What the cookie holds, and until when.</returns>
    public async Task<(string Secret, DateTimeOffset Until)> BeginAsync(SignedInPerson person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        var secret = BrowserSecret.New();
        var until = clock.GetUtcNow().AddMinutes(options.Value.SessionMinutes);
        var session = new Session { Tenant = identity.Value.Tenant, Person = person, Until = until };
        await documents.WriteOneAsync(PassingName.Session(BrowserCookies.HashOf(secret)).Value, session, etag: "", cancellationToken);
        return (secret, until);
    }

    /// <summary>Who is signed in by this cookie; null when nobody is, any longer or at all.</summary>
    public async Task<Principal?> ReadAsync(string secret, CancellationToken cancellationToken)
    {
        var hash = BrowserCookies.HashOf(secret);
        return await FindAsync(hash, cancellationToken) is { } session
            && session.Until > clock.GetUtcNow()
            && string.Equals(session.Tenant, identity.Value.Tenant, StringComparison.OrdinalIgnoreCase)
            ? new()
            {
                ObjectId = session.Person.ObjectId,
                Roles = session.Person.Roles,
                Name = session.Person.Name,
                BrowserSession = hash,
                Until = session.Until,
            }
            : null;
    }

    /// <summary>Ends a session for whoever still holds its cookie.</summary>
    public Task EndAsync(string hash, CancellationToken cancellationToken) => documents.DeleteAsync(PassingName.Session(hash), etag: null, cancellationToken);

    async Task<Session?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        try
        {
            return await documents.ReadOneAsync<Session>(PassingName.Session(hash).Value, cancellationToken);
        }
        catch (DocumentException)
        {
            // A session that can't be read names nobody; its bearer signs in again.
            return null;
        }
    }

    sealed record Session
    {
        public required string Tenant { get; init; }
        public required SignedInPerson Person { get; init; }
        public required DateTimeOffset Until { get; init; }
    }
}

/// <summary>What a session keeps of an ID token that was verified.</summary>
public sealed record SignedInPerson
{
    public required string ObjectId { get; init; }
    public string? Name { get; init; }
    public required IReadOnlyList<string> Roles { get; init; }
}
