using System.Globalization;
using System.Text;

namespace GwbCloud.RelayListener.Logs;

/// <summary>Lines in files of bounded size and number: <c>{name}-yyyyMMdd-HHmmss-nnn.log</c>, the oldest go first. Safe for concurrent use.</summary>
/// <remarks>
/// A disk that is full or a folder that is gone must not stop a migration: such a line is lost, and the next one tries a new file.
/// </remarks>
sealed class RollingFile(string folder, string name, long maxBytes, int files, TimeProvider time) : IDisposable
{
    readonly Lock _gate = new();
    StreamWriter? _writer;
    bool _ended;

    public void WriteLine(string line)
    {
        lock (_gate)
        {
            if (_ended) { return; }
            try
            {
                if (_writer is null || _writer.BaseStream.Length + Encoding.UTF8.GetByteCount(line) > maxBytes) { Next(); }
                _writer!.WriteLine(line);
                _writer.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _writer = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _writer?.Dispose();
        }
    }

    void Next()
    {
        _writer?.Dispose();
        _writer = null;
        Directory.CreateDirectory(folder);
        var old = Directory.GetFiles(folder, $"{name}-*.log").Order(StringComparer.Ordinal).ToList();
        foreach (string file in old.Take(Math.Max(0, old.Count - files + 1))) { File.Delete(file); }
        string stem = string.Create(CultureInfo.InvariantCulture, $"{name}-{time.GetUtcNow():yyyyMMdd-HHmmss}");
        for (int at = 0; ; at++)
        {
            string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{stem}-{at:000}.log"));
            if (File.Exists(path)) { continue; }
            _writer = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), new UTF8Encoding(false));
            return;
        }
    }
}
