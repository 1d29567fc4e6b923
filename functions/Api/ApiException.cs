using GwbCloud.Contracts;
using Microsoft.AspNetCore.Http;

namespace GwbCloud.Functions.Api;

/// <summary>Ends an HTTP function with problem details. Never leaves the API.</summary>
public sealed class ApiException(int status, Refusal refusal, string? field = null) : Exception($"{refusal.Code}: {refusal.Message}")
{
    public int Status { get; } = status;

    public Refusal Refusal { get; } = refusal;

    /// <summary>Path of the field of the request that is wrong, for example <c>window.start</c>.</summary>
    public string? Field { get; } = field;

    /// <summary>The migration or assessment that it is about, where the route does not name it.</summary>
    public string? About { get; init; }

    /// <summary>A line of the audit tells it already.</summary>
    public bool IsAudited { get; init; }

    public static ApiException BadRequest(ErrorEntry error, string? field, string? detail = null) =>
        new(StatusCodes.Status400BadRequest, error.Because(detail), field);

    public static ApiException NotFound(ErrorEntry error) => new(StatusCodes.Status404NotFound, error.Because());

    public static ApiException Conflict(ErrorEntry error, string? detail = null) => new(StatusCodes.Status409Conflict, error.Because(detail));
}
