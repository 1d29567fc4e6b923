# What: removes one synchronisation rule by its identifier. A rule that is not there is not missed.
# Cmdlets: Get-ADSyncRule, Remove-ADSyncRule.
# Effect: the rule counts no more from the next full synchronisation of its connector.
# Rights: ADSyncAdmins.
param($Parameters)

$identifier = [Guid]$Parameters.identifier
$found = @(Get-ADSyncRule | Where-Object { $null -ne $_ -and ([Guid]$_.Identifier) -eq $identifier })
if ($found.Count -gt 0) { $null = Remove-ADSyncRule -Identifier $identifier }
[ordered]@{ done = $true }
