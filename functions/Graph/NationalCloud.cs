namespace GwbCloud.Functions.Graph;

/// <summary>One of Microsoft's clouds: where its Graph and its sign-in service are, and what Cloud Sync calls its scope there.</summary>
/// <remarks>Source: Microsoft Graph national cloud deployments; metadata of the sign-in services; deployment options of Cloud Sync.</remarks>
public sealed record NationalCloud
{
    NationalCloud(string name, string graph, string login, string groupScopeRole)
        => (Name, Graph, Login, GroupScopeRole) = (name, new Uri(graph), new Uri(login), Guid.Parse(groupScopeRole));

    public static NationalCloud Global { get; } =
        new("Global", "https://graph.microsoft.com", "https://login.microsoftonline.com", "1a0abf4d-b9fa-4512-a3a2-51ee82c6fd9f");

    /// <summary>US Government L4: GCC High.</summary>
    public static NationalCloud USGov { get; } =
        new("USGov", "https://graph.microsoft.us", "https://login.microsoftonline.us", "d8fa317e-0713-4930-91d8-1dbeb150978f");

    /// <summary>US Government L5: Department of Defense. Signs in, and calls its scope, as L4 does.</summary>
    public static NationalCloud USGovDoD { get; } =
        new("USGovDoD", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us", "d8fa317e-0713-4930-91d8-1dbeb150978f");

    /// <summary>Operated by 21Vianet. Its tokens name this sign-in host; <c>login.chinacloudapi.cn</c> is an alias of it.</summary>
    public static NationalCloud China { get; } =
        new("China", "https://microsoftgraph.chinacloudapi.cn", "https://login.partner.microsoftonline.cn", "15af7fd5-1a3f-4034-8ea1-1afa3d5ecf63");

    public static IReadOnlyList<NationalCloud> All { get; } = [Global, USGov, USGovDoD, China];

    /// <summary>Value of the setting <c>Graph:Cloud</c>, and of <c>Connect-MgGraph -Environment</c>.</summary>
    public string Name { get; }

    /// <summary>Address of Graph without a version.</summary>
    public Uri Graph { get; }

    /// <summary>Address of the sign-in service without a tenant.</summary>
    public Uri Login { get; }

    /// <summary>App role by whose assignment "selected security groups" come into the scope of Cloud Sync.</summary>
    public Guid GroupScopeRole { get; }

    /// <summary>The <c>iss</c> claim of a tenant's tokens.</summary>
    public string Issuer(string tenant) => new Uri(Login, $"{tenant}/v2.0").AbsoluteUri;

    /// <summary>Where the keys of a tenant's tokens are published.</summary>
    public string KeysAddress(string tenant) => new Uri(Login, $"{tenant}/discovery/v2.0/keys").AbsoluteUri;

    /// <summary>The cloud of a name, in any case; null when there is none.</summary>
    public static NationalCloud? Find(string? name) => All.FirstOrDefault(cloud => cloud.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
