using GwbCloud.Contracts;
using GwbCloud.Functions.Errors;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Api;

/// <summary>Shows a problem as a page to whoever looks with a browser.</summary>
public interface IProblemPage
{
    /// <summary>Null when the caller wants problem details.</summary>
    IResult? Of(HttpContext context, Problem problem);
}

/// <summary>Problem details (RFC 9457) with the code, the cause and what to do.</summary>
public sealed record Problem
{
    /// <summary><c>urn:gwbcloud:error:</c> and the code.</summary>
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }

    /// <summary>The title with what is special about this case.</summary>
    public required string Detail { get; init; }
    public required string Code { get; init; }
    public string? Cause { get; init; }
    public string? Remedy { get; init; }

    /// <summary>The field of the request that is wrong.</summary>
    public string? Field { get; init; }

    /// <summary>Finds the call in the log.</summary>
    public required string TraceId { get; init; }

    public static Problem Of(HttpContext context, int status, Refusal refusal, string? field = null)
    {
        var entry = ErrorTable.Find(refusal.Code);
        return new()
        {
            Type = $"urn:gwbcloud:error:{refusal.Code}",
            Title = entry?.Message ?? refusal.Message,
            Status = status,
            Detail = refusal.Message,
            Code = refusal.Code,
            Cause = entry?.Cause,
            Remedy = refusal.Remedy ?? entry?.Remedy,
            Field = field,
            TraceId = context.TraceIdentifier,
        };
    }
}
