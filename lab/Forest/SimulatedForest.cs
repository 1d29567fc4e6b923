using System.Buffers;
using System.Globalization;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Forest;

/// <summary>Active Directory with its effects. Everything is called within a read or change of the store; refusals are <see cref="ForestException"/>.</summary>
/// <remarks>Member lists are sorted. Links follow their object: a deleted object leaves every group, a renamed one stays.</remarks>
public sealed class SimulatedForest
{
    /// <summary>Source: MS-ADTS 3.1.1.6.</summary>
    static readonly SearchValues<char> NotInAccountNames = SearchValues.Create("\"/\\[]:;|=,+*?<>");

    readonly SimulatedWorld _world;
    readonly TableIndex _byName;
    readonly TableIndex _byAnchor;
    readonly TableIndex _byFormerAnchor;
    readonly TableIndex _byAdminDescription;

    internal SimulatedForest(SimulatedWorld world)
    {
        _world = world;
        _byName = world.Objects.IndexBy(o => o.DeletedAt is null ? o.DistinguishedName : null);
        _byAnchor = world.Objects.IndexBy(o => o.DeletedAt is null ? o.ExternalDirectoryObjectId : null);
        _byFormerAnchor = world.Objects.IndexBy(o => o.DeletedAt is null ? o.PreviousExternalDirectoryObjectId : null);
        _byAdminDescription = world.Objects.IndexBy(o => o.DeletedAt is null ? o.AdminDescription : null);
    }

    ForestState Facts => _world.ForestFacts;

    DateTimeOffset Now => _world.Clock.GetUtcNow();

    /// <summary>The living object, or null.</summary>
    public AdObject? Find(Guid objectGuid) => _world.Objects.Find(objectGuid) is { DeletedAt: null } o ? o : null;

    /// <summary>The living object of a name, or null.</summary>
    public AdObject? FindByName(string dn) => _byName[dn].Select(k => _world.Objects[k]).FirstOrDefault();

    /// <summary>Living objects whose adminDescription is the anchor.</summary>
    public IReadOnlyList<AdObject> FindByAdminDescription(string anchor) => [.. _byAdminDescription[anchor].Select(k => _world.Objects[k])];

    /// <summary>Living objects whose msDS-ExternalDirectoryObjectId is the anchor, as the writable domain controller has it.</summary>
    public IReadOnlyList<AdObject> FindByAnchor(string anchor) => [.. _byAnchor[anchor].Select(k => _world.Objects[k])];

    /// <summary>Living objects that bear the anchor in the view of one global catalog, which lags behind by its own time.</summary>
    public IReadOnlyList<AdObject> FindInCatalog(string globalCatalog, string anchor)
    {
        if (!Facts.ReplicationSeconds.TryGetValue(globalCatalog, out int lag)) { throw new ForestException(ForestRefusal.NoSuchObject, $"There is no global catalog {globalCatalog}."); }
        var shown = Now - TimeSpan.FromSeconds(lag);
        return
        [
            .. _byAnchor[anchor].Union(_byFormerAnchor[anchor]).Order(StringComparer.Ordinal).Select(k => _world.Objects[k])
                .Where(o => string.Equals(o.AnchorChangedAt > shown ? o.PreviousExternalDirectoryObjectId : o.ExternalDirectoryObjectId, anchor, StringComparison.OrdinalIgnoreCase)),
        ];
    }

    /// <summary>Whether the agents' account may write an object.</summary>
    public bool AgentMayWrite(AdObject o) => Facts.AgentMayWriteOu && o is { AdminCount: false, InheritanceBlocked: false };

    /// <summary>The domain that a name lies in, among those beside the writeback OU's; null for that one.</summary>
    public OtherDomain? OtherDomainOf(string dn) =>
        Facts.OtherDomains.Where(d => DistinguishedName.IsUnder(dn, d.DomainDn)).MaxBy(d => d.DomainDn.Length);

    /// <summary>Whether an object lies in the forest of the writeback OU: groups there take no members from another one.</summary>
    public bool IsAtHome(AdObject o) =>
        o.Class != AdClass.ForeignSecurityPrincipal && (OtherDomainOf(o.DistinguishedName) is not { } other || other.Forest == Facts.Domain);

