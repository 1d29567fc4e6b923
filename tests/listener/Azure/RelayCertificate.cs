using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GwbCloud.Tests.Listener.Relay;

/// <summary>The certificate of the endpoint, trusted by this process alone.</summary>
/// <remarks>The client of the relay speaks TLS only, and what it trusts is the platform's: on Linux the file that SSL_CERT_FILE names.</remarks>
static class RelayCertificate
{
    public static X509Certificate2 Certificate { get; } = Make();

    /// <summary>Before anything builds a chain: the roots are read once.</summary>
    [ModuleInitializer]
    internal static void Trust()
    {
        if (!OperatingSystem.IsLinux()) { return; }
        string file = Path.Combine(Directory.CreateTempSubdirectory("gwb-relay-").FullName, "root.pem");
        File.WriteAllText(file, Certificate.ExportCertificatePem());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        // The platform's own environment: the framework's copy is not what OpenSSL reads.
        _ = SetEnvironment("SSL_CERT_FILE", file, 1);
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetEnvironment(string name, string value, int overwrite);

    static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
