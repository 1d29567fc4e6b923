using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Brings groups into Cloud Sync's scope, by whom the plan says, and goes on only when exactly they are read back.</summary>
/// <remarks>
/// The job must be paused: a parent that is in scope some minutes before its child would lose the child. Whoever else is in scope is told at once,
/// and keeps the task open until that assignment is taken away. Only planned groups that Cloud Sync may have written already are not sent away:
/// it deletes what leaves its scope.
/// </remarks>
static class ScopeDesk
{
    /// <summary>What one writes, another reads some minutes later.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);
    const int Looks = 15;

    /// <param name="run">The stage.</param>
    /// <param name="input">The groups, as a document of <see cref="Contracts.Commands.GroupIdentity"/> of which only the objectId counts.</param>
    /// <returns>What was read back; planned groups that came too early and must be judged too are in <see cref="ScopeFacts.Joined"/>.</returns>
    /// <exception cref="StageStoppedException">Missing at the deadline, or somebody is in scope who may not be.</exception>
    public static Task<ScopeFacts> AssignAsync(StageRun run, ScopeInput input)
        => run.Plan.AssignScope == ScopeAssignment.App ? AssignOurselvesAsync(run, input) : AskOperatorAsync(run, input);

    /// <exception cref="StageStoppedException">Somebody is in scope who may not be.</exception>
    public static async Task<ScopeFacts> DemandCleanAsync(StageRun run, ScopeInput input)
    {
        var facts = await ReadAsync(run, input);
        return facts.Clean ? facts : throw new StageStoppedException(Notices.ScopeWrong(facts));
    }

    static async Task<ScopeFacts> AskOperatorAsync(StageRun run, ScopeInput input)
    {
        var list = await run.CallAsync<DocumentReference>("PrepareScopeList", input);
        ScopeFacts? last = null;
        try
        {
            await TaskDesk.DoAsync(run, Task(run, input, list), TimeSpan.FromHours(run.Settings.TaskHours), async _ =>
            {
                var now = await ReadAsync(run, input);
                if (!now.Clean && last is not { Clean: false }) { run.Tell(Notices.ScopeWrong(now)); }
                last = now;
                return new ReadBack(now.Complete, Text(now, input.Groups.Count));
            });
        }
        catch (StageStoppedException) when (last is { Clean: false })
        {
            // That it is overdue says less than what is wrong.
            throw new StageStoppedException(Notices.ScopeWrong(last));
        }
        return Told(run, last!);
    }

    static async Task<ScopeFacts> AssignOurselvesAsync(StageRun run, ScopeInput input)
    {
        var left = input.Groups.Count;
        // What reads back at last may be slow to; what never does would be assigned anew for ever.
        for (var idle = 0; left > 0;)
        {
            var progress = await run.CallAsync<ScopeProgress>("AssignScope", input);
            idle = progress.Left < left ? 0 : idle + 1;
            left = Math.Min(left, progress.Left);
            if (idle > Looks) { throw new StageStoppedException(Notices.ScopeNotReached(input.Groups.Count - left, input.Groups.Count)); }
            await run.ShowAsync(StageState.Running, $"{Wave(input)}: {input.Groups.Count - left} of {input.Groups.Count} assigned by the app");
            if (idle > 0) { await run.DelayAsync(LookEvery); }
        }
        var facts = await DemandCleanAsync(run, input);
        for (var look = 1; look < Looks && !facts.Complete; look++)
        {
            await run.DelayAsync(LookEvery);
            facts = await DemandCleanAsync(run, input);
        }
        if (!facts.Complete) { throw new StageStoppedException(Notices.ScopeNotReached(facts.Assigned, input.Groups.Count)); }
        return Told(run, facts);
    }

    static ScopeFacts Told(StageRun run, ScopeFacts facts)
    {
        if (facts.Joined is not null) { run.Tell(Notices.ScopeJoined(facts)); }
        return facts;
    }

    static Task<ScopeFacts> ReadAsync(StageRun run, ScopeInput input) => run.CallAsync<ScopeFacts>("ReadScope", input);

    static NewTask Task(StageRun run, ScopeInput input, DocumentReference list)
    {
        var name = ScopeList.NameOf(input.Ring);
        return new()
        {
            Kind = TaskKind.AssignGroups,
            Title = $"Bring {Wave(input)} into scope ({Counted(input.Groups.Count)})",
            Why = "Scope assignments are made with your own rights, ring by ring, and read back.",
            Steps =
            [
                $"Download the script and the list of this task into one folder: {name}.ps1 and {name}.json (SHA-256 {list.Sha256}).",
                $"Read the script, and look at what it would do: ./{name}.ps1 -WhatIf -Verbose signs in, names the groups by object id, and assigns nothing.",
                $"Run ./{name}.ps1, sign in to the tenant as a Cloud Application Administrator or Application Administrator, and confirm. "
                    + $"It assigns the groups to the enterprise application {PortalWords.Application(run)} (app role {input.Job.ScopeRoleId:D}) and changes nothing else.",
                "Choose Check now.",
            ],
            Commands = TaskCommands.Script(name),
            Attachment = list,
            AttachmentName = name,
        };
    }

    static string Counted(int groups) => groups == 1 ? "1 group" : $"{groups} groups";

    static string Wave(ScopeInput input) => input.Ring == 0 ? "the canaries" : $"ring {input.Ring} of {input.Of}";

    static string Text(ScopeFacts facts, int of) => facts.Clean
        ? $"{facts.Assigned} of {of} assigned"
        : $"{facts.Assigned} of {of} assigned, and {facts.TooEarly + facts.Strangers} that may not be: {string.Join(", ", facts.Wrong.Take(5))}";
}
