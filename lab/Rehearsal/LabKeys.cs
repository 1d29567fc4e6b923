using System.Security.Cryptography;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>The P-256 keys of a rehearsal, kept in its data folder so that a second start is believed by what the first one signed.</summary>
sealed class LabKeys(string folder) : IDisposable
{
    readonly List<ECDsa> _keys = [];

    public string PathOf(string name) => Path.Combine(folder, name + ".pem");

    /// <summary>The key of a name; made when it is first asked for.</summary>
    public ECDsa Open(string name)
    {
        string path = PathOf(name);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys.Add(key);
        if (File.Exists(path))
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }

        Directory.CreateDirectory(folder);
        // As a whole or not at all: a kill in the middle must not leave half a key.
        File.WriteAllText(path + ".new", key.ExportPkcs8PrivateKeyPem());
        File.Move(path + ".new", path);
        return key;
    }

    public void Dispose() => _keys.ForEach(key => key.Dispose());
}
