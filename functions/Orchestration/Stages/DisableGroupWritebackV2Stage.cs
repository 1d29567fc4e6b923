using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration.Stages;

/// <summary>The step that cannot be undone. Step 5 of the how-to.</summary>
/// <remarks>
/// The listener decides by itself whether the approval holds and whether everything is still as it was approved. What counts afterwards
/// is the flag as read, never what the call said: false goes on, true goes back through the second gate, unknown waits for a person.
/// </remarks>
public static class DisableGroupWritebackV2Stage
{
    [Function(nameof(DisableGroupWritebackV2Stage))]
    public static Task<StageOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) => StageRun.RunAsync(context, RunAsync);

    static async Task<StageOutcome> RunAsync(StageRun run)
    {
        var approval = run.Facts.Approval ?? throw new InvalidOperationException("The switch has no approval.");
        using var issued = new CancellationTokenSource();
        var asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, issued.Token);
        // Again, whatever was approved minutes or, before a hold, hours ago. The listener accepts parts of at most fifteen minutes.
        var fresh = await EvidenceWork.ForSwitchAsync(run, approval.Scope);
        // The last moment at which people can still have it otherwise.
        if (asked.IsCompleted && await asked is var request && request.Ending() is not null) { return run.EndedBy(request); }
        issued.Cancel();
        if (fresh.Bound.Reasons.Count > 0) { return run.Blocked(Notices.EvidenceFailed(fresh.Bound.Reasons)); }
        if (fresh.Bound.Digest != approval.EvidenceDigest)
        {
            await run.AuditAsync("gate.void", approval.EvidenceDigest, $"the evidence is {fresh.Bound.Digest} by now");
            return run.AskAgain(Notices.EvidenceChanged(Differing(run.Facts.Asked, fresh.Bound)));
        }

        // Issued from here on, whatever the answer: the way back leaves the rules in place.
        var attemptedBefore = run.Facts.SwitchAttempted;
        run.Facts = run.Facts with { SwitchAttempted = true };
        await run.KeepFactsAsync();
        await run.AuditAsync("switch.issued", approval.EvidenceDigest);
        SwitchResult? result = null;
        Notice? lost = null;
        try
        {
            result = await SubmitAsync(run, approval, fresh.Others);
        }
        catch (StageStoppedException unanswered)
        {
            // Whether it was called is unknown; the flag is what counts.
            lost = unanswered.Notice;
        }

        switch (result?.Outcome)
        {
            case SwitchOutcome.Refused:
                // The listener called nothing, so nothing was attempted this time.
                run.Facts = run.Facts with { SwitchAttempted = attemptedBefore };
                return run.Blocked(Notices.SwitchRefused(result.Reasons));
            case SwitchOutcome.AwaitsOperator:
                await OfferToOperatorAsync(run);
                break;
        }
        return await PollFlagAsync(run) switch
        {
            false => Off(run),
            true when lost is not null => run.Blocked(lost),
            true => run.AskAgain(Notices.SwitchStillOn()),
            null => await UntilKnownAsync(run),
        };
    }

    static List<string> Differing(AskedEvidence? asked, GateEvidence fresh) =>
        [.. fresh.Parts.Where(part => asked?.Parts.FirstOrDefault(before => before.Name == part.Name)?.Hash != part.Hash).Select(part => part.Name)];

    /// <summary>Neither forward nor back while nobody knows: people are told, and the flag is read until it answers or somebody gives up.</summary>
    static async Task<StageOutcome> UntilKnownAsync(StageRun run)
    {
        run.Tell(Notices.SwitchUnknown());
        await run.ShowAsync(run.View with { State = MigrationState.NeedsAttention });
        using var closed = new WaitScope();
        await using var guard = GuardPost.Open(run, GuardPhase.AtTheSwitch);
        var asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, closed.Token);
        var until = run.Now + Migration.ParkedAtMost;
        bool? flag = null;
        while (flag is null && run.Now < until)
        {
            using var stop = new WaitScope();
            var look = run.Context.CreateTimer(TimeSpan.FromMinutes(15), stop.Token);
            var first = await Task.WhenAny(asked, guard.Noticed, look);
            stop.Cancel();
            if (first == guard.Noticed)
            {
                // Made safe and told; what it means, the flag decides.
                await guard.TakeAsync();
                continue;
            }
            if (first == asked)
            {
                if ((await asked).Action == OperatorAction.Cancel) { break; }
                asked = run.Context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest, closed.Token);
            }
            flag = await ReadFlagAsync(run);
        }
        closed.Cancel();
        await guard.CloseAsync();
        if (flag is null) { return run.Parked(Notices.SwitchUnknown()); }
        await run.ShowAsync(run.View with { State = MigrationState.Running });
        return flag == false ? Off(run) : run.AskAgain(Notices.SwitchStillOn());
    }

    static StageOutcome Off(StageRun run)
    {
        run.Facts = run.Facts with { SwitchedOff = true };
        return run.Done("GroupWritebackV2 reads false");
    }

    /// <summary>The tokens of the approvers go from the store to the listener; they never pass through history.</summary>
    static async Task<SwitchResult> SubmitAsync(StageRun run, SwitchApproval approval, IReadOnlyList<string> parts)
    {
        var submission = new SwitchSubmission
        {
            MigrationId = run.Request.MigrationId,
            PlanHash = run.Request.PlanHash,
            Server = run.Lead,
            CommandId = run.Context.NewGuid().ToString("N"),
            Approval = approval,
            RequestProof = run.Request.RequestProof,
            OtherServers = parts,
        };
        var reply = await run.CallAsync<CommandReply>("SubmitSwitch", submission);
        return await run.Context.AwaitReplyAsync<SwitchResult>(
            new CommandSubmission
            {
                MigrationId = submission.MigrationId,
                PlanHash = submission.PlanHash,
                Server = submission.Server,
                CommandId = submission.CommandId,
                Command = "",
            },
            reply,
            nameof(DisableGroupWritebackV2));
    }

    /// <summary>From 2.6.84.0 on the cmdlet wants an interactive sign-in: the operator calls it through the listener, for fifteen minutes.</summary>
    static async Task OfferToOperatorAsync(StageRun run)
    {
        try
        {
            await TaskDesk.DoAsync(
                run,
                new NewTask
                {
                    Kind = TaskKind.InteractiveSwitch,
                    Server = run.Lead,
                    Title = $"Switch GroupWritebackV2 off on {run.Lead}",
                    Why = "This build's cmdlet wants an interactive sign-in. The listener checks quorum, window and evidence again before it calls it.",
                    Steps =
                    [
                        $"Sign in to {run.Lead} as a Hybrid Identity Administrator; the listener there holds the verified offer.",
                        "Let the listener carry it out in your session and sign in to Entra when asked. In this build gwb-listener has no verb for it; only the rehearsal's operator can.",
                        "Do not call Set-ADSyncAADCompanyFeature by hand: nothing would check the evidence again.",
                    ],
                    Commands = [TaskCommands.WritebackFlag(run.Lead)],
                },
                TimeSpan.FromMinutes(run.Settings.SwitchPollMinutes),
                async asked =>
                {
                    var flag = await ReadFlagAsync(run);
                    var text = flag switch { true => "reads true", false => "reads false", null => "can't be read" };
                    return new ReadBack(asked || flag == false, asked && flag != false
                        ? $"reported as done; GroupWritebackV2 {text} at that moment, and the stage reads on"
                        : $"GroupWritebackV2 {text}");
                },
                phase: GuardPhase.AtTheSwitch);
        }
        catch (StageStoppedException)
        {
            // The offer ran out, or something changed beneath it. The flag decides what that means.
        }
    }

    /// <summary>Polled for up to 15 minutes: the service may be slow to show it.</summary>
    static async Task<bool?> PollFlagAsync(StageRun run)
    {
        var until = run.Now.AddMinutes(run.Settings.SwitchPollMinutes);
        var flag = await ReadFlagAsync(run);
        while (flag != false && run.Now < until)
        {
            await run.DelayAsync(TimeSpan.FromMinutes(1));
            flag = await ReadFlagAsync(run);
        }
        return flag;
    }

    /// <summary>Null is unknown; a listener that is silent or can't read is one more way of not knowing.</summary>
    static async Task<bool?> ReadFlagAsync(StageRun run)
    {
        try
        {
            return (await run.OnLeadAsync(new InspectServer())).Features.GroupWritebackV2;
        }
        catch (StageStoppedException)
        {
            return null;
        }
    }
}
