using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Approvals;

/// <summary>A decision and the ID token of the sign-in that made it.</summary>
public sealed record SignedDecision
{
    /// <summary>What was decided.</summary>
    public required ApprovalRecord Record { get; init; }

    /// <summary>Compact RS256 JWS whose nonce is the record's.</summary>
    public required string IdToken { get; init; }

    /// <summary>As it travels to the listener.</summary>
    public SignedStatement ToStatement() => new() { Record = CanonicalJson.SerializeToText(Record), IdToken = IdToken };

    /// <summary>Reads what travelled; null when it is no canonical record.</summary>
    public static SignedDecision? Read(SignedStatement statement) =>
        StatementReader.Read<ApprovalRecord>(statement.Record) is { } record ? new() { Record = record, IdToken = statement.IdToken } : null;
}

/// <summary>A request and the ID token of the sign-in that made it.</summary>
public sealed record SignedRequest
{
    /// <summary>What was requested.</summary>
    public required RequestRecord Record { get; init; }

    /// <summary>Compact RS256 JWS whose nonce is the record's.</summary>
    public required string IdToken { get; init; }

    /// <summary>As it travels to the listener.</summary>
    public SignedStatement ToStatement() => new() { Record = CanonicalJson.SerializeToText(Record), IdToken = IdToken };

    /// <summary>Reads what travelled; null when it is no canonical record.</summary>
    public static SignedRequest? Read(SignedStatement statement) =>
        StatementReader.Read<RequestRecord>(statement.Record) is { } record ? new() { Record = record, IdToken = statement.IdToken } : null;
}

/// <summary>A statement and the ID token of the sign-in that made it.</summary>
public sealed record SignedAnswer
{
    /// <summary>What was stated.</summary>
    public required StatementRecord Record { get; init; }

    /// <summary>Compact RS256 JWS whose nonce is the record's.</summary>
    public required string IdToken { get; init; }

    /// <summary>As it travels.</summary>
    public SignedStatement ToStatement() => new() { Record = CanonicalJson.SerializeToText(Record), IdToken = IdToken };

    /// <summary>Reads what travelled; null when it is no canonical record.</summary>
    public static SignedAnswer? Read(SignedStatement statement) =>
        StatementReader.Read<StatementRecord>(statement.Record) is { } record ? new() { Record = record, IdToken = statement.IdToken } : null;
}

internal static class StatementReader
{
    /// <summary>A record from exactly its canonical text: what is shown, hashed and read is then the same.</summary>
    public static T? Read<T>(string? text)
        where T : class
    {
        if (text is null or { Length: > 4096 })
        {
            return null;
        }

        try
        {
            using var document = CanonicalJson.Parse(Encoding.UTF8.GetBytes(text));
            var record = document.RootElement.Deserialize<T>(ContractJson.Options);
            return record is not null && string.Equals(CanonicalJson.SerializeToText(record), text, StringComparison.Ordinal) ? record : null;
        }
        catch (Exception refused) when (refused is ContractException or JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }
}
