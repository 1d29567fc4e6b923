using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Tests.Lab.Harm;

/// <summary>Every counter counts, and what was announced or would have happened anyway does not.</summary>
public sealed class HarmReportTests
{
    [Fact]
    public async Task Make_NothingDone_IsNoHarmAndKeepsAll()
    {
        await using var scene = await Scene.OpenAsync();

        var account = await scene.AccountAsync();

        Assert.Equal(0, account.Harm);
        Assert.Equal(scene.Planned.Count, account.Groups.Kept);
        Assert.Equal(account.Groups.Planned, account.Groups.Kept);
    }

    [Fact]
    public async Task Make_DaysOfOutsideChanges_IsNoHarm()
    {
        await using var scene = await Scene.OpenAsync();
        await scene.World.Connect.StartAsync();
        using var outside = await OutsideChanges.StartAsync(scene.World, new OutsideOptions { PerDay = 24 });
        await scene.SleepAsync(TimeSpan.FromDays(3));
        await outside.StopAsync();
        await scene.SleepAsync(OutsideChanges.SettleTime);

        var account = await scene.AccountAsync();

        Assert.InRange(account.Outside.Changes, 50, 100);
        Assert.Equal(0, account.Harm);
        Assert.Equal(scene.Planned.Count, account.Groups.Kept);
    }

    [Fact]
    public async Task Make_RenamedGroup_Counts() => await HarmsAsync(
        (change, forest, group) => forest.Rename(change, group.ObjectGuid, "Another name"), a => a.Groups.Renamed);

    [Fact]
    public async Task Make_MovedGroup_Counts() => await HarmsAsync(
        (change, forest, group) => forest.Move(change, group.ObjectGuid, "CN=Users,DC=contoso,DC=example"), a => a.Groups.Moved);

    [Fact]
    public async Task Make_DeletedGroup_Counts() => await HarmsAsync(
        (change, forest, group) => forest.Delete(change, group.ObjectGuid), a => a.Groups.Deleted);

    [Fact]
    public async Task Make_SecondObjectOfGroup_CountsAsDuplicate() => await HarmsAsync(
        (change, forest, group) => Copy(change, forest, group), a => a.Groups.Duplicated);

    [Fact]
    public async Task Make_GroupReplacedByAnother_CountsAsChangedIdentity() => await HarmsAsync(
        (change, forest, group) =>
        {
            forest.Delete(change, group.ObjectGuid);
            Copy(change, forest, group);
        },
        a => a.Groups.SidOrGuidChanged);

    [Fact]
    public async Task Make_GainedMember_Counts() => await HarmsAsync(
        (change, forest, group) => forest.AddMembers(change, group.ObjectGuid, [Stranger(forest, group)]), a => a.Members.GainedUnannounced);

    [Fact]
    public async Task Make_LostMember_Counts() => await HarmsAsync(
        (change, forest, group) => forest.RemoveMembers(change, group.ObjectGuid, [group.Members[0]]), a => a.Members.LostUnannounced);

    [Fact]
    public async Task Make_EmptiedGroup_CountsGroupAndMembers()
    {
        await using var scene = await Scene.OpenAsync();
        var group = scene.Victim();
        await scene.World.Store.ChangeAsync(change => scene.World.Forest.SetMembers(change, group.ObjectGuid, []));

        var account = await scene.AccountAsync();

        Assert.Equal((1, group.Members.Count), (account.Groups.Emptied, account.Members.LostUnannounced));
        Assert.Equal(scene.Planned.Count - 1, account.Groups.Kept);
    }

    [Fact]
    public async Task Make_AnnouncedLoss_IsNoHarm()
    {
        await using var scene = await Scene.OpenAsync();
        var group = scene.Victim();
        await scene.World.Store.ChangeAsync(change => scene.World.Forest.RemoveMembers(change, group.ObjectGuid, [group.Members[0]]));
        var member = scene.World.Store.Read(() => scene.World.Principals.Values.Single(p => p.ObjectGuid == group.Members[0]).Id);

        var account = await scene.AccountAsync(input => input with
        {
            AnnouncedLosses = new Dictionary<Guid, IReadOnlyCollection<Guid>> { [WorldImage.AnchorOf(group)!.Value] = [member] },
        });

        Assert.Equal((1, 0, 0), (account.Members.LostAnnounced, account.Members.LostUnannounced, account.Harm));
        Assert.Equal(scene.Planned.Count, account.Groups.Kept);
    }

    [Fact]
    public async Task Make_UnknownNewObject_CountsAsCreated()
    {
        await using var scene = await Scene.OpenAsync();
        await scene.World.Store.ChangeAsync(change => Make(change, scene.World.Forest, Guid.NewGuid()));

        var account = await scene.AccountAsync();

        Assert.Equal((1, 1), (account.Groups.CreatedUnannounced, account.Harm));
    }

