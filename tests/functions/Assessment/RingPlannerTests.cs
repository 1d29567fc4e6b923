using FsCheck;
using FsCheck.Fluent;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

public class RingPlannerTests
{
    static readonly int[] Sizes = [10, 100, 1_000];

    [Fact]
    public void Rings_AnyTenant_PartitionTheGroups()
        => Prop.ForAll(Tenants(), tenant =>
        {
            var rings = RingPlanner.Plan(tenant.Groups, tenant.Classified);

            return rings.SelectMany(r => r).Select(g => g.CloudId).Order().SequenceEqual(tenant.Groups.Select(g => g.CloudId).Order())
                && rings.All(r => r.Count > 0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rings_AnyTenant_ChildrenComeWithTheirParentOrBefore()
        => Prop.ForAll(Tenants(), tenant =>
        {
            var ringOf = RingPlanner.Plan(tenant.Groups, tenant.Classified)
                .SelectMany((ring, number) => ring.Select(g => (g.CloudId, number)))
                .ToDictionary(g => g.CloudId, g => g.number);

            return tenant.Classified.All(g => g.Children.All(child => ringOf[child] <= ringOf[g.CloudId!.Value]));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rings_FlatTenant_HaveTheirSizes()
    {
        var groups = Enumerable.Range(1, 2_000).Select(number => Planned(number)).ToList();

        var rings = RingPlanner.Plan([.. groups.Select(Identity)], groups);

        // All are alike: the second ring holds the largest only.
        Assert.Equal([1, 1, 10, 100, 1_000, 888], rings.Select(r => r.Count));
    }

    [Fact]
    public void Rings_OneOfEveryKind_ComeSecond()
    {
        ClassifiedGroup[] groups =
        [
            Planned(1), Planned(2) with { Members = 0 }, Planned(3) with { Members = 4_000 }, Planned(4) with { SpecialCharacters = true },
            Planned(5) with { DeviceMembers = true }, Planned(6) with { SyncedGroupMembers = true }, Planned(7) with { Children = [Facts.Id(8)] },
            Planned(8), Planned(9),
        ];

        var rings = RingPlanner.Plan([.. groups.Select(Identity)], groups);

        Assert.Equal([Facts.Id(1)], rings[0].Select(g => g.CloudId));
        Assert.Equal(Enumerable.Range(2, 7).Select(Facts.Id).Order(), rings[1].Select(g => g.CloudId).Order());
    }

    [Fact]
    public void Rings_GroupWithANameOfItsOwn_IsAKindAndNoOrdinaryLeaf()
    {
        var groups = Enumerable.Range(1, 20).Select(number => Planned(number)).ToList();

        var rings = RingPlanner.Plan([.. groups.Select(Identity)], groups, new HashSet<Guid> { Facts.Id(1), Facts.Id(9) });

        Assert.Equal([Facts.Id(2)], rings[0].Select(g => g.CloudId));
        Assert.Contains(Facts.Id(1), rings[1].Select(g => g.CloudId));
    }

    [Fact]
    public void Rings_AnyTenant_AreTheSameInWhateverOrderTheGroupsCome()
        => Prop.ForAll(Tenants(), tenant => Text(RingPlanner.Plan(tenant.Groups, tenant.Classified))
            == Text(RingPlanner.Plan([.. tenant.Groups.Reverse()], [.. tenant.Classified.OrderByDescending(g => g.Members).ThenBy(g => g.CloudId)]))).QuickCheckThrowOnFailure();

    [Fact]
    public void Rings_AnyTenant_StayWithinTheirSizesUnlessOneNestingIsLarger()
        => Prop.ForAll(Tenants(), tenant =>
        {
            var known = tenant.Classified.ToDictionary(g => g.CloudId!.Value);
            var rings = RingPlanner.Plan(tenant.Groups, tenant.Classified);

            // From the third ring on: within its size, or one group with what is nested in it and nothing else.
            return Enumerable.Range(2, Math.Max(0, Math.Min(3, rings.Count - 2))).All(i =>
                rings[i].Count <= Sizes[i - 2] || i == rings.Count - 1 || rings[i].Any(root => rings[i].All(g => Reaches(known, root.CloudId, g.CloudId))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rings_UnknownGroups_ComeLastTogether()
    {
        var known = Enumerable.Range(1, 50).Select(number => Planned(number)).ToList();
        var late = Enumerable.Range(60, 3).Select(number => Identity(Planned(number))).ToList();

        var rings = RingPlanner.Plan([.. known.Select(Identity), .. late], known);

        Assert.Equal(late.Select(g => g.CloudId).Order(), rings[^1].Select(g => g.CloudId).Order());
    }

    static string Text(IReadOnlyList<IReadOnlyList<GroupIdentity>> rings) => string.Join('|', rings.Select(r => string.Join(',', r.Select(g => g.CloudId))));

    static bool Reaches(Dictionary<Guid, ClassifiedGroup> known, Guid from, Guid to)
    {
        var seen = new HashSet<Guid> { from };
        var queue = new Queue<Guid>(seen);
        while (queue.TryDequeue(out var id))
        {
            foreach (var child in known[id].Children.Where(seen.Add)) { queue.Enqueue(child); }
        }

        return seen.Contains(to);
    }

    static ClassifiedGroup Planned(int number) => new()
    {
        CloudId = Facts.Id(number),
        ObjectGuid = Facts.Id(100_000 + number),
        Name = $"Group {number}",
        Class = GroupClass.Migrates,
        Readiness = Readiness.Ready,
        Reasons = [],
        Members = 3,
    };

    static GroupIdentity Identity(ClassifiedGroup group) => new()
    {
        CloudId = group.CloudId!.Value,
        ObjectGuid = group.ObjectGuid!.Value,
        DistinguishedName = "CN=x",
        Anchor = $"Group_{group.CloudId:D}",
    };

    // Any nesting, circles among it.
    static Arbitrary<Tenant> Tenants() => Arb.From(
        from count in Gen.Choose(1, 300)
        from edges in Gen.ListOf(Gen.Choose(1, count).Two())
        from members in Gen.ArrayOf(Gen.Choose(0, 5), count)
        from special in Gen.ArrayOf(Gen.Choose(0, 9), count)
        select new Tenant([.. Enumerable.Range(1, count).Select(number => Planned(number) with
        {
            Members = members[number - 1],
            SpecialCharacters = special[number - 1] == 0,
            DeviceMembers = special[number - 1] == 1,
            Children = [.. edges.Where(e => e.Item1 == number && e.Item2 != number).Select(e => Facts.Id(e.Item2)).Distinct()],
        })]));

    sealed record Tenant(IReadOnlyList<ClassifiedGroup> Classified)
    {
        public IReadOnlyList<GroupIdentity> Groups => [.. Classified.Select(Identity)];

        public override string ToString() => $"{Classified.Count} groups, {Classified.Sum(g => g.Children.Count)} nestings";
    }
}
