using GwbCloud.Functions.Orchestration.Guards;

namespace GwbCloud.Functions.Orchestration;

/// <summary>Asks, before anything stands still, for an operator who will be there for as long as it does.</summary>
/// <remarks>
/// The way into staging mode and out of it is a wizard. Whoever opened the window and went home would leave the tenant without exports and
/// password hash synchronisation until somebody else is found.
/// </remarks>
static class OperatorPresence
{
    /// <summary>How long before the window the question is asked.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    /// <returns>Null when somebody confirmed; the end of the migration when nobody did.</returns>
    public static async Task<StageOutcome?> ConfirmAsync(StageRun run)
    {
        var until = run.Request.Window.End;
        var closes = run.Request.Window.Start > run.Now ? run.Request.Window.Start : run.Now;
        try
        {
            await TaskDesk.DoAsync(
                run,
                new NewTask
                {
                    Kind = TaskKind.ConfirmReachable,
                    Title = $"Be reachable until {until:u}",
                    Why = "Within the window the active server stands in staging mode, and going back needs you at its Connect wizard. Nothing begins until an operator "
                        + "says that he will be there.",
                    Steps =
                    [
                        $"Make sure that you can sign in to {string.Join(", ", run.Servers)} and to Microsoft Entra from now until {until:u}, or hand this task to somebody who can.",
                        "Watch the migration's page meanwhile: each task there has a deadline.",
                        "Choose Check now. It says: I am here, and I will be reachable.",
                    ],
                },
                closes + TimeSpan.FromMinutes(run.Settings.WindowTaskMinutes) - run.Now,
                asked => Task.FromResult(new ReadBack(asked, asked ? $"an operator is reachable until {until:u}" : "nobody confirmed yet")),
                phase: GuardPhase.BeforeWindow);
            return null;
        }
        catch (StageStoppedException stop) when (stop.End == StageEnd.Blocked)
        {
            return run.Ended(Ending.Expired, Notices.NobodyReachable(until));
        }
    }
}
