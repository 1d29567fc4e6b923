using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>Sets up the provisioning job, and proves with three canaries that it matches, names, places and scopes as it must.</summary>
/// <remarks>Step 7 of the how-to, done first: a job that is paused and proven can take over at once. No planned group is in scope.</remarks>
public static class PrepareCloudSyncStage
{
    /// <summary>How often the canaries may show the members switch off before it counts as something that nobody can set.</summary>
    const int MostRounds = 3;

    [Function(nameof(PrepareCloudSyncStage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        var canaries = run.Plan.Canaries;
        var input = new CloudSyncInput { MigrationId = run.Request.MigrationId, Plan = run.Request.Plan };

        // Undone in reverse: our job goes first, then the objects that it might otherwise still touch.
        await run.PushUndoAsync(UndoKind.RemoveCanaryObjects, UndoKind.RemoveCloudSync);
        var job = await run.CallAsync<CloudSyncJob>("PrepareCloudSync", input);
        run.Facts = run.Facts with { Job = job };
        await run.KeepFactsAsync();
        input = input with { Job = job };
        if (job.KeepsNames) { await KeptNames.WriteAsync(run); }

        var facts = await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input);
        if (facts.Corrections.Count > 0) { facts = await CorrectAsync(run, input, facts); }
        if (Deviations(facts) is { Count: > 0 } deviations) { return run.Blocked(Notices.CloudSyncDeviates(deviations)); }

        await AssignCanariesAsync(run, job);
        await AskForMembersSwitchAsync(run, before: null);

        var members = await run.CallAsync<CanaryMembers>("ReadCanaryMembers", input);
        var prepared = await PrepareMatchAsync(run, members);
        await WaitForCatalogsAsync(run, prepared);

        var outsider = await run.CallAsync<OnDemandResult>("ProvisionCanary", new OnDemandInput { Job = job, GroupId = canaries.Unassigned });
        if (outsider.InScope) { return run.Blocked(Notices.CanaryOutOfOrder("unassigned", "it is in scope before any cycle: choose 'Selected security groups' in the configuration's scoping filters")); }

        var verdict = await ProveAsync(run, input, prepared, members);
        for (var round = 1; verdict.MembersSwitchOff && round < MostRounds; round++)
        {
            await AskForMembersSwitchAsync(run, verdict);
            verdict = await ProveAsync(run, input, prepared, members);
        }

        if (verdict.Problems.Count > 0) { return run.Blocked(Notices.CanaryOutOfOrder(verdict.Canary, string.Join("; ", verdict.Problems))); }

        // Once more, after a cycle of the service: what is not kept now would not be kept for planned groups either.
        var since = Deviations(await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input));
        return since.Count > 0
            ? run.Blocked(Notices.CloudSyncDeviates(since))
            : run.Done($"canaries as expected, the match canary lost {verdict.MembersLost} of {prepared.Snapshot.Members.Count} members; the job is paused ({job.JobId})");
    }

    /// <summary>A cycle of the canaries, and what Active Directory says of them.</summary>
    static async Task<CanaryVerdict> ProveAsync(StageRun run, CloudSyncInput input, CanaryObject prepared, CanaryMembers members)
    {
        await RunCanaryCycleAsync(run, input);
        var found = await FindCanariesAsync(run);
        var verdict = CanaryVerdict.Of(found.Objects, prepared.Snapshot, members.User, run.Plan, ownMappings: input.Job is { Preserves: true });
        run.Facts = run.Facts with
        {
            CanaryObjects = [.. found.Objects
                .Where(o => o.Group.ExternalDirectoryObjectId is not null)
                .Select(o => new CanaryIdentity { ObjectGuid = o.Group.ObjectGuid, Anchor = o.Group.ExternalDirectoryObjectId! })],
            CanariesProved = verdict.Problems.Count == 0,
        };
        return verdict;
    }

    /// <summary>What only a person may set: told with place and value, and read back.</summary>
    static async Task<CloudSyncFacts> CorrectAsync(StageRun run, CloudSyncInput input, CloudSyncFacts facts)
    {
        await TaskDesk.DoAsync(
            run,
            new NewTask
            {
                Kind = TaskKind.CorrectConfiguration,
                Title = $"Correct the Cloud Sync configuration {run.Plan.Domain}",
                Why = "It differs from the plan where the product does not write: groups would be taken, renamed, moved or emptied.",
                Steps =
                [
                    PortalWords.OpenConfiguration(run),
                    .. facts.Corrections,
                    "Save, leave the configuration disabled, come back and choose Check now.",
                ],
            },
            TimeSpan.FromHours(run.Settings.TaskHours),
            async _ =>
            {
                facts = await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input);
                return new ReadBack(facts.Corrections.Count == 0, facts.Corrections.Count == 0 ? "as planned" : string.Join(" ", facts.Corrections));
            });

