using System.Net;
using GwbCloud.Contracts;

namespace GwbCloud.Functions.Graph;

/// <summary>Graph, or Cloud Sync behind it, did not do what was asked. Trying again does not help; see <see cref="GraphTransientException"/>.</summary>
public class GraphException : Exception
{
    public GraphException(ErrorEntry error, string? detail = null, Exception? inner = null)
        : base(Text(error, detail), inner)
        => Error = error;

    public ErrorEntry Error { get; }

    public string Code => Error.Code;

    /// <summary>True when the same request may succeed later without anybody's doing.</summary>
    public virtual bool Transient => false;

    /// <summary>Graph's own name of the request, for Microsoft's support.</summary>
    public string? RequestId { get; init; }

    /// <summary>Our name of the request; Microsoft's support finds it even when no answer came.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>Status of the answer, when there was one.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Graph's own code of the error, for example <c>Request_ResourceNotFound</c>.</summary>
    public string? GraphCode { get; init; }

    static string Text(ErrorEntry error, string? detail)
    {
        ArgumentNullException.ThrowIfNull(error);
        return detail is null ? $"{error.Code}: {error.Message}" : $"{error.Code}: {error.Message} ({detail})";
    }
}

/// <summary>The same, when the orchestration may try the activity again after a while.</summary>
public sealed class GraphTransientException(ErrorEntry error, string? detail = null, Exception? inner = null) : GraphException(error, detail, inner)
{
    public override bool Transient => true;
}
