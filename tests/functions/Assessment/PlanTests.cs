using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.Assessment;

public class PlanTests
{
    [Fact]
    public void Plan_SameFactsInAnotherOrder_HasTheSameHash()
    {
        var facts = Facts.Healthy();
        var before = CanonicalJson.Hash(Plan(facts));

        facts.Servers.Reverse();
        facts.Cloud.Reverse();

        Assert.Equal(before, CanonicalJson.Hash(Plan(facts)));
    }

    [Fact]
    public void Plan_OneAcceptanceMore_HasAnotherHash()
    {
        var facts = Facts.Healthy();
        Spoilers.All["GWB2402"](facts);

        Assert.NotEqual(CanonicalJson.Hash(Plan(facts)), CanonicalJson.Hash(Plan(facts, new Acceptance { Code = "GWB2402", By = "p", Comment = "c" })));
    }

    [Fact]
    public void Plan_AcceptanceThatNothingNeeds_IsLeftOut()
        => Assert.Empty(Plan(Facts.Healthy(), new Acceptance { Code = "GWB2402", By = "p", Comment = "in advance" }).Acceptances);

    [Fact]
    public void Drift_NothingChanged_Holds()
    {
        var facts = Facts.Healthy();

        Assert.True(Drift(facts, facts).Holds);
    }

    [Fact]
    public void Drift_NewGroupWithinTolerance_HoldsAndIsAdded()
    {
        var now = Facts.Healthy();
        now.Written(30);

        var verdict = Drift(Facts.Healthy(), now);

        Assert.True(verdict.Holds);
        Assert.Equal([Facts.Id(30)], verdict.Added.Select(g => g.CloudId));
        Assert.Equal(3, verdict.Groups.Count);
    }

    [Fact]
    public void Drift_GroupGoneFromBothSides_HoldsWithoutIt()
    {
        var before = Facts.Healthy();
        before.Written(3);

        var verdict = Drift(before, Facts.Healthy());

        Assert.True(verdict.Holds);
        Assert.DoesNotContain(verdict.Groups, g => g.CloudId == Facts.Id(3));
    }

    static readonly Dictionary<string, Action<Facts>> Breakers = new()
    {
        ["too many new groups"] = f => Enumerable.Range(100, 11).ToList().ForEach(number => f.Written(number)),
        ["disabled"] = f => f.Change(Facts.Id(1), g => g with { WritebackEnabled = false }),
        ["soft deleted"] = f => f.Change(Facts.Id(1), g => g with { SoftDeleted = true }),
        ["got a mail value"] = f => f.Change(Facts.Id(1), g => g with { Mail = "x@corp.example" }),
        ["object replaced"] = f => f.ChangeObject(Facts.Id(1), g => g with { ObjectGuid = Facts.Id(555) }),
        ["moved"] = f => f.ChangeObject(Facts.Id(1), g => g with { DistinguishedName = $"CN=Group_{Facts.Id(1):D},OU=Below,{Facts.Ou}" }),
        ["anchor written by another"] = f => f.ChangeObject(Facts.Id(1), g => g with { ExternalDirectoryObjectId = "Group_x" }),
        ["a new group is at risk"] = f =>
        {
            f.Written(31);
            f.Change(Facts.Id(31), g => g with { Mail = "x@corp.example" });
        },
        ["would freeze"] = f => f.Change(Facts.Id(1), g => g with { Members = 50_001 }),
        ["a device became a member"] = f => f.Change(Facts.Id(1), g => g with { Unwritable = [Facts.Id(70)] }),
        ["another group freezes"] = f => f.ChangeObject(Facts.Id(2), g => g with { GroupType = 8 }),
        ["a custom rule came"] = f => f.Servers = [f.Servers[0], f.Servers[1] with { CustomProvisioningRules = ["Out to AD - copy"] }],
        ["a Microsoft 365 group more"] = f => f.Cloud.Add(Facts.Group(Facts.Id(40)) with { Unified = true, WritebackEnabled = false }),
    };

    public static TheoryData<string> Breaking => [.. Breakers.Keys];

    [Theory]
    [MemberData(nameof(Breaking))]
    public void Drift_WhatThePlanDoesNotSay_DoesNotHold(string what)
    {
        var now = Facts.Healthy();
        Breakers[what](now);

        var verdict = Drift(Facts.Healthy(), now);

        Assert.False(verdict.Holds);
        Assert.NotEmpty(verdict.Reasons);
    }

    [Fact]
    public void Drift_AsManyFreezeButOthers_NamesThem()
    {
        var (before, now) = (Facts.Healthy(), Facts.Healthy());
        foreach (var facts in new[] { before, now })
        {
            facts.Written(3);
            facts.Written(4);
        }

        before.Change(Facts.Id(3), g => g with { Members = 50_001 });
        now.Change(Facts.Id(4), g => g with { Members = 50_001 });

        Assert.Contains(Drift(before, now).Reasons, r => r.Contains($"CN=Group_{Facts.Id(4):D}", StringComparison.Ordinal) && r.Contains("would freeze", StringComparison.Ordinal));
    }

