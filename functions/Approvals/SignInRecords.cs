using System.Text.Json.Serialization;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Identity;

namespace GwbCloud.Functions.Approvals;

/// <summary>What somebody signs in for.</summary>
public enum SignInPurpose
{
    /// <summary>A session, good for reading and for what a click may do.</summary>
    Session,

    /// <summary>A decision at a gate.</summary>
    Decision,

    /// <summary>The request to carry out a plan.</summary>
    Request,

    /// <summary>A statement, where a click would weigh too little.</summary>
    Statement,
}

/// <summary>What a sign-in is for.</summary>
public sealed record SignInMatter
{
    public required SignInPurpose Purpose { get; init; }
    public required string Person { get; init; }
    public required string Subject { get; init; }
    public required string ReturnTo { get; init; }

    /// <summary>Canonical JSON.</summary>
    public required string Record { get; init; }
    public GateName? Gate { get; init; }
    public string? Comment { get; init; }
    public string? Domain { get; init; }
    public IReadOnlyList<string> Consequences { get; init; } = [];
}

/// <summary>A sign-in as the server keeps it: <c>sign-ins/{id}</c>. One for a session is kept from its token on, any other one from its beginning.</summary>
public sealed record KeptSignIn
{
    public required string Id { get; init; }
    public required SignInPurpose Purpose { get; init; }

    /// <summary>Hash of the cookie that names the browser which began it.</summary>
    public required string Browser { get; init; }
    public required string ReturnTo { get; init; }
    public required DateTimeOffset Until { get; init; }

    /// <summary>objectId of the person who began it; null for a session, where nobody is known yet.</summary>
    public string? Person { get; init; }

    /// <summary>The migration or assessment that it is about.</summary>
    public string? Subject { get; init; }
    public GateName? Gate { get; init; }

    /// <summary>Canonical JSON whose SHA-256 is the nonce.</summary>
    public string? Record { get; init; }
    public string? Comment { get; init; }

    /// <summary>What is stated; null when it is for anything else.</summary>
    [JsonIgnore]
    public StatementRecord? Statement => Purpose == SignInPurpose.Statement && Record is { } record ? SignedAnswer.Read(new() { Record = record, IdToken = "" })?.Record : null;

    /// <summary>The tenant's domain as it was typed.</summary>
    public string? Domain { get; init; }

    /// <summary>What follows from it, as it was shown.</summary>
    public IReadOnlyList<string> Consequences { get; init; } = [];

    /// <summary>The token that came back and was verified. The state is used up, whether one came or not, once <see cref="Arrived"/> is set.</summary>
    public string? IdToken { get; init; }
    public DateTimeOffset? Arrived { get; init; }

    /// <summary>Why no token counts.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Who signed in, for a session.</summary>
    public SignedInPerson? SignedIn { get; init; }

    /// <summary>It has served its purpose, and serves no other.</summary>
    public bool Used { get; init; }
}

/// <summary>A sign-in that was begun: where the browser goes.</summary>
public sealed record StartedSignIn
{
    public required string Id { get; init; }

    /// <summary>The identity provider's address with all that belongs into it.</summary>
    public required string Address { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}