    /// <summary>Members of a group that stand for accounts of other forests; only a domain-local group has any.</summary>
    public IEnumerable<Guid> ForeignMembersOf(AdObject group) =>
        GroupTypes.IsDomainLocal(group.GroupType) ? group.Members.Where(m => Find(m) is { Class: AdClass.ForeignSecurityPrincipal }) : [];

    /// <summary>Living groups below a container, in the order of their objectGUIDs.</summary>
    public IEnumerable<AdObject> GroupsUnder(string container) =>
        _world.Objects.Values.Where(o => o is { Class: AdClass.Group, DeletedAt: null } && DistinguishedName.IsUnder(o.DistinguishedName, container));

    /// <summary>Makes an object; identity (objectGUID, SID) is the forest's.</summary>
    public AdObject Create(WorldChange change, NewAdObject made)
    {
        DemandFree(made.DistinguishedName);
        var facts = Facts;
        string account = made.SamAccountName ?? AccountNameOf(DistinguishedName.Cn(made.DistinguishedName), facts.NextRid);
        if (account.AsSpan().ContainsAny(NotInAccountNames)) { throw new ForestException(ForestRefusal.UnwillingToPerform, $"sAMAccountName '{account}' holds a character that it must not."); }
        var members = Sorted(made.Members);
        DemandMembers(made.GroupType, members, itself: Guid.Empty);
        int rid = facts.NextRid;
        var o = new AdObject
        {
            ObjectGuid = _world.Random.Id("objectGuid", $"{rid} {made.MadeBy} {made.DistinguishedName}"),
            Class = made.Class,
            DistinguishedName = made.DistinguishedName,
            SamAccountName = account,
            Sid = made.Sid ?? $"S-1-5-21-{1_000_000_000 + _world.Options.Seed}-{2000478354 + DomainNumber(made.DistinguishedName)}-725345543-{rid}",
            DisplayName = made.DisplayName,
            Description = made.Description,
            GroupType = made.GroupType,
            AdminDescription = made.AdminDescription,
            ExternalDirectoryObjectId = made.Anchor,
            AnchorChangedAt = Now,
            Mail = made.Mail,
            Members = members,
            MadeBy = made.MadeBy,
            CreatedAt = _world.IsBeingMade ? null : Now,
        };
        if (_world.Directory?.Create(o) is { } identity) { o = o with { ObjectGuid = identity.ObjectGuid, Sid = identity.Sid }; }
        _world.PutForest(change, facts with { NextRid = rid + 1 });
        _world.Objects.Put(change, o.ObjectGuid, o);
        return o;
    }

    /// <summary>Deletes an object; with the Recycle Bin on it can come back.</summary>
    public void Delete(WorldChange change, Guid objectGuid)
    {
        var o = Get(objectGuid);
        if (o.ProtectedFromDeletion) { throw new ForestException(ForestRefusal.AccessDenied, $"{o.DistinguishedName} is protected from accidental deletion."); }
        _world.Directory?.Delete(o);
        Bury(change, o);
    }

    /// <summary>Takes over what somebody else did to an object in the directory behind this forest.</summary>
    /// <param name="change">What it is part of.</param>
    /// <param name="objectGuid">The object.</param>
    /// <param name="found">As it is there now; null when it is gone.</param>
    internal void Adopt(WorldChange change, Guid objectGuid, AdObject? found)
    {
        var known = Find(objectGuid);
        if (found is null)
        {
            if (known is not null) { Bury(change, known); }
            return;
        }
        // It was made there, and takes a number as if it had been made here.
        if (known is null) { _world.PutForest(change, Facts with { NextRid = Facts.NextRid + 1 }); }
        bool stamped = known is null || known.ExternalDirectoryObjectId != found.ExternalDirectoryObjectId;
        _world.Objects.Put(change, objectGuid, found with
        {
            Members = Sorted(found.Members),
            MadeBy = known?.MadeBy ?? found.MadeBy,
            CreatedAt = known is null ? Now : known.CreatedAt,
            PlacedByHand = known?.PlacedByHand ?? false,
            PreviousExternalDirectoryObjectId = stamped ? known?.ExternalDirectoryObjectId : known?.PreviousExternalDirectoryObjectId,
            AnchorChangedAt = stamped ? Now : known!.AnchorChangedAt,
        });
    }

