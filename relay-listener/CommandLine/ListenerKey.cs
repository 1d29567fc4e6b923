using System.Security.Cryptography;
using GwbCloud.Contracts.Envelopes;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>The listener's own key, made on the server at installation; it never leaves it.</summary>
static class ListenerKey
{
    public static string FileOf(string dataDirectory) => Path.Combine(dataDirectory, "listener-key.pem");

    /// <summary>The key of a data directory, made when there is none.</summary>
    public static ECDsa Open(string dataDirectory)
    {
        string file = FileOf(dataDirectory);
        if (File.Exists(file))
        {
            var known = ECDsa.Create();
            known.ImportFromPem(File.ReadAllText(file));
            return known;
        }
        Directory.CreateDirectory(dataDirectory);
        var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) { options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; }
        using var writer = new StreamWriter(file, options);
        writer.Write(made.ExportPkcs8PrivateKeyPem());
        return made;
    }

    /// <summary>The public half, as the other side pins it.</summary>
    public static PinnedKey Pin(ECDsa key, string server) => PinnedKey.Of(server, key, server);
}
