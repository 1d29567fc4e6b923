using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;

namespace GwbCloud.Lab.World;

/// <summary>Makes a world of simulated people and groups from its options; the same options make the same world.</summary>
public sealed class WorldSeeder(SimulatedWorld world)
{
    public const string Domain = "contoso.example";
    public const string DomainDn = "DC=contoso,DC=example";
    public const string WritebackOu = "OU=GroupWriteback," + DomainDn;
    public const string PeopleOu = "OU=People," + DomainDn;
    public const string DevicesOu = "OU=Devices," + DomainDn;
    public const string GroupsOu = "OU=Groups," + DomainDn;

    public const string ForeignPrincipals = "CN=ForeignSecurityPrincipals," + DomainDn;

    /// <summary>The server that nobody remembers, where there is one.</summary>
    public const string ForgottenServer = "OLDSYNC00";
    public const string CanaryNew = "GWB Canary New";
    public const string CanaryMatch = "GWB Canary Match";
    public const string CanaryUnassigned = "GWB Canary Unassigned";

    /// <summary>Names of the groups that are named as canaries.</summary>
    public static IReadOnlyList<string> Canaries { get; } = [CanaryNew, CanaryMatch, CanaryUnassigned];

    const int Batch = 2_000;

    /// <summary>Administrators take a round number below 100 for their own rules.</summary>
    const int ClonePrecedence = 70;

    static readonly string[] Places = ["London", "Oslo", "Zurich", "Madrid", "Prague", "Dublin", "Vienna", "Lyon", "Porto", "Gdansk"];
    static readonly string[] Teams = ["Sales", "Finance", "Engineering", "Support", "Legal", "Research", "Logistics", "Payroll", "Design", "Quality"];
    static readonly string[] Purposes = ["Readers", "Editors", "Share", "VPN", "Printers", "Managers", "Project", "Archive"];

    /// <summary>Names with characters that distinguished names must escape, or that are not ASCII.</summary>
    static readonly string[] Awkward = ["R&D, Prototypes", "Straße + Müller", "\"Quoted\" <Team>", "#1 Support; Night", "Back\\Slash = Share", "Ωmega Überblick", "A name that is longer than fifty-one characters, as people like to have them"];
    static readonly string[] FirstNames = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gina", "Hugo", "Iris", "Jon", "Kim", "Leo", "Mia", "Ned", "Olga", "Paul"];
    static readonly string[] LastNames = ["Archer", "Baker", "Carter", "Dyer", "Fisher", "Glover", "Hunter", "Mason", "Porter", "Sawyer", "Tanner", "Weaver"];

    /// <summary>Names that administrators give; two of them are escaped in distinguished names.</summary>
    static readonly string[] HandGiven = ["Door access", "Legacy, sales", "Zugänge Überblick", "Old + new"];

    /// <summary>Containers below the writeback OU that administrators made.</summary>
    static readonly string[] HandMade = ["OU=Projects," + WritebackOu, "CN=Archive," + WritebackOu];

    /// <summary>Containers of the domain; parents come first.</summary>
    static readonly string[] Containers = [DomainDn, WritebackOu, PeopleOu, DevicesOu, GroupsOu, $"CN=Users,{DomainDn}", ForeignPrincipals];

    readonly ForestSeeder _forests = new(world);
    readonly List<Guid> _users = [];
    readonly List<Guid> _devices = [];
    readonly List<Guid> _syncedGroups = [];

    /// <summary>Users in each written group, where the options say how many memberships there are.</summary>
    int[]? _sizes;

    WorldOptions Options => world.Options;

    WorldRandom Random => world.Random;

