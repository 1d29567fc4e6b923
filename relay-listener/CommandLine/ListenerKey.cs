using System.Security.Cryptography;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>The listener's own key, made on the server at installation; it never leaves it.</summary>
static class ListenerKey
{
    public static string FileOf(string dataDirectory) => Path.Combine(dataDirectory, "listener-key.pem");

    /// <summary>The key that will follow: enrolled beside the present one, then put in its place.</summary>
    public static string NextFileOf(string dataDirectory) => Path.Combine(dataDirectory, "listener-key-next.pem");

    /// <summary>The key of a data directory, made when there is none.</summary>
    public static ECDsa Open(string dataDirectory) => OpenFile(FileOf(dataDirectory), dataDirectory);

    /// <summary>The next key, made when there is none.</summary>
    public static ECDsa OpenNext(string dataDirectory) => OpenFile(NextFileOf(dataDirectory), dataDirectory);

    /// <summary>A new key for a data directory; what has come there in its place, or as the next one, is nobody's and goes.</summary>
    public static ECDsa MakeNew(string dataDirectory)
    {
        File.Delete(FileOf(dataDirectory));
        File.Delete(NextFileOf(dataDirectory));
        return MakeFile(FileOf(dataDirectory), dataDirectory);
    }

    static ECDsa OpenFile(string file, string dataDirectory) => File.Exists(file) ? Read(file) : MakeFile(file, dataDirectory);

    static ECDsa MakeFile(string file, string dataDirectory)
    {
        if (OperatingSystem.IsWindows()) { Directory.CreateDirectory(dataDirectory); }
        else { Directory.CreateDirectory(dataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute); }
        var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) { options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; }
        using var writer = new StreamWriter(file, options);
        writer.Write(made.ExportPkcs8PrivateKeyPem());
        return made;
    }

    /// <summary>The key of a data directory; nothing is made.</summary>
    /// <exception cref="CommandFailedException">GWB6508 when there is none, GWB6507 when this session may not read it.</exception>
    public static ECDsa OpenExisting(string dataDirectory)
    {
        string file = FileOf(dataDirectory);
        return File.Exists(file) ? Read(file) : throw ServiceError.KeyUnusable.Exception(file, transient: false);
    }

    /// <summary>The public half, as the other side pins it.</summary>
    public static PinnedKey Pin(ECDsa key, string server) => PinnedKey.Of(KidOf(key, server), key, server);

    /// <summary>Signs under the name that is pinned.</summary>
    public static EnvelopeSigner Signer(ECDsa key, string server) => new(key, KidOf(key, server));

    /// <summary>The beginning of the SHA-256 of the public key, in hex: what people compare.</summary>
    public static string FingerprintOf(ECDsa key) => Sha256Text.Of(key.ExportSubjectPublicKeyInfo())[..16];

    // Each key has a name of its own, so that two of one server can be pinned side by side.
    static string KidOf(ECDsa key, string server) => $"{server}-{FingerprintOf(key)[..8]}";

    static ECDsa Read(string file)
    {
        var known = ECDsa.Create();
        try
        {
            known.ImportFromPem(File.ReadAllText(file));
            return known;
        }
        catch (Exception e)
        {
            known.Dispose();
            if (e is UnauthorizedAccessException) { throw ServiceError.DataDirectoryDenied.Exception(file, transient: false, e); }
            if (e is ArgumentException or CryptographicException) { throw ServiceError.KeyUnusable.Exception(file, transient: false, e); }
            throw;
        }
    }
}
