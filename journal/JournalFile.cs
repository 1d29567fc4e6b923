using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace GwbCloud.Journal;

/// <summary>An append-only file of records: what was appended and acknowledged is there after a crash, in the order of the calls.</summary>
/// <remarks>
/// <para>Shape on disk: eight bytes of signature, then frames. A frame is what one flush made durable: mark, length and CRC-32C (four
/// bytes each), its own offset in the file (eight bytes), then records, each with its length in front. All numbers are little-endian.</para>
/// <para>The next frame is written only after the one before it reached the disk. So an unreadable frame with nothing readable behind it
/// is the torn tail of a crash, never acknowledged, and is cut off; one with a readable frame behind it is damage, and is refused.</para>
/// <para>Safe for concurrent use. One process holds the file at a time.</para>
/// </remarks>
public sealed class JournalFile : IDisposable, IAsyncDisposable
{
    /// <summary>The largest record, in bytes.</summary>
    public const int MaxRecordBytes = 64 * 1024 * 1024;

    const int FrameHeaderBytes = 20;
    const int ReplayBufferBytes = 1024 * 1024;
    const uint FrameMark = 0x4A425747;
    static ReadOnlySpan<byte> Signature => "GWBJRNL1"u8;

    readonly object _gate = new();
    readonly SafeFileHandle _file;
    readonly JournalDurability _durability;
    Batch _filling = new();
    Batch _spare = new();
    long _end;
    bool _writing;
    bool _closed;
    Exception? _broken;

    JournalFile(string path, SafeFileHandle file, JournalDurability durability) => (Path, _file, _durability) = (path, file, durability);

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>Hears of every frame of every journal of this process before it is written; null but in rehearsals that end themselves there.</summary>
    internal static FrameWriting? Writing { get; set; }

    /// <summary>Bytes of a torn tail that <see cref="Open"/> cut off; 0 after an orderly end.</summary>
    public long CutBytes { get; private set; }

