using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Notifications;

/// <summary>What people are told when one view of a migration or an operation takes the place of another. Pure: the same two views plan the same messages, under the same ids.</summary>
/// <remarks>
/// So nothing that stages do has to know of channels: what they show and mark as to be told (<see cref="Notice.Tells"/>) is sent. A view that is shown again
/// after a crash plans nothing new.
/// </remarks>
public static class NotificationPlan
{
    /// <param name="before">What was shown last; null at the beginning.</param>
    /// <param name="after">What is shown now.</param>
    /// <param name="people">Names of those who act; the objectId stands for whoever is not among them.</param>
    public static IReadOnlyList<Notification> Between(MigrationView? before, MigrationView after, PeopleNames? people = null)
    {
        ArgumentNullException.ThrowIfNull(after);
        return [.. Planned(before, after, people ?? PeopleNames.None).DistinctBy(message => message.Id)];
    }

    /// <inheritdoc cref="Between(MigrationView?, MigrationView, PeopleNames?)"/>
    public static IReadOnlyList<Notification> Between(OperationView? before, OperationView after, PeopleNames? people = null)
    {
        ArgumentNullException.ThrowIfNull(after);
        return [.. Planned(before, after, people ?? PeopleNames.None).DistinctBy(message => message.Id)];
    }

    static IEnumerable<Notification> Planned(MigrationView? before, MigrationView after, PeopleNames people)
    {
        if (after.Gate is { } gate && (before?.Gate is not { } asked || asked.Gate != gate.Gate || asked.EvidenceAt != gate.EvidenceAt))
        {
            yield return Messages.Asked(after, gate, people, IdOf(after.MigrationId, "gate", $"{gate.Gate} {gate.EvidenceDigest} {gate.EvidenceAt:O}"));
        }

        if (after.Hold is { } hold && before?.Hold?.Since != hold.Since)
        {
            yield return Messages.Held(after, hold, IdOf(after.MigrationId, "hold", $"{hold.Before} {hold.Since:O}"));
        }

        foreach (var task in NewIn(before?.Tasks, after.Tasks))
        {
            yield return Messages.Opened(after, task, IdOf(after.MigrationId, "task", task.Id));
        }

        foreach (var notice in NewIn(before?.Notices, after.Notices))
        {
            yield return Messages.Told(after, notice, IdOf(after.MigrationId, "notice", $"{notice.Code} {notice.Message} {after.UpdatedAt:O}"));
        }

        if (after.State == MigrationState.NeedsAttention && before?.State != MigrationState.NeedsAttention)
        {
            yield return Messages.Parked(after, IdOf(after.MigrationId, "parked", $"{after.UpdatedAt:O}"));
        }

        if (after.Outcome is { } outcome && before?.Outcome != outcome)
        {
            yield return Messages.Ended(after, outcome, people, IdOf(after.MigrationId, "ended", $"{outcome} {after.EndedAt:O}"));
        }
    }

    static IEnumerable<Notification> Planned(OperationView? before, OperationView after, PeopleNames people)
    {
        if (OperationVerbs.WaitsForApproval(after) && before?.PlanHash != after.PlanHash)
        {
            yield return OperationMessages.Asked(after, people, IdOf(after.OperationId, "approval", after.PlanHash!));
        }

        foreach (var task in NewIn(before?.Tasks, after.Tasks))
        {
            yield return OperationMessages.Opened(after, task, IdOf(after.OperationId, "task", task.Id));
        }

        foreach (var notice in NewIn(before?.Notices, after.Notices))
        {
            yield return OperationMessages.Told(after, notice, IdOf(after.OperationId, "notice", $"{notice.Code} {notice.Message} {after.UpdatedAt:O}"));
        }

        // A run that goes on where the last one ended may come to the same end.
        if (after.Outcome is { } outcome && (before?.Outcome != outcome || before.Run != after.Run)
            && OperationMessages.Ended(after, outcome, IdOf(after.OperationId, "ended", $"{outcome} {after.EndedAt:O}")) is { } ended)
        {
            yield return ended;
        }
    }

    static IEnumerable<OperatorTask> NewIn(IReadOnlyList<OperatorTask>? before, IReadOnlyList<OperatorTask> after) =>
        after.Where(task => task.State == TaskState.Open && before?.Any(known => known.Id == task.Id) != true);

    /// <summary>Notices that tell somebody. They are told anew when there is one more of the same words, as reminders are.</summary>
    static IEnumerable<Notice> NewIn(IReadOnlyList<Notice>? before, IReadOnlyList<Notice> after)
    {
        var known = (before ?? []).GroupBy(n => n).ToDictionary(same => same.Key, same => same.Count());
        return after.Where(notice => notice.Tells is not null).GroupBy(n => n).Where(same => same.Count() > known.GetValueOrDefault(same.Key)).Select(same => same.Key);
    }

    /// <param name="subject">Id of the migration or operation.</param>
    /// <param name="about">What it tells of.</param>
    /// <param name="which">Which of several.</param>
    static string IdOf(string subject, string about, string which) => CanonicalJson.Hash(new { subject, about, which })[..16];
}
