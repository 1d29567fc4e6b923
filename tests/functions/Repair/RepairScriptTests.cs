using System.Diagnostics;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Repair;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Repair;

/// <summary>The generated script, parsed and run by a real PowerShell; the module ActiveDirectory is a stand-in that keeps its objects in a table.</summary>
public sealed class RepairScriptTests
{
    const string Ou = "OU=Writeback,DC=contoso,DC=example";

    const string StandIn = """
        param([string] $Script, [string] $Now, [hashtable] $With)
        $ErrorActionPreference = 'Stop'
        $global:table = @{}
        foreach ($one in @(ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Now)))) { $global:table["$($one.id)"] = $one }
        $global:tools = [ordered] @{}
        function global:Show($one) {
            [pscustomobject] @{
                ObjectGUID = [guid] $one.id; DistinguishedName = $one.dn; objectSid = $one.sid; isDeleted = $one.deleted; adminDescription = $one.admin
                'msDS-ExternalDirectoryObjectId' = $null; sAMAccountName = 'Group_1'; displayName = $null; description = $one.description
            }
        }
        function global:Get-ADObject {
            param($Filter, $LDAPFilter, [switch] $IncludeDeletedObjects, $Properties, $Server)
            if ($LDAPFilter) {
                $of = $global:table.Values | Where-Object { $LDAPFilter -eq "(memberOf=$($_.dn.Replace('\', '\5c').Replace('*', '\2a').Replace('(', '\28').Replace(')', '\29')))" }
                if (-not $of) { return }
                return @($of.members | Where-Object { $_ } | ForEach-Object { Show $global:table["$_"] })
            }
            $id = $Filter.Split("'")[1]
            if ($global:table.ContainsKey($id)) { Show $global:table[$id] }
        }
        function global:Say($what) { Write-Host "did: $what" }
        function global:Restore-ADObject { param($Identity, $NewName, $TargetPath) Say "restore|$NewName|$TargetPath"; $global:table["$Identity"].deleted = $false }
        function global:Move-ADObject { param($Identity, $TargetPath) Say "move|$TargetPath" }
        function global:Rename-ADObject { param($Identity, $NewName) Say "rename|$NewName" }
        function global:Set-ADObject {
            param($Identity, $Replace, $Add)
            if ($Replace) { Say "replace|$(@($Replace.Keys | Sort-Object) -join ',')|$($Replace['description'])" }
            if ($Add) { Say "add|$($Add.member)" }
        }
        # Windows PowerShell, which the script is made for, hands a list on as one object.
        function global:ConvertFrom-Json { param($InputObject) Microsoft.PowerShell.Utility\ConvertFrom-Json -InputObject $InputObject -NoEnumerate }
        & $Script @With
        """;

    static readonly string? Pwsh = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { Path.Combine(folder, "pwsh"), Path.Combine(folder, "pwsh.exe") }).FirstOrDefault(File.Exists);

    [Fact]
    public async Task Run_BrokenGroups_AreBroughtBackAndOthersLeftAlone()
    {
        var (member, gone) = (Guid.NewGuid(), Guid.NewGuid());
        var deleted = Was("CN=Sales\\, \\C3\\9Cber \\\"North\\\" $(throw)") with { Members = [member, gone] };
        var moved = Was("CN=Moved") with { Description = "'; throw #" };
        var same = Was("CN=Same");
        var other = Was("CN=Other");

        var said = await RunAsync(
            [deleted, moved, same, other],
            [
                Now(deleted, "CN=x\\0ADEL:1,CN=Deleted Objects,DC=contoso,DC=example") with { Deleted = true },
                Now(moved, $"CN=Changed,CN=Users,DC=contoso,DC=example"),
                Now(same, same.Group.DistinguishedName),
                Now(other, "CN=Another,DC=contoso,DC=example") with { Sid = "S-1-5-21-9" },
                new() { Id = member, Dn = "CN=Person,DC=contoso,DC=example", Sid = "S-1-5-21-8" },
            ],
            "Confirm = $false");

        Assert.Equal(
            [
                $"did: restore|Sales, Über \"North\" $(throw)|{Ou}", $"did: move|{Ou}", "did: rename|Moved", "did: replace|description|'; throw #",
                "did: add|CN=Person,DC=contoso,DC=example",
            ],
            said.Where(line => line.StartsWith("did:", StringComparison.Ordinal)));
        Assert.Contains(said, line => line.Contains($"No member any more of {deleted.Group.DistinguishedName}", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("Another object now, left alone", StringComparison.Ordinal));
        Assert.Contains("4 groups looked at, 0 steps failed.", said);
    }

    [Fact]
    public async Task Run_WhatIf_DoesNothing()
    {
        var moved = Was("CN=Moved");

        var said = await RunAsync([moved], [Now(moved, "CN=Changed,CN=Users,DC=contoso,DC=example")], "WhatIf = $true");

        Assert.DoesNotContain(said, line => line.StartsWith("did:", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("Move back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_NamedGroup_TouchesNoOther()
    {
        GroupSnapshot one = Was("CN=One"), two = Was("CN=Two");

        var said = await RunAsync(
            [one, two], [Now(one, $"CN=Changed one,{Ou}"), Now(two, $"CN=Changed two,{Ou}")], $"Confirm = $false; Group = [guid] '{two.Group.ObjectGuid:D}'");

        Assert.Equal(["did: rename|Two"], said.Where(line => line.StartsWith("did:", StringComparison.Ordinal)));
        Assert.Contains("1 groups looked at, 0 steps failed.", said);
    }

    static async Task<IReadOnlyList<string>> RunAsync(GroupSnapshot[] was, NowThere[] now, string with)
    {
        Assert.SkipWhen(Pwsh is null, "There is no pwsh on this machine's PATH.");
        using var folder = new TempFolder();
        var snapshot = Document.OfList("snapshot", was);
        await File.WriteAllBytesAsync(folder["repair.json"], snapshot.Content.ToArray(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            folder["repair.ps1"], RepairScript.Make(RepairLdifTests.Pack(Ou) with { Snapshot = snapshot.Reference }), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["stand-in.ps1"], StandIn, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(
            folder["now.json"],
            Document.OfList("now", now.Select(n => new { n.Id, n.Dn, n.Sid, n.Deleted, Admin = n.Admin ?? "", Description = n.Description ?? "", n.Members })).Content.ToArray(),
            TestContext.Current.CancellationToken);

        var start = new ProcessStartInfo(
            Pwsh!,
            [
                "-NoProfile", "-NonInteractive", "-Command",
                $"& '{folder["stand-in.ps1"]}' -Script '{folder["repair.ps1"]}' -Now '{folder["now.json"]}' -With @{{ {with} }} *>&1",
            ]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{text}{await error}");
        return [.. text.Split('\n').Select(line => line.TrimEnd('\r'))];
    }

    static GroupSnapshot Was(string rdn) => RepairLdifTests.Group($"{rdn},{Ou}");

    static NowThere Now(GroupSnapshot was, string dn) => new() { Id = was.Group.ObjectGuid, Dn = dn, Sid = was.Group.Sid, Admin = was.Group.AdminDescription };

    sealed record NowThere
    {
        public required Guid Id { get; init; }
        public required string Dn { get; init; }
        public required string Sid { get; init; }
        public bool Deleted { get; init; }
        public string? Admin { get; init; }
        public string? Description { get; init; }
        public IReadOnlyList<Guid> Members { get; init; } = [];
    }
}
