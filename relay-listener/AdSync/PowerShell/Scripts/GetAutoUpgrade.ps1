# What: reads whether this server upgrades itself.
# Cmdlets: Get-ADSyncAutoUpgrade.
# Effect: none.
# Rights: ADSyncAdmins.
param($Parameters)

[ordered]@{ state = [string](Get-ADSyncAutoUpgrade) }
