using System.DirectoryServices.Protocols;

namespace GwbCloud.Lab.DomainController;

/// <summary>The authorities of <c>--directory-ca</c> as LDAP clients want them: a folder.</summary>
/// <remarks>On Linux only. The platform's client takes no check of our own there, and reads a folder; on Windows the machine's store decides.</remarks>
sealed class TrustedAuthorities : IDisposable
{
    readonly DirectoryInfo? _made;

    TrustedAuthorities(string? folder, DirectoryInfo? made) => (Folder, _made) = (folder, made);

    /// <summary>Null for the machine's own.</summary>
    public string? Folder { get; }

    public static TrustedAuthorities Of(string? fileOrFolder)
    {
        if (fileOrFolder is null || System.IO.Directory.Exists(fileOrFolder)) { return new(fileOrFolder, null); }
        var made = System.IO.Directory.CreateTempSubdirectory("gwb-authorities-");
        File.Copy(fileOrFolder, Path.Combine(made.FullName, "authority.pem"));
        return new(made.FullName, made);
    }

    public void Apply(LdapSessionOptions options)
    {
        if (Folder is null || !OperatingSystem.IsLinux()) { return; }
        options.TrustedCertificatesDirectory = Folder;
        options.StartNewTlsSessionContext();
    }

    public void Dispose() => _made?.Delete(recursive: true);
}
