using System.Security.Cryptography;

namespace GwbCloud.Lab.Hosting;

/// <summary>The P-256 keys of a world, kept in a folder so that a second start, or another process, is believed by what the first one signed.</summary>
sealed class LabKeys : IDisposable
{
    readonly string _folder;
    readonly Dictionary<string, ECDsa> _keys = new(StringComparer.Ordinal);

    LabKeys(string folder) => _folder = folder;

    /// <summary>The keys of a world's folder.</summary>
    public static LabKeys In(string folder) => new(Path.Combine(folder, "keys"));

    public string PathOf(string name) => Path.Combine(_folder, name + ".pem");

    /// <summary>The key of a name; made when it is first asked for.</summary>
    public ECDsa Open(string name)
    {
        if (_keys.TryGetValue(name, out var known)) { return known; }
        string path = PathOf(name);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys.Add(name, key);
        if (File.Exists(path))
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }

        Directory.CreateDirectory(_folder);
        // As a whole or not at all: a kill in the middle must not leave half a key.
        File.WriteAllText(path + ".new", key.ExportPkcs8PrivateKeyPem());
        File.Move(path + ".new", path);
        return key;
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values) { key.Dispose(); }
    }
}
