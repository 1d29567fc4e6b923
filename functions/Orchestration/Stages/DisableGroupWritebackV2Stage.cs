using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.OnPremises;
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

        // Issued from here on, whatever the answer: the way back leaves the rules in place.
        var attemptedBefore = run.Facts.SwitchAttempted;
        run.Facts = run.Facts with { SwitchAttempted = true };
        await run.AuditAsync("switch.issued", approval.EvidenceDigest);
        var result = await SubmitAsync(run, approval);

        switch (result.Outcome)
        {
            case SwitchOutcome.Refused:
                // The listener called nothing, so nothing was attempted this time.
                run.Facts = run.Facts with { SwitchAttempted = attemptedBefore };
                return run.Blocked(Notices.SwitchRefused(result.Reasons));
            case SwitchOutcome.AwaitsOperator:
                await OfferToOperatorAsync(run);
                break;
        }
        return await ReadFlagAsync(run) switch
        {
            false => Off(run),
            true => run.AskAgain(Notices.SwitchStillOn()),
            null => await UntilKnownAsync(run),
        };
    }

    /// <summary>Neither forward nor back while nobody knows: people are told, and the flag is read until it answers.</summary>
    static async Task<StageOutcome> UntilKnownAsync(StageRun run)
    {
        run.Tell(Notices.SwitchUnknown());
        await run.ShowAsync(run.View with { State = MigrationState.NeedsAttention });
        var until = run.Now + Migration.ParkedAtMost;
        while (run.Now < until)
        {
            await run.DelayAsync(TimeSpan.FromMinutes(15));
            var flag = (await run.OnLeadAsync(new InspectServer())).Features.GroupWritebackV2;
            if (flag is null) { continue; }
            await run.ShowAsync(run.View with { State = MigrationState.Running });
            return flag == false ? Off(run) : run.AskAgain(Notices.SwitchStillOn());
        }
        return run.Parked(Notices.SwitchUnknown());
    }

    static StageOutcome Off(StageRun run)
    {
        run.Facts = run.Facts with { SwitchedOff = true };
        return run.Done("GroupWritebackV2 reads false");
    }

    /// <summary>The tokens of the approvers go from the store to the listener; they never pass through history.</summary>
    static async Task<SwitchResult> SubmitAsync(StageRun run, SwitchApproval approval)
    {
        string[] others = [.. run.Servers.Where(s => s != run.Lead)];
        var submission = new SwitchSubmission
        {
            MigrationId = run.Request.MigrationId,
            PlanHash = run.Request.PlanHash,
            Server = run.Lead,
            CommandId = run.Context.NewGuid().ToString("N"),
            Approval = approval,
            RequestProof = run.Request.RequestProof,
            // Fresh: the listener accepts parts of at most fifteen minutes.
            OtherServers = others.Length == 0 ? [] : await EvidenceWork.ServersAsync(run, approval.Scope, others),
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
                    Steps = [$"Sign in to {run.Lead} as a Hybrid Identity Administrator.", "Run: gwb-listener switch", "Sign in to Entra when asked."],
                },
                TimeSpan.FromMinutes(run.Settings.SwitchPollMinutes),
                async asked =>
                {
                    var flag = (await run.OnLeadAsync(new InspectServer())).Features.GroupWritebackV2;
                    var text = flag switch { true => "reads true", false => "reads false", null => "can't be read" };
                    return new ReadBack(asked || flag == false, $"GroupWritebackV2 {text}");
                });
        }
        catch (StageStoppedException)
        {
            // The offer ran out. The flag decides what that means.
        }
    }

    /// <summary>Polled for up to 15 minutes: the service may be slow to show it.</summary>
    static async Task<bool?> ReadFlagAsync(StageRun run)
    {
        var until = run.Now.AddMinutes(run.Settings.SwitchPollMinutes);
        while (true)
        {
            var flag = (await run.OnLeadAsync(new InspectServer())).Features.GroupWritebackV2;
            if (flag == false || run.Now >= until) { return flag; }
            await run.DelayAsync(TimeSpan.FromMinutes(1));
        }
    }
}
