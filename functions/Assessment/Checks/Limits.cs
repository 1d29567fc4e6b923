namespace GwbCloud.Functions.Assessment;

/// <summary>Sizes that Cloud Sync supports. Source: deployment options of Cloud Sync.</summary>
static class Limits
{
    const int Users = 200_000;
    const int Groups = 40_000;
    const int Memberships = 1_000_000;

    public static IEnumerable<string> TooManyGroups(AssessmentFacts facts)
        => facts.Classified.Migrating.Count > facts.Options.GroupLimit ? [FindingText.Number(facts.Classified.Migrating.Count)] : [];

    public static IEnumerable<string> TooManyMemberships(AssessmentFacts facts)
        => facts.Of(GroupClass.Migrates).Sum(g => (long)g.Members) is var sum && sum > facts.Options.MembershipLimit ? [FindingText.Number(sum)] : [];

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
}
