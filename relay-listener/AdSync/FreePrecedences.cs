using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Chooses precedences: unique on the server, below 100, as low as possible so that no other custom rule wins over ours.</summary>
static class FreePrecedences
{
    /// <summary>Highest that a custom rule may have, so that standard rules stay behind it.</summary>
    const int Highest = 99;

    /// <summary>How many numbers a rule could still take.</summary>
    public static int Count(IReadOnlyList<SyncRule> rules) => Free(rules).Count;

    /// <summary>The smallest unused numbers, next to each other where two such are free below every other custom rule.</summary>
    /// <param name="rules">All rules of the server.</param>
    /// <param name="connectors">Connectors of the new rules; other custom rules there should come after ours.</param>
    /// <param name="count">How many are needed: 1 or 2.</param>
    /// <exception cref="CommandFailedException">GWB6207.</exception>
    public static IReadOnlyList<int> Choose(IReadOnlyList<SyncRule> rules, IReadOnlyCollection<Guid> connectors, int count)
    {
        var free = Free(rules);
        if (free.Count < count) { throw AdSyncError.NoFreePrecedence.Exception(null, transient: false); }

        int firstCustom = rules.Where(rule => !rule.IsStandardRule && connectors.Contains(rule.Connector))
            .Select(rule => rule.Precedence).DefaultIfEmpty(Highest + 1).Min();
        int pair = count == 2 ? free.FindIndex(precedence => precedence + 1 < firstCustom && free.Contains(precedence + 1)) : -1;
        return pair >= 0 ? [free[pair], free[pair] + 1] : free[..count];
    }

    static List<int> Free(IReadOnlyList<SyncRule> rules)
    {
        var used = rules.Select(rule => rule.Precedence).ToHashSet();
        return [.. Enumerable.Range(1, Highest).Where(precedence => !used.Contains(precedence))];
    }
}
