using System.Globalization;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Functions.Operations.Restore;

/// <summary>Decides which deleted groups can be restored and are joined again. Pure.</summary>
/// <remarks>
/// The order is the document's: the object first, its group in Entra afterwards. A group that Connect writes already is therefore never restored
/// beside the object that it makes. Source: modify default behaviour, restore from the Recycle Bin.
/// </remarks>
static class RestoreJudge
{
    /// <summary>Deleted groups that the terms mean.</summary>
    public static IEnumerable<DeletedWritebackGroup> Meant(RestoreTerms terms, RestoreSight sight) => terms.Groups is not { } named
        ? sight.Deleted
        : sight.Deleted.Where(deleted => named.Contains(deleted.Was.Group.ObjectGuid) || (CloudIdOf(deleted, sight) is { } id && named.Contains(id)));

    public static RestoreFinding Judge(DeletedWritebackGroup deleted, RestoreTerms terms, RestoreSight sight)
    {
        var group = deleted.Was.Group;
        var cloudId = CloudIdOf(deleted, sight);
        var cloud = cloudId is { } id ? sight.Cloud.GetValueOrDefault(id) : null;
        var (verdict, why) = Verdict(deleted, cloudId, cloud, terms, sight);
        return new()
        {
            ObjectGuid = group.ObjectGuid,
            DistinguishedName = group.DistinguishedName,
            CloudId = cloudId,
            DisplayName = cloud?.DisplayName ?? group.DisplayName,
            Verdict = verdict,
            Why = why,
            DeletedAt = deleted.DeletedAt,
            Until = verdict == RestoreVerdict.Gone ? null : deleted.DeletedAt + TimeSpan.FromDays(sight.KeptDays),
            Members = deleted.Was.Members.Count,
            MembersGone = deleted.MembersGone.Count,
            SnapshotOf = sight.Snapshots.GetValueOrDefault(group.ObjectGuid)?.MigrationId,
        };
    }

    /// <summary>The group as it will be: as it was deleted, or, without a Recycle Bin, as a migration's snapshot has it.</summary>
    /// <param name="deleted">The group.</param>
    /// <param name="sight">What is known.</param>
    /// <param name="together">objectGUIDs of the groups that are restored with it: they are its members again.</param>
    public static GroupSnapshot AsItWillBe(DeletedWritebackGroup deleted, RestoreSight sight, IReadOnlySet<Guid> together)
    {
        var was = sight.RecycleBin || !sight.Snapshots.TryGetValue(deleted.Was.Group.ObjectGuid, out var known) ? deleted.Was : known.Was;
        return was with
        {
            // The listener restores nothing without it, and never under another one.
            Group = was.Group with { AdminDescription = was.Group.AdminDescription ?? was.Group.ExternalDirectoryObjectId },
            Members = [.. was.Members.Union(deleted.MembersGone.Where(together.Contains)).Order()],
        };
    }

    /// <summary>How the object stands, in the words of a plan: a plan's word compares equal as long as nothing changed.</summary>
    /// <param name="deleted">What can become of it, where it is deleted.</param>
    /// <param name="living">The object, where it lives in the writeback OU.</param>
    public static string Word(RestoreFinding? deleted, AdGroup? living) => (living, deleted) switch
    {
        (not null, _) => RestoreWords.Restored,
        (null, { CanBeRestored: true }) => RestoreWords.Deleted(deleted.Until),
        (null, not null) => deleted.Why,
        _ => "neither in the writeback OU nor among what was deleted",
    };

