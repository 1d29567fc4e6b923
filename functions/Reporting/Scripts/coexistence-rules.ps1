<#
.SYNOPSIS
Creates the two coexistence rules on a rebuilt Entra Connect server, as migration {{Migration}} left them.

.DESCRIPTION
GroupWritebackV2 was switched off for {{Tenant}}; Cloud Sync writes the groups below {{OuText}} now. Without both rules a newly set up
server may take these groups for its own and delete them. So run this on a rebuilt server while it is in staging mode and before its first
synchronisation. A rule that is there as it should be is left alone; one with the same identifier and other content ends the script.

The guided transition from Connect to Cloud Sync takes no custom rules: it is refused on a server that has these two. Remove them only after an
Initial on a server in staging mode without them has shown that nothing would be deleted.

.PARAMETER Connector
Name of the Active Directory connector that holds the container; by default the one of the migration.

.EXAMPLE
./coexistence-rules.ps1 -WhatIf
Shows what would be created.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [string] $Connector = {{Connector}}
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

Import-Module ADSync

$scheduler = Get-ADSyncScheduler
if ($scheduler.SyncCycleInProgress) { throw 'A synchronisation cycle runs. Wait for its end.' }
if (-not $scheduler.StagingModeEnabled -and $scheduler.SyncCycleEnabled) { throw 'This server exports. Put it into staging mode, or turn its scheduler off first.' }

$ad = @(Get-ADSyncConnector | Where-Object { $_.Name -eq $Connector })
if ($ad.Count -ne 1) { throw "There is no connector '$Connector'. Name the Active Directory connector that holds the container: -Connector." }

$specified = @(
    @{
        Name = 'In from AAD - Group SOAinAAD coexistence with Cloud Sync'; Identifier = 'e4eae1c9-b9bc-4328-ade9-df871cdd3027'
        Direction = 'Inbound'; LinkType = 'Join'; Connector = [guid] 'b891884f-051e-4a83-95af-2544101c9083'
        Precedence = {{InboundPrecedence}}
        Scope = @(@('cloudMastered', 'true', 'EQUAL'), @('mail', '', 'ISNULL'))
        Marks = $true
    }
    @{
        Name = 'Out to AD - Group SOAinAAD coexistence with Cloud Sync'; Identifier = '419fda18-75bb-4e23-b947-8b06e7246551'
        Direction = 'Outbound'; LinkType = 'JoinNoFlow'; Connector = [guid] $ad[0].Identifier
        Precedence = {{OutboundPrecedence}}
        Scope = @(, @('cloudNoFlow', 'true', 'EQUAL'))
        Marks = $false
    }
)

$rules = @(Get-ADSyncRule)
$taken = @($rules | ForEach-Object { [int] $_.Precedence })
foreach ($wanted in $specified) {
    $there = @($rules | Where-Object { [guid] $_.Identifier -eq [guid] $wanted.Identifier })
    if ($there.Count -gt 0) {
        $same = "$($there[0].Direction)" -eq $wanted.Direction -and "$($there[0].LinkType)" -eq $wanted.LinkType -and [guid] $there[0].Connector -eq $wanted.Connector
        if (-not $same) { throw "A rule with the identifier $($wanted.Identifier) is there with other content. Look at it in the rules editor." }
        Write-Output "Is there: $($wanted.Name)"
        continue
    }

    # The migration's own precedence where it is free; else the highest free one below the standard rules.
    $free = @(@($wanted.Precedence) + @(99..1) | Where-Object { $taken -notcontains $_ })
    if ($free.Count -eq 0) { throw 'No precedence from 1 to 99 is free.' }
    if (-not $PSCmdlet.ShouldProcess("$($wanted.Name), precedence $($free[0])", 'Create the rule')) { continue }

    $fields = @{
        Name = $wanted.Name; Identifier = [guid] $wanted.Identifier; Description = 'Keeps Connect from groups that Cloud Sync writes. Migration {{Migration}}.'
        Direction = $wanted.Direction; Precedence = $free[0]
        PrecedenceAfter = '00000000-0000-0000-0000-000000000000'; PrecedenceBefore = '00000000-0000-0000-0000-000000000000'
        SourceObjectType = 'group'; TargetObjectType = 'group'; Connector = $wanted.Connector; LinkType = $wanted.LinkType
        SoftDeleteExpiryInterval = 0; ImmutableTag = ''
    }
    $rule = @(New-ADSyncRule @fields)[0]
    if ($wanted.Marks) {
        $rule = @(Add-ADSyncAttributeFlowMapping -SynchronizationRule $rule -Source @('true') -Destination 'cloudNoFlow' -FlowType 'Constant' -ValueMergeType 'Update')[0]
    }
    $conditions = @()
    foreach ($condition in $wanted.Scope) {
        $conditions += New-Object -TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' -ArgumentList @($condition[0], $condition[1], $condition[2])
    }
    $rule = @(Add-ADSyncScopeConditionGroup -SynchronizationRule $rule -ScopeConditions $conditions)[0]
    $null = Add-ADSyncRule -SynchronizationRule $rule
    $taken += [int] $free[0]

    # What the cmdlet reports is not what counts.
    if (@(Get-ADSyncRule | Where-Object { [guid] $_.Identifier -eq [guid] $wanted.Identifier }).Count -ne 1) { throw "$($wanted.Name) does not read back." }
    Write-Output "Created: $($wanted.Name), precedence $($free[0])"
}

Write-Output 'Now run an Initial cycle in staging mode, and look at the pending exports before the server becomes active.'
