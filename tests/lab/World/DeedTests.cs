using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Tests.Lab.World;

public sealed class DeedTests
{
    static readonly string Server = ConnectServers.NameOf(0);

    [Fact]
    public async Task Deed_AtAMoment_IsDoneThenAndOnlyOnce()
    {
        await using var lab = await StartAsync(new GroupRenamed { Group = "written 3", Name = "Another" }, Moment.BeginOf("first-full-sync", 10));
        var id = lab.World.SeededGroup("written 3");

        await lab.PassAsync(TimeSpan.FromHours(1));
        string before = Name();
        await lab.World.Deeds.ReachAsync(MomentKind.StageBegins, "first-full-sync");
        await lab.PassAsync(TimeSpan.FromMinutes(9));
        string shortly = Name();
        await lab.PassAsync(TimeSpan.FromMinutes(1));
        string then = Name();
        await lab.EditAsync("Another", g => g with { DisplayName = "Changed back" });
        await lab.World.Deeds.ReachAsync(MomentKind.StageBegins, "first-full-sync");
        await lab.PassAsync(TimeSpan.FromHours(1));

        Assert.Equal((before, "Another", "Changed back"), (shortly, then, Name()));
        Assert.Single(lab.World.Deeds.Done);

        string Name() => lab.World.Store.Read(() => lab.World.Groups[id].DisplayName);
    }

    [Fact]
    public async Task Deed_AfterAKill_IsDoneWhenItIsDue()
    {
        using var folder = new TempFolder();
        var options = LabWorld.Small with { Deeds = [new PlannedDeed { When = Moment.Begin(30), Does = new SchedulerSet { On = false } }] };
        DateTimeOffset moment;
        using (var clock = VirtualClock.InMemory())
        {
            using var hold = clock.Busy("test");
            await using var world = await SimulatedWorld.OpenAsync(folder.File("world"), clock, options);
            await world.Deeds.StartAsync();
            moment = clock.GetUtcNow();
        }

        using var later = VirtualClock.InMemory(moment);
        using var still = later.Busy("test");
        await using var again = await SimulatedWorld.OpenAsync(folder.File("world"), later, new WorldOptions());
        await again.Deeds.StartAsync();
        await later.SleepAsync(TimeSpan.FromMinutes(31), TestContext.Current.CancellationToken);

        Assert.False(again.Store.Read(() => again.Tenant.SyncCycleEnabled));
        Assert.Equal(moment.AddMinutes(30), Assert.Single(again.Deeds.Done).DoneAt);
    }

    [Fact]
    public async Task StagingSet_GoesThroughTheWizard()
    {
        await using var lab = await StartAsync(new StagingSet { Server = "AADC02", On = false }, Moment.Begin());

        await lab.PassAsync(TimeSpan.FromMinutes(1));
        var open = State("AADC02");
        await lab.PassAsync(TimeSpan.FromMinutes(10));

        Assert.Equal((true, true), open);
        Assert.Equal((false, false), State("AADC02"));

        (bool Wizard, bool Staging) State(string server) => lab.World.Store.Read(() => (lab.World.Servers[server].WizardOpen, lab.World.Servers[server].Staging));
    }

    [Fact]
    public async Task WizardOpened_SuspendsTheSchedulerAndStartsACycleAtItsEnd()
    {
        await using var lab = await StartAsync(new WizardOpened { Minutes = 120, Cycle = CyclePolicy.Initial }, Moment.Begin());

        await lab.PassAsync(TimeSpan.FromMinutes(119));
        int runs = Runs();
        await lab.PassAsync(TimeSpan.FromMinutes(2));
        var cycle = lab.World.Store.Read(() => lab.World.Servers[Server].Cycle);

        Assert.Equal(0, runs);
        Assert.True(cycle?.Full);

        int Runs() => lab.World.Store.Read(() => lab.World.Servers[Server].LastRunNumber);
    }

