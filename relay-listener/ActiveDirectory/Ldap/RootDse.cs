using GwbCloud.Contracts.ActiveDirectory;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>What a domain controller says of itself before anything else.</summary>
public sealed record RootDse
{
    /// <summary>Capability of every domain controller of Active Directory. Source: MS-ADTS 3.1.1.3.4.3.</summary>
    const string ActiveDirectory = "1.2.840.113556.1.4.800";

    /// <summary>Capability of a read-only domain controller.</summary>
    const string PartialSecrets = "1.2.840.113556.1.4.1920";

    /// <summary>Controls that reading here rests on: paged results, extended names, parts of a security descriptor.</summary>
    static readonly string[] NeededControls = ["1.2.840.113556.1.4.319", "1.2.840.113556.1.4.529", "1.2.840.113556.1.4.801"];

    internal static readonly string[] Attributes =
    [
        "dnsHostName", "dsServiceName", "isGlobalCatalogReady", "isSynchronized", "defaultNamingContext", "configurationNamingContext",
        "schemaNamingContext", "rootDomainNamingContext", "supportedControl", "supportedCapabilities", "domainFunctionality", "forestFunctionality",
    ];

    public required string HostName { get; init; }

    /// <summary>Distinguished name of the controller's own settings object: its identity, however it is addressed.</summary>
    public required string ServiceName { get; init; }
    public required bool IsGlobalCatalog { get; init; }

    /// <summary>False while a new or restored controller still takes in what the others have.</summary>
    public required bool IsSynchronized { get; init; }
    public required string DomainNaming { get; init; }
    public required string ConfigurationNaming { get; init; }
    public required string SchemaNaming { get; init; }
    public required string ForestRootNaming { get; init; }
    public int? DomainLevel { get; init; }
    public int? ForestLevel { get; init; }
    public IReadOnlySet<string> Controls { get; init; } = new HashSet<string>();
    public IReadOnlySet<string> Capabilities { get; init; } = new HashSet<string>();

    /// <summary>The domain in DNS form: <c>contoso.com</c> of <c>DC=contoso,DC=com</c>.</summary>
    public string Domain => DnsOf(DomainNaming);

    /// <summary>Why this server can't be the one that is read and written, or null when it can.</summary>
    /// <param name="writebackOu">Must lie in the server's own domain: nothing else is writable there.</param>
    internal string? Unfit(string writebackOu)
    {
        if (!Capabilities.Contains(ActiveDirectory)) { return "is no domain controller of Active Directory"; }
        if (Capabilities.Contains(PartialSecrets)) { return "is a read-only domain controller"; }
        if (NeededControls.FirstOrDefault(control => !Controls.Contains(control)) is { } missing) { return $"does not know the control {missing}"; }
        return DistinguishedName.Under(writebackOu, DomainNaming) ? null : $"serves {Domain}, and the writeback OU lies in another domain";
    }

    internal static RootDse Of(LdapEntry entry) => new()
    {
        HostName = entry.Text("dnsHostName") ?? "",
        ServiceName = entry.Text("dsServiceName") ?? "",
        IsGlobalCatalog = entry.Flag("isGlobalCatalogReady"),
        IsSynchronized = entry.Flag("isSynchronized"),
        DomainNaming = entry.Text("defaultNamingContext") ?? "",
        ConfigurationNaming = entry.Text("configurationNamingContext") ?? "",
        SchemaNaming = entry.Text("schemaNamingContext") ?? "",
        ForestRootNaming = entry.Text("rootDomainNamingContext") ?? "",
        DomainLevel = entry.Number("domainFunctionality"),
        ForestLevel = entry.Number("forestFunctionality"),
        Controls = entry.Texts("supportedControl").ToHashSet(StringComparer.Ordinal),
        Capabilities = entry.Texts("supportedCapabilities").ToHashSet(StringComparer.Ordinal),
    };

    /// <summary>The DNS name of a domain's naming context.</summary>
    public static string DnsOf(string naming)
    {
        var labels = new List<string>();
        for (string at = naming; at.Length > 0; at = DistinguishedName.Parent(at))
        {
            if (DistinguishedName.Rdn(at).Trim().StartsWith("DC=", StringComparison.OrdinalIgnoreCase)) { labels.Add(DistinguishedName.CommonName(at)); }
        }
        return string.Join('.', labels);
    }
}
