<#
.SYNOPSIS
Takes one group of Entra out of danger before the migration of group writeback: {{Group}}.

.DESCRIPTION
Reads the group, shows it, asks, does what -Action says to this one group, and reads it back. Running it again is harmless. It needs the module
Microsoft.Graph.Authentication, version 2 or later, and somebody who may manage groups (Groups Administrator; Privileged Role Administrator for a
role-assignable group). It signs in, also for -WhatIf, with the permission Group.ReadWrite.All of the module's own application. It stops before the
write when the sign-in is for another tenant.

.PARAMETER Action
One of {{Actions}}. Delete is for good: nothing brings the group back.

.PARAMETER UseDeviceCode
Signs in with a code on another device, where no browser can be opened.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [Parameter(Mandatory)] [ValidateSet({{Actions}})] [string] $Action,
    [switch] $UseDeviceCode
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$tenant = [guid] '{{Tenant}}'
$environment = '{{Environment}}'
$group = [guid] '{{Group}}'
$deleted = "/v1.0/directory/deletedItems/$group"
$living = "/beta/groups/${group}?`$select=id,displayName,writebackConfiguration"

function Find-Item([string] $uri) {
    try { Invoke-MgGraphRequest -Method GET -Uri $uri }
    catch {
        # Only what is not there is nothing; every other failure must be seen.
        if ($_.Exception.Response -and [int] $_.Exception.Response.StatusCode -eq 404) { $null } else { throw }
    }
}

function Test-Done {
    switch ($Action) {
        'Restore' { $null -ne (Find-Item $living) }
        'Delete' { $null -eq (Find-Item $deleted) -and $null -eq (Find-Item $living) }
        'Enable' { $found = Find-Item $living; $null -ne $found -and $found['writebackConfiguration'] -and $found['writebackConfiguration']['isEnabled'] -eq $true }
    }
}

if (-not (Get-Command -Name Invoke-MgGraphRequest -ErrorAction SilentlyContinue)) {
    throw 'The module Microsoft.Graph.Authentication is missing: Install-Module Microsoft.Graph.Authentication -Scope CurrentUser'
}
$how = @{ TenantId = "$tenant"; Environment = $environment; Scopes = 'Group.ReadWrite.All'; NoWelcome = $true }
if ($UseDeviceCode) { $how.UseDeviceCode = $true }
$null = Connect-MgGraph @how
$context = Get-MgContext
if ($null -eq $context -or [guid] $context.TenantId -ne $tenant) { throw "The sign-in is not for the tenant $tenant. Nothing was changed." }

if (Test-Done) {
    Write-Output "Nothing to do: $Action reads back as done for $group."
    return
}
$item = if ($Action -eq 'Enable') { Find-Item $living } else { Find-Item $deleted }
if ($null -eq $item) { throw "The group $group is not where $Action looks for it. Nothing was changed." }
if (-not $PSCmdlet.ShouldProcess("$($item['displayName']) ($group)", $Action)) { return }

switch ($Action) {
    'Restore' { $null = Invoke-MgGraphRequest -Method POST -Uri "$deleted/restore" -Body '{}' -ContentType 'application/json' }
    'Delete' { $null = Invoke-MgGraphRequest -Method DELETE -Uri $deleted }
    'Enable' { $null = Invoke-MgGraphRequest -Method PATCH -Uri "/beta/groups/$group" -Body '{"writebackConfiguration":{"isEnabled":true}}' -ContentType 'application/json' }
}

if (Test-Done) { Write-Output "$Action of $group was read back." } else { Write-Warning "$Action of $group was sent and does not read back yet. Wait a minute and run this again." }