    /// <summary>Fills the empty store.</summary>
    public async Task SeedAsync()
    {
        await world.Store.ChangeAsync(SeedFrame);
        _sizes = Options.Memberships is { } memberships ? ScaledSizes(memberships) : null;
        await InBatchesAsync(Math.Max(Options.Users ?? Math.Clamp(Options.Groups, 60, 20_000), Options.Oversized > 0 ? Synchronisation.MemberLimit + 1 : 0), (c, i) => _ = SeedUser(c, i, null));
        await InBatchesAsync(Math.Clamp(Options.Groups / 10, 4, 500), SeedDevice);
        await InBatchesAsync(Options.SyncedGroups, SeedSyncedGroup);
        await InBatchesAsync(Options.Groups, SeedWrittenGroup);
        var awkward = new AwkwardSeeder(world, _users, _devices, _syncedGroups);
        await InBatchesAsync(Options.Awkward, awkward.SeedGroup);
        await InBatchesAsync(Options.Oversized, (c, i) => PutGroup(c, "oversized", i, g => g with { WritebackEnabled = true, OnPremisesGroupType = "universalSecurityGroup", Members = Pick(_users, $"oversized {i}", 5) }));
        await InBatchesAsync(Options.CloudGroups is { } all ? all - Options.KnownCloudGroups : Options.Groups / 10 + 3, SeedUnwrittenGroup);
        await InBatchesAsync(Options.M365, SeedM365);
        await InBatchesAsync(Options.MailBearing, (c, i) => PutGroup(c, "mail-bearing", i, g => g with { WritebackEnabled = true, Mail = $"secured.{i}@{Domain}", MailEnabled = i % 2 == 0 }));
        await world.Store.ChangeAsync(SeedCanaries);
        var cloudSync = new CloudSyncSeeder(world);
        await world.Store.ChangeAsync(cloudSync.SeedTraces);
        // Connect makes what it would have made; the second pass sees nested groups that the first one has only just written.
        await world.Store.ChangeAsync(c => world.Connect.RunNow(c, ConnectServers.NameOf(0)));
        await world.Store.ChangeAsync(SeedRetained);
        await world.Store.ChangeAsync(awkward.SeedObjects);
        foreach (string name in world.Store.Read(() => world.Servers.Keys.ToList())) { await world.Store.ChangeAsync(c => world.Connect.RunNow(c, name)); }
        if (Options.GroupsInError > 0) { await world.Store.ChangeAsync(c => world.Connect.RememberErrors(c, ConnectServers.NameOf(0))); }
        await world.Store.ChangeAsync(SeedFlaws);
        await world.Store.ChangeAsync(SeedDeviations);
        await world.Store.ChangeAsync(cloudSync.SeedConfiguration);
        await world.Store.ChangeAsync(cloudSync.SeedOtherJobs);
    }

    /// <summary>The n-th cloud security group that Connect does not write, from 0.</summary>
    internal static Guid UnwrittenGroupId(SimulatedWorld world, int number) => GroupId(world, "unwritten", $"{number}");

    /// <summary>A group by its kind and its number from 0.</summary>
    internal static Guid GroupId(SimulatedWorld world, string kind, string number) => world.Random.Id($"{kind} group", number);

    void SeedFrame(WorldChange change)
    {
        world.PutTenant(change, new TenantState
        {
            TenantId = Random.Id("tenant", "id"),
            Domain = Domain,
            GroupWritebackV2 = !Options.WithoutWriteback,
            UnifiedGroupWriteback = !Options.WithoutWriteback,
            NewUnifiedGroupWritebackDefault = Options.UnifiedSetting ? "true" : null,
            UnifiedSetting = Options.UnifiedSetting ? new Dictionary<string, string> { ["PrefixSuffixNamingRequirement"] = "GRP-[GroupName]" } : [],
            SyncCycleEnabled = true,
            Licence = Options.Licence,
        });
        var forest = Options.Forest;
        var others = ForestSeeder.OtherDomains(Options);
        string[] children = [.. others.Where(d => d.Forest == forest.Domain).Select(d => $"dc11.{d.Domain}")];
        string[] catalogs = forest.DomainController is { } only ? [only] : [$"dc01.{forest.Domain}", $"dc02.{forest.Domain}", $"dc03.{forest.Domain}", .. children];
        int[] lags = [0, 15, world.Suffers(Sabotage.LateGcReplication) ? 3 * 3600 : 180, 240];
        world.PutForest(change, new ForestState
        {
            Domain = forest.Domain,
            DomainDn = forest.Root,
            WritebackOu = forest.Place(WritebackOu),
            GlobalCatalogs = catalogs,
            ReplicationSeconds = catalogs.Zip(lags).ToDictionary(c => c.First, c => c.Second),
            NextRid = 1104,
            LastBackup = world.Clock.GetUtcNow() - TimeSpan.FromHours(9),
            Agents = ForestSeeder.Agents(21),
            ConnectMayWrite = Options.WithoutWriteback ? [] : null,
            Containers = [.. Containers.Select(forest.Place), .. others.SelectMany(ForestSeeder.ContainersOf)],
            OtherDomains = others,
        });
        var rules = StandardRules.For(world.Connect.AdConnectorId);
        if (Options.Naming == ConnectNaming.DisplayName) { rules = [.. rules, StandardRules.DisplayNames(world.Connect.AdConnectorId)]; }
        if (Options.ClonedRule != ClonedRule.None) { rules = [.. rules, StandardRules.Clone(rules.First(r => r.Identifier == StandardRules.OutToAd), Random.Id("cloned rule", "seed"), ClonePrecedence, Options.ClonedRule == ClonedRule.Harmless)]; }
        if (Options.DeleteRule || world.Suffers(Sabotage.KeepDeleteRule)) { rules = [StandardRules.Delete, .. rules]; }
        for (int i = 0; i < Options.Servers; i++)
        {
            string name = ConnectServers.NameOf(i);
            var own = Options.RulesOnStandbys && i > 0 ? [.. StandardRules.Coexistence(world.Connect.AdConnectorId), .. rules] : rules;
            world.Rules.Put(change, name, new ServerRules { Rules = own, Applied = own });
            world.Servers.Put(change, name, new ConnectServer
            {
                Name = name,
                Version = Options.ConnectVersion,
                Staging = i > 0,
                WithoutWriteback = Options.WithoutWriteback,
                LastInitialSeconds = 1800 + Random.Next("initial", name, 600),
            });
        }

        if (world.Suffers(Sabotage.ForgottenServer))
        {
            world.Rules.Put(change, ForgottenServer, new ServerRules { Rules = rules, Applied = rules });
            world.Servers.Put(change, ForgottenServer, new ConnectServer { Name = ForgottenServer, Version = Options.ConnectVersion, Staging = false, Forgotten = true, LastInitialSeconds = 2000 });
        }
    }

