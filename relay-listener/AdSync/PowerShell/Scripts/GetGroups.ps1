# What: reads one page of a connector space and hands over its groups: name, anchor, type, whether mail-enabled, and the rules that apply.
# Cmdlets: Get-ADSyncCSObject.
# Effect: none.
# Rights: ADSyncAdmins.
param($Parameters)

function Get-FirstValue($Object, [string]$Name) {
    foreach ($attribute in @(Get-GwbValue $Object 'Attributes')) {
        if ($null -eq $attribute -or [string]$attribute.Name -ne $Name) { continue }
        foreach ($value in @(Get-GwbValue $attribute 'Values')) {
            if ($value) { return [string]$value }
        }
    }
    return $null
}

$page = @(Get-ADSyncCSObject -ConnectorName ([string]$Parameters.connector) -StartIndex ([int]$Parameters.startIndex) -MaxResultCount ([int]$Parameters.count) | Where-Object { $null -ne $_ })
$groups = @()
foreach ($object in $page) {
    if ([string]$object.ObjectType -ne 'group') { continue }
    $lineage = @()
    foreach ($step in @(Get-GwbValue $object 'Lineage')) {
        if ($null -ne $step) { $lineage += [ordered]@{ rule = (Get-GwbText $step 'SyncRuleInternalId'); name = (Get-GwbText $step 'SyncRuleName') } }
    }
    $mail = Get-FirstValue $object 'mail'
    if (-not $mail) { $mail = Get-FirstValue $object 'proxyAddresses' }
    $groups += [ordered]@{
        dn = [string]$object.DistinguishedName
        anchor = (Get-FirstValue $object 'adminDescription')
        mail = [bool]$mail
        groupType = (Get-FirstValue $object 'groupType')
        lineage = @($lineage)
    }
}
[ordered]@{ scanned = $page.Count; groups = @($groups) }
