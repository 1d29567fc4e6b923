using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.Tests.Lab.World;

namespace GwbCloud.Tests.Lab.Connect;

/// <summary>Each mistake that the migration's gates prevent does its harm when nobody prevents it, and each step of the how-to is what prevents it.</summary>
public sealed class ConnectDangerTests
{
    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task World_LeftAlone_KeepsEveryGroupAndHasNothingPending()
    {
        await using var lab = await LabWorld.StartAsync();

        await lab.PassAsync(3 * Day);

        Assert.Equal(40, lab.SecurityGroups);
        Assert.Equal(lab.Written.Values.OrderBy(o => o.ObjectGuid), lab.World.Store.Read(() => lab.Written.Keys.Select(k => lab.World.Objects[k]).OrderBy(o => o.ObjectGuid).ToList()));
        Assert.Empty(await lab.PendingAsync(0));
        Assert.Empty(await lab.PendingAsync(1));
        Assert.Equal(0, lab.World.Connect.OutageSeconds());
    }

    [Fact]
    public async Task SwitchingOff_WithoutRules_DeletesEverySecurityGroup()
    {
        await using var lab = await LabWorld.StartAsync();

        await lab.DisableAsync();
        await lab.CycleAsync(CyclePolicy.Delta);

        Assert.Equal(lab.SecurityGroups, lab.Deleted);
    }

    [Fact]
    public async Task SwitchingOff_AfterBothRulesAndAnInitial_KeepsEverySecurityGroup()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.HoldByRulesAsync();

        await lab.DisableAsync();
        await lab.CycleAsync(CyclePolicy.Initial);
        await lab.PassAsync(3 * Day);

