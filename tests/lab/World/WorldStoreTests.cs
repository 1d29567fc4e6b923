using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.World;

public sealed class WorldStoreTests : IDisposable
{
    sealed record Row(int Number, bool Flag = true, IReadOnlyList<Guid>? Ids = null, string? Note = null)
    {
        public string Computed => $"row {Number}";
    }

    readonly TempFolder _folder = new();

    string Path => _folder.File("world.journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Change_ThatThrows_LeavesNothingBehind()
    {
        await using var store = WorldStore.Open(Path);
        var rows = store.Table<Row>("rows");
        var byNote = store.Read(() => rows.IndexBy(r => r.Note));
        await store.ChangeAsync(c => rows.Put(c, "a", new Row(1, Note: "x")));

        await Assert.ThrowsAsync<FormatException>(async () => await store.ChangeAsync(c =>
        {
            rows.Put(c, "a", new Row(2));
            rows.Put(c, "b", new Row(3, Note: "x"));
            throw new FormatException();
        }));

        Assert.Equal([new Row(1, Note: "x")], store.Read(() => rows.Values.ToList()));
        Assert.Equal(["a"], store.Read(() => byNote["X"].ToList()));
    }

    [Fact]
    public async Task Table_ReadOutsideTheLock_IsRefused()
    {
        await using var store = WorldStore.Open(null);
        var rows = store.Table<Row>("rows");
        WorldChange? kept = null;
        await store.ChangeAsync(c => kept = c);

        Assert.Throws<InvalidOperationException>(() => rows.Count);
        Assert.Throws<InvalidOperationException>(() => rows.Put(kept!, "a", new Row(1)));
    }

    [Fact]
    public async Task Store_CutAtEveryRecord_ReopensWithTheStateAfterAWholeNumberOfChanges()
    {
        var lengths = new List<long>();
        var states = new List<List<string>>();
        await using (var store = WorldStore.Open(Path))
        {
            var rows = store.Table<Row>("rows");
            var others = store.Table<Row>("others");
            Note();
            for (int i = 0; i < 60; i++)
            {
                int n = i;
                await store.ChangeAsync(c =>
                {
                    rows.Put(c, $"{n % 7}", new Row(n, n % 2 == 0, [new Guid(n, 0, 0, new byte[8])], n % 3 == 0 ? null : "ü\"<"));
                    others.Put(c, $"{n}", new Row(n));
                    if (n % 4 == 3) { rows.Delete(c, $"{(n + 2) % 7}"); }
                    if (n % 5 == 4) { others.Delete(c, $"{n - 2}"); }
                });
                Note();
            }

            void Note()
            {
                lengths.Add(new FileInfo(Path).Length);
                states.Add(State(store));
            }
        }
        byte[] whole = await System.IO.File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken);

        for (int i = 0; i < lengths.Count; i++)
        {
            // A whole number of records, and the next one torn.
            int torn = i + 1 < lengths.Count ? (int)((lengths[i + 1] - lengths[i]) / 2) : 0;
            string path = _folder.File($"cut{i}.journal");
            await System.IO.File.WriteAllBytesAsync(path, whole[..((int)lengths[i] + torn)], TestContext.Current.CancellationToken);

            await using var store = WorldStore.Open(path);

            Assert.Equal(states[i], State(store));
        }
    }

    [Fact]
    public async Task Change_LargerThanARecord_IsThereWholeOrNotAtAll()
    {
        string large = new('x', 9 * 1024 * 1024);
        await using (var store = WorldStore.Open(Path))
        {
            var rows = store.Table<Row>("rows");
            await store.ChangeAsync(c => rows.Put(c, "before", new Row(0)));
            await store.ChangeAsync(c =>
            {
                for (int i = 1; i <= 3; i++) { rows.Put(c, $"{i}", new Row(i, Note: large)); }
            });
        }
        await using (var store = WorldStore.Open(Path)) { Assert.Equal([1, 2, 3, 0], Numbers(store)); }

        using (var file = System.IO.File.OpenWrite(Path)) { file.SetLength(file.Length - 1); }
        await using (var store = WorldStore.Open(Path))
        {
            Assert.Equal([0], Numbers(store));
            await store.ChangeAsync(c => store.Table<Row>("rows").Put(c, "later", new Row(4)));
        }

        await using var again = WorldStore.Open(Path);
        Assert.Equal([0, 4], Numbers(again));

        static List<int> Numbers(WorldStore store) => store.Table<Row>("rows") is var rows ? store.Read(() => rows.Values.Select(r => r.Number).ToList()) : [];
    }

    [Fact]
    public async Task Store_WithAJournalOfOldValues_IsCompactedAtOpeningAndTheSame()
    {
        await using (var store = WorldStore.Open(Path))
        {
            var rows = store.Table<Row>("rows");
            for (int i = 0; i < 11_000; i++)
            {
                int n = i;
                await store.ChangeAsync(c => rows.Put(c, $"{n % 10}", new Row(n)));
            }
        }
        long before = new FileInfo(Path).Length;

        await using (var store = WorldStore.Open(Path))
        {
            Assert.True(new FileInfo(Path).Length < before / 100);
            await store.ChangeAsync(c => store.Table<Row>("rows").Put(c, "0", new Row(-1)));
        }

        await using var again = WorldStore.Open(Path);
        Assert.Equal([-1, .. Enumerable.Range(10_991, 9)], again.Read(() => again.Table<Row>("rows").Values.Select(r => r.Number).ToList()));
    }

    static List<string> State(WorldStore store)
    {
        var (rows, others) = (store.Table<Row>("rows"), store.Table<Row>("others"));
        return store.Read(() => rows.Keys.Zip(rows.Values).Concat(others.Keys.Zip(others.Values))
            .Select(r => $"{r.First}={r.Second.Number},{r.Second.Flag},{string.Join('/', r.Second.Ids ?? [])},{r.Second.Note}").ToList());
    }
}