    [Fact]
    public async Task OuScopeSet_TakesEveryGroupOutOfTheConnectorSpaceAndBack()
    {
        await using var lab = await StartAsync(new OuScopeSet { Selected = false }, Moment.Begin(), new OuScopeSet { Selected = true }, Moment.BeginOf("assess"));

        await lab.CycleAsync(CyclePolicy.Delta);
        int joined = Joined();
        await lab.World.Deeds.ReachAsync(MomentKind.StageBegins, "assess");
        await lab.CycleAsync(CyclePolicy.Delta);

        Assert.Equal(0, joined);
        Assert.Equal(lab.Written.Count, Joined());
        Assert.Equal(0, lab.Deleted);
        Assert.True((await lab.Server().GetHostAsync(TestContext.Current.CancellationToken)).WritebackOuInScope);

        int Joined() => lab.World.Store.Read(() => lab.World.ConnectorObjects.Values.Count(o => o.Server == Server && o.ObjectGuid is not null));
    }

    [Fact]
    public async Task CertificateExpired_StopsCyclesBeforeTheyHaveAnEffect()
    {
        await using var lab = await StartAsync(new CertificateExpired(), Moment.Begin());
        var group = lab.Group(g => g.Description is not null);
        await lab.EditAsync(group.DisplayName, g => g with { Description = "Later" });

        var runs = await lab.CycleAsync(CyclePolicy.Initial);

        Assert.Equal("stopped-extension-dll-exception", runs[^1].Result);
        Assert.NotEqual("Later", lab.ObjectOf(group)!.Description);
    }

    [Fact]
    public async Task RuleCloned_GoesOnProvisioningWhatTheCoexistenceRulesJoin()
    {
        await using var lab = await StartAsync(new RuleCloned(), Moment.Begin());
        await lab.HoldByRulesAsync();

        var lineage = lab.World.Store.Read(() => lab.World.ConnectorObjects.Values.First(o => o.Server == Server && !o.MailEnabled));

        Assert.False(lineage.NoFlow);
        Assert.Contains((await lab.Server().GetRulesAsync(TestContext.Current.CancellationToken)), r => !r.IsStandardRule && r.Link == RuleLink.Provision);
    }

    [Fact]
    public async Task RuleRemoved_TakesTheProtectionAway()
    {
        await using var lab = await StartAsync(new RuleRemoved { Rule = KnownRule.CoexistenceOut, Server = Server }, Moment.BeginOf("second-full-sync"));
        await lab.HoldByRulesAsync();
        await lab.World.Deeds.ReachAsync(MomentKind.StageBegins, "second-full-sync");
        await lab.DisableAsync();

        await lab.CycleAsync(CyclePolicy.Initial);

        Assert.Equal(lab.SecurityGroups, lab.Deleted);
    }

    [Fact]
    public async Task HardDeletedGroup_LeavesEntraItsParentsAndItsObject()
    {
        await using var lab = await StartAsync(new GroupHardDeleted { Group = "written 4" }, Moment.Begin());
        var id = lab.World.SeededGroup("written 4");

        await lab.CycleAsync(CyclePolicy.Delta);

        Assert.True(lab.World.Store.Read(() => lab.World.Groups.Find(id) is null && lab.World.Groups.Values.All(g => !g.Members.Contains(id))));
        Assert.Equal(1, lab.Deleted);
    }

    [Fact]
    public async Task Deed_ThatCanNotBeDone_IsLeft()
    {
        await using var lab = await StartAsync(new ObjectRenamed { Group = "unwritten 0", Name = "Nobody" }, Moment.Begin());

        Assert.NotNull(Assert.Single(lab.World.Deeds.Done).Refused);
    }

