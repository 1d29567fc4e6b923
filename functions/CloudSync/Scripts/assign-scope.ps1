<#
.SYNOPSIS
Brings the groups of one list into the scope of Cloud Sync: {{What}} of the migration.

.DESCRIPTION
Assigns each group of the list to one app role of one enterprise application, with the rights of the person who runs it. It reads what is
assigned, shows what is missing, asks, assigns that and nothing else, and reads it back. It takes no assignment away and touches no group
that the list does not name. Running it again is harmless.

It needs the module Microsoft.Graph.Authentication, version 2 or later, and somebody who may manage enterprise applications (Cloud Application
Administrator, Application Administrator; Privileged Role Administrator for role-assignable groups). It signs in, also for -WhatIf, with the
permissions AppRoleAssignment.ReadWrite.All and Application.Read.All of the module's own application; a tenant that has never consented to them
is asked to. The sign-in stays in the session until Disconnect-MgGraph. It is not signed: where Windows refuses to run it, read it and then
release the download with Unblock-File, or run it as the execution policy of your organisation has it. It stops before the first write when the list is not the one that it was made for, or the sign-in is for
another tenant.

.PARAMETER ListPath
The list that was downloaded with this script; by default {{Name}}.json beside it.

.PARAMETER UseDeviceCode
Signs in with a code on another device, where no browser can be opened.

.EXAMPLE
./{{Name}}.ps1 -WhatIf
Shows how many groups would be assigned, and assigns nothing. With -Verbose too, it names each by its object id.

.EXAMPLE
./{{Name}}.ps1
Asks once, then assigns.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [string] $ListPath,
    [switch] $UseDeviceCode
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$listSha256 = '{{Sha256}}'
$tenant = [guid] '{{Tenant}}'
$environment = '{{Environment}}'
$principal = [guid] '{{ServicePrincipal}}'
$role = [guid] '{{AppRole}}'
$ring = {{Ring}}

$batchSize = 20
$passing = 429, 500, 502, 503, 504
$fruitlessAtMost = 8

function Read-List([string] $path) {
    # Read once: what is hashed is what is used.
    $bytes = [IO.File]::ReadAllBytes((Resolve-Path -LiteralPath $path).ProviderPath)
    $sha = [Security.Cryptography.SHA256]::Create()
    try { $hash = [BitConverter]::ToString($sha.ComputeHash($bytes)).Replace('-', '').ToLowerInvariant() } finally { $sha.Dispose() }
    if ($hash -cne $listSha256) { throw "The list is not the one that this script was made for (SHA-256 $hash, expected $listSha256). Download both again." }

    $list = ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString($bytes))
    if ([guid] $list.tenant -ne $tenant -or [guid] $list.servicePrincipal -ne $principal -or [guid] $list.appRole -ne $role -or $list.ring -ne $ring) {
        throw 'The list is for another tenant, application, app role or ring than this script.'
    }
    $groups = [Collections.Generic.List[guid]]::new()
    foreach ($text in $list.groups) {
        $id = [guid]::Empty
        if (-not [guid]::TryParseExact([string] $text, 'D', [ref] $id)) { throw 'The list holds something that is no object id.' }
        $groups.Add($id)
    }
    , $groups
}

function Connect-Tenant {
    if (-not (Get-Command -Name Invoke-MgGraphRequest -ErrorAction SilentlyContinue)) {
        throw 'The module Microsoft.Graph.Authentication is missing: Install-Module Microsoft.Graph.Authentication -Scope CurrentUser'
    }
    $how = @{ TenantId = "$tenant"; Environment = $environment; Scopes = 'AppRoleAssignment.ReadWrite.All', 'Application.Read.All'; NoWelcome = $true }
    if ($UseDeviceCode) { $how.UseDeviceCode = $true }
    $null = Connect-MgGraph @how
    $context = Get-MgContext
    if ($null -eq $context -or [guid] $context.TenantId -ne $tenant) { throw "The sign-in is not for the tenant $tenant. Nothing was assigned." }
}

function Get-ApplicationName {
    $application = Invoke-MgGraphRequest -Method GET -Uri "/v1.0/servicePrincipals/${principal}?`$select=id,displayName,appRoles"
    if (-not ($application['appRoles'] | Where-Object { [guid] $_['id'] -eq $role })) { throw "The enterprise application $principal has no app role $role." }
    $application['displayName']
}

function Get-Assigned {
    $assigned = [Collections.Generic.HashSet[guid]]::new()
    $next = "/v1.0/servicePrincipals/$principal/appRoleAssignedTo?`$top=999"
    while ($next) {
        $page = Invoke-MgGraphRequest -Method GET -Uri $next
        foreach ($assignment in $page['value']) {
            if ([guid] $assignment['appRoleId'] -eq $role) { $null = $assigned.Add([guid] $assignment['principalId']) }
        }
        $next = $page['@odata.nextLink']
    }
    , $assigned
}

