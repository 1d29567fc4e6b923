# What: creates one synchronisation rule: scope in one group of conditions, its attribute flows, its join conditions in one group.
#       Source: migrate how-to, steps 3 and 4; modify default behaviour. Refused when another rule has the precedence.
# Cmdlets: Get-ADSyncRule, New-ADSyncRule, Add-ADSyncAttributeFlowMapping, Add-ADSyncScopeConditionGroup, Add-ADSyncJoinConditionGroup, Add-ADSyncRule.
# Effect: the rule counts from the next full synchronisation of its connector, which the change asks for.
# Rights: ADSyncAdmins.
param($Parameters)

$identifier = [Guid]$Parameters.identifier
foreach ($other in @(Get-ADSyncRule)) {
    if ([int]$other.Precedence -eq [int]$Parameters.precedence -and ([Guid]$other.Identifier) -ne $identifier) {
        Stop-GwbOperation 'GwbPrecedenceTaken' 'Another rule has this precedence.'
    }
}

$fields = @{
    Name = [string]$Parameters.name
    Identifier = $identifier
    Description = [string]$Parameters.description
    Direction = [string]$Parameters.direction
    Precedence = [int]$Parameters.precedence
    PrecedenceAfter = '00000000-0000-0000-0000-000000000000'
    PrecedenceBefore = '00000000-0000-0000-0000-000000000000'
    SourceObjectType = [string]$Parameters.sourceObjectType
    TargetObjectType = [string]$Parameters.targetObjectType
    Connector = [Guid]$Parameters.connector
    LinkType = [string]$Parameters.link
    SoftDeleteExpiryInterval = [int]$Parameters.softDeleteExpirySeconds
    ImmutableTag = [string]$Parameters.immutableTag
}
$rule = @(New-ADSyncRule @fields)[0]

foreach ($flow in @($Parameters.flows)) {
    $mapping = @{
        SynchronizationRule = $rule
        Destination = [string]$flow.destination
        FlowType = [string]$flow.flowType
        ValueMergeType = [string]$flow.valueMergeType
    }
    if ($flow.flowType -eq 'Expression') { $mapping.Expression = [string]$flow.source } else { $mapping.Source = @([string]$flow.source) }
    if ($flow.executeOnce -eq $true) { $mapping.ExecuteOnce = $true }
    $rule = @(Add-ADSyncAttributeFlowMapping @mapping)[0]
}

$conditions = @()
foreach ($condition in @($Parameters.scope)) {
    $conditions += New-Object -TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' -ArgumentList @([string]$condition.attribute, [string]$condition.value, [string]$condition.operator)
}
if ($conditions.Count -gt 0) {
    $rule = @(Add-ADSyncScopeConditionGroup -SynchronizationRule $rule -ScopeConditions @($conditions))[0]
}

$joins = @()
foreach ($join in @($Parameters.joinConditions)) {
    $sides = ([string]$join).Split('=')
    $joins += New-Object -TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.JoinCondition' -ArgumentList @([string]$sides[0], [string]$sides[1], $false)
}
if ($joins.Count -gt 0) {
    $rule = @(Add-ADSyncJoinConditionGroup -SynchronizationRule $rule -JoinConditions @($joins))[0]
}

$null = Add-ADSyncRule -SynchronizationRule $rule
[ordered]@{ done = $true }