    Guid SeedUser(WorldChange change, int number, string? called)
    {
        string name = called ?? $"{FirstNames[Random.Next("first", $"{number}", FirstNames.Length)]} {LastNames[Random.Next("last", $"{number}", LastNames.Length)]} {number:D4}";
        // One in twenty lives in the cloud only, and never was a member in Active Directory.
        bool synced = called is not null || !Random.Chance("cloud-only", $"{number}", 0.05);
        var id = Random.Id("user", called ?? $"{number}");
        var o = synced ? world.Forest.Create(change, new NewAdObject { Class = AdClass.User, DistinguishedName = DistinguishedName.Of(name, called is null ? _forests.Place(PeopleOu, number) : Options.Forest.Place(PeopleOu)), DisplayName = name, MadeBy = "seed" }) : null;
        world.Principals.Put(change, id, new CloudPrincipal { Id = id, Kind = PrincipalKind.User, DisplayName = name, ObjectGuid = o?.ObjectGuid });
        if (called is null) { _users.Add(id); }
        return id;
    }

    void SeedDevice(WorldChange change, int number)
    {
        string name = $"PC-{number:D5}";
        var id = Random.Id("device", $"{number}");
        var o = world.Forest.Create(change, new NewAdObject { Class = AdClass.Computer, DistinguishedName = DistinguishedName.Of(name, _forests.Place(DevicesOu, number)), SamAccountName = name + "$", DisplayName = name, MadeBy = "seed" });
        world.Principals.Put(change, id, new CloudPrincipal { Id = id, Kind = PrincipalKind.Device, DisplayName = name, ObjectGuid = o.ObjectGuid });
        _devices.Add(id);
    }

    void SeedSyncedGroup(WorldChange change, int number)
    {
        string name = $"On-premises {Teams[number % Teams.Length]} {number:D3}";
        var members = Pick(_users, $"synced group {number}", 4);
        string place = _forests.Place(GroupsOu, number);
        var o = world.Forest.Create(change, new NewAdObject
        {
            Class = AdClass.Group,
            DistinguishedName = DistinguishedName.Of(name, place),
            DisplayName = name,
            GroupType = GroupTypes.GlobalSecurity,
            Members = [.. _forests.Within(place, members.Select(m => world.Principals[m].ObjectGuid).OfType<Guid>())],
            MadeBy = "seed",
        });
        var id = Random.Id("synced group", $"{number}");
        world.Principals.Put(change, id, new CloudPrincipal { Id = id, Kind = PrincipalKind.SyncedGroup, DisplayName = name, ObjectGuid = o.ObjectGuid });
        world.Groups.Put(change, id, new CloudGroup { Id = id, DisplayName = name, OnPremisesSynced = true, Members = members });
        _syncedGroups.Add(id);
    }