    [Fact]
    public async Task ObjectMovedByHand_StaysWhereItIs()
    {
        await using var lab = await StartAsync(new ObjectMoved { Group = "written 2" }, Moment.Begin());
        var id = lab.World.SeededGroup("written 2");
        await lab.World.Store.ChangeAsync(c => lab.World.Groups.Put(c, id, lab.World.Groups[id] with { Description = "Changed" }));

        await lab.CycleAsync(CyclePolicy.Delta);

        var group = lab.World.Store.Read(() => lab.World.Forest.FindByAdminDescription($"Group_{id:D}").Single());
        Assert.Equal("OU=Projects," + WorldSeeder.WritebackOu, DistinguishedName.Parent(group.DistinguishedName));
    }

    [Fact]
    public async Task Absence_LastsAsLongAsItSays()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with
        {
            Absences =
            [
                new Absence { Who = LabRole.Operator, From = Moment.OpeningOf("switch", 5), Minutes = 60 },
                new Absence { Who = LabRole.SecondApprover, From = Moment.OpeningOf("switch") },
            ],
        });
        var seen = new List<(bool Operator, bool Approver)> { Away() };

        await lab.World.Deeds.ReachAsync(MomentKind.GateOpens, "switch");
        seen.Add(Away());
        await lab.PassAsync(TimeSpan.FromMinutes(6));
        seen.Add(Away());
        await lab.PassAsync(TimeSpan.FromMinutes(60));
        seen.Add(Away());

        Assert.Equal([(false, false), (false, true), (true, true), (false, true)], seen);

        (bool, bool) Away() => (lab.World.Deeds.IsAway(LabRole.Operator), lab.World.Deeds.IsAway(LabRole.SecondApprover));
    }

    /// <summary>What an administrator does by himself is nobody's harm: the control world has it too.</summary>
    [Fact]
    public async Task Deeds_OfOthers_AreNoHarmByThemselves()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with
        {
            Deeds =
            [
                .. new Deed[]
                {
                    new GroupHardDeleted { Group = "written 4" }, new GroupRenamed { Group = "written 5", Name = "Renamed" }, new ObjectMoved { Group = "written 6" },
                    new ObjectRenamed { Group = "written 9", Name = "By hand" }, new GroupMembersChanged { Group = "written 10", Removed = 1, Added = 2 },
                    new GroupCreated { Name = "New in the window" }, new GroupWritebackSet { Group = "unwritten 1", Enabled = true }, new GroupsTouched { Count = 20 },
                    new WizardOpened { Minutes = 30, Cycle = CyclePolicy.Initial }, new StagingSet { Server = "AADC02", On = false }, new RuleCloned(),
                }.Select((deed, i) => new PlannedDeed { When = Moment.Begin(10 * i), Does = deed }),
            ],
        });
        await lab.World.Deeds.StartAsync();
        await lab.PassAsync(TimeSpan.FromHours(9));

        var account = await HarmReport.MakeAsync(lab.World, new HarmInput { Outcome = "completed" });

        Assert.Equal((0, 11), (account.Harm, account.Outside.Deeds - 2));
    }

    [Fact]
    public async Task WritebackSwitchedOffByAnother_IsCountedApartAndHarmsWhoIsNotPrepared()
    {
        await using var lab = await StartAsync(new WritebackSwitchedOff(), Moment.Begin());
        await lab.PassAsync(TimeSpan.FromHours(9));

        var account = await HarmReport.MakeAsync(lab.World, new HarmInput { Outcome = "completed" });

        Assert.Equal(1, account.Outside.Switches);
        Assert.Equal(lab.SecurityGroups, account.Groups.Deleted);
    }

    static async Task<LabWorld> StartAsync(Deed deed, Moment when, Deed? other = null, Moment? then = null)
    {
        var lab = await LabWorld.StartAsync(LabWorld.Small with
        {
            Deeds = [new PlannedDeed { When = when, Does = deed }, .. other is null ? Array.Empty<PlannedDeed>() : [new PlannedDeed { When = then!, Does = other }]],
        });
        await lab.World.Deeds.StartAsync();
        return lab;
    }
}
