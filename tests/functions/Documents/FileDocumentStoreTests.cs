using System.Text;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Documents;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Documents;

public sealed class FileDocumentStoreTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly FileDocumentStore _store;

    public FileDocumentStoreTests() => _store = Stores.Open(_folder);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Content_SavedTwice_IsOneDocument()
    {
        var first = await _store.SaveAsync("plan", Bytes("content"), 1, Token);
        var second = await _store.SaveAsync("plan", Bytes("content"), 1, Token);

        Assert.Equal(first, second);
        Assert.Single(Directory.EnumerateFiles(_folder["content"], "*", SearchOption.AllDirectories));
        Assert.Equal("content", Encoding.UTF8.GetString(await _store.LoadAsync(first, Token)));
    }

    [Fact]
    public async Task Content_WrittenInPieces_IsTheDocumentThatItIsAsAWhole()
    {
        var whole = Document.OfList("list", Enumerable.Range(0, 50_000));

        var saved = await _store.SaveListAsync("list", Enumerable.Range(0, 50_000), Token);

        Assert.Equal(whole.Reference, saved);
        Assert.Equal(whole.Content.ToArray(), await _store.LoadAsync(saved, Token));
        Assert.Equal(Enumerable.Range(0, 50_000), await _store.LoadListAsync<int>(saved, Token));
    }

    [Fact]
    public async Task Content_WhoseWriterFails_LeavesNothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.SaveListAsync("list", Failing(), Token));

        Assert.Empty(Directory.EnumerateFiles(_folder["content"], "*", SearchOption.AllDirectories));

        static IEnumerable<int> Failing()
        {
            yield return 1;
            throw new InvalidOperationException("The source fails.");
        }
    }

    [Fact]
    public async Task List_OfAnotherNumberOfEntries_IsRefused()
    {
        var saved = await _store.SaveListAsync("list", [1, 2, 3], Token);

        await Assert.ThrowsAsync<DocumentException>(() => _store.LoadListAsync<int>(saved with { Count = 2 }, Token));
    }

    [Theory]
    [InlineData("contenu")]
    [InlineData("longer content")]
    [InlineData("")]
    public async Task Content_ChangedOnDisk_IsFound(string damage)
    {
        var reference = await _store.SaveAsync("plan", Bytes("content"), 1, Token);

        await File.WriteAllTextAsync(Single("content"), damage, Token);

        await Assert.ThrowsAsync<DocumentException>(() => _store.LoadAsync(reference, Token));
        await Assert.ThrowsAsync<DocumentException>(() => (Task)_store.OpenAsync(reference, Token));
    }

    [Fact]
    public async Task Content_OpenWhileItIsReplaced_StaysWhatItWas()
    {
        var reference = await _store.SaveAsync("plan", Bytes("content"), 1, Token);

        await using var open = await _store.OpenAsync(reference, Token);
        var (path, fresh) = (Single("content"), _folder["fresh"]);
        await File.WriteAllTextAsync(fresh, "contenu", Token);
        File.Move(fresh, path, overwrite: true);
        using var reader = new StreamReader(open);

        Assert.Equal("content", await reader.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Entries_ReadOneByOne_AreThoseOfTheList()
    {
        var reference = await _store.SaveListAsync("numbers", Enumerable.Range(0, 10_000), Token);
        var broken = await _store.SaveAsync("numbers", Bytes("[1,2,\"x\"]"), 3, Token);

        Assert.Equal(Enumerable.Range(0, 10_000), await _store.EntriesAsync<int>(reference, Token).ToListAsync(Token));
        await Assert.ThrowsAsync<DocumentException>(async () => await _store.EntriesAsync<int>(broken, Token).ToListAsync(Token));
        await Assert.ThrowsAsync<DocumentException>(async () => await _store.EntriesAsync<int>(reference with { Sha256 = new string('a', 64) }, Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Content_DamagedAndSavedAgain_IsWhole()
    {
        var reference = await _store.SaveAsync("plan", Bytes("content"), 1, Token);
        await File.WriteAllTextAsync(Single("content"), "contenu", Token);

        await _store.SaveAsync("plan", Bytes("content"), 1, Token);

        Assert.Equal("content", Encoding.UTF8.GetString(await _store.LoadAsync(reference, Token)));
    }

    [Fact]
    public async Task Content_NeverSaved_IsMissing()
    {
        var reference = DocumentReference.Of("plan", "nobody saved this"u8);

        await Assert.ThrowsAsync<DocumentException>(() => _store.LoadAsync(reference, Token));
    }

    [Fact]
    public async Task Reference_WithAPathForHash_IsRefused()
    {
        var reference = DocumentReference.Of("plan", "x"u8) with { Sha256 = "../../../etc/passwd" };

        await Assert.ThrowsAsync<DocumentException>(() => _store.LoadAsync(reference, Token));
    }

    [Fact]
    public async Task Named_ManyWritersWithOneETag_OnlyOneWins()
    {
        await _store.WriteAsync("migrations/m/view", Bytes("0"), "", Token);
        var etag = (await _store.ReadAsync("migrations/m/view", Token))!.ETag;

        var wins = await Task.WhenAll(Enumerable.Range(1, 20).Select(n => Task.Run(() => _store.WriteAsync("migrations/m/view", Bytes($"{n}"), etag, Token), Token)));

        Assert.Single(wins, won => won);
    }

    [Fact]
    public async Task Named_EmptyETag_WritesOnlyWhereNothingIs()
    {
        Assert.True(await _store.WriteAsync("a/b", Bytes("1"), "", Token));
        Assert.False(await _store.WriteAsync("a/b", Bytes("2"), "", Token));
        Assert.False(await _store.WriteAsync("a/c", Bytes("2"), "0123", Token));
        Assert.True(await _store.WriteAsync("a/b", Bytes("3"), null, Token));

        Assert.Equal("3", Encoding.UTF8.GetString((await _store.ReadAsync("a/b", Token))!.Content));
    }

    [Fact]
    public async Task Named_ChangedOnDisk_IsFound()
    {
        await _store.WriteAsync("a/b", Bytes("content"), null, Token);
        var path = Single("named");

        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Token)).Replace("content", "contenu", StringComparison.Ordinal), Token);

        await Assert.ThrowsAsync<DocumentException>(() => _store.ReadAsync("a/b", Token));
    }

    [Fact]
    public async Task Named_OneNameBelowAnother_AreBothKept()
    {
        await _store.WriteAsync("a", Bytes("1"), null, Token);
        await _store.WriteAsync("a/b", Bytes("2"), null, Token);

        Assert.Equal(["a", "a/b"], await _store.NamesAsync("", Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("A")]
    [InlineData("a\\b")]
    [InlineData("a~")]
    [InlineData(".hidden")]
    [InlineData("a.")]
    public async Task Name_ThatCouldLeaveTheFolder_IsRefused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _store.WriteAsync(name, Bytes("x"), null, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _store.ReadAsync(name, Token));
    }

    [Fact]
    public async Task List_WithAPrefix_GivesTheNamesInOrder()
    {
        foreach (var name in new[] { "m/b/view", "m/a/view", "m/a/request", "other", "ma" })
        {
            await _store.WriteAsync(name, Bytes("x"), null, Token);
        }

        Assert.Equal(["m/a/request", "m/a/view", "m/b/view"], await _store.NamesAsync("m/", Token));
        Assert.Equal(["m/a/request", "m/a/view"], await _store.NamesAsync("m/a", Token));
        Assert.Empty(await _store.NamesAsync("nothing/", Token));
    }

    [Fact]
    public async Task List_ReadAsAnotherType_IsADocumentException()
    {
        var reference = await _store.SaveListAsync("names", ["a", "b"], Token);

        Assert.Equal(2, reference.Count);
        Assert.Equal(["a", "b"], await _store.LoadListAsync<string>(reference, Token));
        await Assert.ThrowsAsync<DocumentException>(() => _store.LoadListAsync<Guid>(reference, Token));
        await Assert.ThrowsAsync<DocumentException>(() => _store.LoadListAsync<string>(reference with { Count = 3 }, Token));
    }

    [Fact]
    public async Task Named_CountedUpThroughTwoStoresOfOneFolder_LosesNothing()
    {
        using var other = Stores.Open(_folder);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => CountAsync(n % 2 == 0 ? _store : other), Token)));

        Assert.Equal(200, (await _store.ReadOneAsync<Counter>("counter", Token))?.Value);

        static async Task CountAsync(FileDocumentStore store)
        {
            for (var step = 0; step < 25; step++)
            {
                await store.ChangeOneAsync<Counter>("counter", before => Task.FromResult<Counter?>(new() { Value = (before?.Value ?? 0) + 1 }), Token);
            }
        }
    }

    [Fact]
    public async Task Lock_HeldByAnotherProcess_KeepsWritersWaitingUntilItIsFree()
    {
        using var here = new FolderLock(_folder["lock"]);
        using var there = new FolderLock(_folder["lock"]);

        var first = await there.TakeAsync(Token);
        var second = here.TakeAsync(Token);
        var waits = !second.IsCompleted;
        first.Dispose();
        using var turn = await second;

        Assert.True(waits);
    }

    [Fact]
    public async Task SignIn_Deleted_IsGoneAndGoneItMayBeDeletedAgain()
    {
        var (name, kept) = (PassingName.SignIn(Sha256Text.Of("a"u8)), PassingName.Session(Sha256Text.Of("a"u8)));
        await _store.WriteAsync(name.Value, Bytes("1"), "", Token);
        await _store.WriteAsync(kept.Value, Bytes("1"), "", Token);
        var etag = (await _store.ReadAsync(name.Value, Token))!.ETag;

        var first = await _store.DeleteAsync(name, etag, Token);
        var again = await _store.DeleteAsync(name, etag, Token);
        var neverThere = await _store.DeleteAsync(PassingName.SignIn(Sha256Text.Of("b"u8)), null, Token);

        Assert.Equal((true, true, true), (first, again, neverThere));
        Assert.Null(await _store.ReadAsync(name.Value, Token));
        Assert.Equal([kept.Value], await _store.NamesAsync("", Token));
    }

    [Fact]
    public async Task SignIn_WrittenSince_IsNotDeletedByItsOldETag()
    {
        var name = PassingName.SignIn(Sha256Text.Of("a"u8));
        await _store.WriteAsync(name.Value, Bytes("1"), "", Token);
        var etag = (await _store.ReadAsync(name.Value, Token))!.ETag;
        await _store.WriteAsync(name.Value, Bytes("2"), null, Token);

        Assert.False(await _store.DeleteAsync(name, etag, Token));
        Assert.NotNull(await _store.ReadAsync(name.Value, Token));
        Assert.True(await _store.DeleteAsync(name, null, Token));
    }

    [Fact]
    public async Task SignIn_ThatIsDamaged_CanBeDeleted()
    {
        var name = PassingName.SignIn(Sha256Text.Of("a"u8));
        await _store.WriteAsync(name.Value, Bytes("1"), "", Token);
        await File.WriteAllTextAsync(Single("named"), "damaged", Token);

        Assert.True(await _store.DeleteAsync(name, null, Token));
        Assert.Empty(await _store.NamesAsync("", Token));
    }

    string Single(string part) => Directory.EnumerateFiles(_folder[part], "*", SearchOption.AllDirectories).Single();

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    sealed record Counter
    {
        public required int Value { get; init; }
    }
}
