using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Assessment;

/// <summary>The order in which groups come into Cloud Sync's scope: one, one of every kind, 10, 100, 1,000, the rest.</summary>
/// <remarks>
/// Every group is in exactly one ring. A group's planned children are in its ring or in an earlier one: Cloud Sync writes the membership of
/// a child only when the child is in scope, and would remove it otherwise.
/// </remarks>
public static class RingPlanner
{
    static readonly int[] Sizes = [10, 100, 1_000];

    /// <param name="groups">The planned groups.</param>
    /// <param name="classified">What is known of them; groups of which nothing is known come last, together.</param>
    /// <param name="kept">Groups whose own name or place an extension property keeps: a kind of their own.</param>
    public static IReadOnlyList<IReadOnlyList<GroupIdentity>> Plan(
        IReadOnlyList<GroupIdentity> groups, IReadOnlyList<ClassifiedGroup> classified, IReadOnlySet<Guid>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(classified);
        var known = classified.Where(g => g.CloudId is not null).GroupBy(g => g.CloudId!.Value).ToDictionary(g => g.Key, g => g.First());
        var planned = groups.DistinctBy(g => g.CloudId).OrderBy(g => g.CloudId).ToDictionary(g => g.CloudId);
        var board = new Board(planned.Keys, known);
        var rings = new List<IReadOnlyList<GroupIdentity>>();

        void Close(IReadOnlyList<Guid> ring)
        {
            if (ring.Count > 0)
            {
                rings.Add([.. ring.Order().Select(id => planned[id])]);
            }
        }

        Close(board.Take(board.Smallest(g => IsOrdinaryLeaf(g) && kept?.Contains(g.CloudId!.Value) != true) ?? board.Smallest(_ => true)));
        Close([.. Kinds(kept).SelectMany(kind => board.Take(kind(board)))]);
        foreach (var size in Sizes)
        {
            Close(board.TakeUpTo(size));
        }

        Close(board.TakeRest());
        return rings;
    }

    static bool IsOrdinaryLeaf(ClassifiedGroup group)
        => group is { Children.Count: 0, Members: > 0, SpecialCharacters: false, DeviceMembers: false, SyncedGroupMembers: false };

    static IEnumerable<Func<Board, Guid?>> Kinds(IReadOnlySet<Guid>? kept) =>
    [
        board => board.Smallest(g => g.Children.Count > 0),
        board => board.Smallest(g => g.Members == 0),
        board => board.Largest(),
        board => board.Smallest(g => g.SpecialCharacters),
        board => board.Smallest(g => g.DeviceMembers),
        board => board.Smallest(g => g.SyncedGroupMembers),
        board => board.Smallest(g => kept?.Contains(g.CloudId!.Value) == true),
    ];

    sealed class Board(IEnumerable<Guid> planned, Dictionary<Guid, ClassifiedGroup> known)
    {
        readonly SortedSet<Guid> _open = [.. planned];

        /// <summary>The group with the fewest groups behind it, of those of a kind.</summary>
        public Guid? Smallest(Func<ClassifiedGroup, bool> kind)
            => Known().Where(g => kind(g)).Select(g => g.CloudId).OrderBy(id => Closure(id!.Value).Count).ThenBy(id => id).FirstOrDefault();

        public Guid? Largest()
            => Known().Where(g => g.Members > 0).OrderByDescending(g => g.Members).ThenBy(g => g.CloudId).Select(g => g.CloudId).FirstOrDefault();

        public List<Guid> Take(Guid? group)
        {
            var taken = group is { } id && _open.Contains(id) ? Closure(id) : [];
            _open.ExceptWith(taken);
            return taken;
        }

        public List<Guid> TakeUpTo(int size)
        {
            var ring = new List<Guid>();
            foreach (var id in Known().Select(g => g.CloudId!.Value).ToList())
            {
                if (ring.Count >= size)
                {
                    break;
                }

                // A closure that no longer fits waits for the next ring, unless it is larger than a whole ring: then it is one of its own.
                if (_open.Contains(id) && Closure(id) is var closure && (ring.Count == 0 || ring.Count + closure.Count <= size))
                {
                    ring.AddRange(closure);
                    _open.ExceptWith(closure);
                }
            }

            return ring;
        }

        public List<Guid> TakeRest()
        {
            List<Guid> rest = [.. _open];
            _open.Clear();
            return rest;
        }

        IEnumerable<ClassifiedGroup> Known() => _open.Where(known.ContainsKey).Select(id => known[id]);

        // The group and its children that are still open, and theirs. Nesting may be circular.
        List<Guid> Closure(Guid root)
        {
            var seen = new HashSet<Guid> { root };
            var queue = new Queue<Guid>([root]);
            while (queue.TryDequeue(out var id))
            {
                if (!known.TryGetValue(id, out var group))
                {
                    continue;
                }

                foreach (var child in group.Children.Where(child => _open.Contains(child) && seen.Add(child)))
                {
                    queue.Enqueue(child);
                }
            }

            return [.. seen];
        }
    }
}
