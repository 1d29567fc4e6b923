using System.Globalization;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Whether what Connect would still write of a group that Cloud Sync took over does any harm. Pure.</summary>
/// <remarks>
/// Under the coexistence rules Connect may go on to write members, from the same Entra that Cloud Sync reads: that is explained when exactly so
/// many members went from Entra, or came to it, as it would take away or add. The export tells numbers, not members. Everything else about the
/// group is no longer Connect's. Source: migrate how-to, "reference attributes may still flow".
/// </remarks>
static class ConnectWriteJudge
{
    /// <summary>Exports that say nothing of the object or its members are not worth a look.</summary>
    public static bool Writes(PendingExport export) => export.Operation != ExportOperation.Update || export.TypeChange || export.MembersAdded + export.MembersRemoved > 0;

    /// <param name="export">What is pending.</param>
    /// <param name="group">The group that it is about.</param>
    /// <param name="now">The group as it is in the directory; null when it is gone.</param>
    /// <param name="entra">Its members in Entra; null when Entra does not have the group any more.</param>
    public static IEnumerable<ReviewItem> Judge(PendingExport export, GroupIdentity group, GroupSnapshot? now, EntraMembership? entra)
    {
        if (export.Operation != ExportOperation.Update)
        {
            yield return Item($"a pending {export.Operation.ToString().ToLowerInvariant()} of {export.DistinguishedName}", $"{export.Operation}");
            yield break;
        }
        if (export.TypeChange) { yield return Item($"a pending type change of {export.DistinguishedName}", "type"); }
        if (export.MembersAdded + export.MembersRemoved == 0) { yield break; }
        if (now is null || entra is null)
        {
            yield return Item($"pending member changes of {export.DistinguishedName} that Entra can't explain", Counts(export));
            yield break;
        }

        // Which object a synced group is Entra does not say; so many unknown members may be one, on either side.
        var gone = now.Members.Count(m => !entra.Members.ContainsKey(m));
        if (export.MembersRemoved > gone) { yield return Item($"{export.MembersRemoved} members of {export.DistinguishedName} would go, Entra lacks {gone} of those that are there", Counts(export)); }
        var come = entra.Members.Keys.Except(now.Members).Count() + entra.Unnamed;
        if (export.MembersAdded > come) { yield return Item($"{export.MembersAdded} members would come to {export.DistinguishedName}, Entra has {come} that are not there", Counts(export)); }

        ReviewItem Item(string text, string seen) => ReviewItem.Of("connectWrites", text, group.ObjectGuid, seen);
    }

    static string Counts(PendingExport export) => string.Create(CultureInfo.InvariantCulture, $"+{export.MembersAdded}-{export.MembersRemoved}");
}
