using GwbCloud.Lab.Forest;

namespace GwbCloud.Lab.World;

/// <summary>Written groups of the kinds that make trouble elsewhere: names that formats stumble over, members that Cloud Sync does not write, rights that are missing.</summary>
/// <remarks>The n-th group is of the n-th kind, over and over. Entra takes no group into itself, at whatever depth: there is no kind for cycles.</remarks>
sealed class AwkwardSeeder(SimulatedWorld world, IReadOnlyList<Guid> users, IReadOnlyList<Guid> devices, IReadOnlyList<Guid> syncedGroups)
{
    /// <summary>Kinds by their place; the number of the group is added where two must not be the same.</summary>
    static readonly Kind[] Kinds =
    [
        new("long name") { Name = n => $"{new string('N', 209)} of a length that nobody reads to its end, {n:D4}" },
        new("special characters") { Name = n => $"#{n:D4} <R&D>, \"Prototypes\"; Back\\Slash = Share + more/less" },
        new("leading equals sign") { Name = n => $"=HYPERLINK(\"http://contoso.example/{n:D4}\",\"Click\")" },
        new("leading at sign") { Name = n => $"@SUM({n:D4})" },
        new("right-to-left mark") { Name = n => $"\u200fפרויקט {n:D4} \u202egpj.exe" },
        new("emoji") { Name = n => $"👩‍💻🏳️‍🌈 Team {n:D4}" },
        new("upper case") { Name = n => $"ALMOST THE SAME {n / Kinds!.Length:D4}" },
        new("lower case") { Name = n => $"almost the same {n / Kinds!.Length:D4}" },
        new("blanks around") { Name = n => $"  padded {n:D4}  " },
        new("letters of several bytes at the cut") { Name = n => $"{new string('ü', 49)}🎈🎈🎈 {n:D4}" },
        new("markup") { Name = n => $"<script>alert({n:D4})</script><img src=x onerror=alert({n:D4})>" },
        new("dynamic") { Group = g => g with { Dynamic = true } },
        new("role-assignable") { Group = g => g with { RoleAssignable = true } },
        new("empty") { Members = _ => [] },
        new("device") { Members = m => [m.User, m.Device] },
        new("devices alone") { Members = m => [m.Device] },
        new("synced group") { Members = m => [m.User, m.SyncedGroup] },
        new("contact") { Members = m => [m.User, m.Contact] },
        new("protected by AdminSDHolder") { Object = o => o with { AdminCount = true } },
        new("long description") { Group = g => g with { Description = new string('d', 1000) } },
        new("domain-local with a member of another forest") { Object = o => o with { GroupType = GroupTypes.DomainLocalSecurity }, ForeignMember = true },
    ];

    /// <summary>How many kinds there are; so many groups have each of them once.</summary>
    public static int KindCount => Kinds.Length;

    WorldOptions Options => world.Options;

    /// <summary>Makes the n-th group in Entra; Connect writes it.</summary>
    public void SeedGroup(WorldChange change, int number)
    {
        var kind = Kinds[number % Kinds.Length];
        var id = WorldSeeder.GroupId(world, "awkward", $"{number}");
        var chosen = new Choice(Any(users, "user"), Any(devices, "device"), Any(syncedGroups, "synced group"), kind.What == "contact" ? Contact(change, number) : default);
        var group = new CloudGroup
        {
            Id = id,
            DisplayName = kind.Name?.Invoke(number) ?? $"Awkward, {kind.What} {number:D4}",
            Description = $"Awkward: {kind.What}",
            WritebackEnabled = true,
            OnPremisesGroupType = "universalSecurityGroup",
            Members = kind.Members?.Invoke(chosen) ?? [chosen.User, users[(number + 1) % users.Count]],
        };
        world.Groups.Put(change, id, (kind.Group?.Invoke(group) ?? group) with { Members = [.. group.Members.Distinct()] });

        Guid Any(IReadOnlyList<Guid> from, string what) => from[world.Random.Next($"awkward {what}", $"{number}", from.Count)];
    }

    /// <summary>What administrators did to the objects that Connect had made.</summary>
    public void SeedObjects(WorldChange change)
    {
        for (int number = 0; number < Options.Awkward; number++)
        {
            var kind = Kinds[number % Kinds.Length];
            if (kind.Object is not { } edit) { continue; }
            foreach (var o in world.Forest.FindByAdminDescription($"Group_{WorldSeeder.GroupId(world, "awkward", $"{number}"):D}"))
            {
                world.Forest.Update(change, o.ObjectGuid, edit);
                if (kind.ForeignMember) { world.Forest.AddMembers(change, o.ObjectGuid, [Foreigner(change, number)]); }
            }
        }
    }

    Guid Contact(WorldChange change, int number)
    {
        string name = $"Partner {number:D4}";
        var id = world.Random.Id("contact", $"{number}");
        var o = world.Forest.Create(change, new NewAdObject { Class = AdClass.Contact, DistinguishedName = DistinguishedName.Of(name, Options.Forest.Place(WorldSeeder.PeopleOu)), DisplayName = name, MadeBy = "seed" });
        world.Principals.Put(change, id, new CloudPrincipal { Id = id, Kind = PrincipalKind.Contact, DisplayName = name, ObjectGuid = o.ObjectGuid });
        return id;
    }

    /// <summary>An account of a forest that is trusted, as the directory notes it when it becomes a member.</summary>
    Guid Foreigner(WorldChange change, int number)
    {
        string sid = $"S-1-5-21-3155241801-1745918374-2250112907-{5000 + number}";
        return world.Forest.Create(change, new NewAdObject
        {
            Class = AdClass.ForeignSecurityPrincipal,
            DistinguishedName = DistinguishedName.Of(sid, Options.Forest.Place(WorldSeeder.ForeignPrincipals)),
            SamAccountName = "",
            Sid = sid,
            MadeBy = "seed",
        }).ObjectGuid;
    }

    sealed record Choice(Guid User, Guid Device, Guid SyncedGroup, Guid Contact);

    sealed record Kind(string What)
    {
        public Func<int, string>? Name { get; init; }
        public Func<CloudGroup, CloudGroup>? Group { get; init; }
        public Func<Choice, IReadOnlyList<Guid>>? Members { get; init; }
        public Func<AdObject, AdObject>? Object { get; init; }

        /// <summary>The object then gets a member from another forest.</summary>
        public bool ForeignMember { get; init; }
    }
}
