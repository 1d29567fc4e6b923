using System.Globalization;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Operations.Changes;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Operations.Restore;

/// <summary>Plans what is restored, and says of everything else why it is not. Pure.</summary>
static class RestorePlanner
{
    public static RestorePlan Plan(RestoreTerms terms, RestoreSight sight)
    {
        var found = RestoreJudge.Meant(terms, sight).Select(deleted => (Deleted: deleted, Finding: RestoreJudge.Judge(deleted, terms, sight))).ToList();
        var together = found.Where(one => one.Finding.CanBeRestored).Select(one => one.Finding.ObjectGuid).ToHashSet();
        List<RestoreFinding> findings = [];
        List<GroupSnapshot> groups = [];
        foreach (var (deleted, finding) in found)
        {
            if (!finding.CanBeRestored)
            {
                findings.Add(finding);
                continue;
            }

            var will = RestoreJudge.AsItWillBe(deleted, sight, together);
            groups.Add(will);
            findings.Add(finding with { DistinguishedName = will.Group.DistinguishedName, Members = will.Members.Count, MembersGone = deleted.MembersGone.Except(together).Count() });
        }

        List<LeftValue> left = [.. findings.Where(finding => !finding.CanBeRestored).Select(Left), .. Missing(terms, sight)];
        return new()
        {
            Findings = findings,
            Groups = groups,
            Changes = [.. findings.Where(finding => finding.CanBeRestored).Select(Change)],
            LeftOut = left,
            Affected = [.. findings.Where(finding => finding is { CanBeRestored: true, MembersGone: > 0 }).Select(Loses)],
            Draft = new()
            {
                Facts = [.. Facts(sight, findings, left)],
                Consequences = [.. Consequences(terms, sight, findings)],
                Dangers = together.Count == 0 ? [] : [.. Dangers(terms, sight, findings)],
            },
        };
    }

    static ValueChange Change(RestoreFinding finding) => new()
    {
        Target = finding.ObjectGuid.ToString("D"),
        Name = NameOf(finding),
        Before = RestoreWords.Deleted(finding.Until),
        After = RestoreWords.Restored,
    };

    static LeftValue Left(RestoreFinding finding) => new() { Target = finding.ObjectGuid.ToString("D"), Name = NameOf(finding), Why = finding.Why };

    static LeftValue Loses(RestoreFinding finding) => new()
    {
        Target = finding.ObjectGuid.ToString("D"),
        Name = NameOf(finding),
        Why = $"{Words.Count(finding.MembersGone, "of its members is", "of its members are")} deleted as well and not restored with it",
    };

    static string NameOf(RestoreFinding finding) => finding.DisplayName is { Length: > 0 } name ? $"{name} ({finding.DistinguishedName})" : finding.DistinguishedName;

    /// <summary>What was named and is not among what was deleted.</summary>
    static IEnumerable<LeftValue> Missing(RestoreTerms terms, RestoreSight sight)
    {
        foreach (var named in terms.Groups ?? [])
        {
            if (RestoreJudge.Meant(new() { Groups = [named] }, sight).Any()) { continue; }
            var there = sight.Living(named) ?? sight.LivingOf(named).FirstOrDefault();
            yield return new()
            {
                Target = named.ToString("D"),
                Name = there?.DistinguishedName,
                Why = there is null ? "the directory keeps no deleted group of this id: it was never written, or is gone for good" : "it is not deleted",
            };
        }
    }

    static IEnumerable<OperationFact> Facts(RestoreSight sight, List<RestoreFinding> findings, List<LeftValue> left)
    {
        yield return new("Recycle Bin", sight.RecycleBin ? "on" : "off");
        yield return new("What is deleted is kept for", Words.Count(sight.KeptDays, "day", "days"));
        yield return new("Deleted groups of writeback", Words.Number(findings.Count));
        yield return new("can be restored", Words.Number(findings.Count(finding => finding.CanBeRestored)));
        yield return new("are left", Words.Number(left.Count));
        if (findings.Where(finding => finding.CanBeRestored).Min(finding => finding.Until) is { } first)
        {
            yield return new("The first of them can be restored until", string.Create(CultureInfo.InvariantCulture, $"{first.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        }

        foreach (var fact in WritebackText.Facts(sight.Servers)) { yield return fact; }
    }

    static IEnumerable<string> Consequences(RestoreTerms terms, RestoreSight sight, List<RestoreFinding> findings)
    {
        int Of(RestoreVerdict verdict) => findings.Count(finding => finding.Verdict == verdict);
        var (rejoin, soft) = (Of(RestoreVerdict.Rejoins), Of(RestoreVerdict.RejoinsFromSoftDelete));
        if (rejoin + soft > 0)
        {
            yield return $"{Words.Count(rejoin + soft, "group is", "groups are")} restored in Active Directory under the same objectGUID and SID, with the scheduler of Connect switched off meanwhile.";
            if (!sight.RecycleBin) { yield return "Without a Recycle Bin texts and members come from a migration's snapshot, and memberships of the groups in others do not come back."; }
        }

        if (rejoin > 0)
        {
            yield return terms.Then == RestoreThen.SwitchOn
                ? $"Afterwards, and not before, the writeback of {Words.Count(rejoin, "group", "groups")} is switched on in Entra. The next cycle joins them, and brings names and members to what Entra has."
                : $"Afterwards, and not before, switch the writeback of {Words.Count(rejoin, "group", "groups")} on in Entra. Then the next cycle joins them, and brings names and members to what Entra has.";
        }

        if (soft > 0) { yield return $"{Words.Count(soft, "group is", "groups are")} soft-deleted in Entra: what is restored here is restored there afterwards, by a person, and not before."; }
        if (Of(RestoreVerdict.EnabledAlready) is var early and > 0)
        {
            yield return $"{Words.Count(early, "group is", "groups are")} left because writeback is on in Entra already: restored now, a new object would come beside the old one. The list says what to do first.";
        }

        if (Of(RestoreVerdict.MadeAnew) is var anew and > 0) { yield return $"{Words.Count(anew, "group has", "groups have")} a new object already, and the old one is left where it is."; }
    }

    static IEnumerable<string> Dangers(RestoreTerms terms, RestoreSight sight, List<RestoreFinding> findings)
    {
        yield return "It writes Active Directory, and there is no way back but to delete the groups again: whoever had access by them has it again.";
        if (sight.Servers.DeleteRuleOn.Count > 0 && (terms.Then == RestoreThen.Nothing || findings.Any(finding => finding.Verdict == RestoreVerdict.RejoinsFromSoftDelete)))
        {
            yield return $"The delete-on-disable rule is in force on {string.Join(", ", sight.Servers.DeleteRuleOn)}: a cycle that runs before a group is on in Entra may delete it again.";
        }

        if (sight.Servers.Silent.Count > 0)
        {
            yield return $"{string.Join(", ", sight.Servers.Silent)} did not answer: nobody knows what is done there meanwhile.";
        }
    }
}

/// <summary>A plan with its lists.</summary>
sealed record RestorePlan
{
    public required OperationDraft Draft { get; init; }
    public required IReadOnlyList<RestoreFinding> Findings { get; init; }

    /// <summary>What can be restored, as it will be.</summary>
    public required IReadOnlyList<GroupSnapshot> Groups { get; init; }
    public required IReadOnlyList<ValueChange> Changes { get; init; }
    public required IReadOnlyList<LeftValue> LeftOut { get; init; }
    public required IReadOnlyList<LeftValue> Affected { get; init; }
}
