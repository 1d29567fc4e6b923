using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.Errors;

/// <summary>Turns lines of the tables of errors into what travels to the cloud half.</summary>
public static class CommandErrors
{
    /// <summary>The error that this line describes.</summary>
    /// <param name="entry">A line of a table.</param>
    /// <param name="detail">More about this case; holds no secret and no member's name.</param>
    /// <param name="transient">True when the same command may succeed later without anybody's doing.</param>
    public static CommandError ToError(this ErrorEntry entry, string? detail = null, bool transient = false) => new()
    {
        Code = entry.Code,
        Message = detail is null ? entry.Message : $"{entry.Message} ({detail})",
        Remedy = entry.Remedy,
        Transient = transient,
    };

    /// <summary>The same as an exception, for a handler that cannot go on.</summary>
    public static CommandFailedException Exception(this ErrorEntry entry, string? detail, bool transient, Exception? inner = null) =>
        new(entry.ToError(detail, transient), inner);

    /// <summary>A refusal of the contracts as the error that travels.</summary>
    public static CommandError ToError(this Refusal refusal) => new() { Code = refusal.Code, Message = refusal.Message };
}

/// <summary>A handler refuses or cannot finish its command. Becomes the job's error; never crosses the relay as an exception.</summary>
public sealed class CommandFailedException(CommandError error, Exception? inner = null) : Exception($"{error.Code}: {error.Message}", inner)
{
    public CommandError Error { get; } = error;
}