        // Saving in the portal writes a whole schema: what is ours is made so again.
        await run.CallAsync<CloudSyncJob>("PrepareCloudSync", input with { Job = null });
        return await run.CallAsync<CloudSyncFacts>("ReadCloudSync", input);
    }

    static async Task AssignCanariesAsync(StageRun run, CloudSyncJob job)
    {
        var wanted = new[] { run.Plan.Canaries.New, run.Plan.Canaries.Match };
        var document = await run.CallAsync<DocumentBox>("SaveIdentities", new IdentityList
        {
            Groups = [.. wanted.Select(id => new GroupIdentity { CloudId = id, ObjectGuid = Guid.Empty, DistinguishedName = string.Empty, Anchor = Anchors.Of(id) })],
        });
        await ScopeDesk.AssignAsync(run, new ScopeInput
        {
            MigrationId = run.Request.MigrationId,
            Plan = run.Request.Plan,
            Job = job,
            Ring = 0,
            Of = 0,
            Groups = document.Document,
            Untouched = true,
        });
    }

    static List<string> Deviations(CloudSyncFacts facts)
    {
        var deviations = facts.Deviations.ToList();
        if (!facts.MappingsAsPlanned && deviations.Count == 0) { deviations.Add("the mappings are not as planned"); }
        if (!facts.CanariesOnly) { deviations.Add("the scope filter names more than the canaries"); }
        if (facts.PlannedInScope > 0) { deviations.Add($"{facts.PlannedInScope} planned groups are in scope already"); }
        if (facts.StrangersInScope > 0) { deviations.Add($"{facts.StrangersInScope} groups that nobody planned are in scope"); }
        return deviations;
    }

    /// <summary>The switch has no documented form in Graph: a person sets it, the match canary proves it.</summary>
    /// <param name="run">The stage.</param>
    /// <param name="before">What the canaries showed while it was off; null before the first cycle.</param>
    static Task AskForMembersSwitchAsync(StageRun run, CanaryVerdict? before) => TaskDesk.DoAsync(
        run,
        new NewTask
        {
            Kind = TaskKind.MembersSwitch,
            Title = $"Let Cloud Sync write members that are synced from Active Directory ({run.Plan.Domain})",
            Why = before is null
                ? "While the switch is off, Cloud Sync empties the groups that it takes over. Graph does not show it; the match canary will."
                : $"The canaries show that the switch is off: {string.Join("; ", before.Problems)}. It must be on before any planned group.",
            Steps =
            [
                PortalWords.OpenConfiguration(run),
                "Turn on 'Provision membership to on-premises users' and save.",
                "Come back and choose Check now.",
            ],
        },
        TimeSpan.FromHours(run.Settings.TaskHours),
        asked => Task.FromResult(new ReadBack(asked, asked ? "an operator says that it is set; the canary will prove it" : "not reported yet")));

    static async Task<CanaryObject> PrepareMatchAsync(StageRun run, CanaryMembers members)
    {
        var match = await run.OnLeadAsync(new CreateMatchCanary
        {
            Anchor = Anchors.Of(run.Plan.Canaries.Match),
            Cn = members.MatchCn,
            DisplayName = members.MatchDisplayName,
            Members = members.ObjectGuids,
        });
        run.Facts = run.Facts with { CanaryObjects = [match.Identity] };
        return match;
    }

    static async Task WaitForCatalogsAsync(StageRun run, CanaryObject match)
    {
        var document = await run.CallAsync<DocumentBox>("SaveIdentities", new IdentityList
        {
            Groups =
            [
                new GroupIdentity
                {
                    CloudId = run.Plan.Canaries.Match,
                    ObjectGuid = match.Identity.ObjectGuid,
                    DistinguishedName = match.Snapshot.Group.DistinguishedName,
                    Anchor = match.Identity.Anchor,
                },
            ],
        });
        await AnchorWatch.UntilEverywhereAsync(run, document.Document);
    }

    static async Task RunCanaryCycleAsync(StageRun run, CloudSyncInput input)
    {
        var started = run.Now;
        await run.CallAsync<JobStatus>("StartJob", input);
        await JobWatch.UntilCycleAsync(run, input, started);
        await run.CallAsync<JobStatus>("PauseJob", input);
    }

    /// <summary>The canaries' objects; a new one shows on the global catalogs only after replication.</summary>
    static async Task<FoundObjects> FindCanariesAsync(StageRun run)
    {
        var found = await LookAsync();
        for (var look = 0; look < 12 && !found.Objects.Any(o => o.Group.ExternalDirectoryObjectId == Anchors.Of(run.Plan.Canaries.New)); look++)
        {
            await run.DelayAsync(TimeSpan.FromMinutes(10));
            found = await LookAsync();
        }
        return found;

        Task<FoundObjects> LookAsync() => run.OnLeadAsync(new FindByAnchor { Anchors = [.. run.Plan.Canaries.All.Select(Anchors.Of)] });
    }
}