    void Bury(WorldChange change, AdObject o)
    {
        var objectGuid = o.ObjectGuid;
        if (Facts.RecycleBinEnabled) { _world.Objects.Put(change, objectGuid, o with { DeletedAt = Now }); }
        else { _world.Objects.Delete(change, objectGuid); }
        foreach (var group in _world.Objects.Values.Where(g => g.DeletedAt is null && IndexOf(g.Members, objectGuid) >= 0).ToList())
        {
            _world.Objects.Put(change, group.ObjectGuid, group with { Members = [.. group.Members.Where(m => m != objectGuid)] });
        }
    }

    /// <summary>Brings an object back from the Recycle Bin, with those of its members that live. Links from other groups don't come back.</summary>
    public AdObject Restore(WorldChange change, Guid objectGuid)
    {
        if (_world.Objects.Find(objectGuid) is not { DeletedAt: not null } o) { throw new ForestException(ForestRefusal.NoSuchObject, $"{objectGuid} is not in the Recycle Bin."); }
        if (_world.Directory is not null) { throw new ForestException(ForestRefusal.UnwillingToPerform, "A real directory brings nothing back for the lab."); }
        DemandFree(o.DistinguishedName);
        return Put(change, o, o with { DeletedAt = null, Members = [.. o.Members.Where(m => Find(m) is not null)] });
    }

    /// <summary>Gives an object another common name.</summary>
    public AdObject Rename(WorldChange change, Guid objectGuid, string cn) =>
        Relocate(change, objectGuid, o => DistinguishedName.Of(cn, DistinguishedName.Parent(o.DistinguishedName)));

    /// <summary>Puts an object into another container.</summary>
    public AdObject Move(WorldChange change, Guid objectGuid, string container) =>
        Relocate(change, objectGuid, o => $"{o.DistinguishedName[..^DistinguishedName.Parent(o.DistinguishedName).Length]}{container}");

    /// <summary>Makes the group's direct members exactly these.</summary>
    public AdObject SetMembers(WorldChange change, Guid group, IEnumerable<Guid> members)
    {
        var o = Get(group);
        var sorted = Sorted(members);
        DemandMembers(o.GroupType, [.. sorted.Except(o.Members)], group);
        return sorted.SequenceEqual(o.Members) ? o : Put(change, o, o with { Members = sorted });
    }

    public AdObject AddMembers(WorldChange change, Guid group, IEnumerable<Guid> members) => SetMembers(change, group, Get(group).Members.Concat(members));

    public AdObject RemoveMembers(WorldChange change, Guid group, IEnumerable<Guid> members) => SetMembers(change, group, Get(group).Members.Except(members));

    /// <summary>Sets or, with null, clears msDS-ExternalDirectoryObjectId; global catalogs show it after their lag.</summary>
    public AdObject SetAnchor(WorldChange change, Guid objectGuid, string? anchor)
    {
        var o = Get(objectGuid);
        return o.ExternalDirectoryObjectId == anchor
            ? o
            : Put(change, o, o with { PreviousExternalDirectoryObjectId = o.ExternalDirectoryObjectId, ExternalDirectoryObjectId = anchor, AnchorChangedAt = Now });
    }

    /// <summary>Changes other attributes. Name, members, anchor and identity have their own methods and must stay.</summary>
    public AdObject Update(WorldChange change, Guid objectGuid, Func<AdObject, AdObject> update)
    {
        var before = Get(objectGuid);
        var after = update(before);
        if (after.DistinguishedName != before.DistinguishedName || after.ObjectGuid != objectGuid || after.Sid != before.Sid || !ReferenceEquals(after.Members, before.Members)
            || after.ExternalDirectoryObjectId != before.ExternalDirectoryObjectId)
        {
            throw new ForestException(ForestRefusal.UnwillingToPerform, "Name, members, anchor and identity have methods of their own.");
        }
        if (GroupTypes.IsUniversal(after.GroupType) && !GroupTypes.IsUniversal(before.GroupType)) { DemandMembers(after.GroupType, before.Members, objectGuid); }
        return Put(change, before, after);
    }

