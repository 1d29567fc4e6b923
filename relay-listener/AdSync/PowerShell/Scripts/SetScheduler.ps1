# What: switches the synchronisation scheduler on or off. The setting is kept in Entra, so it counts on every server of the tenant.
# Cmdlets: Set-ADSyncScheduler.
# Effect: no cycle starts by itself any more, or cycles start again.
# Rights: ADSyncAdmins.
param($Parameters)

$null = Set-ADSyncScheduler -SyncCycleEnabled ([bool]$Parameters.enabled)
[ordered]@{ done = $true }
