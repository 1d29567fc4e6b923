using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Functions.CloudSync;

public class CloudSyncActivitiesTests
{
    static readonly WorldOptions OnDemandWhilePaused = new() { Groups = 20, M365 = 2, Switches = new WorldSwitches { OnDemandNeedsStartedJob = false } };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Assess_LabTenant_IsReadyWithAPlanOfEveryWrittenGroup()
    {
        await using var lab = await LabTenant.StartAsync();

        var outcome = await lab.AssessAsync();

        var findings = await lab.Store.LoadListAsync<Finding>(outcome.Findings!, Stop);
        Assert.True(outcome.State == AssessmentState.Ready, string.Join("; ", findings.Where(f => f.Severity == FindingSeverity.Blocks).Select(f => $"{f.Code} {f.Title}: {string.Join(',', f.Examples)}")));
        Assert.Equal(40, outcome.Migrating);
    }

    [Fact]
    public async Task Assess_Twice_SaysTheSameHash()
    {
        await using var lab = await LabTenant.StartAsync();

        Assert.Equal((await lab.AssessAsync()).PlanHash, (await lab.AssessAsync()).PlanHash);
    }

    [Theory]
    [InlineData("GWB2302")]
    [InlineData("GWB2303")]
    [InlineData("GWB2304")]
    public async Task Assess_GroupsAtRisk_HasNoPlan(string code)
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions
        {
            Groups = 20,
            M365 = 2,
            MailBearing = code == "GWB2302" ? 2 : 0,
            SoftDeletedRetained = code == "GWB2303" ? 2 : 0,
            DisabledRetained = code == "GWB2304" ? 2 : 0,
        });

        var outcome = await lab.AssessAsync();

        Assert.Null(outcome.Plan);
        Assert.Contains(await lab.Store.LoadListAsync<Finding>(outcome.Findings!, Stop), f => f.Code == code);
    }

    [Fact]
    public async Task Rings_OfAPlan_HoldEveryGroupOnce()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = new CloudSyncInput { MigrationId = "m-1", Plan = (await lab.AssessAsync()).Plan! };
        var plan = await lab.PlanAsync(input);

        var rings = await lab.Assessment.PlanRings(new RingInput { Plan = input.Plan, Groups = plan.Groups }, Stop);

        Assert.Equal(1, rings.Rings[0].Count);
        Assert.Equal(plan.Groups.Count, rings.Rings.Sum(r => r.Count));
    }

    [Fact]
    public async Task Drift_NothingHappened_Holds()
    {
        await using var lab = await LabTenant.StartAsync();
        var plan = (await lab.AssessAsync()).Plan!;
        var request = new AssessmentRequest { AssessmentId = "a-1", RequestedBy = "p", Canaries = lab.Canaries() };

        var drift = await lab.Assessment.CheckDrift(
            new DriftInput { Plan = plan, Tenant = await lab.ReadTenantAsync(), Inventory = await lab.InventoryAsync() }, Stop);

        Assert.True(drift.Holds, string.Join("; ", drift.Reasons));
        Assert.Equal(0, drift.Added.Count);
    }

    [Fact]
    public async Task Prepare_FreshTenant_IsAsPlannedWithCanariesAlone()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();

        var facts = await lab.CloudSync.ReadCloudSync(input, Stop);

        Assert.Empty(facts.Deviations);
        Assert.Equal((true, false, true, true, true), (facts.Exists, facts.Started, facts.MappingsAsPlanned, facts.CanariesOnly, facts.CanariesAssigned));
        Assert.Equal((0, 0), (facts.PlannedInScope, facts.StrangersInScope));
        Assert.True(input.Job!.Created);
    }

    [Fact]
    public async Task Prepare_Twice_FindsWhatTheFirstMade()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();

        var again = await lab.CloudSync.PrepareCloudSync(input with { Job = null }, Stop);

        Assert.Equal(input.Job, again);
        Assert.Equal((1, 1, 2), lab.World.Store.Read(() => (lab.World.Apps.Count, lab.World.Jobs.Count, lab.World.Assignments.Count)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Prepare_AnswersLostAndThrottled_MakesEverythingOnce(int every)
    {
        await using var lab = await LabTenant.StartAsync();
        (lab.Faults.UnknownOutcomeEvery, lab.Faults.ThrottleEvery) = (every + 1, every + 4);

        var input = await lab.PreparedAsync();

        Assert.Empty((await lab.CloudSync.ReadCloudSync(input, Stop)).Deviations);
        Assert.Equal((1, 1, 2), lab.World.Store.Read(() => (lab.World.Apps.Count, lab.World.Jobs.Count, lab.World.Assignments.Count)));
    }

    [Theory]
    [InlineData(Sabotage.DefaultContainer, "GWB4202")]
    [InlineData(Sabotage.DefaultName, "GWB4201")]
    public async Task Prepare_MappingNotKept_IsToldByReadingBack(Sabotage sabotage, string code)
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions { Groups = 20, M365 = 2, Sabotage = [sabotage] });
        var input = await lab.PreparedAsync();

        var facts = await lab.CloudSync.ReadCloudSync(input, Stop);

        Assert.False(facts.MappingsAsPlanned);
        Assert.Contains(facts.Deviations, d => d.StartsWith(code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task OnDemand_UnassignedCanary_IsNotInScope()
    {
        await using var lab = await LabTenant.StartAsync(OnDemandWhilePaused);
        var input = await lab.PreparedAsync();

        var result = await lab.CloudSync.ProvisionCanary(new OnDemandInput { Job = input.Job!, GroupId = lab.Canaries().Unassigned }, Stop);

        Assert.Equal((false, "skipped"), (result.InScope, result.Action));
    }

    [Fact]
    public async Task OnDemand_NewCanary_IsCreatedInScope()
    {
        await using var lab = await LabTenant.StartAsync(OnDemandWhilePaused);
        var input = await lab.PreparedAsync();

        var result = await lab.CloudSync.ProvisionCanary(new OnDemandInput { Job = input.Job!, GroupId = lab.Canaries().New }, Stop);

        Assert.Equal((true, "create"), (result.InScope, result.Action));
    }

    [Fact]
    public async Task OnDemand_TenantWantsAStartedJob_IsToldAsRefused()
    {
        await using var lab = await LabTenant.StartAsync(OnDemandWhilePaused with { Switches = new WorldSwitches { OnDemandNeedsStartedJob = true } });
        var input = await lab.PreparedAsync();

        var result = await lab.CloudSync.ProvisionCanary(new OnDemandInput { Job = input.Job!, GroupId = lab.Canaries().New }, Stop);

        Assert.Equal(("refused", "JobNotRunning"), (result.Action, result.Detail));
    }

    [Fact]
    public async Task Job_StartedAndPaused_ReadsSo()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();

        await lab.CloudSync.StartJob(input, Stop);
        Assert.True((await lab.CloudSync.ReadCloudSync(input, Stop)).Started);
        await lab.ForAsync(TimeSpan.FromHours(1), Stop);
        var status = await lab.CloudSync.ReadJob(input, Stop);
        await lab.CloudSync.PauseJob(input, Stop);

        Assert.NotNull(status.LastCycleEnded);
        Assert.False((await lab.CloudSync.ReadCloudSync(input, Stop)).Started);
    }

    [Fact]
    public async Task Log_AfterTheCanaryCycle_CountsItsCreates()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();
        var since = lab.World.Clock.GetUtcNow();

        await lab.CloudSync.StartJob(input, Stop);
        await lab.ForAsync(TimeSpan.FromHours(1), Stop);
        var log = await lab.CloudSync.ReadProvisioningLog(new LogInput { Job = input.Job!, Since = since }, Stop);

        // Nobody made the match canary's object beforehand here: both are created.
        Assert.Equal((2, 0, 0), (log.Creates, log.Deletes, log.Failures));
    }

    [Fact]
    public async Task Filter_LiftedAndRestored_IsTheCanariesAgain()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();

        var lifted = await lab.CloudSync.LiftCanaryFilter(input, Stop);
        var restored = await lab.CloudSync.RestoreCanaryFilter(input, Stop);

        Assert.Equal((true, false), (lifted.MappingsAsPlanned, lifted.CanariesOnly));
        Assert.Equal((true, true), (restored.MappingsAsPlanned, restored.CanariesOnly));
        Assert.Equal(lifted.SchemaHash, restored.SchemaHash);
    }

    [Fact]
    public async Task Filter_PlannedGroupsInScope_IsNotRestored()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();
        await lab.CloudSync.LiftCanaryFilter(input, Stop);
        var planned = await lab.Store.LoadListAsync<GroupIdentity>((await lab.PlanAsync(input)).Groups, Stop);
        await lab.Portal.RunAssignmentScriptAsync(input.Job!.ServicePrincipalId, [planned[0].CloudId]);

        var refused = await Assert.ThrowsAsync<GraphException>(() => lab.CloudSync.RestoreCanaryFilter(input, Stop));

        Assert.Equal("GWB4109", refused.Code);
    }

    [Fact]
    public async Task Remove_WhatWeMade_LeavesNothing()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();

        var facts = await lab.CloudSync.RemoveCloudSync(input, Stop);
        await lab.RemoveAsync(input);

        Assert.False(facts.Exists);
        Assert.Equal((0, 0, 0), lab.World.Store.Read(() => (lab.World.Apps.Count, lab.World.Jobs.Count, lab.World.Assignments.Count)));
    }

    /// <summary>Others rely on the job by now; only who assigned the groups may decide.</summary>
    [Fact]
    public async Task Remove_StrangersAssignedToWhatWeMade_PausesAndRemovesNothing()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();
        await lab.CloudSync.StartJob(input, Stop);
        var stranger = await StrangerAsync(lab, input);
        await lab.Portal.RunAssignmentScriptAsync(input.Job!.ServicePrincipalId, [stranger]);
        var before = lab.World.Store.Read(() => (lab.World.Apps.Count, lab.World.Jobs.Count, lab.World.Assignments.Count));

        var refused = await Assert.ThrowsAsync<GraphException>(() => lab.RemoveAsync(input));

        Assert.Equal("GWB4115", refused.Code);
        Assert.Contains("1 groups", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, lab.World.Store.Read(() => (lab.World.Apps.Count, lab.World.Jobs.Count, lab.World.Assignments.Count)));
        var facts = await lab.CloudSync.ReadCloudSync(input, Stop);
        Assert.Equal((true, false, 1), (facts.Exists, facts.Started, facts.StrangersInScope));
    }

    [Fact]
    public async Task Remove_StrangersTakenOutAgain_RemovesEverything()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();
        var stranger = await StrangerAsync(lab, input);
        await lab.Portal.RunAssignmentScriptAsync(input.Job!.ServicePrincipalId, [stranger]);
        await Assert.ThrowsAsync<GraphException>(() => lab.RemoveAsync(input));

        await lab.Portal.RunUnassignmentScriptAsync(input.Job.ServicePrincipalId, [stranger]);
        await lab.RemoveAsync(input);

        Assert.Equal((0, 0, 0), lab.World.Store.Read(() => (lab.World.Apps.Count, lab.World.Jobs.Count, lab.World.Assignments.Count)));
    }

    [Fact]
    public async Task Remove_OnlyPlannedGroupsAssigned_RemovesEverything()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();
        var planned = await lab.Store.LoadListAsync<GroupIdentity>((await lab.PlanAsync(input)).Groups, Stop);
        await lab.Portal.RunAssignmentScriptAsync(input.Job!.ServicePrincipalId, [planned[0].CloudId]);

        await lab.RemoveAsync(input);

        Assert.Equal((0, 0, 0), lab.World.Store.Read(() => (lab.World.Apps.Count, lab.World.Jobs.Count, lab.World.Assignments.Count)));
    }

    [Fact]
    public async Task Remove_NothingWasMade_TouchesNothing()
    {
        await using var lab = await LabTenant.StartAsync();
        var theirs = await lab.PreparedAsync("m-1");

        await lab.RemoveAsync(theirs with { MigrationId = "m-other", Job = null });

        Assert.Equal(1, lab.World.Store.Read(() => lab.World.Jobs.Count));
    }

    [Fact]
    public async Task Prepare_AfterAPostponedMigration_TakesItsConfigurationOver()
    {
        await using var lab = await LabTenant.StartAsync();
        var first = await lab.PreparedAsync("m-1");

        var second = await lab.PreparedAsync("m-2");
        await lab.RemoveAsync(second);

        Assert.Equal(first.Job!.JobId, second.Job!.JobId);
        Assert.True(second.Job.Created);
        Assert.Equal(0, lab.World.Store.Read(() => lab.World.Apps.Count));
    }

    [Fact]
    public async Task Prepare_JobRunsAlready_IsRefusedAndTheWayBackLeavesItRunning()
    {
        await using var lab = await LabTenant.StartAsync();
        var theirs = await lab.PreparedAsync("m-1");
        await lab.CloudSync.StartJob(theirs, Stop);

        var refused = await Assert.ThrowsAsync<GraphException>(() => lab.PreparedAsync("m-2"));
        await lab.RemoveAsync(theirs with { MigrationId = "m-2", Job = null });

        Assert.Equal(GraphError.ForeignJobRuns, refused.Error);
        Assert.True((await lab.CloudSync.ReadCloudSync(theirs, Stop)).Started);
    }

    [Fact]
    public async Task Canaries_Unassigned_AreOutOfScope()
    {
        await using var lab = await LabTenant.StartAsync(cloudSync: new CloudSyncOptions { AssignScope = ScopeAssignment.App });
        var input = await lab.PreparedAsync();

        Assert.Equal(0, (await lab.CloudSync.UnassignCanaries(input, Stop)).CanariesInScope);
    }

    [Fact]
    public async Task Canaries_ThatTheOperatorAssigns_AreNotUnassignedByTheApp()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => lab.CloudSync.UnassignCanaries(input, Stop));
    }

    [Fact]
    public async Task Prepare_GalleryWithoutTheTemplate_IsRefusedBeforeAnythingIsMade()
    {
        await using var lab = await LabTenant.StartAsync(cloudSync: new CloudSyncOptions { TemplateId = Guid.Parse("00000000-0000-0000-0000-00000000ffff") });

        var refused = await Assert.ThrowsAsync<GraphException>(() => lab.PreparedAsync());

        Assert.Equal(GraphError.NoTemplate, refused.Error);
        Assert.Equal(0, lab.World.Store.Read(() => lab.World.Apps.Count));
    }

    [Fact]
    public async Task Prepare_MaskedCredentialAmongTheSecrets_WritesNoneOfThem()
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions { Groups = 20, M365 = 2, ExistingConfiguration = ExistingConfiguration.Paused });
        await lab.World.Store.ChangeAsync(c => lab.World.Jobs.Values.ToList().ForEach(j => lab.World.Jobs.Put(
            c, j.Id, j with { Secrets = new Dictionary<string, string>(j.Secrets) { ["AppKey"] = "secret" } })));

        var refused = await Assert.ThrowsAsync<GraphException>(() => lab.PreparedAsync());

        Assert.Equal(GraphError.MaskedSecrets, refused.Error);
        Assert.Equal("secret", lab.World.Store.Read(() => lab.World.Jobs.Values.Single().Secrets["AppKey"]));
    }

    [Fact]
    public async Task Prepare_ConfigurationThatTakesAll_IsNamedForThePortalAndRightAfterIt()
    {
        await using var lab = await LabTenant.StartAsync(new WorldOptions { Groups = 20, M365 = 2, ExistingConfiguration = ExistingConfiguration.SyncAll });
        var input = await lab.PreparedAsync();
        var before = await lab.CloudSync.ReadCloudSync(input, Stop);

        await lab.Portal.SelectGroupsAsync(input.Job!.JobId);
        var after = await lab.CloudSync.ReadCloudSync(input, Stop);

        Assert.Contains("Selected security groups", Assert.Single(before.Corrections), StringComparison.Ordinal);
        Assert.Empty(after.Corrections);
        Assert.Empty(after.Deviations);
    }

    [Fact]
    public async Task Canaries_UnassignedAfterACycle_DoNotPutTheJobIntoQuarantine()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();
        await lab.CloudSync.StartJob(input, Stop);
        await lab.ForAsync(TimeSpan.FromHours(1), Stop);

        await lab.CloudSync.RelaxThreshold(input, Stop);
        await lab.Portal.RunUnassignmentScriptAsync(input.Job!.ServicePrincipalId, lab.Canaries().All);
        await lab.ForAsync(TimeSpan.FromHours(1), Stop);

        Assert.Null((await lab.CloudSync.ReadJob(input, Stop)).QuarantineReason);
    }

    [Fact]
    public async Task Evidence_Prepared_PassesAndIsTheSameTwice()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();

        var one = await lab.CloudSync.GatherCloudEvidence(await EvidenceInputAsync(lab, input), Stop);
        await lab.ForAsync(TimeSpan.FromMinutes(30), Stop);
        var two = await lab.CloudSync.GatherCloudEvidence(await EvidenceInputAsync(lab, input), Stop);

        Assert.True(one.Passed, string.Join("; ", one.Reasons));
        Assert.Equal(one.Part, two.Part);
    }

    [Fact]
    public async Task Evidence_CanariesNotProved_DoesNotPass()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();

        var evidence = await lab.CloudSync.GatherCloudEvidence(await EvidenceInputAsync(lab, input) with { CanariesProved = false }, Stop);

        Assert.False(evidence.Passed);
        Assert.Contains("\"passed\":false", evidence.Part, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_JobStarted_DoesNotPass()
    {
        await using var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();

        await lab.CloudSync.StartJob(input, Stop);

        Assert.Contains((await lab.CloudSync.GatherCloudEvidence(await EvidenceInputAsync(lab, input), Stop)).Reasons, r => r.Contains("jobPaused", StringComparison.Ordinal));
    }

    static async Task<CloudEvidenceInput> EvidenceInputAsync(LabTenant lab, CloudSyncInput input) => new()
    {
        MigrationId = input.MigrationId,
        Plan = input.Plan,
        Groups = (await lab.PlanAsync(input)).Groups,
        Job = input.Job!,
        Window = new() { Start = DateTimeOffset.UnixEpoch, End = DateTimeOffset.UnixEpoch.AddHours(8) },
        CanariesProved = true,
    };

    static async Task<Guid> StrangerAsync(LabTenant lab, CloudSyncInput input)
    {
        var plan = await lab.PlanAsync(input);
        var known = (await lab.Store.LoadListAsync<GroupIdentity>(plan.Groups, Stop)).Select(g => g.CloudId).Concat(plan.Canaries.All).ToHashSet();
        return lab.World.Store.Read(() => lab.World.Groups.Values.First(g => g.DeletedAt is null && !known.Contains(g.Id)).Id);
    }
}
