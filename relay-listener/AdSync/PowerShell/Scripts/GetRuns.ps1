# What: reads the run history since a moment, and for the newest runs of each kind that did not succeed which objects are in error, by
#       identifier and kind of error.
# Cmdlets: Get-ADSyncRunProfileResult.
# Effect: none.
# Rights: ADSyncAdmins.
param($Parameters)

$since = (New-Object System.DateTime(1970, 1, 1, 0, 0, 0, [DateTimeKind]::Utc)).AddSeconds([double]$Parameters.sinceUnixSeconds)

# Every element of a step's error lists that names a kind of error is one object in error. The lists are XML in properties of the step.
function Get-StepErrors($Step) {
    foreach ($name in @('SyncErrors', 'MvRetryErrors', 'ConnectorDiscoveryErrors', 'SyncErrorsXml', 'MvRetryErrorsXml', 'ConnectorDiscoveryErrorsXml')) {
        $text = Get-GwbValue $Step $name
        if ($null -eq $text) { continue }
        if ($text -is [System.Xml.XmlNode]) { $text = $text.OuterXml }
        $text = [string]$text
        if ($text.IndexOf('<') -lt 0) { continue }
        $document = New-Object System.Xml.XmlDocument
        $document.XmlResolver = $null
        $document.LoadXml('<errors>' + ($text -replace '<\?xml[^>]*\?>', '') + '</errors>')
        foreach ($kind in $document.SelectNodes("//*[local-name()='error-type']")) {
            $node = $kind.ParentNode
            $object = $node.GetAttribute('cs-guid')
            if (-not $object) { $object = $node.GetAttribute('mv-guid') }
            if (-not $object) { $object = $node.GetAttribute('dn') }
            if (-not $object) {
                $inner = $node.SelectSingleNode("*[local-name()='anchor' or local-name()='dn']")
                if ($null -ne $inner) { $object = $inner.InnerText }
            }
            $dn = $node.GetAttribute('dn')
            if (-not $dn) {
                $named = $node.SelectSingleNode("*[local-name()='dn']")
                if ($null -ne $named) { $dn = $named.InnerText }
            }
            if ($object) { @{ object = $object; kind = $kind.InnerText; dn = [string]$dn } }
        }
    }
}

# The newest first, so that the errors that count are looked up first.
$found = @()
foreach ($run in @(Get-ADSyncRunProfileResult)) {
    $moment = ConvertTo-GwbMoment (Get-GwbValue $run 'StartDate')
    if ($null -eq $moment) { continue }
    $when = [DateTime]::Parse($moment, [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]::AdjustToUniversal)
    if ($when -ge $since) { $found += New-Object PSObject -Property @{ run = $run; moment = $moment; when = $when } }
}

$runs = @()
$looked = @{}
foreach ($entry in @($found | Sort-Object -Property when -Descending)) {
    $run = $entry.run
    $complete = Get-GwbFlag $run 'IsRunComplete'
    $result = Get-GwbText $run 'Result'
    if (-not $complete -or -not $result) { $result = 'in-progress' }

    # Each lookup asks the service once more; errors that were there before the last runs of the same kind say nothing about today.
    $errors = @()
    if ($complete -and $result -ne 'success') {
        $kind = ([string]$run.ConnectorName) + '|' + ([string]$run.RunProfileName)
        $looked[$kind] = 1 + [int]$looked[$kind]
        if ($looked[$kind] -le [int]$Parameters.errorsOfNewest) {
            foreach ($one in @(Get-ADSyncRunProfileResult -RunHistoryId $run.RunHistoryId -RunStepDetails)) {
                foreach ($step in @(Get-GwbValue $one 'RunStepResults')) {
                    if ($null -ne $step) { $errors += @(Get-StepErrors $step) }
                }
            }
        }
    }
    $end = $null
    if ($complete) { $end = ConvertTo-GwbMoment (Get-GwbValue $run 'EndDate') }
    $runs += [ordered]@{
        connector = [string]$run.ConnectorName
        profile = [string]$run.RunProfileName
        result = $result
        start = $entry.moment
        end = $end
        errors = @($errors)
    }
}
[ordered]@{ runs = @($runs) }
