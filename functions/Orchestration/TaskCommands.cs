namespace GwbCloud.Functions.Orchestration;

/// <summary>The commands that tasks offer to be copied: they only read, or run a script that the task itself gives.</summary>
static class TaskCommands
{
    public static TaskCommand Scheduler(string server, string purpose) => new()
    {
        Shell = TaskShell.WindowsPowerShell,
        On = server,
        Purpose = purpose,
        Text = "Get-ADSyncScheduler | Format-List StagingModeEnabled, SyncCycleEnabled, SchedulerSuspended, SyncCycleInProgress",
    };

    public static TaskCommand WritebackFlag(string server) => new()
    {
        Shell = TaskShell.WindowsPowerShell,
        On = server,
        Purpose = "Shows whether GroupWritebackV2 is on. It reads, and changes nothing.",
        Text = "Get-ADSyncAADCompanyFeature | Format-List GroupWritebackV2",
    };

    /// <summary>The task's script, first as what it would do.</summary>
    /// <param name="name">Name of the download, without extension; ours, so that it needs no quotes.</param>
    public static IReadOnlyList<TaskCommand> Script(string name) =>
    [
        new() { Shell = TaskShell.PowerShell, Purpose = "Shows what the script would do, and assigns nothing.", Text = $"./{name}.ps1 -WhatIf -Verbose" },
        new() { Shell = TaskShell.PowerShell, Purpose = "Assigns the groups of the list.", Text = $"./{name}.ps1" },
    ];
}
