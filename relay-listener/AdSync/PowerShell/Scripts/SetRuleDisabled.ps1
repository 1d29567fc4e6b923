# What: switches one synchronisation rule that is there off or on again; nothing else of it changes. Source: modify default behaviour.
# Cmdlets: Get-ADSyncRule, Add-ADSyncRule.
# Effect: the rule counts no more, or counts again, from the next full synchronisation of its connector, which the change asks for.
# Rights: ADSyncAdmins.
param($Parameters)

$identifier = [Guid]$Parameters.identifier
$rule = @(Get-ADSyncRule | Where-Object { $null -ne $_ -and ([Guid]$_.Identifier) -eq $identifier })[0]
if ((Get-GwbFlag $rule 'Disabled') -ne [bool]$Parameters.disabled) {
    $rule.Disabled = [bool]$Parameters.disabled
    $null = Add-ADSyncRule -SynchronizationRule $rule
}
[ordered]@{ done = $true }
