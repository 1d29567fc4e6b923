# The module beside Connect's wizard, as far as the listener calls it: what it was asked for is a line of permissions.txt.

function Get-ADSyncADConnectorAccount {
    [CmdletBinding()] param()
    [pscustomobject]@{ ADConnectorName = 'contoso.example'; ADConnectorForest = 'contoso.example'; ADConnectorAccountName = 'MSOL_1234'; ADConnectorAccountDomain = 'CONTOSO' }
    [pscustomobject]@{ ADConnectorName = 'fabrikam.example'; ADConnectorForest = 'fabrikam.example'; ADConnectorAccountName = 'MSOL_5678'; ADConnectorAccountDomain = 'FABRIKAM' }
}

function Set-ADSyncUnifiedGroupWritebackPermissions {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    param([Parameter(Mandatory)][string]$ADConnectorAccountName, [Parameter(Mandatory)][string]$ADConnectorAccountDomain, [string]$ADobjectDN, [switch]$SkipAdminSdHolders)
    if ($PSCmdlet.ShouldProcess($ADConnectorAccountName)) {
        Add-Content -LiteralPath (Join-Path $env:GWB_FAKE_ADSYNC 'permissions.txt') -Value "$ADConnectorAccountDomain\$ADConnectorAccountName $ADobjectDN".TrimEnd()
    }
}

Export-ModuleMember -Function Get-ADSyncADConnectorAccount, Set-ADSyncUnifiedGroupWritebackPermissions
