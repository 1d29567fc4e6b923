# What: runs one run profile on the Entra connector or on every Active Directory connector, and waits for its end. Used for "Entra only":
#       imports, synchronisations and the export to Entra.
# Cmdlets: Get-ADSyncConnector, Invoke-ADSyncRunProfile.
# Effect: the run. An export to Active Directory is refused here, whoever asks for it.
# Rights: ADSyncAdmins.
param($Parameters)

if (@('Delta Import', 'Delta Synchronization', 'Export') -cnotcontains $Parameters.profile) {
    Stop-GwbOperation 'GwbRefused' 'This run profile is not one of those that may be run.'
}
if ($Parameters.profile -eq 'Export' -and $Parameters.entra -ne $true) {
    Stop-GwbOperation 'GwbRefused' 'An export to Active Directory is never run.'
}

$entra = [Guid]$Parameters.entraConnector
$connectors = @(Get-ADSyncConnector | Where-Object {
    if ($Parameters.entra -eq $true) { ([Guid]$_.Identifier) -eq $entra } else { ([Guid]$_.Identifier) -ne $entra -and ([string]$_.Type) -eq 'AD' }
})
if ($connectors.Count -eq 0) { Stop-GwbOperation 'GwbNotSupported' 'The connector was not found.' }

# All of them are looked at before the first is run.
foreach ($connector in $connectors) {
    if (@($connector.RunProfiles | Where-Object { ([string]$_.Name) -eq $Parameters.profile }).Count -eq 0) {
        Stop-GwbOperation 'GwbNotSupported' 'A connector does not have this run profile.'
    }
}
foreach ($connector in $connectors) {
    $null = Invoke-ADSyncRunProfile -ConnectorName ([string]$connector.Name) -RunProfileName ([string]$Parameters.profile)
}
[ordered]@{ done = $true }
