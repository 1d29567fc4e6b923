using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Identity;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Notifications;

/// <summary>What people are told when one view of a migration takes the place of another. Pure: the same two views plan the same messages, under the same ids.</summary>
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

    static IEnumerable<Notification> Planned(MigrationView? before, MigrationView after, PeopleNames people)
    {
        if (after.Gate is { } gate && (before?.Gate is not { } asked || asked.Gate != gate.Gate || asked.EvidenceAt != gate.EvidenceAt))
        {
            yield return Messages.Asked(after, gate, people, IdOf(after, "gate", $"{gate.Gate} {gate.EvidenceDigest} {gate.EvidenceAt:O}"));
        }

        if (after.Hold is { } hold && before?.Hold?.Since != hold.Since)
        {
            yield return Messages.Held(after, hold, IdOf(after, "hold", $"{hold.Before} {hold.Since:O}"));
        }

        foreach (var task in after.Tasks.Where(t => t.State == TaskState.Open && before?.Tasks.Any(b => b.Id == t.Id) != true))
        {
            yield return Messages.Opened(after, task, IdOf(after, "task", task.Id));
        }

        foreach (var notice in NewIn(before, after).Where(n => n.Tells is not null))
        {
            yield return Messages.Told(after, notice, IdOf(after, "notice", $"{notice.Code} {notice.Message} {after.UpdatedAt:O}"));
        }

        if (after.State == MigrationState.NeedsAttention && before?.State != MigrationState.NeedsAttention)
        {
            yield return Messages.Parked(after, IdOf(after, "parked", $"{after.UpdatedAt:O}"));
        }

        if (after.Outcome is { } outcome && before?.Outcome != outcome)
        {
            yield return Messages.Ended(after, outcome, people, IdOf(after, "ended", $"{outcome} {after.EndedAt:O}"));
        }
    }

    /// <summary>Notices are told anew when there is one more of the same words, as reminders are.</summary>
    static IEnumerable<Notice> NewIn(MigrationView? before, MigrationView after)
    {
        var known = (before?.Notices ?? []).GroupBy(n => n).ToDictionary(same => same.Key, same => same.Count());
        foreach (var same in after.Notices.GroupBy(n => n))
        {
            if (same.Count() > known.GetValueOrDefault(same.Key)) { yield return same.Key; }
        }
    }

    static string IdOf(MigrationView view, string about, string which) => CanonicalJson.Hash(new { view.MigrationId, about, which })[..16];
}
