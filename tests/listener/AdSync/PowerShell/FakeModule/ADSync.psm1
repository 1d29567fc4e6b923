# A fake of Entra Connect's ADSync module for tests: its state is state.json in the folder that GWB_FAKE_ADSYNC names, read at import and
# written after each change. Properties, types and error texts as the real module has them.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$Folder = $env:GWB_FAKE_ADSYNC
$StateFile = Join-Path $Folder 'state.json'
if (-not ('Microsoft.IdentityManagement.PowerShell.ObjectModel.CsObject' -as [type])) { Add-Type -Path (Join-Path $PSScriptRoot 'ObjectModel.dll') }
$Model = 'Microsoft.IdentityManagement.PowerShell.ObjectModel'
$State = [System.IO.File]::ReadAllText($StateFile) | ConvertFrom-Json
if ($State.importFails) { throw [System.IO.FileLoadException]::new('Could not load file or assembly Microsoft.IdentityManagement.PowerShell.Cmdlet.') }

function Has($Object, [string]$Name) { return $null -ne $Object.PSObject.Properties[$Name] }
function Save-State { [System.IO.File]::WriteAllText($StateFile, ($State | ConvertTo-Json -Depth 20)) }
function Note([string]$Call) { $State.calls = @($State.calls) + $Call; Save-State }

# Ends the cmdlet that called as a compiled one ends: the error names it. $PSCmdlet is the caller's.
function Stop-Cmdlet($Exception) {
    $PSCmdlet.ThrowTerminatingError((New-Object System.Management.Automation.ErrorRecord($Exception, 'Fake', [System.Management.Automation.ErrorCategory]::NotSpecified, $null)))
}

# What every cmdlet does first: noise on all streams when the state asks for it, and the failure that it prescribes.
function Enter-Cmdlet([string]$Name) {
    if ($State.noise) {
        Write-Host 'Copyright (c) Noise'
        Write-Warning 'noise'
        Write-Verbose 'noise' -Verbose
        Write-Information 'noise' -InformationAction Continue
        Write-Progress -Activity 'noise'
        [Console]::WriteLine('noise')
    }
    if (-not (Has $State.failures $Name)) { return }
    switch ([string]$State.failures.$Name) {
        'busy' { Stop-Cmdlet ([System.InvalidOperationException]::new('Connector: contoso.onmicrosoft.com - AAD is busy.')) }
        'running' { Stop-Cmdlet ([System.InvalidOperationException]::new('Sync is already running. Cannot start a new run till this one completes.')) }
        'suspended' { Stop-Cmdlet ([System.InvalidOperationException]::new('Scheduler is already suspended via global parameters.')) }
        'denied' { Stop-Cmdlet ([System.UnauthorizedAccessException]::new('Access is denied.')) }
        'down' { Stop-Cmdlet ([System.InvalidOperationException]::new('There was no endpoint listening at net.pipe://localhost/ADSync that could accept the message.')) }
        'timeout' { Stop-Cmdlet ([System.TimeoutException]::new('An error occurred while sending the request: The operation has timed out.')) }
        'nested' { Stop-Cmdlet ([System.Exception]::new('Failed.', [System.InvalidOperationException]::new('Connector: contoso.example is busy.'))) }
        'nonterminating' { Write-Error -Exception ([System.InvalidOperationException]::new('Connector: contoso.example is busy.')) -Category ResourceBusy }
        'canceled' { Stop-Cmdlet ([System.Exception]::new('authentication_canceled: User canceled authentication.')) }
        'named' { Stop-Cmdlet ([System.Exception]::new('Object CN=Erika Muster,OU=Groups,DC=contoso,DC=example of erika@contoso.example in CONTOSO\erika is broken.')) }
        'hang' { while ($true) { [System.Threading.Thread]::Sleep(50) } }
        'die' { [Environment]::Exit(5) }
    }
}

function New-Model([string]$Type) { return New-Object -TypeName "$Model.$Type" }