        Assert.Equal(0, lab.Deleted);
        Assert.Empty(await lab.PendingAsync());
        var lineages = await lab.Server().GetGroupsAsync(Stop).Where(g => !g.MailEnabled && g.Lineage.Count > 0).Select(g => g.LineageRules.Single()).ToListAsync(Stop);
        Assert.Equal(lab.SecurityGroups, lineages.Count(id => id == lab.Outbound.Identifier));
    }

    [Fact]
    public async Task EntraOnly_AfterSwitchingOffWithoutRules_LeavesEveryDeletePending()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.World.Connect.SetSchedulerAsync(false);
        await lab.DisableAsync();

        foreach (var step in Enum.GetValues<EntraOnlyStep>()) { await lab.Server().RunEntraOnlyStepAsync(step, Stop); }

        Assert.Equal(0, lab.Deleted);
        Assert.Equal(lab.SecurityGroups, (await lab.PendingAsync()).Count(export => export.Operation == ExportOperation.Delete));
        Assert.DoesNotContain((await lab.Server().GetRunsAsync(0, Stop)).TakeLast(5), run => run.Profile == "Export" && run.Connector == lab.World.Connect.AdConnectorName);
    }

    [Fact]
    public async Task Cycle_ThatIsStopped_HasNoEffect()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.World.Connect.SetSchedulerAsync(false);
        await lab.DisableAsync();
        await lab.Server().StartCycleAsync(CyclePolicy.Initial, Stop);

        await lab.Server().StopCycleAsync(Stop);
        await lab.PassAsync(Day);

        Assert.False((await lab.Server().GetSchedulerAsync(Stop)).SyncCycleInProgress);
        Assert.Equal(0, lab.Deleted);
    }

    [Fact]
    public async Task Staging_WrittenPastTheWizard_StopsExports()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.Server().SetStagingAsync(true, Stop);
        await lab.DisableAsync();

        await lab.CycleAsync(CyclePolicy.Delta);

        Assert.True((await lab.Server().GetSchedulerAsync(Stop)).StagingModeEnabled);
        Assert.Equal(0, lab.Deleted);
        Assert.NotEmpty(await lab.PendingAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SwitchingOff_AfterRulesButBeforeTheInitial_DeletesUnlessRulesTakeLater(bool takeLater)
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Switches = new() { RulesTakeAfterSwitch = takeLater } });
        await lab.AddRulesAsync();

        await lab.DisableAsync();
        await lab.CycleAsync(CyclePolicy.Initial);

        Assert.Equal(takeLater ? 0 : lab.SecurityGroups, lab.Deleted);
    }

    [Fact]
    public async Task InboundRuleAlone_MakesPendingDeletesAtOnce()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.SetStagingAsync(0, true);
        await lab.AddRulesAsync(outbound: false);

        await lab.CycleAsync(CyclePolicy.Initial);

        Assert.Equal(lab.SecurityGroups, (await lab.PendingAsync()).Count(p => p.Operation == ExportOperation.Delete));
        await lab.SetStagingAsync(0, false);
        await lab.CycleAsync(CyclePolicy.Delta);
        Assert.Equal(lab.SecurityGroups, lab.Deleted);
    }

    [Fact]
    public async Task OutboundRuleAlone_ProtectsNothing()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.AddRulesAsync(inbound: false);
        await lab.CycleAsync(CyclePolicy.Initial);
        Assert.Empty(await lab.PendingAsync());

        await lab.DisableAsync();
        await lab.CycleAsync(CyclePolicy.Initial);

        Assert.Equal(lab.SecurityGroups, lab.Deleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PromotingTheStandby_WithoutItsRules_Deletes(bool withRules)
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.AddRulesAsync(0);
        await lab.CycleAsync(CyclePolicy.Initial, 0);
        if (withRules)
        {
            await lab.AddRulesAsync(1);
            await lab.CycleAsync(CyclePolicy.Initial, 1);
        }
        await lab.DisableAsync();
        await lab.CycleAsync(CyclePolicy.Initial, 0);
        await lab.CycleAsync(CyclePolicy.Initial, 1);
        Assert.Equal(0, lab.Deleted);

        await lab.SetStagingAsync(0, true);
        await lab.SetStagingAsync(1, false);
        await lab.CycleAsync(CyclePolicy.Delta, 1);

        Assert.Equal(withRules ? 0 : lab.SecurityGroups, lab.Deleted);
    }

    [Theory]
    [InlineData(Sabotage.NoInboundRule, RuleDirection.Outbound)]
    [InlineData(Sabotage.NoOutboundRule, RuleDirection.Inbound)]
    public async Task AddingRules_UnderSabotage_ReportsSuccessAndStoresOneOnly(Sabotage sabotage, RuleDirection stored)
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Sabotage = [sabotage] });

        await lab.AddRulesAsync();

        var custom = (await lab.Server().GetRulesAsync(Stop)).Where(r => !r.IsStandardRule);
        Assert.Equal([stored], custom.Select(r => r.Direction));
    }

    [Fact]
    public async Task AddingRules_OnASecondServerUnderSabotage_StoresNone()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Sabotage = [Sabotage.SecondServerWithoutRules] });

        await lab.AddRulesAsync(0);
        await lab.AddRulesAsync(1);

        Assert.Equal(2, (await lab.Server(0).GetRulesAsync(Stop)).Count(r => !r.IsStandardRule));
        Assert.Equal(0, (await lab.Server(1).GetRulesAsync(Stop)).Count(r => !r.IsStandardRule));
    }

    [Fact]
    public async Task SwitchingOff_WithTheDeleteRule_DeletesAlsoJoinedGroups()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { DeleteRule = true });
        await lab.HoldByRulesAsync();
        Assert.Empty(await lab.PendingAsync());

        await lab.DisableAsync();
        await lab.CycleAsync(CyclePolicy.Initial);

        Assert.Equal(lab.SecurityGroups, lab.Deleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RemovingTheDeleteRule_WorksUnlessSabotaged(bool sabotaged)
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { DeleteRule = true, Sabotage = sabotaged ? [Sabotage.KeepDeleteRule] : [] });

        await new ConnectWizard(lab.World).RemoveDeleteRuleAsync("AADC01", Stop);

        Assert.Equal(sabotaged, (await lab.Server().GetRulesAsync(Stop)).Any(r => r.Identifier == StandardRules.DeleteRule));
    }

    [Fact]
    public async Task DisablingWriteback_DeletesWithTheDeleteRuleAndOtherwiseRetains()
    {
        foreach (bool rule in (bool[])[false, true])
        {
            await using var lab = await LabWorld.StartAsync(LabWorld.Small with { DeleteRule = rule });
            var group = lab.Group(g => true);

            await lab.EditAsync(group.DisplayName, g => g with { WritebackEnabled = false });
            await lab.CycleAsync(CyclePolicy.Delta);

            Assert.Equal(rule, lab.ObjectOf(group) is null);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RemovingRules_AfterTheSwitch_DeletesOrLetsGo(bool deletes)
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Switches = new() { RuleRemovalDeletes = deletes } });
        await lab.HoldByRulesAsync();
        await lab.DisableAsync();
        await lab.CycleAsync(CyclePolicy.Initial);

        await lab.Server().RemoveRuleAsync(LabWorld.Inbound.Identifier, Stop);
        await lab.Server().RemoveRuleAsync(lab.Outbound.Identifier, Stop);
        await lab.CycleAsync(CyclePolicy.Delta);

        Assert.Equal(deletes ? lab.SecurityGroups : 0, lab.Deleted);
    }

    [Fact]
    public async Task RemovingRules_BeforeTheSwitch_BringsTheFlowBack()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.HoldByRulesAsync();
        await lab.Server().RemoveRuleAsync(LabWorld.Inbound.Identifier, Stop);
        await lab.Server().RemoveRuleAsync(lab.Outbound.Identifier, Stop);
        await lab.CycleAsync(CyclePolicy.Initial);
        var group = lab.Group(g => !g.Dynamic);

        await lab.EditAsync(group.DisplayName, g => g with { Description = "Changed" });
        await lab.CycleAsync(CyclePolicy.Delta);

        Assert.Equal("Changed", lab.ObjectOf(group)!.Description);
        Assert.Equal(0, lab.Deleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task JoinNoFlow_WritesNoNameAndMembersOnlyWhenTheWorldSaysSo(bool writesMembers)
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Switches = new() { JoinNoFlowWritesMembers = writesMembers } });
        await lab.HoldByRulesAsync();
        var group = lab.Group(g => g.Members.Count > 2 && !g.Dynamic);
        var before = lab.ObjectOf(group)!;

        await lab.EditAsync(group.DisplayName, g => g with { Description = "Changed", Members = [] });
        await lab.CycleAsync(CyclePolicy.Delta);

        var after = lab.ObjectOf(group)!;
        Assert.Equal(before.Description, after.Description);
        Assert.Equal(writesMembers ? 0 : before.Members.Count, after.Members.Count);
    }

    [Fact]
    public async Task GroupDeletedByHand_IsMadeAnewUnderFlowAndNotUnderJoinNoFlow()
    {
        await using var lab = await LabWorld.StartAsync();
        var (first, second) = (lab.Group(g => !g.Dynamic), lab.Group(g => g.Dynamic));
        var before = lab.ObjectOf(first)!;

        await lab.ChangeForestAsync((c, f) => f.Delete(c, before.ObjectGuid));
        await lab.CycleAsync(CyclePolicy.Delta);
        var after = lab.ObjectOf(first)!;
        Assert.Equal(before.DistinguishedName, after.DistinguishedName);
        Assert.Equal(before.Members, after.Members);
        Assert.NotEqual(before.Sid, after.Sid);

        await lab.HoldByRulesAsync();
        await lab.ChangeForestAsync((c, f) => f.Delete(c, lab.ObjectOf(second)!.ObjectGuid));
        await lab.CycleAsync(CyclePolicy.Delta);
        Assert.Null(lab.ObjectOf(second));
    }

    [Fact]
    public async Task SwitchingOff_WritesEveryM365GroupAsDistributionGroup()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.HoldByRulesAsync();
        int before = lab.Written.Values.Count(o => o.Mail is not null);
        int security = lab.Written.Values.Count(o => o.Mail is not null && GroupTypes.IsSecurity(o.GroupType));
        await lab.SetStagingAsync(0, true);

        await lab.DisableAsync();
        await lab.CycleAsync(CyclePolicy.Initial);

        var pending = await lab.PendingAsync();
        Assert.Equal((8, 2), (before, security));
        Assert.Equal(4, pending.Count(p => p is { Operation: ExportOperation.Add, MailEnabled: true }));
        Assert.Equal(security, pending.Count(p => p is { Operation: ExportOperation.Update, TypeChange: true, MailEnabled: true }));
        Assert.Equal(6, pending.Count);
        await lab.SetStagingAsync(0, false);
        await lab.CycleAsync(CyclePolicy.Delta);
        var written = lab.World.Store.Read(() => lab.World.Forest.GroupsUnder(WorldSeeder.WritebackOu).Where(o => o.Mail is not null).ToList());
        Assert.Equal(12, written.Count);
        Assert.All(written, o => Assert.Equal(GroupTypes.UniversalDistribution, o.GroupType));
    }

    [Fact]
    public async Task SwitchingOff_DeletesMailBearingAndRetainedGroupsInSpiteOfTheRules()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { MailBearing = 2, DisabledRetained = 3, SoftDeletedRetained = 1 });
        await lab.HoldByRulesAsync();
        Assert.Empty(await lab.PendingAsync());

        await lab.DisableAsync();
        await lab.CycleAsync(CyclePolicy.Initial);

        Assert.Equal(4, lab.Deleted);
        Assert.Equal(2, lab.World.Store.Read(() => lab.Written.Values.Count(o => o.Mail?.StartsWith("secured", StringComparison.Ordinal) == true && lab.World.Forest.Find(o.ObjectGuid) is null)));
    }

    [Fact]
    public async Task DeviceAndSyncedNestedMembers_FlowWithVersion2()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Groups = 60 });

        var classes = lab.World.Store.Read(() => lab.Written.Values.Where(o => o.Mail is null).SelectMany(o => o.Members).Select(m => lab.World.Forest.Find(m)!)
            .GroupBy(o => (o.Class, o.DistinguishedName.EndsWith(WorldSeeder.WritebackOu, StringComparison.Ordinal))).ToDictionary(g => g.Key, g => g.Count()));

        Assert.True(classes[(AdClass.User, false)] > 100);
        Assert.Equal(3, classes[(AdClass.Computer, false)]);
        Assert.Equal(2, classes[(AdClass.Group, false)]);
        Assert.Equal(6, classes[(AdClass.Group, true)]);
    }

    [Fact]
    public async Task Rules_CountOnlyAfterAFullSynchronisation()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.SetStagingAsync(0, true);
        await lab.IdleAsync();
        await lab.Server().StartCycleAsync(CyclePolicy.Delta, Stop);

        await lab.AddRulesAsync(outbound: false);
        await lab.IdleAsync();
        Assert.Empty(await lab.PendingAsync());

        var runs = await lab.CycleAsync(CyclePolicy.Delta);
        Assert.Contains(runs, r => r.Profile == "Full Synchronization");
        Assert.NotEmpty(await lab.PendingAsync());
    }

    [Fact]
    public async Task Cycle_WhileOneRunsOrTheWizardIsOpen_IsRefused()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.Server().StartCycleAsync(CyclePolicy.Initial, Stop);

        var busy = await Assert.ThrowsAsync<AdSyncException>(() => lab.Server().StartCycleAsync(CyclePolicy.Delta, Stop));
        Assert.Equal("GWB6201", busy.Error.Code);

        await new ConnectWizard(lab.World).OpenAsync("AADC01", Stop);
        var suspended = await Assert.ThrowsAsync<AdSyncException>(() => lab.Server().StartCycleAsync(CyclePolicy.Delta, Stop));
        Assert.Equal("GWB6202", suspended.Error.Code);
        Assert.True((await lab.Server().GetSchedulerAsync(Stop)).SchedulerSuspended);
        int runs = (await lab.Server().GetRunsAsync(0, Stop)).Count;
        await lab.PassAsync(Day);
        Assert.Equal(runs, (await lab.Server().GetRunsAsync(0, Stop)).Count);
    }

    [Fact]
    public async Task Scheduler_OffAndOn_CountsForEveryServerAndAsOutage()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.Server(0).SetSchedulerAsync(false, Stop);
        await lab.PassAsync(TimeSpan.FromHours(1));
        int first = (await lab.Server(1).GetRunsAsync(0, Stop)).Count;

        await lab.PassAsync(TimeSpan.FromHours(3));
        Assert.Equal(first, (await lab.Server(1).GetRunsAsync(0, Stop)).Count);
        Assert.False((await lab.Server(1).GetSchedulerAsync(Stop)).SyncCycleEnabled);

        await lab.Server(1).SetSchedulerAsync(true, Stop);
        await lab.PassAsync(TimeSpan.FromHours(2));
        Assert.True((await lab.Server(0).GetRunsAsync(first, Stop)).Count >= 12);
        Assert.Equal(4 * 3600, lab.World.Connect.OutageSeconds());
    }

    [Fact]
    public async Task Staging_OfTheActiveServer_HoldsExportsBackAndCountsAsOutage()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.SetStagingAsync(0, true);
        var since = lab.World.Clock.GetUtcNow();
        var group = lab.Group(g => !g.Dynamic);

        await lab.EditAsync(group.DisplayName, g => g with { Description = "Changed" });
        await lab.CycleAsync(CyclePolicy.Delta);
        Assert.NotEqual("Changed", lab.ObjectOf(group)!.Description);
        Assert.Single(await lab.PendingAsync(0));

        await lab.SetStagingAsync(0, false);
        Assert.Equal((lab.World.Clock.GetUtcNow() - since).TotalSeconds, lab.World.Connect.OutageSeconds());
        await lab.CycleAsync(CyclePolicy.Delta);
        await lab.CycleAsync(CyclePolicy.Delta, 1);
        Assert.Equal("Changed", lab.ObjectOf(group)!.Description);
        Assert.Empty(await lab.PendingAsync(0));
        Assert.Empty(await lab.PendingAsync(1));
    }

    [Fact]
    public async Task Cmdlet_OfEachGeneration_WantsItsOwnParameters()
    {
        await using var old = await LabWorld.StartAsync();
        await using var current = await LabWorld.StartAsync(LabWorld.Small with { ConnectVersion = WorldOptions.NewestConnect });

        Assert.Equal(CmdletGeneration.Interactive, (await current.Server().GetHostAsync(Stop)).Cmdlet);
        await Assert.ThrowsAsync<AdSyncException>(() => old.Server().DisableGroupWritebackV2Async("admin@contoso.example", Stop));
        await Assert.ThrowsAsync<AdSyncException>(() => current.Server().DisableGroupWritebackV2Async(null, Stop));
        Assert.Equal(0, current.World.Store.Read(() => current.World.CountOf("switch.calls")));

        await current.Server().DisableGroupWritebackV2Async("admin@contoso.example", Stop);
        Assert.Equal((1, 1), current.World.Store.Read(() => (current.World.CountOf("switch.calls"), current.World.CountOf("switch.transitions"))));
    }

    [Fact]
    public async Task Flag_AfterTheSwitch_ReadsTrueForAWhileThenFalseForEver()
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.DisableAsync();

        Assert.True((await lab.Server().GetFeaturesAsync(Stop)).GroupWritebackV2);
        await lab.PassAsync(TimeSpan.FromMinutes(2));
        Assert.False((await lab.Server().GetFeaturesAsync(Stop)).GroupWritebackV2);
        await lab.DisableAsync();
        Assert.Equal((2, 1), lab.World.Store.Read(() => (lab.World.CountOf("switch.calls"), lab.World.CountOf("switch.transitions"))));
    }

    [Theory]
    [InlineData(Sabotage.DisableReportsFailureButWorked, true, false)]
    [InlineData(Sabotage.DisableReportsSuccessButDidNot, false, true)]
    public async Task LyingSwitch_SaysTheOppositeOnceOnly(Sabotage sabotage, bool throws, bool stillOn)
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Sabotage = [sabotage], Switches = WorldSwitches.Kind });

        var e = await Record.ExceptionAsync(() => lab.DisableAsync());

        Assert.Equal(throws, e is AdSyncException);
        Assert.Equal(stillOn, (await lab.Server().GetFeaturesAsync(Stop)).GroupWritebackV2);
        await lab.DisableAsync();
        Assert.False((await lab.Server().GetFeaturesAsync(Stop)).GroupWritebackV2);
        Assert.Equal((2, 1), lab.World.Store.Read(() => (lab.World.CountOf("switch.calls"), lab.World.CountOf("switch.transitions"))));
    }

    [Fact]
    public async Task SwitchFromOutside_IsCountedApart()
    {
        await using var lab = await LabWorld.StartAsync();

        await lab.World.Connect.SwitchOutsideAsync();
        await lab.CycleAsync(CyclePolicy.Delta);

        Assert.Equal((0, 1), lab.World.Store.Read(() => (lab.World.CountOf("switch.calls"), lab.World.CountOf("outside.switches"))));
        Assert.Equal(lab.SecurityGroups, lab.Deleted);
    }

    [Fact]
    public async Task FirstFullCycle_UnderSabotage_HasErrorsThatTheBaselineLacks()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Sabotage = [Sabotage.CycleWithErrors] });
        var baseline = (await lab.CycleAsync(CyclePolicy.Delta)).SelectMany(r => r.Errors).ToHashSet();
        Assert.NotEmpty(baseline);

        var first = await lab.CycleAsync(CyclePolicy.Initial);
        var second = await lab.CycleAsync(CyclePolicy.Initial);

        Assert.Contains(first, r => r.Result == "completed-sync-errors" && r.Errors.Any(e => !baseline.Contains(e)));
        Assert.Subset(baseline, second.SelectMany(r => r.Errors).ToHashSet());
    }

    [Fact]
    public async Task Approval_UnderSabotage_BringsAPendingDelete()
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Sabotage = [Sabotage.PendingDeleteAfterApproval] });
        await lab.SetStagingAsync(0, true);

        await lab.World.Connect.SecondGateApprovedAsync();

        var pending = Assert.Single(await lab.PendingAsync());
        Assert.Equal((ExportOperation.Delete, false), (pending.Operation, pending.MailEnabled));
    }

    [Theory]
    [InlineData(EqualPrecedence.Fails)]
    [InlineData(EqualPrecedence.Shifts)]
    public async Task Rule_AtATakenPrecedence_FailsOrShiftsTheOthers(EqualPrecedence effect)
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { Switches = new() { EqualPrecedence = effect } });
        await lab.AddRulesAsync();

        var e = await Record.ExceptionAsync(() => lab.Server().AddRuleAsync(LabWorld.Inbound with { Identifier = Guid.NewGuid(), Name = "Third" }, Stop));

        var precedences = (await lab.Server().GetRulesAsync(Stop)).Where(r => !r.IsStandardRule).Select(r => (r.Name[..3], r.Precedence));
        Assert.Equal(effect == EqualPrecedence.Fails, e is AdSyncException { Error.Code: "GWB6208" });
        Assert.Equal(effect == EqualPrecedence.Fails ? [("In ", 88), ("Out", 89)] : [("Thi", 88), ("In ", 89), ("Out", 90)], precedences);
    }

    [Fact]
    public async Task NewCloudGroupWithWriteback_AppearsAndGroupHardDeletedGoes()
    {
        await using var lab = await LabWorld.StartAsync();
        var doomed = lab.Group(g => !g.Dynamic);
        var made = new CloudGroup { Id = Guid.NewGuid(), DisplayName = "New share", WritebackEnabled = true, Members = [lab.Group(g => g.Dynamic).Id] };

        await lab.World.Store.ChangeAsync(c =>
        {
            lab.World.Groups.Put(c, made.Id, made);
            lab.World.Groups.Delete(c, doomed.Id);
        });
        await lab.PassAsync(TimeSpan.FromHours(1));

        Assert.Single(lab.ObjectOf(made)!.Members);
        Assert.Null(lab.ObjectOf(doomed));
    }

    [Fact]
    public async Task ProtectedObject_CannotBeDeletedAndIsAnExportError()
    {
        await using var lab = await LabWorld.StartAsync();
        var group = lab.Group(g => !g.Dynamic);
        await lab.ChangeForestAsync((c, f) => f.Update(c, lab.ObjectOf(group)!.ObjectGuid, o => o with { ProtectedFromDeletion = true }));
        await lab.World.Store.ChangeAsync(c => lab.World.Groups.Delete(c, group.Id));

        var runs = await lab.CycleAsync(CyclePolicy.Delta);

        Assert.NotNull(lab.ObjectOf(group));
        Assert.Contains(runs, r => r is { Profile: "Export", Result: "completed-export-errors", Errors.Count: 1 });
    }
}