    [Fact]
    public async Task Make_CanaryObject_IsOurs()
    {
        await using var scene = await Scene.OpenAsync();
        var canary = scene.World.Store.Read(() => scene.World.Groups.Values.Single(g => g.DisplayName == WorldSeeder.CanaryNew).Id);
        await scene.World.Store.ChangeAsync(change => Make(change, scene.World.Forest, canary));

        Assert.Equal(0, (await scene.AccountAsync(input => input with { Ours = [canary] })).Harm);
        Assert.Equal(1, (await scene.AccountAsync()).Harm);
    }

    [Fact]
    public async Task Make_NewM365Object_CountsUnlessAnnounced()
    {
        await using var scene = await Scene.OpenAsync();
        var team = scene.World.Store.Read(() => scene.World.Groups.Values.First(g => g is { Unified: true, WritebackEnabled: false }).Id);
        await scene.World.Store.ChangeAsync(change => Make(change, scene.World.Forest, team));

        var silent = await scene.AccountAsync();
        var announced = await scene.AccountAsync(input => input with { AnnouncedNewM365 = [team] });
        var another = await scene.AccountAsync(input => input with { AnnouncedNewM365 = [Guid.NewGuid()], AnnouncedTypeChanges = [team] });

        Assert.Equal((1, 1), (silent.M365.NewlyWritten, silent.Harm));
        Assert.Equal((1, 0), (announced.M365.NewlyWritten, announced.Harm));
        Assert.Equal((1, 1), (another.M365.NewlyWritten, another.Harm));
    }

    [Fact]
    public async Task Make_M365TypeChanged_CountsUnlessAnnounced()
    {
        await using var scene = await Scene.OpenAsync();
        var changed = Guid.Empty;
        await scene.World.Store.ChangeAsync(change =>
        {
            var team = scene.World.Objects.Values.First(o => o.DeletedAt is null && WorldImage.AnchorOf(o) is { } id && scene.World.Groups.Find(id) is { Unified: true });
            scene.World.Forest.Update(change, team.ObjectGuid, o => o with { GroupType = o.GroupType == GroupTypes.UniversalDistribution ? GroupTypes.UniversalSecurity : GroupTypes.UniversalDistribution });
            changed = WorldImage.AnchorOf(team)!.Value;
        });

        var account = await scene.AccountAsync();
        var announced = await scene.AccountAsync(input => input with { AnnouncedTypeChanges = [changed] });
        var another = await scene.AccountAsync(input => input with { AnnouncedTypeChanges = [Guid.NewGuid()] });

        Assert.Equal((1, 1), (account.M365.TypeChanged, account.Harm));
        Assert.Equal((1, 0), (announced.M365.TypeChanged, announced.Harm));
        Assert.Equal((1, 1), (another.M365.TypeChanged, another.Harm));
    }

    [Fact]
    public async Task Make_GroupThatNoLongerFollows_CountsUnlessAnnounced()
    {
        await using var scene = await Scene.OpenAsync();
        using var outside = await OutsideChanges.StartAsync(scene.World, new OutsideOptions { PerDay = 24 });
        // Connect never runs here: nothing that changes in Entra arrives.
        await scene.SleepAsync(TimeSpan.FromDays(1));
        await outside.StopAsync();
        await scene.SleepAsync(OutsideChanges.SettleTime);
        var touched = OutsideChanges.Read(scene.World)!.Touched;

        var silent = await scene.AccountAsync();
        var announced = await scene.AccountAsync(input => input with { AnnouncedFrozen = touched });
        var parked = await scene.AccountAsync(input => input with { Outcome = "needsAttention" });

        Assert.InRange(silent.Groups.FrozenUnannounced, 1, touched.Count);
        Assert.Equal(silent.Groups.FrozenUnannounced, silent.Harm);
        Assert.Equal((0, 0), (announced.Harm, parked.Harm));
    }

    [Fact]
    public async Task Make_CloudGroupDeleted_CountsAsEntraDelete()
    {
        await using var scene = await Scene.OpenAsync();
        await scene.World.Store.ChangeAsync(change =>
        {
            var group = scene.World.Groups.Values.First(g => g.WritebackEnabled is null && g is { Unified: false, OnPremisesSynced: false });
            scene.World.Groups.Put(change, group.Id, group with { DeletedAt = scene.World.Clock.GetUtcNow() });
        });

        var account = await scene.AccountAsync();

        Assert.Equal((1, 1), (account.EntraDeletes, account.Harm));
    }

