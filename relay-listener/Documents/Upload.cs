using System.Globalization;
using GwbCloud.Contracts.Json;

namespace GwbCloud.RelayListener.Documents;

/// <summary>The parts of one document that have come so far, each a file in a folder that names the document's hash and the number of parts.</summary>
sealed class Upload
{
    /// <summary>How the folder's name ends: <c>{sha256}.{parts}.upload</c>.</summary>
    public const string Suffix = ".upload";

    readonly string _folder;
    readonly HashSet<int> _here = [];

    Upload(string folder, string sha256, int parts) => (_folder, Sha256, Parts) = (folder, sha256, parts);

    public string Sha256 { get; }

    public int Parts { get; }

    /// <summary>What the parts that are here take on the disk.</summary>
    public long Room { get; private set; }

    /// <summary>When the last part came.</summary>
    public DateTimeOffset LastPart { get; private set; }

    public bool IsWhole => _here.Count == Parts;

    public static Upload Create(string documents, string sha256, int parts)
    {
        var upload = new Upload(Path.Combine(documents, string.Create(CultureInfo.InvariantCulture, $"{sha256}.{parts}{Suffix}")), sha256, parts);
        Directory.CreateDirectory(upload._folder);
        return upload;
    }

    /// <summary>What an earlier process had taken; null when the folder's name is none of ours.</summary>
    public static Upload? TryOpen(string folder)
    {
        if (Path.GetFileName(folder).Split('.') is not [var sha256, var count, _] || !Sha256Text.IsValid(sha256)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int parts))
        {
            return null;
        }
        var upload = new Upload(folder, sha256, parts);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*.part"))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(file.Name), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            {
                upload.Took(index, file.Length, file.LastWriteTimeUtc);
            }
        }
        return upload;
    }

    public string FileOf(int index) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{index}.part"));

    /// <summary>A part that is here, else null.</summary>
    public async Task<byte[]?> ReadAsync(int index, CancellationToken cancellationToken) =>
        _here.Contains(index) ? await File.ReadAllBytesAsync(FileOf(index), cancellationToken) : null;

    public void Took(int index, long bytes, DateTimeOffset at)
    {
        if (!_here.Add(index)) { return; }
        Room += DocumentFolder.RoomOf(bytes);
        if (at > LastPart) { LastPart = at; }
    }

    public void Delete() => Directory.Delete(_folder, recursive: true);
}
