using System.Diagnostics;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Reporting;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Reporting;

/// <summary>The script for rebuilt servers: its values, and what a real PowerShell makes of it with a stand-in for the module ADSync.</summary>
public sealed class RulesScriptTests
{
    const string StandIn = """
        param([string] $Script)
        $ErrorActionPreference = 'Stop'
        function global:Import-Module { }
        $global:rules = @([pscustomobject] @{ Identifier = [guid]::NewGuid(); Precedence = 88; Direction = 'Inbound'; LinkType = 'Join'; Connector = [guid]::NewGuid() })
        function global:Get-ADSyncScheduler { [pscustomobject] @{ SyncCycleInProgress = $false; StagingModeEnabled = $true; SyncCycleEnabled = $true } }
        function global:Get-ADSyncConnector { [pscustomobject] @{ Name = 'corp.example'; Identifier = '11111111-1111-1111-1111-111111111111' } }
        function global:Get-ADSyncRule { $global:rules }
        function global:New-ADSyncRule {
            param($Name, $Identifier, $Description, $Direction, $Precedence, $PrecedenceAfter, $PrecedenceBefore, $SourceObjectType, $TargetObjectType, $Connector, $LinkType, $SoftDeleteExpiryInterval, $ImmutableTag)
            [pscustomobject] @{ Name = $Name; Identifier = $Identifier; Precedence = $Precedence; Direction = $Direction; LinkType = $LinkType; Connector = $Connector; Flows = ''; Scope = '' }
        }
        function global:Add-ADSyncAttributeFlowMapping { param($SynchronizationRule, $Source, $Destination, $FlowType, $ValueMergeType) $SynchronizationRule.Flows = "$Destination=$Source"; $SynchronizationRule }
        function global:New-Object { param($TypeName, $ArgumentList) $ArgumentList -join ' ' }
        function global:Add-ADSyncScopeConditionGroup { param($SynchronizationRule, $ScopeConditions) $SynchronizationRule.Scope = $ScopeConditions -join ';'; $SynchronizationRule }
        function global:Add-ADSyncRule { param($SynchronizationRule) $global:rules += $SynchronizationRule }
        & $Script -Confirm:$false
        & $Script -Confirm:$false
        $global:rules | Where-Object { $_.PSObject.Properties['Flows'] } | ForEach-Object { "rule: $($_.Direction)|$($_.LinkType)|$($_.Precedence)|$($_.Connector)|$($_.Flows)|$($_.Scope)" }
        """;

    static readonly string? Pwsh = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { Path.Combine(folder, "pwsh"), Path.Combine(folder, "pwsh.exe") }).FirstOrDefault(File.Exists);

    [Fact]
    public async Task Make_HasTheTenantsOwnValues_AndNoNameBecomesCode()
    {
        var plan = await PlanAsync("corp' $(throw)") with { WritebackOu = "OU=a#>b,DC=corp" };

        var script = RulesScript.Make("m-1", plan);

        Assert.DoesNotContain("{{", script, StringComparison.Ordinal);
        Assert.DoesNotContain("$(throw)", script, StringComparison.Ordinal);
        Assert.Contains("(-join [char[]] (", script, StringComparison.Ordinal);
        Assert.Contains("OU=a??b,DC=corp", script, StringComparison.Ordinal);
        Assert.Contains("m-1", script, StringComparison.Ordinal);
        Assert.All(script, c => Assert.True(char.IsAscii(c)));
    }

    [Fact]
    public async Task Run_OnARebuiltServer_CreatesBothRulesOnce()
    {
        Assert.SkipWhen(Pwsh is null, "There is no pwsh on this machine's PATH.");
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["rules.ps1"], RulesScript.Make("m-1", await PlanAsync("corp.example")), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["stand-in.ps1"], StandIn, TestContext.Current.CancellationToken);

        var start = new ProcessStartInfo(Pwsh!, ["-NoProfile", "-NonInteractive", "-Command", $"& '{folder["stand-in.ps1"]}' -Script '{folder["rules.ps1"]}' *>&1"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, $"{text}{await error}");
        Assert.Equal(
            [
                "rule: Inbound|Join|99|b891884f-051e-4a83-95af-2544101c9083|cloudNoFlow=true|cloudMastered true EQUAL;mail  ISNULL",
                "rule: Outbound|JoinNoFlow|89|11111111-1111-1111-1111-111111111111||cloudNoFlow true EQUAL",
            ],
            text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.StartsWith("rule:", StringComparison.Ordinal)));
    }

    static async Task<MigrationPlan> PlanAsync(string connector)
    {
        using var folder = new TempFolder();
        using var store = Stores.Open(folder);
        var plan = await Samples.PlanAsync(store);
        return plan with { Servers = [plan.Active with { AdConnector = connector }] };
    }
}
