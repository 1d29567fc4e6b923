# What: reads what this server is: its build, the connectors with their containers, the writeback OU, and how the company feature is set here.
# Cmdlets: Get-ADSyncGlobalSettings, Get-ADSyncConnector, Get-Command.
# Effect: none.
# Rights: ADSyncAdmins.
param($Parameters)

$settings = Get-ADSyncGlobalSettings

# The engine's own file tells the build; the setting stays behind after some upgrades.
$version = Get-GwbSetting $settings 'Microsoft.Synchronize.ServerConfigurationVersion'
$engine = Join-Path $GwbBin 'miiserver.exe'
if (Test-Path -LiteralPath $engine -PathType Leaf) {
    $file = [string](Get-Item -LiteralPath $engine).VersionInfo.FileVersion
    if ($file -match '^\d+\.\d+\.\d+\.\d+') { $version = $Matches[0] }
}

$connectors = @()
foreach ($connector in @(Get-ADSyncConnector)) {
    $partitions = @()
    foreach ($partition in @(Get-GwbValue $connector 'Partitions')) {
        if ($null -eq $partition) { continue }
        $scope = Get-GwbValue $partition 'ConnectorPartitionScope'
        $name = Get-GwbText $partition 'DN'
        if (-not $name) { $name = Get-GwbText $partition 'Name' }
        $selected = Get-GwbValue $partition 'Selected'
        $partitions += [ordered]@{
            dn = $name
            selected = ($null -eq $selected -or $selected -eq $true)
            included = @(@(Get-GwbValue $scope 'ContainerInclusionList') | Where-Object { $_ } | ForEach-Object { [string]$_ })
            excluded = @(@(Get-GwbValue $scope 'ContainerExclusionList') | Where-Object { $_ } | ForEach-Object { [string]$_ })
        }
    }
    $connectors += [ordered]@{
        name = [string]$connector.Name
        id = ([Guid]$connector.Identifier).ToString()
        type = [string]$connector.Type
        partitions = @($partitions)
    }
}

# The parameter decides, not the build: from 2.6.84.0 on it is there and wants a person to sign in.
$feature = Get-Command -Name Set-ADSyncAADCompanyFeature

[ordered]@{
    machine = [Environment]::MachineName
    version = $version
    interactive = [bool]$feature.Parameters.ContainsKey('AADUsername')
    container = (Get-GwbSetting $settings 'Microsoft.GroupWriteBack.Container')
    forest = (Get-GwbSetting $settings 'Microsoft.GroupWriteBack.Forest')
    chosen = (Get-GwbSetting $settings 'Microsoft.OptionalFeature.GroupWriteBack')
    connectors = @($connectors)
}
