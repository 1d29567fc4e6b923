using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.Forest;

namespace GwbCloud.Lab.World;

/// <summary>Which domains a world has, and which of them its people, devices and groups of Active Directory live in.</summary>
/// <remarks>One forest is one domain. Of several the first, which holds the writeback OU, has a child domain too.</remarks>
sealed class ForestSeeder(SimulatedWorld world)
{
    public const int MostForests = 3;

    static readonly string[] Names = ["fabrikam.example", "tailspin.example"];

    /// <summary>Containers of every domain.</summary>
    static readonly string[] Containers = ["OU=People", "OU=Devices", "OU=Groups", "CN=Users"];

    readonly IReadOnlyList<string> _others = [.. OtherDomains(world.Options).Select(d => d.DomainDn)];

    WorldOptions Options => world.Options;

    public static IReadOnlyList<OtherDomain> OtherDomains(WorldOptions options)
    {
        if (options.Forests == 1) { return []; }
        var home = options.Forest;
        return
        [
            new OtherDomain { Domain = $"emea.{home.Domain}", DomainDn = $"DC=emea,{home.Root}", Forest = home.Domain, Agents = Agents(31) },
            .. Names.Take(options.Forests - 1).Select((name, i) => new OtherDomain { Domain = name, DomainDn = DnOf(name), Forest = name, Agents = Agents(41 + 10 * i) }),
        ];
    }

    public static IEnumerable<string> ContainersOf(OtherDomain domain) => Containers.Select(c => $"{c},{domain.DomainDn}").Prepend(domain.DomainDn);

    /// <summary>The container of an object: one in seven lives in the child domain, one in five in another forest.</summary>
    /// <param name="container">A container of <see cref="WorldSeeder"/>.</param>
    /// <param name="number">Number of the object among those of its kind.</param>
    public string Place(string container, int number)
    {
        string home = Options.Forest.Place(container);
        if (_others.Count == 0) { return home; }
        string? domain = number % 5 == 4 ? _others[1 + number / 5 % (_others.Count - 1)] : number % 7 == 2 ? _others[0] : null;
        return domain is null ? home : $"{container[..^(WorldSeeder.DomainDn.Length + 1)]},{domain}";
    }

    /// <summary>Of some members those that live in the same domain as a container.</summary>
    public IEnumerable<Guid> Within(string container, IEnumerable<Guid> objects) =>
        objects.Where(o => world.Forest.OtherDomainOf(world.Forest.Find(o)!.DistinguishedName) == world.Forest.OtherDomainOf(container));

    public static IReadOnlyList<ProvisioningAgent> Agents(int first) =>
        [.. Enumerable.Range(first, 3).Select(i => new ProvisioningAgent { Computer = $"SRV{i}", Version = "1.1.2505.0", Active = true })];

    static string DnOf(string domain) => string.Join(',', domain.Split('.').Select(part => $"DC={DistinguishedName.Escape(part)}"));
}