function ConvertTo-Rule($Data) {
    $rule = New-Model 'SynchronizationRule'
    foreach ($name in @('Identifier', 'InternalIdentifier', 'Name', 'Description', 'ImmutableTag', 'Connector', 'Direction', 'Disabled', 'SourceObjectType', 'TargetObjectType', 'Precedence', 'LinkType', 'SoftDeleteExpiryInterval', 'IsStandardRule')) {
        if ((Has $Data $name) -and $null -ne $Data.$name) { $rule.$name = $Data.$name }
    }
    foreach ($group in @($Data.ScopeFilter)) {
        $target = New-Model 'ScopeConditionGroup'
        foreach ($c in @($group.ScopeConditionList)) { $target.ScopeConditionList.Add((New-Object -TypeName "$Model.ScopeCondition" -ArgumentList @($c.Attribute, $c.ComparisonValue, $c.ComparisonOperator))) }
        $rule.ScopeFilter.Add($target)
    }
    foreach ($group in @($Data.JoinFilter)) {
        $target = New-Model 'JoinConditionGroup'
        foreach ($c in @($group.JoinConditionList)) { $j = New-Model 'JoinCondition'; $j.CSAttribute = $c.CSAttribute; $j.MVAttribute = $c.MVAttribute; $target.JoinConditionList.Add($j) }
        $rule.JoinFilter.Add($target)
    }
    foreach ($f in @($Data.AttributeFlowMappings)) {
        $flow = New-Model 'AttributeFlowMapping'
        foreach ($s in @($f.Source)) { $flow.Source.Add($s) }
        $flow.Destination = $f.Destination; $flow.FlowType = $f.FlowType; $flow.ExecuteOnce = $f.ExecuteOnce; $flow.ValueMergeType = $f.ValueMergeType
        if ((Has $f 'Expression') -and $null -ne $f.Expression) { $flow.Expression = $f.Expression }
        $rule.AttributeFlowMappings.Add($flow)
    }
    return $rule
}

function ConvertFrom-Rule($Rule) {
    return [pscustomobject]@{
        Identifier = $Rule.Identifier.ToString(); InternalIdentifier = $Rule.InternalIdentifier; Name = $Rule.Name; Description = $Rule.Description
        ImmutableTag = $Rule.ImmutableTag; Connector = $Rule.Connector.ToString(); Direction = $Rule.Direction.ToString(); Disabled = $Rule.Disabled
        SourceObjectType = $Rule.SourceObjectType; TargetObjectType = $Rule.TargetObjectType; Precedence = $Rule.Precedence
        LinkType = $Rule.LinkType.ToString(); SoftDeleteExpiryInterval = $Rule.SoftDeleteExpiryInterval; IsStandardRule = $Rule.IsStandardRule
        ScopeFilter = @($Rule.ScopeFilter | ForEach-Object { @{ ScopeConditionList = @($_.ScopeConditionList) } })
        JoinFilter = @($Rule.JoinFilter | ForEach-Object { @{ JoinConditionList = @($_.JoinConditionList) } })
        AttributeFlowMappings = @($Rule.AttributeFlowMappings | ForEach-Object {
            @{ Source = @($_.Source); Destination = $_.Destination; FlowType = $_.FlowType.ToString(); ExecuteOnce = $_.ExecuteOnce; ValueMergeType = $_.ValueMergeType.ToString(); Expression = $_.Expression } })
    }
}

function Get-ADSyncGlobalSettings {
    [CmdletBinding()] param()
    Enter-Cmdlet 'Get-ADSyncGlobalSettings'
    $settings = New-Model 'GlobalSettings'
    foreach ($p in $State.settings.PSObject.Properties) {
        $parameter = New-Model 'ConfigurationParameter'
        $parameter.Name = $p.Name; $parameter.Value = $p.Value
        $settings.Parameters.Add($parameter)
    }
    return $settings
}

function Set-ADSyncGlobalSettings {
    [CmdletBinding()] param([Parameter(Mandatory)]$GlobalSettings)
    Enter-Cmdlet 'Set-ADSyncGlobalSettings'
    $value = $GlobalSettings.Parameters['Microsoft.Synchronize.StagingMode'].Value
    $State.scheduler.StagingModeEnabled = ($value -eq 'True')
    $State.settings.'Microsoft.Synchronize.StagingMode' = $value
    Note "Set-ADSyncGlobalSettings $value"
    return $GlobalSettings
}

function Get-ADSyncConnector {
    [CmdletBinding()] param()
    Enter-Cmdlet 'Get-ADSyncConnector'
    foreach ($c in @($State.connectors)) {
        $connector = New-Model 'Connector'
        $connector.Name = $c.name; $connector.Identifier = $c.id; $connector.Type = $c.type
        foreach ($name in @($c.profiles)) { $known = New-Model 'RunProfile'; $known.Name = $name; $connector.RunProfiles.Add($known) }
        foreach ($p in @($c.partitions)) {
            $partition = New-Model 'Partition'
            $partition.DN = $p.dn; $partition.Selected = $p.selected
            foreach ($dn in @($p.included)) { $partition.ConnectorPartitionScope.ContainerInclusionList.Add($dn) }
            foreach ($dn in @($p.excluded)) { $partition.ConnectorPartitionScope.ContainerExclusionList.Add($dn) }
            $connector.Partitions.Add($partition)
        }
        $connector
    }
}

