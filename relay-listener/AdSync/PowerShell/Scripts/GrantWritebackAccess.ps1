# What: grants the account of the connector what writing groups needs, on the writeback OU or on every domain of its forest. Source: enable, permissions.
# Cmdlets: Get-ADSyncADConnectorAccount, Set-ADSyncUnifiedGroupWritebackPermissions.
# Effect: access entries of that account on the OU or the domains; those that are there already stay as they are.
# Rights: changing the permissions of the OU, or of every domain. The listener does this only where its configuration opts in (mayGrantPermissions).
param($Parameters)

Import-GwbConfig
$account = Get-GwbAccount @(Get-ADSyncADConnectorAccount) $Parameters.connector
$to = @{ ADConnectorAccountName = $account.Name; ADConnectorAccountDomain = $account.Domain; Confirm = $false }
if ($Parameters.ou) { $to['ADobjectDN'] = [string]$Parameters.ou }
$null = Set-ADSyncUnifiedGroupWritebackPermissions @to
[ordered]@{ done = $true }