    /// <summary>Opens or creates the journal, hands each record to <paramref name="replay"/> in order, and repairs a torn tail.</summary>
    /// <param name="path">The file; its folder is created when it is missing.</param>
    /// <param name="replay">Called once for each record, before this method returns; the span is valid during the call only.</param>
    /// <param name="durability">How far an append goes before it is acknowledged.</param>
    /// <exception cref="JournalInUseException">Another process, or another part of this one, has the file open.</exception>
    /// <exception cref="JournalCorruptException">The file is no journal, or is damaged before its end; nothing is changed then.</exception>
    public static JournalFile Open(string path, Action<ReadOnlySpan<byte>>? replay = null, JournalDurability durability = JournalDurability.Disk)
    {
        path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new JournalInUseException(path, e);
        }
        var journal = new JournalFile(path, file, durability);
        try
        {
            journal.Replay(replay);
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends one record; completes after the record is as durable as the journal was opened for.</summary>
    /// <remarks>The bytes are copied before the call returns. Calls that arrive during a flush share the next one.</remarks>
    /// <exception cref="ObjectDisposedException">The journal was closed before the record was safe.</exception>
    /// <exception cref="IOException">The disk refused; the journal takes no further record, as it can't know what was written.</exception>
    public ValueTask AppendAsync(ReadOnlyMemory<byte> record)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(record.Length, MaxRecordBytes, nameof(record));
        Task durable;
        bool start;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_broken is not null) { throw new IOException($"The journal {Path} takes no more records: {_broken.Message}", _broken); }
            _filling.Add(record.Span);
            if (_durability == JournalDurability.Process)
            {
                // One write to the page cache is cheaper than any hand-over to another thread.
                WriteBatch(_filling);
                return ValueTask.CompletedTask;
            }
            durable = _filling.Durable.Task;
            start = !_writing;
            _writing = true;
        }
        if (start) { ThreadPool.UnsafeQueueUserWorkItem(static journal => journal.WriteUntilDrained(), this, preferLocal: false); }
        return new ValueTask(durable);
    }

    /// <summary>Closes at once, as a killed process would: what is not yet durable stays unacknowledged and is not written.</summary>
    public void Abandon()
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            if (_closed) { return; }
            _closed = true;
            waiting = _filling.Durable;
            // A write that has begun can't be called back; the file must be free for the next owner when this returns.
            while (_writing) { Monitor.Wait(_gate); }
            _file.Dispose();
        }
        waiting.TrySetException(new ObjectDisposedException(nameof(JournalFile)));
    }

    /// <summary>Closes after everything appended so far is durable.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? last = null;
        lock (_gate)
        {
            if (!_closed && _writing) { last = _filling.IsEmpty ? _spare.Durable.Task : _filling.Durable.Task; }
        }
        if (last is not null) { await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }
        Abandon();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    void WriteUntilDrained()
    {
        while (true)
        {
            Batch batch;
            lock (_gate)
            {
                if (_closed || _filling.IsEmpty || _broken is not null)
                {
                    _writing = false;
                    Monitor.PulseAll(_gate);
                    if (_broken is not null) { _filling.Durable.TrySetException(_broken); }
                    return;
                }
                (_filling, _spare) = (_spare, _filling);
                batch = _spare;
                _filling.Clear();
            }
            try
            {
                WriteBatch(batch);
                batch.Durable.TrySetResult();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                batch.Durable.TrySetException(e);
            }
        }
    }

    void WriteBatch(Batch batch)
    {
        try
        {
            var frame = batch.Seal(_end);
            Writing?.Invoke(_file, frame, _end);
            RandomAccess.Write(_file, frame, _end);
            if (_durability == JournalDurability.Disk) { RandomAccess.FlushToDisk(_file); }
            _end += batch.Length;
            if (_durability == JournalDurability.Process) { batch.Clear(); }
        }
        catch (Exception e)
        {
            // After a failed flush the page cache may claim what the disk does not have.
            _broken = e;
            throw;
        }
    }

    void Replay(Action<ReadOnlySpan<byte>>? replay)
    {
        long length = RandomAccess.GetLength(_file);
        Span<byte> signature = stackalloc byte[Signature.Length];
        int read = RandomAccess.Read(_file, signature, 0);
        if (!signature[..read].SequenceEqual(Signature[..read])) { throw new JournalCorruptException(Path, 0, "it does not begin as a journal does"); }
        if (read < Signature.Length)
        {
            // New, or the crash came while the file was being made.
            RandomAccess.SetLength(_file, 0);
            RandomAccess.Write(_file, Signature, 0);
            if (_durability == JournalDurability.Disk) { RandomAccess.FlushToDisk(_file); }
            _end = Signature.Length;
            CutBytes = length;
            return;
        }
        var reader = new FrameReader(_file, length, ReplayBufferBytes);
        long at = Signature.Length;
        while (at < length && reader.TryRead(at, out var records))
        {
            for (var rest = records; rest.Length > 0;)
            {
                int size = BinaryPrimitives.ReadInt32LittleEndian(rest);
                replay?.Invoke(rest.Slice(4, size));
                rest = rest[(4 + size)..];
            }
            at += FrameHeaderBytes + records.Length;
        }
        if (at < length)
        {
            if (reader.FindAfter(at) is { } later) { throw new JournalCorruptException(Path, at, $"a readable frame follows at byte {later}"); }
            RandomAccess.SetLength(_file, at);
            RandomAccess.FlushToDisk(_file);
            CutBytes = length - at;
        }
        _end = at;
    }

    /// <param name="file">The journal's file.</param>
    /// <param name="frame">What is written next, as a whole.</param>
    /// <param name="offset">Where in the file.</param>
    internal delegate void FrameWriting(SafeFileHandle file, ReadOnlySpan<byte> frame, long offset);

    /// <summary>The records that one flush will make durable, laid out as they go to the file.</summary>
    sealed class Batch
    {
        byte[] _bytes = new byte[4096];

        public int Length { get; private set; } = FrameHeaderBytes;

        public bool IsEmpty => Length == FrameHeaderBytes;

        public TaskCompletionSource Durable { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(ReadOnlySpan<byte> record)
        {
            int needed = checked(Length + 4 + record.Length);
            if (needed > _bytes.Length) { Array.Resize(ref _bytes, Math.Max(needed, checked(_bytes.Length * 2))); }
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(Length), record.Length);
            record.CopyTo(_bytes.AsSpan(Length + 4));
            Length = needed;
        }

        public ReadOnlySpan<byte> Seal(long offset)
        {
            var frame = _bytes.AsSpan(0, Length);
            BinaryPrimitives.WriteUInt32LittleEndian(frame, FrameMark);
            BinaryPrimitives.WriteInt32LittleEndian(frame[4..], Length - FrameHeaderBytes);
            BinaryPrimitives.WriteInt64LittleEndian(frame[12..], offset);
            BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], Crc32C.Of(frame[12..]));
            return frame;
        }

        public void Clear()
        {
            Length = FrameHeaderBytes;
            if (Durable.Task.IsCompleted) { Durable = new(TaskCreationOptions.RunContinuationsAsynchronously); }
        }
    }

    sealed class FrameReader(SafeFileHandle file, long length, int bufferBytes)
    {
        byte[] _buffer = new byte[bufferBytes];
        long _start;
        int _count;

        public bool TryRead(long at, out ReadOnlySpan<byte> records)
        {
            records = default;
            if (length - at < FrameHeaderBytes) { return false; }
            var header = Bytes(at, FrameHeaderBytes);
            int size = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != FrameMark || size < 0 || size > length - at - FrameHeaderBytes
                || BinaryPrimitives.ReadInt64LittleEndian(header[12..]) != at)
            {
                return false;
            }
            var frame = Bytes(at, FrameHeaderBytes + size);
            if (Crc32C.Of(frame[12..]) != BinaryPrimitives.ReadUInt32LittleEndian(frame[8..])) { return false; }
            records = frame[FrameHeaderBytes..];
            return true;
        }

        public long? FindAfter(long at)
        {
            Span<byte> mark = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(mark, FrameMark);
            for (long next = at + 1; length - next >= FrameHeaderBytes;)
            {
                int window = (int)Math.Min(bufferBytes, length - next);
                int found = Bytes(next, window).IndexOf(mark);
                if (found < 0) { next += window - mark.Length + 1; continue; }
                if (TryRead(next + found, out _)) { return next + found; }
                next += found + 1;
            }
            return null;
        }

        ReadOnlySpan<byte> Bytes(long at, int count)
        {
            if (at < _start || at + count > _start + _count)
            {
                if (count > _buffer.Length) { _buffer = new byte[count]; }
                _start = at;
                _count = 0;
                while (_count < _buffer.Length && RandomAccess.Read(file, _buffer.AsSpan(_count), at + _count) is > 0 and var read) { _count += read; }
            }
            return _buffer.AsSpan((int)(at - _start), count);
        }
    }
}
