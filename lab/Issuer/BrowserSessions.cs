using System.Security.Cryptography;

namespace GwbCloud.Lab.Issuer;

/// <summary>Who is signed in with which browser, and since when: a later request of the same browser is answered without asking, unless it asks for more.</summary>
sealed class BrowserSessions(TimeProvider time)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, BrowserSession> _sessions = [];

    /// <summary>Remembers a sign-in; the name of the session is the browser's secret.</summary>
    public (string Id, BrowserSession Session) Open(LabPerson person)
    {
        string id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var session = new BrowserSession { Person = person, Since = time.GetUtcNow() };
        lock (_gate) { _sessions[id] = session; }
        return (id, session);
    }

    /// <summary>The sign-in that answers a request without asking anybody, or null.</summary>
    public BrowserSession? Find(string? id, SignInRequest request)
    {
        if (id is null || request.Anew) { return null; }
        lock (_gate)
        {
            return _sessions.TryGetValue(id, out var session) && !(time.GetUtcNow() - session.Since > request.MaxAge) ? session : null;
        }
    }
}

/// <summary>A person at a browser.</summary>
sealed record BrowserSession
{
    public required LabPerson Person { get; init; }

    /// <summary>When the person proved himself: <c>auth_time</c> of every token that follows from it.</summary>
    public required DateTimeOffset Since { get; init; }
}
