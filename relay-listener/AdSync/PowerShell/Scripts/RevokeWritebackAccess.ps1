# What: removes access entries of the account of the connector, each exactly as it was added here before. Others, of whomever, are not touched.
# Cmdlets: Get-ADSyncADConnectorAccount.
# Effect: these entries are gone; one that the grant had widened is as it was before.
# Rights: changing the permissions of the OU, or of every domain. The listener does this only where its configuration opts in (mayGrantPermissions).
param($Parameters)

Import-GwbConfig
$sid = Get-GwbSid (Get-GwbAccount @(Get-ADSyncADConnectorAccount) $Parameters.connector)
foreach ($group in @($Parameters.entries | Group-Object -Property on)) {
    $secured = Get-GwbSecured $group.Name
    $security = $secured.psbase.ObjectSecurity
    $text = $security.GetSecurityDescriptorSddlForm('Access')
    $changed = $false
    foreach ($entry in @($group.Group)) {
        if (-not $entry.entry.Contains($sid)) { Stop-GwbOperation 'GwbRefused' 'An entry is not of the account of the connector.' }
        $place = $text.IndexOf([string]$entry.entry, [StringComparison]::Ordinal)
        if ($place -lt 0) { continue }
        # What a grant had widened gets its own rights back.
        $before = Get-GwbText $entry 'before'
        if ($before -and -not $before.Contains($sid)) { Stop-GwbOperation 'GwbRefused' 'An entry is not of the account of the connector.' }
        $text = $text.Remove($place, ([string]$entry.entry).Length).Insert($place, $before)
        $changed = $true
    }
    if ($changed) {
        $security.SetSecurityDescriptorSddlForm($text, 'Access')
        $secured.psbase.CommitChanges()
    }
}
[ordered]@{ done = $true }
