using System.Security.Cryptography;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>The listener's own key, made on the server at installation; it never leaves it.</summary>
static class ListenerKey
{
    public static string FileOf(string dataDirectory) => Path.Combine(dataDirectory, "listener-key.pem");

    /// <summary>The key of a data directory, made when there is none.</summary>
    public static ECDsa Open(string dataDirectory)
    {
        string file = FileOf(dataDirectory);
        if (File.Exists(file)) { return Read(file); }
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
    public static PinnedKey Pin(ECDsa key, string server) => PinnedKey.Of(server, key, server);

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
