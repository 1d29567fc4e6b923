using System.Text;
using System.Text.Json;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>The one document that a script answers with.</summary>
sealed record HostAnswer
{
    public required bool Ok { get; init; }

    /// <summary>What the script put out, when it came to its end.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>What stopped it otherwise.</summary>
    public ScriptFailure? Failure { get; init; }
}

/// <summary>An error of PowerShell as the script hands it over; what it means is decided in <see cref="FailureMap"/>.</summary>
sealed record ScriptFailure
{
    /// <summary>ErrorCategory, for example ObjectNotFound.</summary>
    public required string Category { get; init; }

    /// <summary>FullyQualifiedErrorId, the same in every language.</summary>
    public required string Id { get; init; }

    /// <summary>Full names of the exception's type and of its inner ones.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Messages of the same.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>The cmdlet that failed, where PowerShell knows it.</summary>
    public string? Command { get; init; }
}

/// <summary>Reads the document strictly: whatever else stands in the output makes the answer unreadable rather than half understood.</summary>
static class HostAnswerReader
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The answer, or what is wrong with the output in words that quote nothing of it.</summary>
    public static (HostAnswer? Answer, string? Wrong) Read(ReadOnlySpan<byte> output)
    {
        if (output.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) { output = output[3..]; }
        if (output.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || output.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || output is [_, 0, ..])
        {
            return (null, "it is UTF-16");
        }
        try
        {
            string text = Strict.GetString(output);
            if (string.IsNullOrWhiteSpace(text)) { return (null, "it is empty"); }
            return JsonSerializer.Deserialize<HostAnswer>(text, ScriptJson.Options) is { } answer && (answer.Ok ? answer.Value is not null : answer.Failure is not null)
                ? (answer, null)
                : (null, "it is not the answer of a script");
        }
        catch (DecoderFallbackException)
        {
            return (null, "it is not UTF-8");
        }
        catch (JsonException)
        {
            return (null, "it is not one JSON document");
        }
    }
}
