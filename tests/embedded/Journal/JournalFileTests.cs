using System.Text;
using GwbCloud.Journal;

namespace GwbCloud.Tests.Embedded.Journal;

public sealed class JournalFileTests : IDisposable
{
    readonly TempFolder _folder = new();

    string Path => _folder.File("a.journal");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(JournalDurability.Disk)]
    [InlineData(JournalDurability.Process)]
    public async Task Records_OfManyAppenders_AreReplayedInTheOrderOfTheCalls(JournalDurability durability)
    {
        var expected = Enumerable.Range(0, 500).Select(i => $"{i}:{new string('x', i)}").ToList();

        await using (var journal = JournalFile.Open(Path, durability: durability))
        {
            await Task.WhenAll(expected.Select(r => journal.AppendAsync(Encoding.UTF8.GetBytes(r)).AsTask()));
        }

        Assert.Equal(expected, Read(out long cut));
        Assert.Equal(0, cut);
    }

    /// <summary>On that the lab's kills rest: whoever ends the process there has nothing of the frame in the file.</summary>
    [Fact]
    public async Task Frame_IsAnnounced_BeforeItIsInTheFile()
    {
        byte[] record = [.. Guid.NewGuid().ToByteArray()];
        List<(long Offset, long Length)> announced = [];
        using var journal = JournalFile.Open(Path, durability: JournalDurability.Process);
        JournalFile.Writing = (file, frame, offset) =>
        {
            // Other tests have journals of their own.
            if (frame.IndexOf(record) >= 0) { announced.Add((offset, RandomAccess.GetLength(file))); }
        };

        await journal.AppendAsync(record);
        long second = new FileInfo(Path).Length;
        await journal.AppendAsync(record);
        JournalFile.Writing = null;
        await journal.AppendAsync(record);

        Assert.Equal([(8, 8), (second, second)], announced);
    }

    [Fact]
    public async Task Record_OfAcknowledgedAppend_IsThereAfterAbandon()
    {
        using var journal = JournalFile.Open(Path);
        await journal.AppendAsync("kept"u8.ToArray());

        journal.Abandon();

        Assert.Equal(["kept"], Read(out _));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.AppendAsync("late"u8.ToArray()));
    }

    [Fact]
    public async Task TornTail_AtEveryByte_IsCutToTheLastWholeFrame()
    {
        string[] records = ["one", "", "three"];
        var ends = new List<long>();
        using (var journal = JournalFile.Open(Path))
        {
            ends.Add(8);
            foreach (string record in records)
            {
                await journal.AppendAsync(Encoding.UTF8.GetBytes(record));
                ends.Add(new FileInfo(Path).Length);
            }
        }
        byte[] whole = await System.IO.File.ReadAllBytesAsync(Path, TestContext.Current.CancellationToken);

        for (int length = 0; length <= whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(Path, whole[..length]);
            int survivors = Math.Max(0, ends.FindLastIndex(e => e <= length));

            var read = Read(out long cut);

            Assert.Equal(records[..survivors], read);
            Assert.Equal(length < 8 ? length : length - ends[survivors], cut);
            Assert.Equal(ends[survivors], new FileInfo(Path).Length);
        }
    }

    [Fact]
    public async Task TornTail_OfZeroesOrGarbage_IsCut()
    {
        using (var journal = JournalFile.Open(Path)) { await journal.AppendAsync("kept"u8.ToArray()); }
        byte[] whole = System.IO.File.ReadAllBytes(Path);

        foreach (byte filler in new byte[] { 0, 0xFF, (byte)'G' })
        {
            System.IO.File.WriteAllBytes(Path, [.. whole, .. Enumerable.Repeat(filler, 5000)]);

            Assert.Equal(["kept"], Read(out long cut));
            Assert.Equal(5000, cut);
        }
    }

    [Fact]
    public async Task Damage_AtAnyByteBeforeTheLastFrame_IsRefusedAndLeftAlone()
    {
        long lastFrame;
        using (var journal = JournalFile.Open(Path))
        {
            await journal.AppendAsync("first"u8.ToArray());
            lastFrame = new FileInfo(Path).Length;
            await journal.AppendAsync("second"u8.ToArray());
        }
        byte[] whole = System.IO.File.ReadAllBytes(Path);

        for (int at = 0; at < lastFrame; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            System.IO.File.WriteAllBytes(Path, damaged);

            var error = Assert.Throws<JournalCorruptException>(() => Read(out _));

            Assert.Contains("damaged at byte", error.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, System.IO.File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void Open_WhileHeld_IsRefused()
    {
        using var holder = JournalFile.Open(Path);

        var error = Assert.Throws<JournalInUseException>(() => JournalFile.Open(Path));

        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_AfterReopen_FollowsWhatWasThere()
    {
        for (int i = 0; i < 3; i++)
        {
            using var journal = JournalFile.Open(Path);
            await journal.AppendAsync(Encoding.UTF8.GetBytes($"{i}"));
        }

        Assert.Equal(["0", "1", "2"], Read(out _));
    }

    [Fact]
    public async Task Record_LargerThanTheReadBuffer_IsReplayed()
    {
        byte[] large = new byte[3_000_000];
        Random.Shared.NextBytes(large);
        using (var journal = JournalFile.Open(Path))
        {
            await journal.AppendAsync(large);
            await journal.AppendAsync("after"u8.ToArray());
        }
        var read = new List<byte[]>();

        JournalFile.Open(Path, r => read.Add(r.ToArray())).Dispose();

        Assert.Equal(2, read.Count);
        Assert.Equal(large, read[0]);
    }

    List<string> Read(out long cut)
    {
        var records = new List<string>();
        using var journal = JournalFile.Open(Path, r => records.Add(Encoding.UTF8.GetString(r)));
        cut = journal.CutBytes;
        return records;
    }
}
