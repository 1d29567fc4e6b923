# What: reads all synchronisation rules with everything that the listener compares.
# Cmdlets: Get-ADSyncRule.
# Effect: none.
# Rights: ADSyncAdmins.
param($Parameters)

$rules = @()
foreach ($rule in @(Get-ADSyncRule)) {
    if ($null -eq $rule) { continue }
    $scope = @()
    foreach ($group in @(Get-GwbValue $rule 'ScopeFilter')) {
        if ($null -eq $group) { continue }
        $conditions = @()
        foreach ($condition in @(Get-GwbValue $group 'ScopeConditionList')) {
            if ($null -eq $condition) { continue }
            $conditions += [ordered]@{
                attribute = (Get-GwbText $condition 'Attribute')
                operator = (Get-GwbText $condition 'ComparisonOperator').ToUpperInvariant()
                value = (Get-GwbText $condition 'ComparisonValue')
            }
        }
        $scope += [ordered]@{ conditions = @($conditions) }
    }
    $flows = @()
    foreach ($flow in @(Get-GwbValue $rule 'AttributeFlowMappings')) {
        if ($null -eq $flow) { continue }
        $type = Get-GwbText $flow 'FlowType'
        $source = @(@(Get-GwbValue $flow 'Source') | Where-Object { $null -ne $_ } | ForEach-Object { [string]$_ }) -join ','
        if ($type -eq 'Expression') { $source = Get-GwbText $flow 'Expression' }
        $flows += [ordered]@{
            destination = (Get-GwbText $flow 'Destination')
            type = $type
            source = $source
            merge = (Get-GwbText $flow 'ValueMergeType')
            once = (Get-GwbFlag $flow 'ExecuteOnce')
        }
    }
    $joins = @()
    foreach ($filter in @(Get-GwbValue $rule 'JoinFilter')) {
        foreach ($condition in @(Get-GwbValue $filter 'JoinConditionList')) {
            if ($null -ne $condition) { $joins += ((Get-GwbText $condition 'CSAttribute') + '=' + (Get-GwbText $condition 'MVAttribute')) }
        }
    }
    $tag = Get-GwbText $rule 'ImmutableTag'
    $standard = Get-GwbValue $rule 'IsStandardRule'
    # Builds without the property mark their own rules by the tag.
    if ($null -eq $standard) { $standard = $tag.StartsWith('Microsoft.', [StringComparison]::OrdinalIgnoreCase) }
    $expiry = Get-GwbValue $rule 'SoftDeleteExpiryInterval'
    if ($expiry -is [TimeSpan]) { $expiry = $expiry.TotalSeconds }
    if ($null -eq $expiry) { $expiry = 0 }
    $internal = Get-GwbText $rule 'InternalIdentifier'
    if (-not $internal) { $internal = [string]$rule.Identifier }
    $rules += [ordered]@{
        identifier = ([Guid]$rule.Identifier).ToString()
        internalIdentifier = $internal
        name = [string]$rule.Name
        description = (Get-GwbText $rule 'Description')
        direction = $rule.Direction.ToString()
        link = $rule.LinkType.ToString()
        connector = ([Guid]$rule.Connector).ToString()
        precedence = [int]$rule.Precedence
        sourceObjectType = [string]$rule.SourceObjectType
        targetObjectType = [string]$rule.TargetObjectType
        disabled = (Get-GwbFlag $rule 'Disabled')
        standard = [bool]$standard
        immutableTag = $tag
        softDeleteExpirySeconds = [int]$expiry
        scope = @($scope)
        flows = @($flows)
        joins = @($joins)
    }
}
[ordered]@{ rules = @($rules) }
