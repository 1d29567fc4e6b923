using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Assessment;

/// <summary>Names of Connect servers, as the traces of their accounts and their listeners spell them.</summary>
public static class ServerNames
{
    // Accounts bear the NetBIOS name, which ends after 15 characters and is unique in its domain. Nobody should have to state that a server is
    // gone because its name is long.
    const int NetBiosLength = 15;

    /// <summary>The computer's own name: what stands before the first dot.</summary>
    public static string HostOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split('.')[0];
    }

    /// <summary>The same computer, however its domain is spelt.</summary>
    public static bool Same(string one, string other) => HostOf(one).Equals(HostOf(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>The one of that name; servers of two domains may share a host name, and then the whole name tells which is which.</summary>
    internal static T? Find<T>(IReadOnlyCollection<T> servers, Func<T, string> nameOf, string name)
        where T : class
        => servers.FirstOrDefault(server => nameOf(server).Equals(name, StringComparison.OrdinalIgnoreCase)) ?? servers.FirstOrDefault(server => Same(nameOf(server), name));

    /// <summary>A trace tells of the computer; it may be cut off at the length of a NetBIOS name.</summary>
    public static bool TellsOf(string trace, string server)
    {
        var (name, host) = (HostOf(trace), HostOf(server));
        return name.Equals(host, StringComparison.OrdinalIgnoreCase)
            || (name.Length == NetBiosLength && host.StartsWith(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Computers that traces tell of and that none of the known servers is, in capitals, each once.</summary>
    public static IReadOnlyList<string> Strangers(IReadOnlyList<string> known, IEnumerable<string> traces) =>
    [
        .. traces.Where(trace => !known.Any(server => TellsOf(trace, server))).Select(trace => HostOf(trace).ToUpperInvariant())
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Domains behind a server's connectors of Active Directory, sorted; a connector that tells none stands for its forest.</summary>
    public static IReadOnlyList<string> ForestsOf(ServerFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return
        [
            .. facts.Connectors.Where(c => c.Kind == ConnectorKind.ActiveDirectory).SelectMany(c => c.Domains.Count > 0 ? c.Domains : [c.Name])
                .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase),
        ];
    }
}
