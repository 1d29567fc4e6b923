namespace GwbCloud.Functions.Operations.Changes;

/// <summary>Decides about single values: what is written, what is ours, what is left. Pure.</summary>
public static class ValueJudge
{
    /// <summary>Before anything of a part is written: what will be, as the values are now and not as they were planned.</summary>
    /// <param name="changes">The part's lines of the plan.</param>
    /// <param name="now">The values as they are; who is gone is missing.</param>
    public static KeptPart Keep(IEnumerable<ValueChange> changes, IReadOnlyDictionary<string, string> now)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(now);
        List<KeptValue> kept = [];
        List<LeftValue> left = [];
        var alreadySo = 0;
        foreach (var change in changes)
        {
            if (!now.TryGetValue(change.Target, out var value)) { left.Add(Left(change, "it is gone")); }
            else if (value == change.After) { alreadySo++; }
            else if (value != change.Before) { left.Add(Left(change, $"somebody changed it since the plan, from {change.Before} to {value}")); }
            else { kept.Add(new() { Target = change.Target, Name = change.Name, Before = value, After = change.After }); }
        }

        return new() { Values = kept, AlreadySo = alreadySo, Left = left };
    }

    /// <summary>What of a kept part is still to be written: what reads as before. What reads as we write it is ours already.</summary>
    public static IReadOnlyList<KeptValue> ToWrite(KeptPart part, IReadOnlyDictionary<string, string> now)
    {
        ArgumentNullException.ThrowIfNull(part);
        return [.. part.Values.Where(kept => now.GetValueOrDefault(kept.Target) == kept.Before)];
    }

    /// <summary>What of a kept part is to be taken back: only what still reads as we wrote it.</summary>
    public static IReadOnlyList<KeptValue> ToRevert(KeptPart part, IReadOnlyDictionary<string, string> now)
    {
        ArgumentNullException.ThrowIfNull(part);
        return [.. part.Values.Where(kept => now.GetValueOrDefault(kept.Target) == kept.After)];
    }

    /// <summary>After the writes: what is ours, and what is not as it should be.</summary>
    /// <param name="part">What was kept.</param>
    /// <param name="now">The values as they read back.</param>
    /// <param name="refused">Why single writes were refused, by target.</param>
    public static (int Ours, IReadOnlyList<LeftValue> Left) AfterWrite(
        KeptPart part, IReadOnlyDictionary<string, string> now, IReadOnlyDictionary<string, string> refused)
    {
        ArgumentNullException.ThrowIfNull(part);
        var ours = part.Values.Count(kept => now.GetValueOrDefault(kept.Target) == kept.After);
        return (ours, [.. part.Left, .. Deviating(part, now, refused, kept => kept.After)]);
    }

    /// <summary>After the way back: what is still ours, and what is not as it was.</summary>
    public static (int Ours, IReadOnlyList<LeftValue> Left) AfterRevert(
        KeptPart part, IReadOnlyDictionary<string, string> now, IReadOnlyDictionary<string, string> refused)
    {
        ArgumentNullException.ThrowIfNull(part);
        var ours = part.Values.Count(kept => now.GetValueOrDefault(kept.Target) == kept.After);
        return (ours, [.. Deviating(part, now, refused, kept => kept.Before)]);
    }

    static IEnumerable<LeftValue> Deviating(
        KeptPart part, IReadOnlyDictionary<string, string> now, IReadOnlyDictionary<string, string> refused, Func<KeptValue, string> wanted)
    {
        foreach (var kept in part.Values)
        {
            var value = now.GetValueOrDefault(kept.Target);
            if (value == wanted(kept)) { continue; }
            yield return new()
            {
                Target = kept.Target,
                Name = kept.Name,
                Why = value is null ? "it is gone"
                    : refused.GetValueOrDefault(kept.Target) is { } why ? why
                    : $"it reads {value}, not {wanted(kept)}",
            };
        }
    }

    static LeftValue Left(ValueChange change, string why) => new() { Target = change.Target, Name = change.Name, Why = why };
}
