using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Tenant;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Connect;

/// <summary>One synchronisation of one server: what its connector space holds of a group afterwards. It writes nothing itself.</summary>
sealed class Synchronisation(SimulatedWorld world, ConnectView view, ConnectServer server, RuleEngine rules, bool v2, bool v1)
{
    /// <summary>Connect does not write a group with more members. Source: modify default behaviour.</summary>
    public const int MemberLimit = 50_000;

    readonly string _ou = world.ForestFacts.WritebackOu;

    enum Writeback
    {
        Wanted,

        /// <summary>Version 2 is on and the group's writeback is off.</summary>
        Disabled,
        SoftDeleted,

        /// <summary>No feature that is on writes this kind of group.</summary>
        FeatureOff,
        TooLarge,
    }

    /// <summary>The group's connector object, or null for none.</summary>
    public ConnectorObject? Evaluate(Guid cloudId, ConnectorObject? known)
    {
        // Objects of a container that is not synchronised leave the connector space, and what would be made there has no place.
        if (server.OuDeselected) { return null; }
        var joined = Joined(cloudId, known);
        if (world.Groups.Find(cloudId) is not { } group)
        {
            // Hard-deleted in Entra. What is only joined is let go.
            return known is null || joined is null || known.NoFlow ? null : Delete(known, joined);
        }
        var writeback = WritebackOf(group);
        if (group.OnPremisesSynced || known is null && writeback != Writeback.Wanted) { return null; }

        var outcome = rules.Apply(group);
        var space = new ConnectorObject
        {
            Server = server.Name,
            CloudId = cloudId,
            ObjectGuid = joined?.ObjectGuid,
            MailEnabled = group.Unified || group.Mail is not null,
            Lineage = outcome.Lineage,
            NoFlow = outcome.NoFlow,
            Retained = v2 ? writeback is Writeback.Disabled or Writeback.SoftDeleted : known?.Retained ?? false,
        };
        if (outcome.Deletes && writeback is Writeback.Disabled or Writeback.SoftDeleted or Writeback.FeatureOff)
        {
            return joined is null ? null : Delete(space, joined);
        }
        if (outcome.NoFlow) { return Join(group, space, known, joined); }
        if (!outcome.Provisions)
        {
            // Marked as no-flow, yet no rule joins: nothing holds the object any more.
            return joined is null ? null : Delete(space, joined);
        }
        if (writeback == Writeback.Wanted) { return Flow(group, space, joined); }
        if (joined is null) { return null; }
        if (writeback != Writeback.FeatureOff && (v2 || group.Unified)) { return space; }
        // Version 2 is off and nothing protects the object.
        return known is { NoFlow: true } && !world.Switches.RuleRemovalDeletes ? null : Delete(space, joined);
    }

    Writeback WritebackOf(CloudGroup group)
    {
        if (group.DeletedAt is not null) { return Writeback.SoftDeleted; }
        if (rules.LimitsMembers && group.Members.Count > MemberLimit) { return Writeback.TooLarge; }
        if (group.Unified)
        {
            if (v2) { return group.WritebackEnabled == false ? Writeback.Disabled : Writeback.Wanted; }
            return v1 ? Writeback.Wanted : Writeback.FeatureOff;
        }
        if (!v2) { return Writeback.FeatureOff; }
        return group.WritebackEnabled == true ? Writeback.Wanted : Writeback.Disabled;
    }

    AdObject? Joined(Guid cloudId, ConnectorObject? known)
    {
        if (known?.ObjectGuid is { } o && world.Forest.Find(o) is { } still) { return still; }
        return world.Forest.FindByAdminDescription($"Group_{cloudId:D}").FirstOrDefault(g => DistinguishedName.IsUnder(g.DistinguishedName, _ou));
    }

    /// <summary>JoinNoFlow: no create, no delete, no attribute; members perhaps.</summary>
    ConnectorObject? Join(CloudGroup group, ConnectorObject space, ConnectorObject? known, AdObject? joined)
    {
        if (joined is null) { return null; }
        if (!v2 && !group.Unified)
        {
            if (known is not { NoFlow: true } && !world.Switches.RulesTakeAfterSwitch) { return Delete(space, joined); }
            if (space.Retained && world.Switches.RetainedGroupsDeletedAtSwitch) { return Delete(space, joined); }
        }
        if (world.Suffers(Sabotage.ConnectStillWrites) && !v2 && WrittenByCloudSync(group))
        {
            return Compare(space, joined, ImageOf(joined) with { Members = [.. MembersOf(group, joined).Skip(1)] });
        }
        if (!world.Switches.JoinNoFlowWritesMembers || group.DeletedAt is not null || space.Retained) { return space; }
        return Compare(space, joined, ImageOf(joined) with { Members = MembersOf(group, joined) });
    }

