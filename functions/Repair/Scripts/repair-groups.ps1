<#
.SYNOPSIS
Brings written-back groups back {{About}}.

.DESCRIPTION
Reads the snapshot that was downloaded with this script (repair.json), compares each group with the directory as it is, and does what is
missing: reanimates deleted groups, gives them their name and place again, puts back anchors, account name and texts, and adds members that
went, those among them who left the group since. It takes no member away, makes no object, and leaves alone what is not the object that the snapshot means (another SID) or stood outside
the writeback OU. Running it again is harmless.

It needs the module ActiveDirectory (RSAT) and an account that may reanimate and write these groups. Pause the provisioning job and stop the
scheduler before, or what took the groups apart does so again.

.PARAMETER SnapshotPath
The snapshot; by default repair.json beside this script.

.PARAMETER Group
objectGUIDs of the groups to bring back; by default all of them.

.PARAMETER Server
The domain controller to work on; by default the one that the module finds.

.PARAMETER GlobalCatalog
Where members of other domains are looked up, for example dc1.contoso.com:3268; by default the same server.

.EXAMPLE
./repair.ps1 -WhatIf
Shows what would be done, and does nothing.

.EXAMPLE
./repair.ps1 -Group 5b1a0f7e-0000-4000-8000-000000000001
Brings one group back.
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [string] $SnapshotPath,
    [guid[]] $Group,
    [string] $Server,
    [string] $GlobalCatalog
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$snapshotSha256 = '{{Sha256}}'
$ou = {{Ou}}
$texts = [ordered] @{
    adminDescription = 'adminDescription'; externalDirectoryObjectId = 'msDS-ExternalDirectoryObjectId'; samAccountName = 'sAMAccountName'
    displayName = 'displayName'
}

$on = @{}
if ($Server) { $on.Server = $Server }
$anywhere = @{}
if ($GlobalCatalog) { $anywhere.Server = $GlobalCatalog } elseif ($Server) { $anywhere.Server = $Server }

function Read-Snapshot([string] $path) {
    # Read once: what is hashed is what is used.
    $bytes = [IO.File]::ReadAllBytes((Resolve-Path -LiteralPath $path).ProviderPath)
    $sha = [Security.Cryptography.SHA256]::Create()
    try { $hash = [BitConverter]::ToString($sha.ComputeHash($bytes)).Replace('-', '').ToLowerInvariant() } finally { $sha.Dispose() }
    if ($hash -cne $snapshotSha256) { throw "The snapshot is not the one that this script was made for (SHA-256 $hash, expected $snapshotSha256). Download both again." }
    # Windows PowerShell hands a list on as one object; the parentheses take it apart.
    (ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString($bytes)))
}

