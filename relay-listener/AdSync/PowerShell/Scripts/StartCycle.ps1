# What: starts a synchronisation cycle, Delta or Initial, and returns at once.
# Cmdlets: Start-ADSyncSyncCycle.
# Effect: imports, synchronisations and, unless the server is in staging mode, exports.
# Rights: ADSyncAdmins.
param($Parameters)

$null = Start-ADSyncSyncCycle -PolicyType ([string]$Parameters.policy)
[ordered]@{ done = $true }
