# What: reads one page of a connector space and hands over the objects that have a pending export, as Connect serialises them: the same
#       form that csexport writes. Used where there is no csexport.
# Cmdlets: Get-ADSyncCSObject.
# Effect: none.
# Rights: ADSyncAdmins.
param($Parameters)

$page = @(Get-ADSyncCSObject -ConnectorName ([string]$Parameters.connector) -StartIndex ([int]$Parameters.startIndex) -MaxResultCount ([int]$Parameters.count) | Where-Object { $null -ne $_ })
$objects = @()
foreach ($object in $page) {
    $text = Get-GwbText $object 'SerializedXml'
    # Without it nobody can tell what is pending, and silence would look like nothing.
    if (-not $text) { Stop-GwbOperation 'GwbNotSupported' 'Objects of this build do not show their pending exports.' }
    if ($text -match '<(unapplied-export|pending-export|escrowed-export)[\s>]') { $objects += $text }
}
[ordered]@{ scanned = $page.Count; objects = @($objects) }