    [Fact]
    public async Task Make_SwitchCalls_CountWithoutApprovalOutsideWindowAndTwice()
    {
        await using var scene = await Scene.OpenAsync();
        var start = scene.World.Clock.GetUtcNow();
        await scene.SwitchAsync(ours: true, transition: true);
        await scene.SleepAsync(TimeSpan.FromHours(2));
        await scene.SwitchAsync(ours: true, transition: true);
        await scene.SwitchAsync(ours: false, transition: true);
        var period = new Period { From = start, Until = start + TimeSpan.FromHours(1) };

        var account = await scene.AccountAsync(input => input with { Approvals = [period], Window = period });

        Assert.Equal(new SwitchAccount { Calls = 2, Transitions = 2, WithoutApproval = 1, OutsideWindow = 1, Unready = 0 }, account.Switch);
        Assert.Equal((1, 3), (account.Outside.Switches, account.Harm));
    }

    [Fact]
    public async Task Make_SwitchWhileAServerExports_Counts()
    {
        await using var scene = await Scene.OpenAsync();
        await scene.World.Connect.DisableGroupWritebackV2Async(scene.World.Store.Read(() => scene.World.Servers.Keys.First()), userName: null);

        var account = await scene.AccountAsync();

        Assert.Equal((1, 1), (account.Switch.Transitions, account.Switch.Unready));
    }

    /// <summary>Connect stands still in this world, and runs in the control world.</summary>
    [Fact]
    public async Task Make_ObjectOfAGroupThatEntraDeleted_CountsUnlessTold()
    {
        await using var scene = await Scene.OpenAsync(new GroupHardDeleted { Group = "written 6" });
        var gone = scene.Planned.Single(g => scene.World.Store.Read(() => scene.World.Groups.Find(g)) is null);
        await scene.SleepAsync(OutsideChanges.SettleTime);

        Assert.Equal((1, 1), Stayed(await scene.AccountAsync()));
        Assert.Equal((0, 1), Stayed(await scene.AccountAsync(input => input with { Told = [gone] })));
        Assert.Equal((0, 1), Stayed(await scene.AccountAsync(input => input with { Outcome = "needsAttention" })));

        static (int, int) Stayed(WorldAccount account) => (account.Groups.StayedUnannounced, account.Groups.GoneByOthers);
    }

    [Fact]
    public async Task Make_GroupThatWasSwitchedOnAndIsNotWritten_CountsUnlessTold()
    {
        await using var scene = await Scene.OpenAsync(new GroupWritebackSet { Group = "unwritten 1", Enabled = true });
        await scene.SleepAsync(OutsideChanges.SettleTime);

        Assert.Equal(1, (await scene.AccountAsync()).Groups.NotWrittenUnannounced);
        Assert.Equal(0, (await scene.AccountAsync(input => input with { Told = [scene.World.SeededGroup("unwritten 1")] })).Groups.NotWrittenUnannounced);
    }

    [Theory]
    [InlineData("rolledBack", 3)]
    [InlineData("needsAttention", 0)]
    public async Task Make_ExportsThatStoodStillTooLong_CountHoursUntilItIsParkedAfterTheSwitch(string outcome, int hours)
    {
        await using var scene = await Scene.OpenAsync();
        await scene.World.Connect.SetSchedulerAsync(false);
        if (outcome == "needsAttention") { await scene.SwitchAsync(ours: true, transition: true); }
        await scene.SleepAsync(TimeSpan.FromHours(14.5));

        var account = await scene.AccountAsync(input => input with { Outcome = outcome, ApprovedOutage = TimeSpan.FromHours(12) });

        Assert.Equal(hours, account.OutageHoursBeyondApproved);
    }

    /// <summary>Who was a member and left is late in the directory; who never was one is a stranger there.</summary>
    [Fact]
    public async Task Make_MemberWhoLeftInEntraAndIsStillThere_IsLate()
    {
        await using var scene = await Scene.OpenAsync(new GroupMembersChanged { Group = "written 2", Added = 1 });
        var group = scene.World.Store.Read(() => scene.World.Groups[scene.World.SeededGroup("written 2")]);
        var guest = scene.World.Store.Read(() => scene.World.Principals[group.Members[^1]].ObjectGuid!.Value);
        await scene.World.Store.ChangeAsync(change =>
        {
            scene.World.Forest.AddMembers(change, scene.World.Forest.FindByAdminDescription(group.Anchor)[0].ObjectGuid, [guest]);
            scene.World.Groups.Put(change, group.Id, group with { Members = [.. group.Members.SkipLast(1)] });
        });

        var account = await scene.AccountAsync(input => input with { Outcome = "needsAttention" });

        Assert.Equal(0, account.Members.GainedUnannounced);
    }

    [Fact]
    public async Task Differences_StampedGroup_CountsUnlessKept()
    {
        await using var scene = await Scene.OpenAsync();
        var group = scene.Victim();
        await scene.World.Store.ChangeAsync(change => scene.World.Forest.SetAnchor(change, group.ObjectGuid, group.AdminDescription));
        await using var control = await ControlWorld.OfAsync(scene.World);

        Assert.Single(WorldComparison.Differences(scene.World, control.World, Kept.Nothing, []));
        Assert.Empty(WorldComparison.Differences(scene.World, control.World, Kept.AllOfThem, []));
    }

