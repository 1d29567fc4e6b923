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
    /// <summary>objectId, a GUID in lower case.</summary>
    public required string ObjectId { get; init; }
    public required IReadOnlyList<string> Roles { get; init; }
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
