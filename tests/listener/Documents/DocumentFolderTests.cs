using GwbCloud.Contracts;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.RelayListener.Documents;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Contracts;

namespace GwbCloud.Tests.Listener.Documents;

public sealed class DocumentFolderTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gwb-documents-");
    readonly ManualClock _clock = new(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
    DocumentFolder _documents;

    public DocumentFolderTests() => _documents = Open();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _documents.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Entries_OfAList_ComeOneByOneInTheirOrder()
    {
        var numbers = Enumerable.Range(0, 20_000).Select(number => $"entry {number}").ToList();
        var reference = await UploadAsync(Document.OfList("entries", numbers));

        var read = new List<string>();
        await foreach (string entry in _documents.ReadEntriesAsync<string>(reference, Cancellation)) { read.Add(entry); }

        Assert.Equal(numbers, read);
    }

    [Fact]
    public async Task Entries_OfAFileThatWasChangedOnDisk_NeverComeAndTheDocumentCanBeUploadedAgain()
    {
        var document = Document.OfList("entries", ["honest"]);
        var reference = await UploadAsync(document);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, $"{reference.Sha256}.json"), "[\n\"forged\"\n]\n", Cancellation);

        var refused = await Assert.ThrowsAsync<CommandFailedException>(async () => await FirstAsync(reference));

        Assert.Equal(JobError.DocumentUnknown.Code, refused.Error.Code);
        Assert.False(_documents.Has(reference.Sha256));
        await UploadAsync(document);
        Assert.Equal("honest", await FirstAsync(reference));
    }

    [Theory]
    [InlineData("[\"a\"]", 2)]
    [InlineData("[\"a\",\"b\",\"c\"]", 2)]
    [InlineData("[\"a\",null]", 2)]
    [InlineData("[\"a\",7]", 2)]
    [InlineData("{}", 1)]
    [InlineData("[\"a\"", 1)]
    public async Task Entries_ThatAreNotAsTheReferenceSays_AreRefused(string json, int count)
    {
        var reference = await UploadAsync(Document.Of("entries", System.Text.Encoding.UTF8.GetBytes(json), count));

        var refused = await Assert.ThrowsAsync<ContractException>(async () =>
        {
            await foreach (string entry in _documents.ReadEntriesAsync<string>(reference, Cancellation)) { Assert.NotNull(entry); }
        });

        Assert.Equal(ContractError.DocumentNotAList.Code, refused.Refusal.Code);
    }

    [Fact]
    public async Task List_WrittenEntryByEntry_IsTheSameDocumentAsOneWrittenAtOnce()
    {
        string[] entries = ["a", "b", "ä"];

        var reference = await _documents.WriteAsync("entries", content => Document.WriteListAsync(content, entries.ToAsyncEnumerable(), Cancellation), Cancellation);

        Assert.Equal(Document.OfList("entries", entries).Reference, reference);
        Assert.Equal(entries, await _documents.ReadListAsync<string>(reference, Cancellation));
    }

    [Fact]
    public async Task Upload_WhoseLastPartWasStoredBeforeAKillButNotJoined_IsJoinedByTheRepeatedPart()
    {
        var document = Document.Of("test", new byte[60_000]);
        var parts = DocumentParts.Split(document.Content);
        await _documents.AcceptAsync(document.Reference.Sha256, 0, 2, parts[0], Cancellation);
        string upload = Assert.Single(Directory.GetDirectories(_folder.FullName));
        await File.WriteAllBytesAsync(Path.Combine(upload, "1.part"), parts[1].ToArray(), Cancellation);

        Reopen();
        var verdict = await _documents.AcceptAsync(document.Reference.Sha256, 1, 2, parts[1], Cancellation);

        Assert.Equal(PartState.Completed, verdict.State);
        Assert.Empty(Directory.GetDirectories(_folder.FullName));
    }

    [Fact]
    public async Task Part_OfAnotherTotalOrContentThanBefore_IsRefused()
    {
        var document = Document.Of("test", new byte[60_000]);
        string sha256 = document.Reference.Sha256;
        var parts = DocumentParts.Split(document.Content);
        await _documents.AcceptAsync(sha256, 0, 2, parts[0], Cancellation);
        var other = parts[0].ToArray();
        other[7] = 1;

        Assert.Equal(ContractError.PartOutOfRange.Code, (await _documents.AcceptAsync(sha256, 0, 3, parts[0], Cancellation)).Refusal?.Code);
        Assert.Equal(ContractError.PartChanged.Code, (await _documents.AcceptAsync(sha256, 0, 2, other, Cancellation)).Refusal?.Code);
        Assert.Equal(ContractError.PartSizeWrong.Code, (await _documents.AcceptAsync(sha256, 0, 2, parts[1], Cancellation)).Refusal?.Code);
        Assert.Equal(ContractError.PartOutOfRange.Code, (await _documents.AcceptAsync(sha256, 2, 2, parts[1], Cancellation)).Refusal?.Code);
    }

    [Fact]
    public async Task Folder_ThatIsFull_LetsGoOfWhatNobodyAskedForLongestButNeverOfWhatMayBeWaitedFor()
    {
        Reopen(maxBytes: 100_000);
        var old = await UploadAsync(Document.Of("old", new byte[40_000]));
        var asked = await UploadAsync(Document.Of("asked", new byte[40_001]));

        var early = await _documents.AcceptAsync(Sha256Text.Of(new byte[40_002]), 0, 1, new byte[40_002], Cancellation);
        _clock.Now += DocumentFolder.KeptAtLeast + TimeSpan.FromHours(1);
        Assert.True(_documents.Has(asked.Sha256));
        var late = await _documents.AcceptAsync(Sha256Text.Of(new byte[40_002]), 0, 1, new byte[40_002], Cancellation);

        Assert.Equal(JobError.DocumentsFull.Code, early.Refusal?.Code);
        Assert.Equal(PartState.Completed, late.State);
        Assert.False(_documents.Has(old.Sha256));
        Assert.True(_documents.Has(asked.Sha256));
    }

    [Fact]
    public async Task Upload_ThatWasGivenUp_MakesRoom()
    {
        Reopen(maxBytes: 60_000);
        await _documents.AcceptAsync(Sha256Text.Of(new byte[90_000]), 0, 2, new byte[DocumentParts.MaxPartBytes], Cancellation);
        var next = Document.Of("next", new byte[20_000]);

        Assert.Equal(JobError.DocumentsFull.Code, (await _documents.AcceptAsync(next.Reference.Sha256, 0, 1, next.Content, Cancellation)).Refusal?.Code);
        _clock.Now += DocumentFolder.UploadLife + TimeSpan.FromMinutes(1);

        Assert.Equal(PartState.Completed, (await _documents.AcceptAsync(next.Reference.Sha256, 0, 1, next.Content, Cancellation)).State);
    }

    [Fact]
    public async Task Documents_OfAByteEach_FillTheFolderByTheRoomTheyTake()
    {
        Reopen(maxBytes: 8 * DocumentFolder.SmallestRoom);
        int taken = 0;
        PartVerdict verdict;
        do
        {
            byte[] content = [(byte)taken];
            verdict = await _documents.AcceptAsync(Sha256Text.Of(content), 0, 1, content, Cancellation);
        }
        while (verdict.Refusal is null && taken++ < 100);

        Assert.Equal(JobError.DocumentsFull.Code, verdict.Refusal?.Code);
        Assert.Equal(8, taken);
    }

    [Fact]
    public async Task Uploads_ThatNobodyFinishes_AreLimitedUntilTheyAreGivenUp()
    {
        byte[] last = [1];
        for (int i = 0; i < DocumentFolder.MaxUploads; i++)
        {
            Assert.Equal(PartState.Stored, (await _documents.AcceptAsync(Sha256Text.Of(BitConverter.GetBytes(i)), 1, 2, last, Cancellation)).State);
        }
        string another = Sha256Text.Of("another"u8);

        Assert.Equal(JobError.DocumentsFull.Code, (await _documents.AcceptAsync(another, 1, 2, last, Cancellation)).Refusal?.Code);
        _clock.Now += DocumentFolder.UploadLife + TimeSpan.FromMinutes(1);
        Assert.Equal(PartState.Stored, (await _documents.AcceptAsync(another, 1, 2, last, Cancellation)).State);
    }

    [Fact]
    public async Task Document_WhoseSourceFailsInTheMiddle_LeavesNothingBehind()
    {
        await Assert.ThrowsAsync<IOException>(() => _documents.WriteAsync("entries", async content =>
        {
            await content.WriteAsync(new byte[200_000], Cancellation);
            throw new IOException("The directory went away.");
        }, Cancellation));

        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task Start_LetsGoOfWhatNobodyAskedForInMonths()
    {
        var reference = await UploadAsync(Document.Of("old", new byte[10]));

        _clock.Now += DocumentFolder.KeptAtMost + TimeSpan.FromDays(1);
        Reopen();

        Assert.False(_documents.Has(reference.Sha256));
    }

    DocumentFolder Open(long maxBytes = 1 << 30) => new(_folder.FullName, maxBytes, JournalDurability.Process, _clock);

    void Reopen(long maxBytes = 1 << 30)
    {
        _documents.Dispose();
        _documents = Open(maxBytes);
    }

    async Task<string> FirstAsync(DocumentReference reference)
    {
        await foreach (string entry in _documents.ReadEntriesAsync<string>(reference, Cancellation)) { return entry; }
        throw new InvalidOperationException("The list is empty.");
    }

    async Task<DocumentReference> UploadAsync(Document document)
    {
        int index = 0;
        PartVerdict? last = null;
        foreach (var part in DocumentParts.Split(document.Content))
        {
            last = await _documents.AcceptAsync(document.Reference.Sha256, index++, document.Reference.Parts, part, Cancellation);
        }
        Assert.Equal(PartState.Completed, last!.State);
        return document.Reference;
    }
}
