using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.CloudSync;

/// <summary>The generated script on disk, run by a real PowerShell against the lab's Graph; the Graph module is a stand-in of a few lines.</summary>
sealed partial class ScopeScriptScene : IAsyncDisposable
{
    const string StandIn = """
        param([string] $Script, [string] $Graph, [string] $Token, [guid] $Tenant, [int] $Throttled, [hashtable] $With)
        $ErrorActionPreference = 'Stop'
        # The script has variables of the same names, and functions see their caller's.
        $global:signedInTo = "$Tenant"
        $global:left = $Throttled
        $global:batches = 0
        function global:Connect-MgGraph { param($TenantId, $Environment, $Scopes, [switch] $NoWelcome, [switch] $UseDeviceCode) Write-Host "signed in with $Scopes" }
        function global:Get-MgContext { [pscustomobject] @{ TenantId = $global:signedInTo } }
        # The tenant's clock stands still but for this: replication passes while the script sleeps.
        $global:nap = "$PSScriptRoot/nap"
        function global:Start-Sleep {
            param($Seconds)
            [IO.File]::WriteAllText("$global:nap.new", "$Seconds")
            [IO.File]::Move("$global:nap.new", $global:nap)
            while ([IO.File]::Exists($global:nap)) { [Threading.Thread]::Sleep(5) }
        }
        function global:Invoke-MgGraphRequest {
            param($Method, $Uri, $Body, $ContentType)
            if (-not "$Uri".StartsWith('http')) { $Uri = "$Graph$Uri" }
            $how = @{ Method = $Method; Uri = $Uri; Headers = @{ Authorization = "Bearer $Token" } }
            if ($Body) { $how.Body = $Body; $how.ContentType = $ContentType }
            if ("$Uri".EndsWith('$batch')) { $global:batches++ }
            $answer = Invoke-WebRequest @how | Select-Object -ExpandProperty Content | ConvertFrom-Json -AsHashtable
            if ("$Uri".EndsWith('$batch')) {
                foreach ($item in $answer['responses']) {
                    if ($global:left -gt 0) { $global:left--; $item['status'] = 429; $item['headers'] = @{ 'Retry-After' = '7' } }
                }
            }
            $answer
        }
        try { & $Script @With } finally { Write-Host "batches: $global:batches" }
        """;

    static readonly string? Pwsh = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { Path.Combine(folder, "pwsh"), Path.Combine(folder, "pwsh.exe") }).FirstOrDefault(File.Exists);

    readonly TempFolder _folder = new();
    readonly CloudSyncJob _job;

    ScopeScriptScene(LabTenant lab, CloudSyncJob job, IReadOnlyList<Guid> groups) => (Lab, _job, Groups) = (lab, job, groups);

    public LabTenant Lab { get; }
    public IReadOnlyList<Guid> Groups { get; }
    public Guid Principal => _job.ServicePrincipalId;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A prepared job, and the script for the planned groups.</summary>
    /// <param name="extra">A group more than the tenant has.</param>
    public static async Task<ScopeScriptScene> StartAsync(Guid? extra = null)
    {
        Assert.SkipUnless(Pwsh is not null, "No pwsh on the PATH: the operator's script is not run.");
        var lab = await LabTenant.StartAsync();
        var input = await lab.PreparedAsync();
        var plan = await lab.PlanAsync(input);
        var planned = (await lab.Store.LoadListAsync<Contracts.Commands.GroupIdentity>(plan.Groups, Stop)).Select(g => g.CloudId);
        var scene = new ScopeScriptScene(lab, input.Job!, [.. planned, .. extra is { } more ? [more] : Array.Empty<Guid>()]);
        var list = new ScopeList
        {
            Tenant = plan.Tenant,
            Environment = "Global",
            ServicePrincipal = scene.Principal,
            AppRole = input.Job!.ScopeRoleId,
            Ring = 1,
            Of = 1,
            Groups = scene.Groups,
        };
        var document = Document.OfValue("scope-list", list);
        await File.WriteAllBytesAsync(scene.InFolder("ring-1.json"), document.Content.ToArray(), Stop);
        await File.WriteAllTextAsync(scene.InFolder("ring-1.ps1"), ScopeScript.Make(list, document.Reference.Sha256), Stop);
        await File.WriteAllTextAsync(scene.InFolder("stand-in.ps1"), StandIn, Stop);
        return scene;
    }

    /// <summary>One character more: still a list, but not the one.</summary>
    public void Tamper() => File.AppendAllText(InFolder("ring-1.json"), " ");

    public List<Guid> Assigned() => Lab.World.Store.Read(() => Lab.World.Assignments.Values
        .Where(a => a.ServicePrincipalId == Principal && Groups.Contains(a.GroupId)).Select(a => a.GroupId).ToList());

    public async Task<ScriptRun> RunAsync(string how, int throttled = 0, Guid? tenant = null)
    {
        var signedIn = tenant ?? Lab.World.Store.Read(() => Lab.World.Tenant.TenantId);
        var with = how == "-WhatIf" ? "@{WhatIf=$true}" : "@{Confirm=$false}";
        var start = new ProcessStartInfo(Pwsh!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "-NoProfile", "-NonInteractive", "-Command",
                string.Create(CultureInfo.InvariantCulture,
                    $"& '{InFolder("stand-in.ps1")}' -Script '{InFolder("ring-1.ps1")}' -Graph '{Lab.Graph}' -Token '{Lab.Token}' -Tenant {signedIn:D} -Throttled {throttled} -With {with}"),
            },
            Environment = { ["POWERSHELL_TELEMETRY_OPTOUT"] = "1", ["POWERSHELL_UPDATECHECK"] = "Off", ["NO_COLOR"] = "1" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var exit = process.WaitForExitAsync(Stop);
        while (await Task.WhenAny(exit, Task.Delay(5, Stop)) != exit) { await PassNapAsync(); }
        await exit;
        // An error is broken into lines of the console's width.
        var text = Folds().Replace(await output + await errors, " ");
        return new(process.ExitCode, text, int.Parse(Batches().Match(text).Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Lets the tenant's time pass while the script sleeps.</summary>
    async Task PassNapAsync()
    {
        var nap = InFolder("nap");
        if (File.Exists(nap))
        {
            await Lab.ForAsync(TimeSpan.FromSeconds(int.Parse(await File.ReadAllTextAsync(nap, Stop), CultureInfo.InvariantCulture)), Stop);
            File.Delete(nap);
        }
    }

    string InFolder(string name) => _folder[name];

    [GeneratedRegex(@"\s*\r?\n[ |]*")]
    private static partial Regex Folds();

    [GeneratedRegex("batches: ([0-9]+)")]
    private static partial Regex Batches();
}

sealed record ScriptRun(int Code, string Text, int Batches);
