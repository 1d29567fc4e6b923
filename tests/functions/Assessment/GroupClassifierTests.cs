using GwbCloud.Functions.Assessment;

namespace GwbCloud.Tests.Functions.Assessment;

public class GroupClassifierTests
{
    static readonly Guid One = Facts.Id(1);

    static readonly Dictionary<string, (Action<Facts> Change, GroupClass Class, string Reason)> Cases = new()
    {
        ["no anchor"] = (f => f.ChangeObject(One, g => g with { AdminDescription = null }), GroupClass.Orphan, ClassReason.NoAnchor),
        ["anchor of a user"] = (f => f.ChangeObject(One, g => g with { AdminDescription = $"User_{One:D}" }), GroupClass.Orphan, ClassReason.NoAnchor),
        ["hard deleted"] = (f => f.Cloud.RemoveAll(g => g.Id == One), GroupClass.Orphan, ClassReason.NotInEntra),
        ["soft deleted"] = (f => f.Change(One, g => g with { SoftDeleted = true }), GroupClass.AtRisk, ClassReason.SoftDeleted),
        ["disabled"] = (f => f.Change(One, g => g with { WritebackEnabled = false }), GroupClass.AtRisk, ClassReason.Disabled),
        ["never enabled"] = (f => f.Change(One, g => g with { WritebackEnabled = null }), GroupClass.AtRisk, ClassReason.Disabled),
        ["with mail"] = (f => f.Change(One, g => g with { Mail = "x@corp.example" }), GroupClass.AtRisk, ClassReason.HasMail),
        ["mail-enabled"] = (f => f.Change(One, g => g with { MailEnabled = true }), GroupClass.AtRisk, ClassReason.MailEnabled),
        ["synced"] = (f => f.Change(One, g => g with { OnPremisesSynced = true }), GroupClass.AtRisk, ClassReason.Synced),
        ["50,001 members"] = (f => f.Change(One, g => g with { Members = 50_001 }), GroupClass.Freezes, ClassReason.TooLarge),
        ["global group"] = (f => f.ChangeObject(One, g => g with { GroupType = -2147483646 }), GroupClass.Freezes, ClassReason.NotUniversal),
        ["Microsoft 365"] = (f => f.Change(One, g => g with { Unified = true, MailEnabled = true, Mail = "m@corp.example" }), GroupClass.FallsToV1, ClassReason.M365),
        ["canary"] = (f => f.Canaries = f.Canaries with { New = One }, GroupClass.Ours, ClassReason.Canary),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Group_AsItIs_GetsItsClassAndReason(string name)
    {
        var facts = Facts.Healthy();
        var guid = facts.Inventory[0].ObjectGuid;

        Cases[name].Change(facts);

        var group = Assert.Single(facts.Classify().Groups, g => g.ObjectGuid == guid);
        Assert.Equal(Cases[name].Class, group.Class);
        Assert.Contains(Cases[name].Reason, group.Reasons);
    }

    public static TheoryData<string, bool?, string?, bool, string?, string?> WithoutObject => new()
    {
        { "enabled", true, null, false, null, ClassReason.NotYetWritten },
        { "written earlier", false, "universalSecurityGroup", false, null, ClassReason.WrittenEarlier },
        { "written earlier, undecided now", null, "universalSecurityGroup", false, null, ClassReason.WrittenEarlier },
        { "deleted, enabled before", true, null, true, null, ClassReason.DeletedEarlier },
        { "deleted, written earlier", false, "universalSecurityGroup", true, null, ClassReason.DeletedEarlier },
        { "enabled with mail", true, null, false, "a@corp.example", ClassReason.CouldNotMigrate },
        { "never written", false, null, false, null, null },
        { "never decided", null, null, false, null, null },
        { "deleted, never written", false, null, true, null, null },
    };

    [Theory]
    [MemberData(nameof(WithoutObject))]
    public void GroupWithoutAnObject_ByWhatEntraStillSays_IsLetGo(string _, bool? enabled, string? type, bool deleted, string? mail, string? reason)
    {
        var facts = Facts.Healthy();

        facts.Cloud.Add(Facts.Group(Facts.Id(60)) with { WritebackEnabled = enabled, OnPremisesGroupType = type, SoftDeleted = deleted, Mail = mail });

        var group = facts.Classify().Groups.SingleOrDefault(g => g.CloudId == Facts.Id(60));
        Assert.Equal(reason is null ? null : GroupClass.LetGo, group?.Class);
        Assert.Equal(reason, group?.Reasons[^1]);
    }

    [Fact]
    public void Name_ThatDiffersInCaseAlone_IsOneOfItsOwn()
    {
        var facts = Facts.Healthy();

        facts.ChangeObject(One, g => g with { DistinguishedName = $"CN=GROUP_{One:D},{Facts.Ou}" });

        var classified = facts.Classify();
        Assert.Equal([One], classified.Kept.Select(k => k.CloudId));
        Assert.Equal(NameKeeping.GroupDn, classified.Names.Single(n => n.CloudId == One).KeptBy);
    }

    [Fact]
    public void Name_ThatNothingKeeps_IsPredictedAsTheMappingWritesIt()
    {
        var facts = Facts.Healthy();
        Spoilers.All["GWB2309"](facts);

        var name = facts.Classify().Names.Single(n => n.CloudId == One);

        Assert.Equal((NameKeeping.Nothing, Facts.Ou, $"Group_{One:D}"), (name.KeptBy, name.WrittenContainer, name.WrittenCommonName));
        Assert.NotEqual(name.Container, name.WrittenContainer);
    }

    [Fact]
    public void Group_FiftyThousandMembers_Migrates()
    {
        var facts = Facts.Healthy();

        facts.Change(One, g => g with { Members = 50_000 });

        Assert.Contains(facts.Classify().Migrating, g => g.CloudId == One);
    }

    [Fact]
    public void M365_WrittenAsSecurity_ChangesItsType()
    {
        var facts = Facts.Healthy();

        facts.Change(One, g => g with { Unified = true });

        Assert.Equal(1, facts.Classify().M365TypeChanged);
    }

    [Fact]
    public void M365_NotInDirectory_IsNewlyWritten()
    {
        var facts = Facts.Healthy();

        facts.Cloud.Add(Facts.Group(Facts.Id(40)) with { Unified = true, WritebackEnabled = false });

        Assert.Equal(1, facts.Classify().M365NewlyWritten);
    }

    [Fact]
    public void M365_ThatAppearsOrChangesItsType_IsReadyWithConditions()
    {
        var facts = Facts.Healthy();
        facts.Cloud.Add(Facts.Group(Facts.Id(40)) with { Unified = true, WritebackEnabled = false });
        facts.Cloud.Add(Facts.Group(Facts.Id(41)) with { Unified = true });
        facts.Inventory.Add(Facts.AdGroup(Facts.Id(41)));
        facts.Cloud.Add(Facts.Group(Facts.Id(42)) with { Unified = true });
        facts.Inventory.Add(Facts.AdGroup(Facts.Id(42)) with { GroupType = 8 });

        var readiness = facts.Classify().Groups.Where(g => g.Class == GroupClass.FallsToV1).ToDictionary(g => g.CloudId!.Value, g => g.Readiness);

        Assert.Equal(
            (Readiness.ReadyWithConditions, Readiness.ReadyWithConditions, Readiness.Ready),
            (readiness[Facts.Id(40)], readiness[Facts.Id(41)], readiness[Facts.Id(42)]));
    }

    [Theory]
    [InlineData(50_000, GroupClassifier.MemberLimit, true)]
    [InlineData(50_001, GroupClassifier.MemberLimit, false)]
    [InlineData(50_001, GroupClassifier.LargestMemberLimit, true)]
    [InlineData(250_001, GroupClassifier.LargestMemberLimit, false)]
    public void M365_NotInDirectory_AppearsOnlyWithinConnectsLimit(int members, int limit, bool appears)
    {
        var group = Facts.Group(Facts.Id(40)) with { Unified = true, WritebackEnabled = false, Members = members };

        var classified = new GroupClassifier([group], [], [], Facts.Ou, m365Limit: limit).Classify();

        Assert.Equal(appears, Assert.Single(classified.Groups).NewlyWritten);
        Assert.Equal(appears ? (1, 0) : (0, 1), (classified.M365NewlyWritten, BlastRadius.Of(classified).M365TooLarge));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(null, 0)]
    [InlineData(true, 50_001)]
    [InlineData(null, 50_001)]
    [InlineData(false, 50_001)]
    [InlineData(false, 50_000, true)]
    public void M365_NotInDirectoryAlthoughItIsToBeWritten_LeavesNoRoomInTheCeiling(bool? writeback, int members, bool appears = false)
    {
        var group = Facts.Group(Facts.Id(40)) with { Unified = true, WritebackEnabled = writeback, Members = members };

        var classified = new GroupClassifier([group], [], [], Facts.Ou).Classify();

        Assert.Equal(appears ? 1 : 0, classified.Ceilings.M365NewlyWritten);
        Assert.Equal(
            appears ? ClassReason.NewlyWritten : members > 50_000 ? ClassReason.M365TooLarge : ClassReason.M365NotWritten,
            Assert.Single(Assert.Single(classified.Groups).Reasons));
    }

    [Fact]
    public void Group_WhoseAnchorStandsElsewhereInTheForest_IsNotReady()
    {
        var facts = Facts.Healthy();

        facts.AnchorsElsewhere.Add($"GROUP_{One:D}");

        var group = Assert.Single(facts.Classify().Groups, g => g.CloudId == One);
        Assert.Equal((Readiness.NotReady, ClassReason.DoubleAnchor), (group.Readiness, group.Reasons[0]));
    }

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(1, 1, true)]
    [InlineData(0, 1, false)]
    public void Group_NestedGroupsThatDirectoryLacks_AreTold(int synced, int inDirectory, bool told)
    {
        var facts = Facts.Healthy();

        // Beside the synchronised ones, group 2 is nested in both.
        facts.Change(One, g => g with { SyncedGroups = synced });
        facts.ChangeObject(One, g => g with { Nested = new() { Universal = 1, Global = inDirectory - 1 } });

        Assert.Equal(told, facts.Classify().Groups.Single(g => g.CloudId == One).Reasons.Contains(ClassReason.LocalGroups));
    }

