# What: stops the synchronisation cycle that runs. The service ends the current run first.
# Cmdlets: Stop-ADSyncSyncCycle.
# Effect: the cycle's remaining runs do not take place.
# Rights: ADSyncAdmins.
param($Parameters)

$null = Stop-ADSyncSyncCycle
[ordered]@{ done = $true }
