using System.Collections.Concurrent;
using System.DirectoryServices.Protocols;
using System.Globalization;
using System.Net;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;

namespace GwbCloud.Lab.DomainController;

/// <summary>A throw-away domain that the lab fills with a world: everything of it lies below one container, and bears the lab's mark.</summary>
public sealed class LabDomain : IDisposable
{
    /// <summary>Container in the domain; nothing outside it is ever written.</summary>
    public const string Container = "OU=GwbCloud Lab";

    /// <summary>Accounts beside the lab's own, above which a domain is somebody's; a new one has three.</summary>
    const int MostAccounts = 20;

    /// <summary>Requests in flight; a domain controller answers little more with more.</summary>
    const int Connections = 4;

    readonly DirectoryOptions _options;
    readonly TrustedAuthorities _trusted;
    readonly DirectoryConnection _connection;
    readonly DirectoryReader _reader;
    ForestOnTheWire? _forest;

    LabDomain(DirectoryOptions options, TrustedAuthorities trusted)
    {
        (_options, _trusted, _connection) = (options, trusted, DirectoryConnection.Open(options, trusted));
        _reader = new DirectoryReader(_connection);
        var root = _connection.Find("", "defaultNamingContext", "dnsHostName") ?? throw Unusable("shows nothing of itself");
        string Text(string attribute) => root.Attributes[attribute]?[0] as string ?? throw Unusable($"is no domain controller: it has no {attribute}");
        BaseDn = Text("defaultNamingContext");
        Shape = new ForestShape
        {
            Domain = string.Join('.', BaseDn.Split(',').Select(part => part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..])).ToLowerInvariant(),
            Root = $"{Container},{BaseDn}",
            DomainController = Text("dnsHostName"),
        };
    }

    /// <summary>Distinguished name of the domain.</summary>
    public string BaseDn { get; }

    /// <summary>Names of the forest of a world in it.</summary>
    public ForestShape Shape { get; }

    internal ForestOnTheWire Forest => _forest ?? throw new InvalidOperationException("No world is in the domain yet.");

    /// <summary>Connects to a domain and makes sure that it is a throw-away one, without anything of somebody else below the lab's container.</summary>
    /// <exception cref="BadUsageException">It can't be reached, or must not be filled.</exception>
    public static LabDomain Open(DirectoryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var trusted = TrustedAuthorities.Of(options.Authorities);
        LabDomain? domain = null;
        try
        {
            domain = new LabDomain(options, trusted);
            domain.Prepare();
            return domain;
        }
        catch (Exception e)
        {
            domain?._connection.Dispose();
            trusted.Dispose();
            if (e is LdapException or DirectoryOperationException) { throw new BadUsageException($"--directory: {options.Address} refuses what the lab needs of it: {e.Message}"); }
            throw;
        }
    }

    /// <summary>Makes a world, fills it into the domain, and goes on with both as one.</summary>
    /// <param name="clock">The world's.</param>
    /// <param name="options">What world; its forest is this one.</param>
    /// <param name="filled">Objects made so far, and how many it will be.</param>
    /// <param name="cancellationToken">Stops between two objects.</param>
    public async Task<SimulatedWorld> OpenWorldAsync(LabClock clock, WorldOptions options, IProgress<(int Done, int Total)>? filled, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(options);
        options = options with { Forest = Shape };
        var identities = await Task.Run(async () => await FillAsync(clock.GetUtcNow(), options, filled, cancellationToken), cancellationToken);
        _forest = new ForestOnTheWire(_connection, identities);
        var world = await SimulatedWorld.OpenAsync(path: null, clock, options, _forest);
        if (Compare(world) is [var first, ..] all)
        {
            await world.DisposeAsync();
            throw new RehearsalFailedException(string.Create(CultureInfo.InvariantCulture, $"The directory does not show the world that was filled in; {all.Count} difference(s), the first: {first}"));
        }
        _forest.GoLive();
        return world;
    }

    /// <summary>The product's own client on this domain, as its listener on one Connect server has it.</summary>
    public LdapDirectory OpenProductDirectory() => new(new LdapOptions
    {
        Server = Shape.DomainController,
        WritebackOu = Shape.Place(WorldSeeder.WritebackOu),
        Account = new NetworkCredential(_options.User, _options.Password),
        TrustedCertificatesFolder = _trusted.Folder,
        // The name in the directory need not be one that this machine can resolve.
        Addresses = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [Shape.DomainController!] = _options.Host },
    });

    /// <summary>What the directory shows below the lab's container, against the world: one line for each difference.</summary>
    public IReadOnlyList<string> Compare(SimulatedWorld world) => DomainComparison.Differences(ReadGroups(), world);

    /// <summary>What the harm report looks at, with the groups as the directory shows them.</summary>
    public WorldImage Image(SimulatedWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        var objects = ReadGroups();
        var guids = objects.ToDictionary(o => o.DistinguishedName, o => o.ObjectGuid, StringComparer.OrdinalIgnoreCase);
        return WorldImage.Of(world, objects.Where(o => o.Class == AdClass.Group)
            .Select(o => o.ToWorld(name => guids.TryGetValue(name, out var guid) ? guid : null)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _trusted.Dispose();
    }

    List<DirectoryObject> ReadGroups() => [.. _reader.Below(Shape.Root).Where(o => o.Class is not null)];

    BadUsageException Unusable(string why) => new($"--directory: {_options.Address} {why}.");

    void Prepare()
    {
        int accounts = _connection.Search(BaseDn, SearchScope.Subtree, "(&(objectCategory=person)(objectClass=user))", "cn")
            .Count(e => !DistinguishedName.IsUnder(DistinguishedName.Canonical(e.DistinguishedName), Shape.Root));
        if (accounts > MostAccounts)
        {
            throw Unusable(string.Create(CultureInfo.InvariantCulture, $"serves {Shape.Domain}, which has {accounts:N0} user accounts that the lab did not make: that is no throw-away domain, and the lab leaves it alone"));
        }

        if (_reader.Find(Shape.Root) is null)
        {
            if (!_options.MayBeFilled)
            {
                throw Unusable($"serves {Shape.Domain}, which does not bear the lab's mark {Container}. If that is a throw-away domain, say so once by --directory-may-be-filled; nothing was changed");
            }
            new DirectoryWriter(_connection).MakeContainer(Shape.Root);
            return;
        }

        var found = _reader.Below(Shape.Root).ToList();
        if (found.FirstOrDefault(o => !o.Marked) is { } foreign)
        {
            throw Unusable($"holds {foreign.DistinguishedName}, which the lab did not make; remove it or name another domain. Nothing was changed");
        }
        if (found.Count == 0) { return; }
        if (!_options.Clean)
        {
            throw Unusable(string.Create(CultureInfo.InvariantCulture, $"holds {found.Count:N0} objects of an earlier rehearsal below {Container}; --directory-clean removes them first. Nothing was changed"));
        }
        Clean(found);
    }

    /// <summary>Removes what bears the mark; the container itself stays, as the domain's mark.</summary>
    void Clean(List<DirectoryObject> found)
    {
        // Groups before their members: whoever is a member of many costs a change of each of them. Containers last, inner ones first.
        foreach (var part in found.GroupBy(o => o.Class switch { AdClass.Group => int.MaxValue, not null => int.MaxValue - 1, null => Depth(o.DistinguishedName) }).OrderByDescending(l => l.Key))
        {
            InParallel([.. part], (writer, o) => writer.Delete(o.DistinguishedName));
        }

        static int Depth(string dn) => dn.Length == 0 ? 0 : 1 + Depth(DistinguishedName.Parent(dn));
    }

    /// <summary>Makes a world in memory and its objects in the directory.</summary>
    /// <returns>Their identities by the objectGUID that they have in memory.</returns>
    async Task<IReadOnlyDictionary<Guid, ForestIdentity>> FillAsync(DateTimeOffset now, WorldOptions options, IProgress<(int Done, int Total)>? filled, CancellationToken cancellationToken)
    {
        using var clock = VirtualClock.InMemory(now);
        using var hold = clock.Busy("draft");
        await using var draft = await SimulatedWorld.OpenAsync(path: null, clock, options);
        var (objects, containers) = draft.Store.Read(() => (draft.Objects.Values.Where(o => o.DeletedAt is null).ToList(), draft.ForestFacts.Containers));
        var byKey = objects.ToDictionary(o => o.ObjectGuid);
        bool IsGroup(Guid member) => byKey[member].Class == AdClass.Group;

        var writer = new DirectoryWriter(_connection);
        foreach (string container in containers.Where(c => c != Shape.Root)) { writer.MakeContainer(container); }

        var made = new ConcurrentDictionary<Guid, ForestIdentity>();
        int done = 0;
        // Members are named by identity, so whoever is a member is made first; groups in groups come last.
        foreach (var part in (List<AdObject>[])[[.. objects.Where(o => o.Class != AdClass.Group)], [.. objects.Where(o => o.Class == AdClass.Group)]])
        {
            InParallel(part, (w, o) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                w.Make(o, o.Members.Where(m => !IsGroup(m)).Select(m => made[m].ObjectGuid));
                filled?.Report((Interlocked.Increment(ref done), objects.Count));
            });
            var names = part.ToDictionary(o => o.DistinguishedName, o => o.ObjectGuid, StringComparer.OrdinalIgnoreCase);
            foreach (var there in _reader.Below(Shape.Root))
            {
                if (names.TryGetValue(there.DistinguishedName, out var key)) { made[key] = new(there.ObjectGuid, there.Sid); }
            }
        }

        InParallel([.. objects.Where(o => o.Members.Any(IsGroup))], (w, o) => w.AddMembers(o.DistinguishedName, o.Members.Where(IsGroup).Select(m => made[m].ObjectGuid)));
        return made;
    }

    /// <summary>Does something with each object over several connections.</summary>
    void InParallel<T>(List<T> objects, Action<DirectoryWriter, T> act)
    {
        var work = new ConcurrentQueue<T>(objects);
        var workers = Enumerable.Range(0, Math.Min(Connections, objects.Count)).Select(_ => Task.Run(() =>
        {
            using var connection = DirectoryConnection.Open(_options, _trusted);
            var writer = new DirectoryWriter(connection);
            while (work.TryDequeue(out var o)) { act(writer, o); }
        })).ToArray();
        try
        {
            Task.WaitAll(workers);
        }
        catch (AggregateException e)
        {
            throw e.Flatten().InnerExceptions[0] is var first && first is DirectoryOperationException or LdapException
                ? new DirectoryLostException($"The directory could not be filled: {first.Message}", first)
                : first;
        }
    }
}
