using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.RelayListener.Status;

/// <summary>The exact steps on the server when the cloud half is lost in the window. Pure: the boundary in, sentences out.</summary>
static class ByHand
{
    /// <summary>The steps, in order. Reading the flag comes first, because everything after it depends on what it reads then.</summary>
    public static IReadOnlyList<string> Steps(Boundary boundary)
    {
        string connector = boundary.Facts?.AdConnector ?? "the connector of the writeback OU";
        return
        [
            $"Work on {boundary.Server} in Windows PowerShell as a member of ADSyncAdmins, with the wizard closed. Do not start anything before step 1.",
            "1. Read the flag: (Get-ADSyncAADCompanyFeature).GroupWritebackV2. If it cannot be read, stop here and read it again later.",
            "2. Read the rules: Get-ADSyncRule | Where-Object { "
                + $"$_.Identifier -in '{RuleIds.CoexistenceInbound}', '{RuleIds.CoexistenceOutbound}' }}. Both must be there on every Connect server before step 4.",
            "3. Read staging and scheduler: Get-ADSyncScheduler. StagingModeEnabled must be True and SyncCycleEnabled False; otherwise run Set-ADSyncScheduler -SyncCycleEnabled $false first.",
            "4. Run Start-ADSyncSyncCycle -PolicyType Initial, and wait until SyncCycleInProgress is False and Get-ADSyncConnectorRunStatus shows nothing.",
            $"5. Export what is pending: csexport \"{connector}\" pending.xml /f:x. It must hold no delete and no rename of a group in "
                + $"{boundary.Facts?.WritebackOu ?? "the writeback OU"}. If it does, stop: keep staging mode on and call for help.",
            "6. When the flag read True: switch staging mode off in the wizard, with the scheduler left off. The rules may stay; they keep the groups joined.",
            "7. When the flag read False: do the same, and never remove the two rules. Without them Connect would delete the groups.",
            "8. Run Start-ADSyncSyncCycle -PolicyType Delta, compare the writeback OU with the snapshot, then run Set-ADSyncScheduler -SyncCycleEnabled $true.",
        ];
    }
}
