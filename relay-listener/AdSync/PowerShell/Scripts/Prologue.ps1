# What: the start that all operations share. It gets one document (script, parameters, module), makes the process strict and quiet,
#       imports ADSync, runs the script, and writes its last output, or the error that stopped it, as one JSON document.
# Cmdlets: Import-Module ADSync.
# Effect: none of its own.
# Rights: those of the operation; importing the module needs none beyond reading its folder.
param($Request)

Set-StrictMode -Version 2.0
$global:ErrorActionPreference = 'Stop'
$global:WarningPreference = 'SilentlyContinue'
$global:VerbosePreference = 'SilentlyContinue'
$global:DebugPreference = 'SilentlyContinue'
$global:InformationPreference = 'SilentlyContinue'
$global:ProgressPreference = 'SilentlyContinue'
$global:ConfirmPreference = 'None'

# The answer goes to the raw stream, as UTF-8 without a mark; the console's own encoding depends on the machine. Others who write to
# the console write to nothing.
$GwbOutput = [Console]::OpenStandardOutput()
[Console]::SetOut([System.IO.TextWriter]::Null)

# Windows PowerShell adds members to arrays that ConvertTo-Json would take for properties.
Remove-TypeData -TypeName System.Array -ErrorAction SilentlyContinue

# The value of a property, or nothing where this build's object does not have it.
function Get-GwbValue($Object, [string]$Name) {
    if ($null -eq $Object) { return $null }
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return $property.Value
}

function Get-GwbText($Object, [string]$Name) {
    return [string](Get-GwbValue $Object $Name)
}

function Get-GwbFlag($Object, [string]$Name) {
    return ((Get-GwbValue $Object $Name) -eq $true)
}

# A moment as ISO 8601 in UTC. Moments without a zone are UTC already: Connect keeps them so.
function ConvertTo-GwbMoment($Value) {
    if ($null -eq $Value) { return $null }
    $moment = [DateTime]$Value
    if ($moment.Kind -eq [DateTimeKind]::Local) { $moment = $moment.ToUniversalTime() }
    return [DateTime]::SpecifyKind($moment, [DateTimeKind]::Utc).ToString('o', [Globalization.CultureInfo]::InvariantCulture)
}

# The value of one of Connect's global settings, or nothing.
function Get-GwbSetting($Settings, [string]$Name) {
    foreach ($parameter in $Settings.Parameters) {
        if ($parameter.Name -eq $Name) { return [string]$parameter.Value }
    }
    return ''
}

# Ends the operation with an error of ours that the listener knows by its id.
function Stop-GwbOperation([string]$Id, [string]$Message) {
    $exception = New-Object System.InvalidOperationException($Message)
    throw (New-Object System.Management.Automation.ErrorRecord($exception, $Id, [System.Management.Automation.ErrorCategory]::NotSpecified, $null))
}

# The module that knows the accounts of connectors and their permissions; it lies beside Connect's wizard.
function Import-GwbConfig {
    $place = Join-Path $env:ProgramFiles 'Microsoft Azure Active Directory Connect\AdSyncConfig\AdSyncConfig.psm1'
    if (-not (Test-Path -LiteralPath $place -PathType Leaf)) { Stop-GwbOperation 'GwbModuleMissing' 'The AdSyncConfig module was not found.' }
    Import-Module -Name $place -DisableNameChecking -Force -Global 3>$null 4>$null 5>$null 6>$null
}

# The account of one Active Directory connector among those that are known.
function Get-GwbAccount($Known, [string]$Connector) {
    $found = @($Known | Where-Object { (Get-GwbText $_ 'ADConnectorName') -eq $Connector })
    if ($found.Count -ne 1) { Stop-GwbOperation 'GwbNotSupported' 'The account of the connector is not known.' }
    return @{ Name = (Get-GwbText $found[0] 'ADConnectorAccountName'); Domain = (Get-GwbText $found[0] 'ADConnectorAccountDomain') }
}

# As access entries name the account.
function Get-GwbSid($Account) {
    $name = New-Object System.Security.Principal.NTAccount($Account.Domain, $Account.Name)
    return $name.Translate([System.Security.Principal.SecurityIdentifier]).Value
}

# An object of the directory of which only the permissions are read and written. A slash is no part of a path's name.
function Get-GwbSecured([string]$Name) {
    $object = New-Object System.DirectoryServices.DirectoryEntry('LDAP://' + $Name.Replace('/', '\/'))
    $object.psbase.Options.SecurityMasks = 'Dacl'
    return $object
}

function Find-GwbModule($Given) {
    $places = @()
    if ($Given) {
        $places += [string]$Given
    } else {
        $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\ADSync\Parameters'
        if (Test-Path -Path $key) {
            $folder = Get-GwbText (Get-ItemProperty -Path $key) 'Path'
            if ($folder) { $places += (Join-Path $folder 'Bin\ADSync\ADSync.psd1') }
        }
        if ($env:ProgramFiles) { $places += (Join-Path $env:ProgramFiles 'Microsoft Azure AD Sync\Bin\ADSync\ADSync.psd1') }
    }
    foreach ($place in $places) {
        if (Test-Path -LiteralPath $place -PathType Leaf) { return $place }
    }
    Stop-GwbOperation 'GwbModuleMissing' 'The ADSync module was not found.'
}

function ConvertTo-GwbFailure($Record) {
    $types = @()
    $messages = @()
    $exception = $Record.Exception
    while ($null -ne $exception) {
        $types += $exception.GetType().FullName
        $messages += [string]$exception.Message
        $exception = $exception.InnerException
    }
    $command = ''
    if ($null -ne $Record.InvocationInfo -and $null -ne $Record.InvocationInfo.MyCommand) { $command = [string]$Record.InvocationInfo.MyCommand.Name }
    return [ordered]@{
        category = $Record.CategoryInfo.Category.ToString()
        id = [string]$Record.FullyQualifiedErrorId
        types = @($types)
        messages = @($messages)
        command = $command
    }
}

try {
    $GwbModule = Find-GwbModule $Request.module
    $GwbBin = Split-Path -Path (Split-Path -Path $GwbModule -Parent) -Parent
    Import-Module -Name $GwbModule -DisableNameChecking -Force 3>$null 4>$null 5>$null 6>$null
    $output = @(& ([scriptblock]::Create($Request.script)) $Request.parameters 3>$null 4>$null 5>$null 6>$null)
    $answer = [ordered]@{ ok = $true; value = $output[$output.Count - 1] }
} catch {
    $answer = [ordered]@{ ok = $false; failure = (ConvertTo-GwbFailure $_) }
}

$text = ConvertTo-Json -InputObject $answer -Depth 12 -Compress
$bytes = (New-Object System.Text.UTF8Encoding($false)).GetBytes($text)
$GwbOutput.Write($bytes, 0, $bytes.Length)
$GwbOutput.Flush()
exit 0
