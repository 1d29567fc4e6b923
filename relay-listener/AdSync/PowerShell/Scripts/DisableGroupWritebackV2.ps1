# What: switches the tenant's GroupWritebackV2 off. This can't be taken back. The listener calls it only after its own check of approvals
#       and evidence; on builds from 2.6.84.0 on a person signs in.
# Cmdlets: Set-ADSyncAADCompanyFeature.
# Effect: irreversible, for the whole tenant.
# Rights: ADSyncAdmins; where the cmdlet asks for a sign-in, Hybrid Identity Administrator for the person who signs in.
param($Parameters)

$interactive = (Get-Command -Name Set-ADSyncAADCompanyFeature).Parameters.ContainsKey('AADUsername')
$user = [string]$Parameters.userName
if ($interactive -and -not $user) { Stop-GwbOperation 'GwbRefused' 'This build asks for a sign-in, and nobody was named for it.' }
if ($user -and -not $interactive) { Stop-GwbOperation 'GwbNotSupported' 'This build does not take the name of a person.' }

if ($interactive) {
    $null = Set-ADSyncAADCompanyFeature -GroupWritebackV2 $false -AADUsername $user
} else {
    $null = Set-ADSyncAADCompanyFeature -GroupWritebackV2 $false
}
[ordered]@{ done = $true }