    /// <summary>The members in the order in which every list of members stands, each once.</summary>
    public static IReadOnlyList<Guid> Sorted(IEnumerable<Guid> members) => [.. members.Distinct().Order()];

    static int IndexOf(IReadOnlyList<Guid> members, Guid member)
    {
        int low = 0;
        for (int high = members.Count - 1; low <= high;)
        {
            int middle = (low + high) / 2;
            int order = members[middle].CompareTo(member);
            if (order == 0) { return middle; }
            if (order < 0) { low = middle + 1; }
            else { high = middle - 1; }
        }
        return ~low;
    }

    /// <summary>Who names no account gets one that the directory makes up.</summary>
    static string AccountNameOf(string cn, int rid) => cn.AsSpan().ContainsAny(NotInAccountNames) ? string.Create(CultureInfo.InvariantCulture, $"${rid:X6}") : cn;

    AdObject Get(Guid objectGuid) => Find(objectGuid) ?? throw new ForestException(ForestRefusal.NoSuchObject, $"There is no object {objectGuid}.");

    AdObject Put(WorldChange change, AdObject before, AdObject after)
    {
        _world.Directory?.Change(before, after);
        _world.Objects.Put(change, after.ObjectGuid, after);
        return after;
    }

    AdObject Relocate(WorldChange change, Guid objectGuid, Func<AdObject, string> to)
    {
        var o = Get(objectGuid);
        string dn = to(o);
        if (dn == o.DistinguishedName) { return o; }
        if (o.ProtectedFromDeletion) { throw new ForestException(ForestRefusal.AccessDenied, $"{o.DistinguishedName} is protected from accidental deletion."); }
        DemandFree(dn, but: objectGuid);
        return Put(change, o, o with { DistinguishedName = dn });
    }

    int DomainNumber(string dn) => OtherDomainOf(dn) is { } other ? 1 + Facts.OtherDomains.Index().First(d => d.Item == other).Index : 0;

    void DemandFree(string dn, Guid but = default)
    {
        string parent = DistinguishedName.Parent(dn);
        if (!Facts.Containers.Contains(parent, StringComparer.OrdinalIgnoreCase)) { throw new ForestException(ForestRefusal.NoSuchContainer, $"There is no container {parent}."); }
        if (FindByName(dn) is { } there && there.ObjectGuid != but) { throw new ForestException(ForestRefusal.EntryAlreadyExists, $"{dn} exists."); }
    }

    void DemandMembers(int groupType, IReadOnlyList<Guid> members, Guid itself)
    {
        foreach (var member in members)
        {
            var o = Get(member);
            if (member == itself) { throw new ForestException(ForestRefusal.UnwillingToPerform, "A group cannot be its own member."); }
            if (GroupTypes.IsUniversal(groupType) && !IsAtHome(o)) { throw new ForestException(ForestRefusal.UnwillingToPerform, "A universal group cannot have a member of another forest."); }
            if (GroupTypes.IsUniversal(groupType) && o.Class == AdClass.Group && GroupTypes.IsDomainLocal(o.GroupType))
            {
                throw new ForestException(ForestRefusal.UnwillingToPerform, "A universal group cannot have a local group as a member.");
            }
        }
    }
}

/// <summary>An object to make.</summary>
public sealed record NewAdObject
{
    public required AdClass Class { get; init; }
    public required string DistinguishedName { get; init; }

    /// <summary>Null takes the common name.</summary>
    public string? SamAccountName { get; init; }

    /// <summary>SID of the account that it stands for; null gives it one of its own.</summary>
    public string? Sid { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public int GroupType { get; init; }
    public string? AdminDescription { get; init; }

    /// <summary>msDS-ExternalDirectoryObjectId.</summary>
    public string? Anchor { get; init; }
    public string? Mail { get; init; }
    public IReadOnlyList<Guid> Members { get; init; } = [];

    /// <summary>seed, connect, cloudSync, product, outside.</summary>
    public required string MadeBy { get; init; }
}