function Send-Batch([guid[]] $batch) {
    $requests = foreach ($id in $batch) {
        @{
            id = "$id"; method = 'POST'; url = "/servicePrincipals/$principal/appRoleAssignedTo"
            headers = @{ 'Content-Type' = 'application/json' }
            body = @{ principalId = "$id"; resourceId = "$principal"; appRoleId = "$role" }
        }
    }
    $body = ConvertTo-Json -InputObject @{ requests = @($requests) } -Depth 6 -Compress
    $reply = Invoke-MgGraphRequest -Method POST -Uri '/v1.0/$batch' -Body $body -ContentType 'application/json'
    $answers = @{}
    foreach ($answer in $reply['responses']) { $answers[[string] $answer['id']] = $answer }
    $answers
}

function Get-Wait($answer, [int] $fruitless) {
    $headers = if ($null -ne $answer) { $answer['headers'] }
    $named = if ($null -ne $headers) { $headers['Retry-After'] }
    if ($named) { [int] $named } else { [Math]::Min(60, [Math]::Pow(2, $fruitless + 1)) }
}

function Test-There($answer) {
    if ($answer['status'] -ge 200 -and $answer['status'] -lt 300) { return $true }
    # Assigned already, and the list that was read lagged behind.
    $failure = if ($answer['body']) { $answer['body']['error'] }
    $answer['status'] -eq 400 -and $null -ne $failure -and $failure['message'] -like '*already exists*'
}

function Get-Reason($answer) {
    $failure = if ($answer['body']) { $answer['body']['error'] }
    if ($null -ne $failure) { $failure['message'] }
}

function Add-Assignments([guid[]] $missing) {
    $open = [Collections.Generic.Queue[guid]]::new([guid[]] $missing)
    $refused = [Collections.Generic.List[string]]::new()
    $done = 0
    $fruitless = 0
    while ($open.Count -gt 0 -and $fruitless -lt $fruitlessAtMost) {
        $batch = @(for ($i = 0; $i -lt $batchSize -and $open.Count -gt 0; $i++) { $open.Dequeue() })
        $answers = Send-Batch $batch
        $wait = 0
        $before = $done + $refused.Count
        foreach ($id in $batch) {
            $answer = $answers["$id"]
            if ($null -eq $answer -or $answer['status'] -in $passing) {
                $open.Enqueue($id)
                $wait = [Math]::Max($wait, (Get-Wait $answer $fruitless))
            }
            elseif (Test-There $answer) { $done++ }
            else { $refused.Add("$id (status $($answer['status'])) $(Get-Reason $answer)") }
        }
        $fruitless = if ($done + $refused.Count -gt $before) { 0 } else { $fruitless + 1 }
        Write-Progress -Activity 'Assigning groups' -Status "$done of $($missing.Count)" -PercentComplete ([Math]::Min(100, 100 * $done / $missing.Count))
        if ($wait -gt 0) {
            Write-Host "$done of $($missing.Count) assigned; Graph asks for a pause of $wait seconds."
            Start-Sleep -Seconds $wait
        }
    }
    Write-Progress -Activity 'Assigning groups' -Completed
    foreach ($line in $refused) { Write-Warning "Not assigned: $line" }
}

if (-not $ListPath) { $ListPath = Join-Path $PSScriptRoot '{{Name}}.json' }
$groups = Read-List $ListPath
Connect-Tenant
$application = Get-ApplicationName
$assigned = Get-Assigned
[guid[]] $missing = @($groups | Where-Object { -not $assigned.Contains($_) })

Write-Host "{{What}}: $($groups.Count) groups, $($groups.Count - $missing.Count) assigned to '$application' already, $($missing.Count) to assign."
if ($missing.Count -gt 0) {
    foreach ($id in $missing) { Write-Verbose "to assign: $id" }
    if (-not $PSCmdlet.ShouldProcess("$($missing.Count) groups", "Assign to the enterprise application '$application' ($principal), app role $role")) { return }
    Add-Assignments $missing

    # What counts is what is read; the list may lag behind the writes for some seconds.
    for ($look = 0; $look -lt 12; $look++) {
        $assigned = Get-Assigned
        [guid[]] $missing = @($groups | Where-Object { -not $assigned.Contains($_) })
        if ($missing.Count -eq 0) { break }
        Start-Sleep -Seconds 5
    }
}

if ($missing.Count -gt 0) { throw "$($groups.Count - $missing.Count) of $($groups.Count) groups are assigned, $($missing.Count) are not. Run the script again." }
Write-Host "$($groups.Count) of $($groups.Count) groups are assigned. Go back to the task and choose Check now."
