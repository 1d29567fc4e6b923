# What: writes this server's staging flag into its global settings. Microsoft supports the wizard alone; the listener does this only where
#       its configuration opts in (mayChangeStaging).
# Cmdlets: Get-ADSyncGlobalSettings, Set-ADSyncGlobalSettings.
# Effect: in staging mode the server exports nothing and password hash synchronisation rests; out of it, it exports.
# Rights: ADSyncAdmins.
param($Parameters)

$name = 'Microsoft.Synchronize.StagingMode'
$settings = Get-ADSyncGlobalSettings
$found = @($settings.Parameters | Where-Object { $_.Name -eq $name })
if ($found.Count -ne 1) { Stop-GwbOperation 'GwbNotSupported' 'The settings of this build have no staging flag.' }
$found[0].Value = ([bool]$Parameters.on).ToString()
$null = Set-ADSyncGlobalSettings -GlobalSettings $settings
[ordered]@{ done = $true }