    [Fact]
    public void Members_ThatCloudSyncDoesNotWrite_AreToldByKind()
    {
        var facts = Facts.Healthy();

        facts.Change(One, g => g with
        {
            Unwritable = [Facts.Id(70), Facts.Id(71), Facts.Id(72)], CloudOnly = [Facts.Id(70)], Devices = 1, SyncedGroups = 1, Children = [Facts.Id(2), Facts.Id(73)],
        });

        Assert.Equal(
            new MemberAnalysis { Devices = 1, SyncedGroups = 1, CloudOnly = 1, ChildrenOutOfScope = 1 },
            facts.Classify().Groups.Single(g => g.CloudId == One).Unwritten);
    }

    [Fact]
    public void BlastRadius_OfAMixedTenant_CountsEachConsequence()
    {
        var facts = Facts.Healthy();
        facts.Change(One, g => g with { Unwritable = [Facts.Id(70), Facts.Id(71)], Devices = 2 });
        facts.Written(3);
        facts.Change(Facts.Id(3), g => g with { Members = 60_000 });
        facts.Written(4);
        facts.Change(Facts.Id(4), g => g with { Mail = "m@corp.example" });
        facts.Inventory.Add(Facts.AdGroup(Facts.Id(5)));
        facts.Cloud.Add(Facts.Group(Facts.Id(6)) with { Unified = true, WritebackEnabled = false });
        facts.Cloud.Add(Facts.Group(Facts.Id(7)) with { Unified = true, WritebackEnabled = false, Members = 60_000 });

        Assert.Equal(
            new BlastRadius
            {
                Migrating = 2, LosingMembers = 1, MembersLost = 2, M365NewlyWritten = 1, M365TypeChanged = 0, M365TooLarge = 1, CannotMove = 1, Freezing = 1, Orphans = 1,
            },
            BlastRadius.Of(facts.Classify()));
    }

