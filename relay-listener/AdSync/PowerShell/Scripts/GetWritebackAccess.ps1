# What: reads the explicit access entries that the account of an Active Directory connector has on the writeback OU, or on the root of every domain.
# Cmdlets: Get-ADSyncADConnectorAccount.
# Effect: none.
# Rights: ADSyncAdmins; reading the permissions of these objects.
param($Parameters)

Import-GwbConfig
$sid = Get-GwbSid (Get-GwbAccount @(Get-ADSyncADConnectorAccount) $Parameters.connector)
$entries = @()
foreach ($name in @($Parameters.objects)) {
    $text = (Get-GwbSecured $name).psbase.ObjectSecurity.GetSecurityDescriptorSddlForm('Access')
    foreach ($match in [regex]::Matches($text, '\([^()]*(\([^()]*\)[^()]*)*\)')) {
        $parts = $match.Value.Trim('(', ')').Split(';')
        # Explicit ones alone: what is inherited stands where it is inherited from.
        if ($parts.Count -ge 6 -and $parts[5] -eq $sid -and $parts[1] -notmatch 'ID') {
            $entries += [ordered]@{ on = [string]$name; entry = $match.Value }
        }
    }
}
[ordered]@{ entries = @($entries) }
