# What: suspends the automatic upgrade for the time of the migration, or gives it back the state it had.
# Cmdlets: Set-ADSyncAutoUpgrade.
# Effect: the server does not upgrade itself, or does again.
# Rights: ADSyncAdmins.
param($Parameters)

$null = Set-ADSyncAutoUpgrade -AutoUpgradeState ([string]$Parameters.state)
[ordered]@{ done = $true }
