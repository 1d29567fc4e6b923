using System.Security.Cryptography;
using System.Text;

namespace GwbCloud.Contracts.Runs;

/// <summary>How an object in error is known from run to run without being named: connector, then a hash of object and kind of error.</summary>
/// <remarks>The same object with another kind of error has another key: who accepted the one never accepted the other.</remarks>
public static class RunErrorKey
{
    /// <param name="connector">The connector whose run reports it.</param>
    /// <param name="identifier">What the server identifies the object by; upper and lower case are the same.</param>
    /// <param name="kind">ADSync's own word for the kind of error.</param>
    public static string Of(string connector, string identifier, string kind)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return $"{connector}|{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{identifier.ToUpperInvariant()}|{kind}")))[..16]}";
    }
}
