using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;
using GwbCloud.RelayListener.Switch;

namespace GwbCloud.Lab.People;

/// <summary>Does the tasks that only a person can do: wizard, portal, script, and the switch in an own session.</summary>
sealed class Operator(LabPerson who, ProductApi api, PeopleMemory memory, SimulatedWorld world, LabIssuer issuer, Func<string, InteractiveSwitch> switches, Story story, IPeopleWatch watch, TimeSpan offset)
    : Person(who, api, memory, world.Clock, offset)
{
    readonly OperatorVerbs _verbs = new(api, memory, world);
    int _asked;

    bool IsAway => world.Deeds.IsAway(LabRole.Operator);

    protected override async Task<TimeSpan?> ActAsync(CancellationToken cancellationToken)
    {
        _asked = world.Deeds.AskedSoFar.Count;
        var known = Memory.Requester;
        if (known.EndedAt is not null) { return null; }
        if (known.MigrationId is not { } migration) { return await ResolveAsync(known, cancellationToken); }
        var view = await Api.MigrationAsync(migration, cancellationToken);
        if (view.Outcome is not null) { return story.GoesOn ? await ResolveAsync(known, cancellationToken) : null; }
        if (story.Operators == OperatorMode.Passive || IsAway) { return PauseAt(view); }
        var verbs = await _verbs.DoAsync(view, what => watch.Said(Who, what), cancellationToken);
        // What was seen of the tasks is old by now.
        if (verbs == VerbsLeft.Acted) { return Soon; }
        foreach (var task in view.Tasks.Where(t => t.State == TaskState.Open && !Declines(t) && Memory.Task(t.Id) is not { Told: true }))
        {
            var note = Memory.Task(task.Id);
            if (note is null)
            {
                watch.Said(Who, $"does: {Lower(task.Title)}");
                await DoAsync(migration, task, cancellationToken);
                note = new TaskMemory { DoneAt = Clock.GetUtcNow() };
                await Memory.KeepAsync(task.Id, note);
            }

            // Told again when a kill came before the answer: the product may never have heard of it.
            await Api.CheckAsync(migration, task.Id, cancellationToken);
            await Memory.KeepAsync(task.Id, note with { Told = true });
        }

        return verbs == VerbsLeft.Waits ? Soon : PauseAt(view);
    }

    /// <summary>Whoever is to stop a migration does not wait for his next look at it.</summary>
    protected override async Task SleepUntilAsync(DateTimeOffset next, CancellationToken cancellationToken)
    {
        using var called = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void Call()
        {
            if (world.Deeds.AskedSoFar.Count > _asked) { called.Cancel(); }
        }

        world.Deeds.Asked += Call;
        try
        {
            Call();
            await Clock.SleepUntilAsync(next, called.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The moment may be one at which the product is still at work: what is done then must not race with it.
            await Clock.SleepAsync(Instant, cancellationToken);
        }
        finally
        {
            world.Deeds.Asked -= Call;
        }
    }

    /// <summary>Whoever will not be there until the window's end does not say that he will.</summary>
    bool Declines(OperatorTask task) => task.Kind == TaskKind.ConfirmReachable && world.Suffers(Sabotage.NobodyForUndo);

    /// <summary>Takes the groups at risk of the last assessment out of danger, and has each looked at.</summary>
    async Task<TimeSpan?> ResolveAsync(RequesterMemory known, CancellationToken cancellationToken)
    {
        if (story.Operators == OperatorMode.Passive || IsAway || await AssessmentAsync(known, cancellationToken) is not { } assessment
            || await Api.AssessmentAsync(assessment, cancellationToken) is not { State: AssessmentState.Blocked, Tasks.Count: > 0 })
        {
            return Later;
        }

        await foreach (var task in Api.RiskTasksAsync(assessment, cancellationToken))
        {
            if (task.State != RiskTaskState.Open || Memory.Task(task.Id) is { Told: true }) { continue; }
            watch.Said(Who, $"does: {Lower(task.Title)}");
            if (RiskDeeds.For(task) is { } deed) { await world.Deeds.DoAsync(task.Id, deed); }
            await Api.CheckRiskAsync(assessment, task.Id, cancellationToken);
            await Memory.KeepAsync(task.Id, new TaskMemory { DoneAt = Clock.GetUtcNow(), Told = true });
        }

        return Later;
    }

    /// <summary>The requester's last one; while there is none, the newest of whoever else has assessed.</summary>
    async Task<string?> AssessmentAsync(RequesterMemory known, CancellationToken cancellationToken) =>
        known.Assessments is [.., var last] ? last : (await Api.AssessmentIdsAsync(cancellationToken)).Except(known.Earlier).FirstOrDefault();

    async Task DoAsync(string migration, OperatorTask task, CancellationToken cancellationToken)
    {
        var deeds = new TaskDeeds(world, issuer.UserName(Who), switches, (id, stop) => Api.ScopeListAsync(migration, id, stop));
        if (await deeds.DoAsync(task, cancellationToken) is { } heard) { watch.Said(Who, heard); }
    }

    static string Lower(string title) => char.ToLowerInvariant(title[0]) + title[1..];
}
