# What: reads the scheduler: on or off, suspended by the wizard, a cycle in progress, and whether this server is in staging mode.
# Cmdlets: Get-ADSyncScheduler, Get-ADSyncConnectorRunStatus.
# Effect: none.
# Rights: ADSyncAdmins.
param($Parameters)

$scheduler = Get-ADSyncScheduler

# A run profile that somebody started by hand is no cycle, and yet the server is busy.
$busy = @(Get-ADSyncConnectorRunStatus | Where-Object { $null -ne $_ }).Count -gt 0

[ordered]@{
    syncCycleEnabled = [bool]$scheduler.SyncCycleEnabled
    stagingModeEnabled = [bool]$scheduler.StagingModeEnabled
    schedulerSuspended = [bool]$scheduler.SchedulerSuspended
    syncCycleInProgress = ([bool]$scheduler.SyncCycleInProgress -or $busy)
    intervalSeconds = ([TimeSpan]$scheduler.CurrentlyEffectiveSyncCycleInterval).TotalSeconds
}
