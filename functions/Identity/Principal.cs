using GwbCloud.Contracts;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Identity;

/// <summary>App roles of the enterprise application.</summary>
public static class Roles
{
    public const string Reader = "Migration.Reader";
    public const string Operator = "Migration.Operator";
    public const string Approver = "Migration.Approver";
}

/// <summary>Somebody who is signed in.</summary>
public sealed record Principal
{
    /// <summary>Stands for whoever is not signed in, where a route is open to everybody.</summary>
    public static Principal Nobody { get; } = new() { ObjectId = Guid.Empty.ToString("D"), Roles = [] };

    public bool IsNobody => ReferenceEquals(this, Nobody);

    /// <summary>objectId, a GUID in lower case.</summary>
    public required string ObjectId { get; init; }
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The name that the identity provider gives, to greet its bearer and to show who acted (<see cref="KnownPeople"/>); never logged, and not part of what is decided or audited.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// What the browser sends by itself, and so would send for another site too: such a caller proves by an anti-forgery token that the page was
    /// ours. Null for a caller who sent a token in a header.
    /// </summary>
    public string? BrowserSession { get; init; }

    /// <summary>When the session ends; null when that is not known here.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Who calls, or why nobody counts as caller.</summary>
public sealed record PrincipalVerdict
{
    public Principal? Principal { get; init; }
    public Refusal? Refusal { get; init; }
    public static PrincipalVerdict Refuse(Refusal refusal) => new() { Refusal = refusal };
}

/// <summary>Reads who calls. Which reader is registered decides what counts; there is always exactly one.</summary>
public interface IPrincipalReader
{
    Task<PrincipalVerdict> ReadAsync(HttpRequest request, CancellationToken cancellationToken);
}