function Get-ADSyncScheduler {
    [CmdletBinding()] param()
    Enter-Cmdlet 'Get-ADSyncScheduler'
    $scheduler = New-Model 'Scheduler'
    foreach ($p in $State.scheduler.PSObject.Properties) { $scheduler.($p.Name) = $p.Value }
    $scheduler.NextSyncCyclePolicyType = 'Delta'
    return $scheduler
}

function Set-ADSyncScheduler {
    [CmdletBinding()] param([Nullable[bool]]$SyncCycleEnabled, [switch]$Force)
    Enter-Cmdlet 'Set-ADSyncScheduler'
    $State.scheduler.SyncCycleEnabled = $SyncCycleEnabled
    Note "Set-ADSyncScheduler $SyncCycleEnabled"
}

function Get-ADSyncAutoUpgrade { [CmdletBinding()] param([switch]$Detail) Enter-Cmdlet 'Get-ADSyncAutoUpgrade'; return $State.autoUpgrade }

function Set-ADSyncAutoUpgrade {
    [CmdletBinding()] param([Parameter(Mandatory, Position = 0)][ValidateSet('Enabled', 'Disabled', 'Suspended')][string]$AutoUpgradeState)
    Enter-Cmdlet 'Set-ADSyncAutoUpgrade'
    $State.autoUpgrade = $AutoUpgradeState
    Note "Set-ADSyncAutoUpgrade $AutoUpgradeState"
}

function Start-ADSyncSyncCycle {
    [CmdletBinding()] param([ValidateSet('Delta', 'Initial')][string]$PolicyType = 'Delta')
    Enter-Cmdlet 'Start-ADSyncSyncCycle'
    if ($State.scheduler.SchedulerSuspended) { throw [System.InvalidOperationException]::new('Scheduler is already suspended via global parameters.') }
    if ($State.scheduler.SyncCycleInProgress) { throw [System.InvalidOperationException]::new('Sync is already running. Cannot start a new run till this one completes.') }
    $State.scheduler.SyncCycleInProgress = $true
    Note "Start-ADSyncSyncCycle $PolicyType"
    return [pscustomobject]@{ Result = 'Success' }
}

function Stop-ADSyncSyncCycle {
    [CmdletBinding()] param()
    Enter-Cmdlet 'Stop-ADSyncSyncCycle'
    $State.scheduler.SyncCycleInProgress = $false
    Note 'Stop-ADSyncSyncCycle'
}

function Get-ADSyncConnectorRunStatus {
    [CmdletBinding()] param()
    Enter-Cmdlet 'Get-ADSyncConnectorRunStatus'
    if ($State.connectorBusy) { return [pscustomobject]@{ RunspaceId = [Guid]::NewGuid(); ConnectorName = 'contoso.example'; RunState = 'Busy' } }
}

function Invoke-ADSyncRunProfile {
    [CmdletBinding()] param([Parameter(Mandatory)][string]$ConnectorName, [Parameter(Mandatory)][string]$RunProfileName, [switch]$Resume)
    Enter-Cmdlet 'Invoke-ADSyncRunProfile'
    $number = @($State.runs).Count
    $started = [DateTime]::SpecifyKind([DateTime]'2026-11-02T09:00:00', 'Utc').AddMinutes($number)
    $State.runs = @($State.runs) + [pscustomobject]@{
        id = [Guid]::NewGuid().ToString(); connector = $ConnectorName; profile = $RunProfileName; complete = $true; result = 'success'
        start = $started.ToString('o'); end = $started.AddSeconds(30).ToString('o'); syncErrors = ''; discoveryErrors = ''
    }
    Note "Invoke-ADSyncRunProfile $ConnectorName $RunProfileName"
    return [pscustomobject]@{ Result = 'success' }
}

