using System.Text.Json;
using System.Text.Json.Serialization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Jobs;

namespace GwbCloud.RelayListener.Switch;

/// <summary>What was offered, called and read back about the switch. Open only while somebody works on it, so that one at a time can.</summary>
/// <remarks>A call is on disk before the cmdlet runs. Whoever finds it after a crash knows that the cmdlet may have run, and never runs it for that command again.</remarks>
sealed class SwitchJournal : IDisposable
{
    readonly JournalFile _file;

    SwitchJournal(string path, JournalDurability durability) => _file = JournalFile.Open(path, Replay, durability);

    /// <summary>The last offer that was neither called nor withdrawn; null when there is none.</summary>
    public SwitchOffered? Offer { get; private set; }

    /// <summary>The last call; null when there was none.</summary>
    public SwitchCalled? LastCall { get; private set; }

    /// <summary>What the cmdlet said to the last call; null while unknown.</summary>
    public SwitchReturned? LastReturn { get; private set; }

    /// <summary>Hashes of every token on which a call rested; none of them counts again.</summary>
    public HashSet<string> UsedTokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Opens the journal for one piece of work.</summary>
    /// <exception cref="CommandFailedException">GWB6320 while somebody else works on the switch.</exception>
    public static SwitchJournal Open(string path, JournalDurability durability)
    {
        try
        {
            return new(path, durability);
        }
        catch (JournalInUseException e)
        {
            throw SwitchError.UnderWay.Exception(null, transient: true, e);
        }
    }

    public async Task AppendAsync(SwitchRecord record)
    {
        await _file.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(record, ContractJson.Options));
        Apply(record);
    }

    /// <summary>Ends as a killed process would.</summary>
    public void Abandon() => _file.Abandon();

    public void Dispose() => _file.Dispose();

    void Replay(ReadOnlySpan<byte> bytes) => Apply(JsonSerializer.Deserialize<SwitchRecord>(bytes, ContractJson.Lenient)!);

    void Apply(SwitchRecord record)
    {
        switch (record)
        {
            case SwitchOffered offered:
                Offer = offered;
                break;
            case SwitchWithdrawn:
                Offer = null;
                break;
            case SwitchCalled called:
                (Offer, LastCall, LastReturn) = (null, called, null);
                UsedTokens.UnionWith(called.Tokens);
                break;
            case SwitchReturned returned:
                LastReturn = returned;
                break;
        }
    }
}

/// <summary>A line of the journal of the switch.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "record")]
[JsonDerivedType(typeof(SwitchOffered), "offered")]
[JsonDerivedType(typeof(SwitchWithdrawn), "withdrawn")]
[JsonDerivedType(typeof(SwitchCalled), "called")]
[JsonDerivedType(typeof(SwitchReturned), "returned")]
abstract record SwitchRecord
{
    public required string CommandId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Verified, and held for the operator's own session.</summary>
sealed record SwitchOffered : SwitchRecord
{
    public required JobOrigin Origin { get; init; }
    public required DisableGroupWritebackV2 Command { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The offer stands no longer.</summary>
sealed record SwitchWithdrawn : SwitchRecord;

/// <summary>The cmdlet is about to be called.</summary>
sealed record SwitchCalled : SwitchRecord
{
    public required string Migration { get; init; }
    public required string EvidenceDigest { get; init; }
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Hashes of the tokens on which the call rests.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }
}

/// <summary>The cmdlet came back, and the flag was read.</summary>
sealed record SwitchReturned : SwitchRecord
{
    /// <summary>What the cmdlet said when it failed.</summary>
    public string? CmdletError { get; init; }

    /// <summary>The flag after the call; null is unknown.</summary>
    public bool? Reads { get; init; }
}