    [Fact]
    public void Drift_AsManyChangeTheirTypeButOthers_NamesThem()
    {
        var (before, now) = (Facts.Healthy(), Facts.Healthy());
        M365(before, security: 6, distribution: 7);
        M365(now, security: 7, distribution: 6);

        var verdict = Drift(before, now);

        Assert.Equal(1, now.Classify().M365TypeChanged);
        Assert.Equal(["Group 00000007 would change from security to distribution, and was not announced."], verdict.Reasons);

        static void M365(Facts facts, int security, int distribution)
        {
            foreach (var (number, type) in new[] { (security, unchecked((int)0x80000008)), (distribution, 8) })
            {
                facts.Cloud.Add(Facts.Group(Facts.Id(number)) with { Unified = true, MailEnabled = true, SecurityEnabled = false, WritebackEnabled = true });
                facts.Inventory.Add(Facts.AdGroup(Facts.Id(number)) with { GroupType = type });
            }
        }
    }

    public static TheoryData<string, string> Befalls => new()
    {
        { "loses", "would lose members" },
        { "cut", "would have its description cut" },
        { "protected", "is protected by AdminSDHolder and would stop following Entra" },
    };

    [Theory]
    [MemberData(nameof(Befalls))]
    public void Drift_AsManyAreConcernedButOthers_NamesThem(string how, string what)
    {
        var (before, now) = (Facts.Healthy(), Facts.Healthy());
        Concern(before, Facts.Id(1));
        Concern(now, Facts.Id(2));

        Assert.Equal([$"Group 00000002 {what}, and was not announced."], Drift(before, now).Reasons);
        Assert.True(Drift(before, before).Holds);

        void Concern(Facts facts, Guid group)
        {
            switch (how)
            {
                case "loses": facts.Change(group, g => g with { Unwritable = [Facts.Id(70)] }); break;
                case "cut": facts.Change(group, g => g with { LongDescription = true }); break;
                default: facts.ChangeObject(group, g => g with { AdminCount = true }); break;
            }
        }
    }

    [Fact]
    public void Drift_AGroupLosesAsManyMembersButOthers_IsNamedWithTheirNumber()
    {
        var (before, now) = (Facts.Healthy(), Facts.Healthy());
        before.Change(Facts.Id(1), g => g with { Unwritable = [Facts.Id(70), Facts.Id(71)] });
        now.Change(Facts.Id(1), g => g with { Unwritable = [Facts.Id(70), Facts.Id(72)] });

        var reason = Assert.Single(Drift(before, now).Reasons);

        Assert.Equal("Group 00000001 would lose 1 members that were not announced.", reason);
    }

    [Fact]
    public void Drift_AGroupLosesFewerOfItsAnnouncedMembers_Holds()
    {
        var (before, now) = (Facts.Healthy(), Facts.Healthy());
        before.Change(Facts.Id(1), g => g with { Unwritable = [Facts.Id(70), Facts.Id(71)] });
        now.Change(Facts.Id(1), g => g with { Unwritable = [Facts.Id(71)] });

        Assert.True(Drift(before, now).Holds);
    }

    [Fact]
    public void Drift_RulesThatThePlanNames_Hold()
    {
        var facts = Facts.Healthy();
        facts.Servers = [facts.Servers[0], facts.Servers[1] with { CustomProvisioningRules = ["Out to AD - copy"] }];

        Assert.True(Drift(facts, facts).Holds);
        Assert.Equal(["Out to AD - copy"], Plan(facts).Servers.Single(s => !s.Active).CustomProvisioningRules);
    }

    [Fact]
    public void Drift_StampedByUs_Holds()
    {
        var now = Facts.Healthy();

        now.ChangeObject(Facts.Id(1), g => g with { ExternalDirectoryObjectId = g.AdminDescription });

        Assert.True(Drift(Facts.Healthy(), now).Holds);
    }

    static DriftVerdict Drift(Facts before, Facts now)
    {
        var then = before.Classify();
        return PlanDriftCheck.Compare(Plan(before), then.Migrating, then.Freezing, then.Groups, then.Losses, now.Classify(), now.Servers);
    }

    static MigrationPlan Plan(Facts facts, params Acceptance[] acceptances) => PlanBuilder.Build(
        facts.Build(),
        new AssessmentRequest { AssessmentId = "a-1", RequestedBy = "p", Canaries = facts.Canaries, Acceptances = acceptances },
        new JudgingTerms { Options = facts.Options, AssignScope = ScopeAssignment.Operator, Setup = CloudSyncSetupMode.Write, KnownCanaries = [] },
        new PlanDocuments { Groups = Facts.Document, Frozen = Facts.Document, Classified = Facts.Document, Losses = Facts.Document, Names = Facts.Document });
}