function Get-ADSyncRunProfileResult {
    [CmdletBinding()] param([Guid]$RunHistoryId, [Guid]$ConnectorId, [int]$NumberRequested, [switch]$RunStepDetails)
    Enter-Cmdlet 'Get-ADSyncRunProfileResult'
    $number = 0
    foreach ($r in @($State.runs)) {
        $number++
        if ($PSBoundParameters.ContainsKey('RunHistoryId') -and $r.id -ne $RunHistoryId.ToString()) { continue }
        $run = New-Model 'RunProfileResult'
        $run.RunHistoryId = $r.id; $run.ConnectorName = $r.connector; $run.RunProfileName = $r.profile; $run.RunNumber = $number
        $run.IsRunComplete = $r.complete; $run.Result = $r.result
        # The real one keeps UTC without saying so.
        $run.StartDate = [DateTime]::SpecifyKind(([DateTime]$r.start).ToUniversalTime(), 'Unspecified')
        if ($r.end) { $run.EndDate = [DateTime]::SpecifyKind(([DateTime]$r.end).ToUniversalTime(), 'Unspecified') }
        if ($RunStepDetails) {
            $step = New-Model 'RunStepResult'
            $step.StepNumber = 1; $step.StepResult = $r.result; $step.SyncErrors = $r.syncErrors; $step.ConnectorDiscoveryErrors = $r.discoveryErrors
            $run.RunStepResults.Add($step)
        }
        $run
    }
}

function Get-ADSyncRule {
    [CmdletBinding()] param([Guid]$Identifier)
    Enter-Cmdlet 'Get-ADSyncRule'
    foreach ($r in @($State.rules)) {
        if ($PSBoundParameters.ContainsKey('Identifier') -and $r.Identifier -ne $Identifier.ToString()) { continue }
        ConvertTo-Rule $r
    }
}

function New-ADSyncRule {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)][string]$Name, [Guid]$Identifier = [Guid]::NewGuid(), [string]$Description, [Parameter(Mandatory)][Microsoft.IdentityManagement.PowerShell.ObjectModel.SyncRuleDirection]$Direction,
        [Parameter(Mandatory)][int]$Precedence, [Guid]$PrecedenceAfter, [Guid]$PrecedenceBefore, [Parameter(Mandatory)][string]$SourceObjectType,
        [Parameter(Mandatory)][string]$TargetObjectType, [Parameter(Mandatory)][Guid]$Connector, [Parameter(Mandatory)][Microsoft.IdentityManagement.PowerShell.ObjectModel.SyncRuleLinkType]$LinkType,
        [int]$SoftDeleteExpiryInterval, [string]$ImmutableTag, [switch]$Disabled, [switch]$EnablePasswordSync)
    Enter-Cmdlet 'New-ADSyncRule'
    $rule = New-Model 'SynchronizationRule'
    $rule.Identifier = $Identifier; $rule.InternalIdentifier = [Guid]::NewGuid().ToString(); $rule.Name = $Name; $rule.Description = $Description
    $rule.Direction = $Direction; $rule.Precedence = $Precedence; $rule.SourceObjectType = $SourceObjectType; $rule.TargetObjectType = $TargetObjectType
    $rule.Connector = $Connector; $rule.LinkType = $LinkType; $rule.SoftDeleteExpiryInterval = $SoftDeleteExpiryInterval; $rule.ImmutableTag = $ImmutableTag
    return $rule
}

function Add-ADSyncAttributeFlowMapping {
    [CmdletBinding()]
    param([Parameter(Mandatory)]$SynchronizationRule, [string[]]$Source, [Parameter(Mandatory)][string]$Destination, [Parameter(Mandatory)][string]$FlowType, [string]$ValueMergeType = 'Update', [string]$Expression, [switch]$ExecuteOnce)
    Enter-Cmdlet 'Add-ADSyncAttributeFlowMapping'
    $flow = New-Model 'AttributeFlowMapping'
    foreach ($s in @($Source)) { $flow.Source.Add($s) }
    $flow.Destination = $Destination; $flow.FlowType = $FlowType; $flow.ValueMergeType = $ValueMergeType; $flow.Expression = $Expression; $flow.ExecuteOnce = [bool]$ExecuteOnce
    $SynchronizationRule.AttributeFlowMappings.Add($flow)
    return $SynchronizationRule
}

function Add-ADSyncScopeConditionGroup {
    [CmdletBinding()] param([Parameter(Mandatory)]$SynchronizationRule, [Parameter(Mandatory)][Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition[]]$ScopeConditions)
    Enter-Cmdlet 'Add-ADSyncScopeConditionGroup'
    $group = New-Model 'ScopeConditionGroup'
    foreach ($c in $ScopeConditions) { $group.ScopeConditionList.Add($c) }
    $SynchronizationRule.ScopeFilter.Add($group)
    return $SynchronizationRule
}