    bool WrittenByCloudSync(CloudGroup group) => world.Jobs.Values.Any(j => world.Links.Find(CloudSyncLink.Key(j.Id, group.Id)) is not null);

    /// <summary>The standard rules: name, description, type and members as Entra has them.</summary>
    ConnectorObject Flow(CloudGroup group, ConnectorObject space, AdObject? joined)
    {
        string cn = world.Options.Naming == ConnectNaming.CloudId ? group.Anchor : $"{Cut(group.DisplayName.Trim(), 51)}_{group.Anchor[^12..]}";
        var image = new ConnectorImage
        {
            DistinguishedName = joined is { PlacedByHand: true } ? joined.DistinguishedName : DistinguishedName.Of(cn, _ou),
            DisplayName = group.DisplayName,
            Description = group.Description,
            GroupType = TypeOf(group, joined),
            Mail = group.Mail,
            Members = MembersOf(group, joined),
        };
        if (joined is not null) { return Compare(space, joined, image); }
        return space with { Image = image, Pending = Export(space, image.DistinguishedName, ExportOperation.Add) with { MembersAdded = image.Members.Count } };
    }

    int TypeOf(CloudGroup group, AdObject? joined)
    {
        // Somebody made it domain-local, and Active Directory makes none universal that holds members of another forest.
        if (!group.Unified) { return joined is not null && world.Forest.ForeignMembersOf(joined).Any() ? joined.GroupType : GroupTypes.UniversalSecurity; }
        if (!v2) { return world.Switches.M365TypeChanges || joined is null ? GroupTypes.UniversalDistribution : joined.GroupType; }
        return group.OnPremisesGroupType?.Contains("Security", StringComparison.OrdinalIgnoreCase) == true ? GroupTypes.UniversalSecurity : GroupTypes.UniversalDistribution;
    }

    /// <summary>As Entra has them; who stands for an account of another forest has no twin in Entra, and is left where he is.</summary>
    IReadOnlyList<Guid> MembersOf(CloudGroup group, AdObject? joined) =>
        SimulatedForest.Sorted(group.Members.Select(view.ObjectOf).OfType<Guid>().Concat(joined is null ? [] : world.Forest.ForeignMembersOf(joined)));

    ConnectorObject Compare(ConnectorObject space, AdObject now, ConnectorImage wanted)
    {
        bool renamed = !string.Equals(now.DistinguishedName, wanted.DistinguishedName, StringComparison.Ordinal);
        bool members = !now.Members.SequenceEqual(wanted.Members);
        if (!renamed && !members && now.DisplayName == wanted.DisplayName && now.Description == wanted.Description && now.GroupType == wanted.GroupType && now.Mail == wanted.Mail)
        {
            return space;
        }
        var export = Export(space, now.DistinguishedName, renamed ? ExportOperation.Rename : ExportOperation.Update) with { TypeChange = now.GroupType != wanted.GroupType };
        if (members)
        {
            export = export with { MembersAdded = wanted.Members.Except(now.Members).Count(), MembersRemoved = now.Members.Except(wanted.Members).Count() };
        }
        return space with { Image = wanted, Pending = export };
    }

    // No longer joined: a later look at the group does not take the delete back by itself.
    ConnectorObject Delete(ConnectorObject space, AdObject now) =>
        space with { ObjectGuid = now.ObjectGuid, NoFlow = false, Image = null, Pending = Export(space, now.DistinguishedName, ExportOperation.Delete) };

    PendingExport Export(ConnectorObject space, string dn, ExportOperation operation) => new()
    {
        Connector = world.Connect.AdConnectorName,
        ObjectType = "group",
        Operation = operation,
        DistinguishedName = dn,
        Anchor = $"Group_{space.CloudId:D}",
        MailEnabled = space.MailEnabled,
    };

    static ConnectorImage ImageOf(AdObject o) => new()
    {
        DistinguishedName = o.DistinguishedName,
        DisplayName = o.DisplayName,
        Description = o.Description,
        GroupType = o.GroupType,
        Mail = o.Mail,
        Members = o.Members,
    };

    static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