    static (RestoreVerdict Verdict, string Why) Verdict(DeletedWritebackGroup deleted, Guid? cloudId, CloudGroupFacts? cloud, RestoreTerms terms, RestoreSight sight)
    {
        var group = deleted.Was.Group;
        if (deleted.Recycled) { return (RestoreVerdict.Gone, "its life in the Recycle Bin is over, or it was deleted before there was one: only a backup brings it back"); }
        if (!sight.RecycleBin && !sight.Snapshots.ContainsKey(group.ObjectGuid))
        {
            return (RestoreVerdict.Gone, "there is no Recycle Bin, and no migration's snapshot says what it was: only a backup brings it back");
        }

        if (cloudId is not { } id) { return (RestoreVerdict.Anonymous, "no anchor names its group in Entra"); }
        if (!DistinguishedName.Under(group.DistinguishedName, sight.WritebackOu))
        {
            return (RestoreVerdict.Outside, $"it stood outside the writeback OU, in {DistinguishedName.Parent(group.DistinguishedName)}: restore it by hand");
        }

        if (sight.LivingOf(id).FirstOrDefault() is { } anew)
        {
            return (RestoreVerdict.MadeAnew, $"a new object of its group is there, {anew.DistinguishedName}, and two would stand against each other: "
                + "if the old one is wanted with its SID, switch its writeback off in Entra, delete the new object, and plan again");
        }

        if (cloud is null) { return (RestoreVerdict.CloudGroupGone, "its group is gone from Entra for good, so that nothing would join it"); }
        if (Several(deleted, id, terms, sight) is var several and > 1)
        {
            return (RestoreVerdict.Twice, $"{several} deleted objects are of the same group: name the one that is to come back by its objectGUID");
        }

        if (deleted.ContainerGone)
        {
            return (RestoreVerdict.ContainerGone, $"its container is deleted: restore {DistinguishedName.Parent(group.DistinguishedName)} first, then plan again");
        }

        if (deleted.NameTakenBy is { } other)
        {
            return (RestoreVerdict.NameTaken, $"the object {other:D} has its name by now: rename or move that one, then plan again");
        }

        return OrderOf(cloud, sight);
    }

    /// <summary>A Microsoft 365 group is written where nothing is set; another group is not.</summary>
    public static bool IsOn(CloudGroupFacts cloud) => cloud.Unified ? cloud.WritebackEnabled != false : cloud.WritebackEnabled == true;

    /// <summary>What comes first, of a group that nothing else keeps from coming back.</summary>
    static (RestoreVerdict Verdict, string Why) OrderOf(CloudGroupFacts cloud, RestoreSight sight)
    {
        var servers = sight.Servers;
        if (servers.Version2 != true && !(cloud.Unified && servers.Version1 == true))
        {
            return (RestoreVerdict.NotWritten, "Connect writes no group of its kind as things stand, so that nothing would join it; one that was migrated is brought back by its migration's repair");
        }

        if (cloud.SoftDeleted) { return (RestoreVerdict.RejoinsFromSoftDelete, "its group is soft-deleted in Entra: it is restored here first, then there"); }
        if (servers.Version2 != true)
        {
            return (RestoreVerdict.EnabledAlready, "version 1 writes every Microsoft 365 group, so that the next cycle makes a new object: only a soft delete in Entra keeps it from that while it is restored");
        }

        return IsOn(cloud)
            ? (RestoreVerdict.EnabledAlready, "its writeback is on in Entra already, so that the next cycle makes a new object: switch it off there first, plan again, and switch it on when it is restored")
            : (RestoreVerdict.Rejoins, "its writeback is off in Entra: it is restored here first, then switched on there");
    }

    /// <summary>Deleted objects of one group, unless the terms name this one of them alone.</summary>
    static int Several(DeletedWritebackGroup deleted, Guid cloudId, RestoreTerms terms, RestoreSight sight)
    {
        var all = sight.DeletedOf(cloudId).Select(one => one.Was.Group.ObjectGuid).ToList();
        var named = terms.Groups is { } groups ? all.Count(groups.Contains) : 0;
        return named == 1 && terms.Groups!.Contains(deleted.Was.Group.ObjectGuid) ? 1 : all.Count;
    }

    static Guid? CloudIdOf(DeletedWritebackGroup deleted, RestoreSight sight) => RestoreSight.CloudIdOf(deleted.Was.Group)
        ?? (sight.Snapshots.TryGetValue(deleted.Was.Group.ObjectGuid, out var known) ? RestoreSight.CloudIdOf(known.Was.Group) : null);
}

/// <summary>The words of a restored group's value.</summary>
static class RestoreWords
{
    public const string Restored = "restored";

    public static string Deleted(DateTimeOffset? until) =>
        until is { } at ? string.Create(CultureInfo.InvariantCulture, $"deleted, kept until {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : "deleted";
}