# The place of the first comma that separates parts; a comma in a name is escaped.
function Find-Comma([string] $dn) {
    for ($at = 0; $at -lt $dn.Length; $at++) {
        if ($dn[$at] -eq '\') { $at++ } elseif ($dn[$at] -eq ',') { return $at }
    }
    $dn.Length
}

function Get-Parent([string] $dn) {
    $at = Find-Comma $dn
    if ($at -eq $dn.Length) { '' } else { $dn.Substring($at + 1).TrimStart() }
}

# The name without its escapes: bytes of UTF-8 in hexadecimal, or a character that stands for itself.
function Get-CommonName([string] $dn) {
    $first = $dn.Substring(0, (Find-Comma $dn))
    $value = $first.Substring($first.IndexOf('=') + 1)
    $bytes = [Collections.Generic.List[byte]]::new()
    for ($at = 0; $at -lt $value.Length; $at++) {
        if ($value[$at] -eq '\' -and $at + 2 -lt $value.Length -and $value.Substring($at + 1, 2) -match '^[0-9A-Fa-f]{2}$') {
            $bytes.Add([Convert]::ToByte($value.Substring($at + 1, 2), 16))
            $at += 2
            continue
        }
        if ($value[$at] -eq '\' -and $at + 1 -lt $value.Length) { $at++ }
        # A pair of surrogates is one character: taken apart it would be none.
        $length = if ([char]::IsHighSurrogate($value[$at]) -and $at + 1 -lt $value.Length) { 2 } else { 1 }
        $bytes.AddRange([Text.Encoding]::UTF8.GetBytes($value.Substring($at, $length)))
        $at += $length - 1
    }
    [Text.Encoding]::UTF8.GetString($bytes.ToArray())
}

function Test-Under([string] $dn) {
    for ($at = $dn; $at; $at = Get-Parent $at) { if ($at -eq $ou) { return $true } }
    $false
}

function Protect-Filter([string] $text) { $text.Replace('\', '\5c').Replace('*', '\2a').Replace('(', '\28').Replace(')', '\29').Replace("`0", '\00') }

function Get-Property($of, [string] $name) {
    $property = $of.PSObject.Properties[$name]
    if ($null -eq $property -or $null -eq $property.Value) { '' } else { [string] $property.Value }
}

function Find-Object([guid] $id, [hashtable] $where) {
    Get-ADObject -Filter "objectGUID -eq '$id'" -IncludeDeletedObjects -Properties (@('objectSid', 'isDeleted', 'description') + @($texts.Values)) @where |
        Select-Object -First 1
}

function Find-Group($was) {
    $found = Find-Object ([guid] $was.group.objectGuid) $on
    if ($null -eq $found) { Write-Warning "Gone for good: $($was.group.distinguishedName)"; return }
    if ((Get-Property $found 'objectSid') -ne $was.group.sid) { Write-Warning "Another object now, left alone: $($was.group.distinguishedName)"; return }
    $found
}

function Restore-Place($was) {
    $id = [guid] $was.group.objectGuid
    $dn = [string] $was.group.distinguishedName
    $now = Find-Group $was
    if ($null -eq $now) { return }
    $parent = Get-Parent $dn
    $name = Get-CommonName $dn
    if ((Get-Property $now 'isDeleted') -eq 'True') {
        if ($PSCmdlet.ShouldProcess($dn, 'Reanimate')) { Restore-ADObject -Identity $id -NewName $name -TargetPath $parent @on }
        return
    }
    if ((Get-Parent $now.DistinguishedName) -ne $parent -and $PSCmdlet.ShouldProcess($dn, 'Move back')) { Move-ADObject -Identity $id -TargetPath $parent @on }
    if ((Get-CommonName $now.DistinguishedName) -cne $name -and $PSCmdlet.ShouldProcess($dn, 'Rename back')) { Rename-ADObject -Identity $id -NewName $name @on }
}

function Restore-Values($was) {
    $now = Find-Group $was
    if ($null -eq $now -or (Get-Property $now 'isDeleted') -eq 'True') { return }
    $values = @{}
    foreach ($text in $texts.Keys) {
        $value = Get-Property $was.group $text
        if ($value -and (Get-Property $now $texts[$text]) -cne $value) { $values[$texts[$text]] = $value }
    }
    $description = Get-Property $was 'description'
    if ($description -and (Get-Property $now 'description') -cne $description) { $values['description'] = $description }
    if ($values.Count -gt 0 -and $PSCmdlet.ShouldProcess($was.group.distinguishedName, "Put back $(@($values.Keys | Sort-Object) -join ', ')")) {
        Set-ADObject -Identity ([guid] $was.group.objectGuid) -Replace $values @on
    }
}

function Restore-Members($was) {
    $now = Find-Group $was
    if ($null -eq $now -or (Get-Property $now 'isDeleted') -eq 'True') { return }
    $there = @{}
    foreach ($member in @(Get-ADObject -LDAPFilter "(memberOf=$(Protect-Filter $now.DistinguishedName))" @anywhere)) { $there["$($member.ObjectGUID)"] = $true }
    foreach ($id in @($was.members | Where-Object { -not $there.ContainsKey("$([guid] $_)") })) {
        $member = Find-Object ([guid] $id) $anywhere
        if ($null -eq $member -or (Get-Property $member 'isDeleted') -eq 'True') { Write-Warning "No member any more of $($was.group.distinguishedName): $id"; continue }
        if ($PSCmdlet.ShouldProcess($was.group.distinguishedName, "Add the member $($member.DistinguishedName)")) {
            Set-ADObject -Identity ([guid] $was.group.objectGuid) -Add @{ member = $member.DistinguishedName } @on
        }
    }
}

if (-not (Get-Command -Name Restore-ADObject -ErrorAction SilentlyContinue)) { throw 'The module ActiveDirectory is missing: it is part of the remote server administration tools (RSAT).' }
if (-not $SnapshotPath) { $SnapshotPath = Join-Path $PSScriptRoot 'repair.json' }
$all = @(Read-Snapshot $SnapshotPath | Where-Object { (Get-Property $_.group 'adminDescription') -and (Test-Under $_.group.distinguishedName) })
if ($Group) {
    $wanted = @{}
    foreach ($id in $Group) { $wanted["$id"] = $true }
    $all = @($all | Where-Object { $wanted.ContainsKey("$([guid] $_.group.objectGuid)") })
    if ($all.Count -ne $wanted.Count) { throw "$($wanted.Count - $all.Count) of the named groups are not in the snapshot. Nothing was done." }
}

# All objects first: a group that is another's member must be there before it is named as one.
$failed = 0
foreach ($step in 'Restore-Place', 'Restore-Values', 'Restore-Members') {
    foreach ($was in $all) {
        # One group that can't be brought back must not keep the others.
        try { & $step $was } catch { $failed++; Write-Warning "$step failed for $($was.group.distinguishedName): $($_.Exception.Message)" }
    }
}
Write-Host "$($all.Count) groups looked at, $failed steps failed."
if ($failed -gt 0) { exit 1 }