    [Fact]
    public async Task EndState_TwoWorldsOfOneSeed_AreEqual()
    {
        await using var one = await Scene.OpenAsync();
        await using var two = await Scene.OpenAsync();
        var before = EndState.Of(two.World).ToJson();

        await two.World.Store.ChangeAsync(change => two.World.Forest.Rename(change, two.Victim().ObjectGuid, "Another name"));

        Assert.Equal(EndState.Of(one.World).ToJson(), before);
        Assert.NotEqual(before, EndState.Of(two.World).ToJson());
    }

    static async Task HarmsAsync(Action<WorldChange, SimulatedForest, AdObject> harm, Func<WorldAccount, int> count)
    {
        await using var scene = await Scene.OpenAsync();
        var group = scene.Victim();
        await scene.World.Store.ChangeAsync(change => harm(change, scene.World.Forest, group));

        var account = await scene.AccountAsync();

        Assert.Equal((1, 1), (count(account), account.Harm));
        Assert.Equal(scene.Planned.Count - 1, account.Groups.Kept);
    }

    static Guid Stranger(SimulatedForest forest, AdObject group) =>
        forest.FindByName($"CN={WorldSeeder.CanaryNew} User,{WorldSeeder.PeopleOu}") is { } user && !group.Members.Contains(user.ObjectGuid) ? user.ObjectGuid : throw new InvalidOperationException();

    static void Copy(WorldChange change, SimulatedForest forest, AdObject group) => Make(change, forest, WorldImage.AnchorOf(group)!.Value);

    static void Make(WorldChange change, SimulatedForest forest, Guid cloudId) => forest.Create(change, new NewAdObject
    {
        Class = AdClass.Group,
        DistinguishedName = $"CN=New {cloudId:D},CN=Users,DC=contoso,DC=example",
        GroupType = GroupTypes.UniversalSecurity,
        AdminDescription = $"Group_{cloudId:D}",
        MadeBy = "cloudSync",
    });

    sealed class Scene : IAsyncDisposable
    {
        readonly VirtualClock _clock;
        readonly IDisposable _hold;

        Scene(SimulatedWorld world, VirtualClock clock)
        {
            (World, _clock, _hold) = (world, clock, clock.Busy("test"));
            Planned = world.Store.Read(() => world.Groups.Values
                .Where(g => g is { WritebackEnabled: true, SecurityEnabled: true, MailEnabled: false } && world.Forest.FindByAdminDescription(g.Anchor).Count == 1)
                .Select(g => g.Id).ToList());
        }

        public SimulatedWorld World { get; }
        public List<Guid> Planned { get; }

        /// <param name="deeds">What an administrator does at once, in this world and in its control world.</param>
        public static async Task<Scene> OpenAsync(params Deed[] deeds)
        {
            var clock = VirtualClock.InMemory();
            var options = new WorldOptions { Groups = 30, M365 = 6, ConnectVersion = "2.5.190.0", Deeds = [.. deeds.Select(deed => new PlannedDeed { When = Moment.Begin(), Does = deed })] };
            var scene = new Scene(await SimulatedWorld.OpenAsync(path: null, clock, options), clock);
            await scene.World.Deeds.StartAsync();
            return scene;
        }

        /// <summary>A planned group with several members that is nobody's member.</summary>
        public AdObject Victim() => World.Store.Read(() => World.Objects.Values.First(o => o.DeletedAt is null && o.Members.Count > 2
            && WorldImage.AnchorOf(o) is { } id && Planned.Contains(id)
            && o.Members.All(m => World.Forest.Find(m)!.Class == AdClass.User)
            && !World.Objects.Values.Any(g => g.Members.Contains(o.ObjectGuid))));

        public Task SleepAsync(TimeSpan duration) => _clock.SleepAsync(duration, TestContext.Current.CancellationToken);

        public async Task SwitchAsync(bool ours, bool transition) => await World.Store.ChangeAsync(change =>
            World.Switchings.Put(change, $"{World.Switchings.Count:d5}", new SwitchRecord { At = World.Clock.GetUtcNow(), Ours = ours, Transition = transition }));

        public Task<WorldAccount> AccountAsync(Func<HarmInput, HarmInput>? edit = null)
        {
            var input = new HarmInput { Outcome = "completed", Planned = Planned };
            return HarmReport.MakeAsync(World, edit is null ? input : edit(input));
        }

        public async ValueTask DisposeAsync()
        {
            _hold.Dispose();
            await World.DisposeAsync();
            _clock.Dispose();
        }
    }
}
