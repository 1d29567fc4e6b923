namespace GwbCloud.Contracts.Envelopes;

/// <summary>How a command relates to what was seen before.</summary>
public enum ReplayState
{
    /// <summary>New: start a job.</summary>
    First,

    /// <summary>The same command again: answer with the same job.</summary>
    Repeat,

    /// <summary>The same id with other content: refuse.</summary>
    Conflict,

    /// <summary>No room to remember another one: refuse, so that nothing is ever forgotten early.</summary>
    Full,
}

/// <summary>The answer of the window.</summary>
public sealed record ReplayVerdict
{
    /// <summary>How the command relates to what was seen before.</summary>
    public required ReplayState State { get; init; }

    /// <summary>GWB7214 or GWB7215, when it is to be refused.</summary>
    public Refusal? Refusal { get; init; }
}

/// <summary>One remembered command, as the listener journals it.</summary>
public sealed record ReplayEntry
{
    /// <summary>Id of the command.</summary>
    public required string CommandId { get; init; }

    /// <summary><see cref="CommandEnvelope.CommandHash"/>.</summary>
    public required string CommandHash { get; init; }

    /// <summary>Latest expiry under which the command was seen.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Remembers verified commands until no copy of them could be accepted any more. Safe for concurrent use.</summary>
/// <param name="time">The clock that the verifier uses too.</param>
/// <param name="clockSkew">The verifier's skew: a command is accepted that long past its expiry, and must be remembered as long.</param>
/// <param name="capacity">Most commands remembered at once.</param>
public sealed class ReplayWindow(TimeProvider time, TimeSpan clockSkew, int capacity = 10_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReplayEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Compares a verified command with what is remembered, and remembers it.</summary>
    public ReplayVerdict Observe(CommandEnvelope command)
    {
        var entry = new ReplayEntry { CommandId = command.CommandId, CommandHash = command.CommandHash(), ExpiresAt = command.ExpiresAt };
        lock (_gate)
        {
            Forget();
            if (_entries.TryGetValue(entry.CommandId, out var known))
            {
                return Compare(known, entry);
            }

            if (_entries.Count >= capacity)
            {
                return new() { State = ReplayState.Full, Refusal = ContractError.ReplayWindowFull.Because() };
            }

            _entries.Add(entry.CommandId, entry);
            return new() { State = ReplayState.First };
        }
    }

    /// <summary>What is remembered now, in the order of ids.</summary>
    public IReadOnlyList<ReplayEntry> Export()
    {
        lock (_gate)
        {
            Forget();
            return [.. _entries.Values.OrderBy(entry => entry.CommandId, StringComparer.Ordinal)];
        }
    }

    /// <summary>Remembers what was exported or journalled before; later lines of one id extend its expiry.</summary>
    /// <exception cref="ContractException">GWB7214 when the entries contradict each other: the journal was altered.</exception>
    public void Restore(IEnumerable<ReplayEntry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                if (!_entries.TryGetValue(entry.CommandId, out var known))
                {
                    _entries.Add(entry.CommandId, entry);
                }
                else if (Compare(known, entry).State == ReplayState.Conflict)
                {
                    throw ContractError.CommandConflict.Exception(entry.CommandId);
                }
            }

            Forget();
        }
    }

    private ReplayVerdict Compare(ReplayEntry known, ReplayEntry entry)
    {
        if (!string.Equals(known.CommandHash, entry.CommandHash, StringComparison.Ordinal))
        {
            return new() { State = ReplayState.Conflict, Refusal = ContractError.CommandConflict.Because() };
        }

        if (entry.ExpiresAt > known.ExpiresAt)
        {
            _entries[entry.CommandId] = entry;
        }

        return new() { State = ReplayState.Repeat };
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var entry in _entries.Values.Where(entry => now - entry.ExpiresAt >= clockSkew).ToList())
        {
            _entries.Remove(entry.CommandId);
        }
    }
}
