using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Functions.Operations.Enabling;

/// <summary>The wizard's part, which Microsoft leaves to a person. Words alone.</summary>
static class EnableTasks
{
    public static NewTask Choose(EnableBefore before, bool on) => new()
    {
        Kind = on ? TaskKind.EnableWriteback : TaskKind.DisableWriteback,
        Server = before.Server,
        Title = $"{(on ? "Choose" : "Clear")} group writeback in the wizard on {before.Server}",
        Why = on
            ? "Version 1 of group writeback is switched on by Connect's wizard alone. The scheduler is off until that is done, so that the first cycle is a supervised one."
            : "Version 1 of group writeback is switched off by Connect's wizard alone. The cycle that follows deletes the objects that it made.",
        Steps =
        [
            $"Sign in to {before.Server} and open Microsoft Entra Connect Sync.",
            "Choose Configure, then Next; choose Customize synchronization options, then Next, and sign in to Entra.",
            "Go on to Optional features. Leave everything that is selected there as it is.",
            on ? "Select Group writeback, then Next." : "Clear Group writeback, then Next.",
            .. on ? [$"On the page Writeback select {before.WritebackOu}, then Next."] : (string[])[],
            "Clear 'Start the synchronization process when configuration completes', choose Configure, then Exit. Close the wizard.",
        ],
        Commands =
        [
            new()
            {
                Shell = TaskShell.WindowsPowerShell,
                On = before.Server,
                Purpose = "Shows whether version 1 is on. It reads, and changes nothing.",
                Text = "Get-ADSyncAADCompanyFeature | Format-List UnifiedGroupWriteback",
            },
            TaskCommands.Scheduler(before.Server, "Shows whether the wizard still holds the scheduler."),
        ],
    };
}
