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

# Accounts and objects of a directory are Windows' own types: here they are the fake's, of the same members.
function New-Object {
    [CmdletBinding()] param([Parameter(Position = 0)][string]$TypeName, [Parameter(Position = 1)][object[]]$ArgumentList)
    switch ($TypeName) {
        'System.Security.Principal.NTAccount' { $PSBoundParameters.TypeName = 'Fake.Directory.Account' }
        'System.DirectoryServices.DirectoryEntry' { $PSBoundParameters.TypeName = 'Fake.Directory.Entry' }
    }
    Microsoft.PowerShell.Utility\New-Object @PSBoundParameters
}

Export-ModuleMember -Function Get-ADSyncADConnectorAccount, Set-ADSyncUnifiedGroupWritebackPermissions, New-Object
