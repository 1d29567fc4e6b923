using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Assessment;

/// <summary>Sizes that Cloud Sync supports. Source: deployment options of Cloud Sync.</summary>
static class Limits
{
    const int Users = 200_000;
    const int Groups = 40_000;
    const int Memberships = 1_000_000;

    public static IEnumerable<string> TooManyGroups(AssessmentFacts facts)
        => Above(facts.Options.GroupLimit, facts.Classified.Migrating.Count, Kept(facts, c => c.GroupsKept));

    public static IEnumerable<string> TooManyMemberships(AssessmentFacts facts)
        => Above(facts.Options.MembershipLimit, facts.Of(GroupClass.Migrates).Sum(g => (long)g.Members), Kept(facts, c => c.Memberships));

    public static IEnumerable<string> LargeTenant(TenantNumbers numbers)
    {
        if (numbers.Users > Users)
        {
            yield return $"{FindingText.Number(numbers.Users.Value)} users";
        }

        if (numbers.Groups > Groups)
        {
            yield return $"{FindingText.Number(numbers.Groups)} groups";
        }

        if (numbers.Memberships > Memberships)
        {
            yield return $"{FindingText.Number(numbers.Memberships)} memberships";
        }
    }

    // A configuration that is taken over keeps its own groups beside those that migrate.
    static long Kept(AssessmentFacts facts, Func<SurveyedConfiguration, long> what)
        => facts.CloudSync?.Configurations.Where(c => c.ManagesGroups).Sum(what) ?? 0;

    static IEnumerable<string> Above(int limit, long migrating, long kept)
        => migrating + kept <= limit ? []
            : kept == 0 ? [FindingText.Number(migrating)]
            : [$"{FindingText.Number(migrating + kept)}, of them {FindingText.Number(kept)} that a configuration manages already"];
}
