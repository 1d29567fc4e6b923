# What: writes the pending exports of one connector into a file of the listener's own folder, which is read and deleted at once.
# Cmdlets: csexport.exe of Connect, with /f:x.
# Effect: none beside the file. Where Connect has no csexport the answer says so, and GetPending is used.
# Rights: ADSyncAdmins.
param($Parameters)

$tool = Join-Path $GwbBin 'csexport.exe'
if (-not (Test-Path -LiteralPath $tool -PathType Leaf)) {
    [ordered]@{ available = $false }
    return
}

$start = New-Object System.Diagnostics.ProcessStartInfo
$start.FileName = $tool
$start.Arguments = '"{0}" "{1}" /f:x' -f ([string]$Parameters.connector).Replace('"', ''), [string]$Parameters.file
$start.UseShellExecute = $false
$start.CreateNoWindow = $true
$start.RedirectStandardOutput = $true
$start.RedirectStandardError = $true
$process = [System.Diagnostics.Process]::Start($start)
# Read while it runs: a full pipe would stop it. What it prints is progress.
$said = $process.StandardOutput.ReadToEndAsync()
$complained = $process.StandardError.ReadToEndAsync()
$process.WaitForExit()
if ($process.ExitCode -ne 0) {
    $text = ($complained.Result + ' ' + $said.Result).Trim()
    throw (New-Object System.InvalidOperationException(('csexport ended with {0}. {1}' -f $process.ExitCode, $text)))
}
if (-not (Test-Path -LiteralPath ([string]$Parameters.file) -PathType Leaf)) {
    throw (New-Object System.InvalidOperationException('csexport wrote no file.'))
}
[ordered]@{ available = $true }