function Add-ADSyncJoinConditionGroup {
    [CmdletBinding()] param([Parameter(Mandatory)]$SynchronizationRule, [Parameter(Mandatory)][Microsoft.IdentityManagement.PowerShell.ObjectModel.JoinCondition[]]$JoinConditions)
    Enter-Cmdlet 'Add-ADSyncJoinConditionGroup'
    $group = New-Model 'JoinConditionGroup'
    foreach ($c in $JoinConditions) { $group.JoinConditionList.Add($c) }
    $SynchronizationRule.JoinFilter.Add($group)
    return $SynchronizationRule
}

function Add-ADSyncRule {
    [CmdletBinding()] param([Parameter(Mandatory)][Microsoft.IdentityManagement.PowerShell.ObjectModel.SynchronizationRule]$SynchronizationRule)
    Enter-Cmdlet 'Add-ADSyncRule'
    $id = $SynchronizationRule.Identifier.ToString()
    $others = @($State.rules | Where-Object { $_.Identifier -ne $id })
    if (@($others | Where-Object { $_.Precedence -eq $SynchronizationRule.Precedence }).Count -gt 0) { throw [System.InvalidOperationException]::new('A synchronization rule with this precedence already exists.') }
    $State.rules = $others + (ConvertFrom-Rule $SynchronizationRule)
    Note "Add-ADSyncRule $($SynchronizationRule.Name) $($SynchronizationRule.Precedence)"
    return $SynchronizationRule
}

function Remove-ADSyncRule {
    [CmdletBinding()] param([Parameter(Mandatory)][Guid]$Identifier)
    Enter-Cmdlet 'Remove-ADSyncRule'
    if (@($State.rules | Where-Object { $_.Identifier -eq $Identifier.ToString() }).Count -eq 0) { throw [System.ArgumentException]::new('The synchronization rule does not exist.') }
    $State.rules = @($State.rules | Where-Object { $_.Identifier -ne $Identifier.ToString() })
    Note "Remove-ADSyncRule $Identifier"
}

function Get-ADSyncAADCompanyFeature { [CmdletBinding()] param() Enter-Cmdlet 'Get-ADSyncAADCompanyFeature'; return $State.features }

# The switch is there in two generations: from 2.6.84.0 on it demands a person.
if ($State.generation -eq 'Interactive') {
    function Set-ADSyncAADCompanyFeature {
        [CmdletBinding()] param([Nullable[bool]]$GroupWritebackV2, [Parameter(Mandatory)][string]$AADUsername)
        Enter-Cmdlet 'Set-ADSyncAADCompanyFeature'
        $State.features.GroupWritebackV2 = $GroupWritebackV2
        Note "Set-ADSyncAADCompanyFeature $GroupWritebackV2 $AADUsername"
    }
} else {
    function Set-ADSyncAADCompanyFeature {
        [CmdletBinding()] param([Nullable[bool]]$GroupWritebackV2)
        Enter-Cmdlet 'Set-ADSyncAADCompanyFeature'
        $State.features.GroupWritebackV2 = $GroupWritebackV2
        Note "Set-ADSyncAADCompanyFeature $GroupWritebackV2"
    }
}

function Get-ADSyncCSObject {
    [CmdletBinding()] param([Parameter(Mandatory)][string]$ConnectorName, [string]$DistinguishedName, [int]$StartIndex, [int]$MaxResultCount = 100, [switch]$Transient)
    Enter-Cmdlet 'Get-ADSyncCSObject'
    $all = @($State.objects | Where-Object { $_.connector -eq $ConnectorName })
    foreach ($o in @($all | Select-Object -Skip $StartIndex -First $MaxResultCount)) {
        $object = New-Model 'CsObject'
        $object.ObjectId = [Guid]::NewGuid(); $object.ConnectorName = $ConnectorName; $object.DistinguishedName = $o.dn; $object.ObjectType = $o.type; $object.SerializedXml = $o.xml
        foreach ($l in @($o.lineage)) { $line = New-Model 'SyncRuleLineage'; $line.SyncRuleInternalId = $l.rule; $line.SyncRuleName = $l.name; $line.Operation = 'Join'; $object.Lineage.Add($line) }
        foreach ($p in $o.attributes.PSObject.Properties) { $a = New-Model 'CsAttribute'; $a.Name = $p.Name; foreach ($v in @($p.Value)) { $a.Values.Add([string]$v) }; $object.Attributes.Add($a) }
        $object
    }
}

# Cmdlets that this build does not have.
foreach ($name in @($State.missing)) { if ($name) { Remove-Item -Path "function:$name" } }
Export-ModuleMember -Function '*-ADSync*'