    /// <summary>Members of a written group among the users: mostly few, sometimes none, sometimes hundreds.</summary>
    int SizeOf(int number)
    {
        string key = $"{number}";
        return number % 40 == 17 ? 0
            : number % 50 == 33 ? 120 + Random.Next("large", key, 400)
            : 2 + Random.Next("size", key, 9);
    }

    /// <summary>The sizes, made larger or smaller by one factor, so that together they are what the options say.</summary>
    int[] ScaledSizes(int memberships)
    {
        int[] sizes = [.. Enumerable.Range(0, Options.Groups).Select(SizeOf)];
        long all = sizes.Sum(size => (long)size);
        long before = 0, given = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            before += sizes[i];
            sizes[i] = (int)(memberships * before / Math.Max(all, 1) - given);
            given += sizes[i];
        }
        return sizes;
    }

    void SeedWrittenGroup(WorldChange change, int number)
    {
        string key = $"{number}";
        int size = Math.Min(_users.Count, _sizes?[number] ?? SizeOf(number));
        var members = new List<Guid>(Pick(_users, $"written {number}", size));
        if (number % 25 == 7) { members.Add(_devices[Random.Next("device member", key, _devices.Count)]); }
        if (number % 25 == 11) { members.Add(_syncedGroups[Random.Next("synced member", key, _syncedGroups.Count)]); }
        if (number % 10 is >= 3 and var at && at < 3 + Options.Nesting && number + 1 < Options.Groups) { members.Add(GroupId("written", number + 1)); }
        string name = number % 30 == 5
            ? $"{Awkward[number / 30 % Awkward.Length]} {number:D4}"
            : $"{Places[number % Places.Length]} {Teams[number / Places.Length % Teams.Length]} {Purposes[Random.Next("purpose", key, Purposes.Length)]} {number:D4}";
        PutGroup(change, "written", number, g => g with
        {
            DisplayName = name,
            Description = number % 3 == 0 ? null : $"Access for {name}",
            Dynamic = number % 12 == 8,
            WritebackEnabled = true,
            OnPremisesGroupType = "universalSecurityGroup",
            Members = members,
        });
    }

    void SeedUnwrittenGroup(WorldChange change, int number) => PutGroup(change, "unwritten", number, g => g with
    {
        DisplayName = $"Cloud only {Purposes[number % Purposes.Length]} {number:D4}",
        WritebackEnabled = number % 2 == 0 ? null : false,
        Members = Pick(_users, $"unwritten {number}", 3),
    });

    void SeedM365(WorldChange change, int number) => PutGroup(change, "m365", number, g => g with
    {
        DisplayName = $"{Teams[number % Teams.Length]} team {number:D4}",
        SecurityEnabled = false,
        MailEnabled = true,
        Unified = true,
        Mail = $"team.{number:D4}@{Domain}",
        // A third each: never decided, switched on, switched off.
        WritebackEnabled = (number % 3) switch { 0 => null, 1 => true, _ => false },
        OnPremisesGroupType = (number % 12) switch { 1 => "universalSecurityGroup", 7 => "universalMailEnabledSecurityGroup", 4 or 10 => "universalDistributionGroup", _ => null },
        Members = Pick(_users, $"m365 {number}", 6),
    });

    void SeedCanaries(WorldChange change)
    {
        foreach (string name in Canaries)
        {
            var user = SeedUser(change, 0, $"{name} User");
            var id = Random.Id("canary", name);
            world.Groups.Put(change, id, new CloudGroup { Id = id, DisplayName = name, Description = "Test group of the migration", Members = [user] });
        }
    }

    /// <summary>Groups that Connect wrote before somebody disabled or deleted them, or before they grew too large.</summary>
    void SeedRetained(WorldChange change)
    {
        for (int i = 0; i < Options.Oversized; i++)
        {
            var id = GroupId("oversized", i);
            world.Groups.Put(change, id, world.Groups[id] with { Members = [.. _users.Take(Synchronisation.MemberLimit + 1)] });
        }

        var written = Enumerable.Range(0, Options.Groups).Select(i => world.Groups[GroupId("written", i)]).Where(g => !g.Dynamic && g.Members.All(m => world.Groups.Find(m) is null)).Reverse().ToList();
        foreach (var group in written.Take(Options.DisabledRetained)) { world.Groups.Put(change, group.Id, group with { WritebackEnabled = false }); }
        foreach (var group in written.Skip(Options.DisabledRetained).Take(Options.SoftDeletedRetained))
        {
            world.Groups.Put(change, group.Id, group with { DeletedAt = world.Clock.GetUtcNow() - TimeSpan.FromDays(3) });
        }
    }

    void SeedFlaws(WorldChange change)
    {
        for (int i = 0; i < Options.Orphans; i++)
        {
            string anchor = $"Group_{Random.Id("orphan", $"{i}"):D}";
            world.Forest.Create(change, new NewAdObject
            {
                Class = AdClass.Group,
                DistinguishedName = DistinguishedName.Of(anchor, Options.Forest.Place(WritebackOu)),
                DisplayName = $"Forgotten {i}",
                GroupType = GroupTypes.UniversalSecurity,
                AdminDescription = anchor,
                MadeBy = "seed",
            });
        }
        for (int i = 0; i < 5; i++)
        {
            string name = $"Local {Teams[i]} resources";
            world.Forest.Create(change, new NewAdObject
            {
                Class = AdClass.Group,
                DistinguishedName = DistinguishedName.Of(name, Options.Forest.Place(GroupsOu)),
                DisplayName = name,
                GroupType = i % 2 == 0 ? GroupTypes.DomainLocalSecurity : GroupTypes.UniversalDistribution,
                Members = [.. Pick(_users, name, 3).Select(m => world.Principals[m].ObjectGuid).OfType<Guid>().Where(m => world.Forest.IsAtHome(world.Forest.Find(m)!))],
                MadeBy = "seed",
            });
        }
        if (world.Suffers(Sabotage.DuplicateAnchor) && Options.Groups > 0)
        {
            world.Forest.Create(change, new NewAdObject
            {
                Class = AdClass.Group,
                DistinguishedName = DistinguishedName.Of("Copy of a written group", Options.Forest.Place(GroupsOu)),
                DisplayName = "Copy of a written group",
                GroupType = GroupTypes.UniversalSecurity,
                Anchor = $"Group_{GroupId("written", 0):D}",
                MadeBy = "seed",
            });
        }
    }

    /// <summary>What administrators did by hand to objects that Connect had made.</summary>
    void SeedDeviations(WorldChange change)
    {
        if (Options.DeviatingPlaces > 0)
        {
            world.PutForest(change, world.ForestFacts with { Containers = [.. world.ForestFacts.Containers, .. HandMade.Select(Options.Forest.Place)] });
        }
        var written = Enumerable.Range(0, Options.Groups)
            .SelectMany(i => world.Forest.FindByAdminDescription($"Group_{GroupId("written", i):D}")).Take(Options.DeviatingNames + Options.DeviatingPlaces);
        foreach (var (i, o) in written.Index())
        {
            if (i < Options.DeviatingNames) { world.Forest.Rename(change, o.ObjectGuid, $"{HandGiven[i % HandGiven.Length]} {i:D4}"); }
            else { world.Forest.Move(change, o.ObjectGuid, Options.Forest.Place(HandMade[i % HandMade.Length])); }
            world.Forest.Update(change, o.ObjectGuid, g => g with { PlacedByHand = true });
        }
    }

    void PutGroup(WorldChange change, string kind, int number, Func<CloudGroup, CloudGroup> describe)
    {
        var id = GroupId(kind, number);
        world.Groups.Put(change, id, describe(new CloudGroup { Id = id, DisplayName = $"{kind} {number:D4}" }));
    }

    Guid GroupId(string kind, int number) => GroupId(world, kind, $"{number}");

    IReadOnlyList<Guid> Pick(List<Guid> from, string key, int count)
    {
        if (from.Count == 0 || count == 0) { return []; }
        // A stretch of the list from a chance start: different, without a search for repeats.
        int start = Random.Next("members", key, from.Count);
        int step = from.Count > 7 && from.Count % 7 != 0 ? 7 : 1;
        return [.. Enumerable.Range(0, Math.Min(count, from.Count)).Select(i => from[(int)((start + (long)i * step) % from.Count)])];
    }

    async Task InBatchesAsync(int count, Action<WorldChange, int> seed)
    {
        for (int from = 0; from < count; from += Batch)
        {
            int first = from;
            await world.Store.ChangeAsync(c =>
            {
                for (int i = first; i < Math.Min(count, first + Batch); i++) { seed(c, i); }
            });
        }
    }
}
