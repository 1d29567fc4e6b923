# What: reads the tenant's group writeback features, version 2 and version 1. A feature that this build does not show is told as unknown.
# Cmdlets: Get-ADSyncAADCompanyFeature.
# Effect: none; the server asks the tenant.
# Rights: ADSyncAdmins.
param($Parameters)

function ConvertTo-Feature($Value) {
    if ($null -eq $Value) { return $null }
    if ($Value -is [bool]) { return $Value }
    if ([string]$Value -eq 'True') { return $true }
    if ([string]$Value -eq 'False') { return $false }
    return $null
}

$features = Get-ADSyncAADCompanyFeature
[ordered]@{
    groupWritebackV2 = (ConvertTo-Feature (Get-GwbValue $features 'GroupWritebackV2'))
    unifiedGroupWriteback = (ConvertTo-Feature (Get-GwbValue $features 'UnifiedGroupWriteback'))
}