    [Fact]
    public void Losses_MembersThatCloudSyncWrites_AreNone()
    {
        var facts = Facts.Healthy();

        facts.Change(One, g => g with { Unwritable = [Facts.Id(70)], CloudOnly = [Facts.Id(70)], Children = [Facts.Id(2), Facts.Id(71)] });

        // A cloud-only user and a child without an object never were members in Active Directory; child 2 migrates itself.
        Assert.Equal(0, facts.Classify().MembersLost);
    }

    [Fact]
    public void Losses_DevicesAndChildrenThatFreeze_AreCounted()
    {
        var facts = Facts.Healthy();

        facts.Change(One, g => g with { Unwritable = [Facts.Id(70)], Devices = 1 });
        facts.Change(Facts.Id(2), g => g with { Members = 60_000 });

        Assert.Equal([Facts.Id(2), Facts.Id(70)], Assert.Single(facts.Classify().Losses).Members);
    }

    [Theory]
    [InlineData("Sales, EMEA", "Sales\\, EMEA")]
    [InlineData("  Büro  ", "B\\C3\\BCro")]
    [InlineData("A+B", "A\\+B")]
    public void Naming_EscapedDisplayName_FollowsTheStyle(string displayName, string escaped)
    {
        var facts = new Facts();
        facts.Written(1);
        facts.Change(One, g => g with { DisplayName = displayName });
        facts.ChangeObject(One, g => g with { DistinguishedName = $"CN={escaped}_{One.ToString("D")[24..]},{Facts.Ou}" });

        var classified = facts.Classify();

        Assert.Equal(NamingStyle.DisplayName, classified.Naming);
        Assert.Equal(Readiness.Ready, Assert.Single(classified.Groups, g => g.ObjectGuid is not null).Readiness);
    }

    [Fact]
    public void Naming_LongDisplayName_IsCutAtFiftyOne()
        => Assert.Equal($"{new string('x', 51)}_{One.ToString("D")[24..]}", GroupNaming.CommonName(NamingStyle.DisplayName, One, new string('x', 90)));

    [Fact]
    public void Classify_AnotherOrder_SaysTheSame()
    {
        var facts = Facts.Healthy();
        var before = facts.Classify();

        facts.Cloud.Reverse();
        facts.Inventory.Reverse();

        Assert.Equal(before.Groups.Select(g => (g.CloudId, g.Class)), facts.Classify().Groups.Select(g => (g.CloudId, g.Class)));
    }
}
