using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Assessment.Risks;

/// <summary>Makes a task of every group at risk. Pure.</summary>
public static class RiskTasks
{
    /// <summary>The tasks, by their ids.</summary>
    public static IReadOnlyList<RiskTask> Of(AssessmentFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var objects = facts.Inventory.ToDictionary(o => o.ObjectGuid);
        return
        [
            .. facts.Of(GroupClass.AtRisk)
                .Where(group => group is { CloudId: not null, ObjectGuid: not null })
                .Select(group => Of(group, facts.Cloud[group.CloudId!.Value], objects[group.ObjectGuid!.Value], facts.ReadAt))
                .DistinctBy(task => task.Id)
                .OrderBy(task => task.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>What takes a group with these reasons out of danger.</summary>
    public static RiskTaskKind KindOf(ClassifiedGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Reasons switch
        {
            var reasons when reasons.Contains(ClassReason.SoftDeleted) => RiskTaskKind.RestoreOrDelete,
            var reasons when reasons.Contains(ClassReason.Disabled) => RiskTaskKind.EnableOrRemove,
            var reasons when reasons.Contains(ClassReason.HasMail) || reasons.Contains(ClassReason.MailEnabled) => RiskTaskKind.ClearMail,
            _ => RiskTaskKind.Review,
        };
    }

    static RiskTask Of(ClassifiedGroup group, CloudGroupFacts cloud, AdGroup o, DateTimeOffset readAt)
    {
        var kind = KindOf(group);
        var (title, why, steps) = kind switch
        {
            RiskTaskKind.ClearMail => ClearMail(cloud, o),
            RiskTaskKind.RestoreOrDelete => RestoreOrDelete(cloud, o),
            RiskTaskKind.EnableOrRemove => EnableOrRemove(cloud, o),
            _ => Review(cloud, o, group.Reasons[0]),
        };
        return new RiskTask
        {
            Id = $"{NameOf(kind)}-{cloud.Id:D}",
            Kind = kind,
            State = RiskTaskState.Open,
            Title = title,
            Why = why,
            Steps = [.. steps, "Choose 'Check now', or assess again: what is read back closes the task. A plan needs a new assessment."],
            CloudId = cloud.Id,
            ObjectGuid = o.ObjectGuid,
            DistinguishedName = o.DistinguishedName,
            Reads = RiskJudge.Describe(cloud, [o]),
            ReadAt = readAt,
            Script = RiskScript.ActionsOf(kind).Count > 0 ? $"{NameOf(kind)}-{cloud.Id:D}" : null,
        };
    }

    static (string, string, string[]) ClearMail(CloudGroupFacts cloud, AdGroup o) =>
    (
        $"Clear the mail value of {cloud.DisplayName}, or let the group go",
        $"The coexistence rule covers groups without a mail value only. After the switch Connect would delete {o.DistinguishedName}. "
        + (cloud.MailEnabled ? "Cloud Sync does not take a mail-enabled group at all." : "Without the value the group migrates like any other."),
        [
            $"Ask the owner of {cloud.DisplayName} (objectId {cloud.Id:D}) whether anybody sends mail to {cloud.Mail ?? "it"}.",
            cloud.MailEnabled
                ? $"The group is mail-enabled: Exchange Online holds it, and Graph shows its mail read-only. To keep it a security group, have Exchange let go of it: Get-Recipient -Identity {cloud.Id:D} in Exchange Online PowerShell shows what it is there."
                : $"Clear the value {cloud.Mail}. Graph shows it read-only; Get-Recipient -Identity {cloud.Id:D} in Exchange Online PowerShell shows what holds it. Where Exchange knows no such recipient, Microsoft's support clears the remnant.",
            "Where it must keep its mail: make a new security group without mail, with the same members and writeback on, and wait until it is in Active Directory. Give it every access that "
            + $"{o.SamAccountName} has there.",
            $"Then let the old one go: in Microsoft Graph PATCH /beta/groups/{cloud.Id:D} with {{\"writebackConfiguration\":{{\"isEnabled\":false}}}}, and delete {o.DistinguishedName} (objectGUID {o.ObjectGuid:D}) in Active Directory.",
        ]
    );

    static (string, string, string[]) RestoreOrDelete(CloudGroupFacts cloud, AdGroup o) =>
    (
        $"Restore {cloud.DisplayName}, or delete it for good",
        $"The group is soft-deleted in Entra, and writeback v2 retained {o.DistinguishedName}. Nothing keeps it after the switch.",
        [
            $"Ask the owner of {cloud.DisplayName} (objectId {cloud.Id:D}) whether Active Directory still needs it.",
            $"When it is needed: in Microsoft Graph POST /v1.0/directory/deletedItems/{cloud.Id:D}/restore, or the task's script with -Action Restore. It must have writeback on to migrate.",
            $"When it is not: in Microsoft Graph DELETE /v1.0/directory/deletedItems/{cloud.Id:D}, or the script with -Action Delete. Nothing brings it back; in its next cycle Connect deletes {o.DistinguishedName} (objectGUID {o.ObjectGuid:D}).",
        ]
    );

    static (string, string, string[]) EnableOrRemove(CloudGroupFacts cloud, AdGroup o) =>
    (
        $"Switch writeback of {cloud.DisplayName} on, or remove its object",
        $"Writeback is off for the group in Entra, and writeback v2 retained {o.DistinguishedName}. Nothing keeps it after the switch.",
        [
            $"Ask the owner of {cloud.DisplayName} (objectId {cloud.Id:D}) whether Active Directory still needs it.",
            $"When it is needed: in Microsoft Graph PATCH /beta/groups/{cloud.Id:D} with {{\"writebackConfiguration\":{{\"isEnabled\":true}}}}, or the task's script with -Action Enable. Its members in Active Directory become those in Entra with the next cycle.",
            $"When it is not: delete {o.DistinguishedName} (objectGUID {o.ObjectGuid:D}) in Active Directory. What had access through {o.SamAccountName} loses it.",
        ]
    );

    static (string, string, string[]) Review(CloudGroupFacts cloud, AdGroup o, string reason) =>
    (
        $"Review {cloud.DisplayName}: it cannot be written back as it is",
        $"{reason} Connect would not keep {o.DistinguishedName} after the switch.",
        [
            cloud.OnPremisesSynced
                ? $"Find the group of Active Directory from which {cloud.DisplayName} (objectId {cloud.Id:D}) is synchronised: onPremisesDistinguishedName in Entra names it."
                : $"Ask the owner of {cloud.DisplayName} (objectId {cloud.Id:D}) whether it is to give access. If so, make it a security group again: in Microsoft Graph PATCH /v1.0/groups/{cloud.Id:D} with {{\"securityEnabled\":true}}.",
            $"Where {o.DistinguishedName} (objectGUID {o.ObjectGuid:D}) is a remnant, delete it in Active Directory. What had access through {o.SamAccountName} loses it.",
        ]
    );

    static string NameOf(RiskTaskKind kind) => kind switch
    {
        RiskTaskKind.ClearMail => "clear-mail",
        RiskTaskKind.RestoreOrDelete => "restore-or-delete",
        RiskTaskKind.EnableOrRemove => "enable-or-remove",
        _ => "review",
    };
}
