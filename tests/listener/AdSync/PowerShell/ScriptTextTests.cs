using System.Text.RegularExpressions;
using GwbCloud.RelayListener.AdSync.PowerShell;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>The embedded scripts as texts: what Windows PowerShell 5.1 can run, one prologue, and docs/adsync.md.</summary>
public sealed partial class ScriptTextTests
{
    public static TheoryData<string> Scripts { get; } = new(AdSyncScript.All.Select(script => script.Name).Append("Prologue"));

    [Fact]
    public void Scripts_InTheFolder_AreExactlyTheOperationsAndThePrologue() =>
        Assert.Equal(
            AdSyncScript.All.Select(script => script.Name).Append("Prologue").Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(Root(), "relay-listener", "AdSync", "PowerShell", "Scripts")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_IsAsciiWithoutTabsOrAMark(string name) => Assert.All(TextOf(name), letter => Assert.True(letter is '\n' or >= ' ' and <= '~', $"{(int)letter:X4}"));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_UsesNoSyntaxThatWindowsPowerShellLacks(string name)
    {
        string code = CodeOf(name);

        Assert.All(Newer, pattern => Assert.False(Regex.IsMatch(code, pattern, RegexOptions.IgnoreCase), $"{name}: {pattern}"));
    }

    [Theory]
    [InlineData("$a ?? 1")]
    [InlineData("${a}?.b")]
    [InlineData("${a}?[0]")]
    [InlineData("a && b")]
    [InlineData("a || b")]
    [InlineData("($a) ? 1 : 2")]
    [InlineData("$a ? 1 : 2")]
    [InlineData("ForEach-Object -Parallel { }")]
    [InlineData("ConvertFrom-Json -AsHashtable")]
    [InlineData("$a ??= 1")]
    public void NewerSyntax_WouldBeFound(string code) => Assert.Contains(Newer, pattern => Regex.IsMatch(code, pattern, RegexOptions.IgnoreCase));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_BeginsWithWhatAnAdministratorWantsToKnow(string name)
    {
        var header = HeaderOf(TextOf(name));

        Assert.Equal(["What", "Cmdlets", "Effect", "Rights"], header.Select(part => part.Key));
        Assert.All(header, part => Assert.EndsWith(".", part.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Prologue_AloneIsStrictImportsAndAnswers()
    {
        Assert.Contains("Set-StrictMode -Version", AdSyncScript.Prologue, StringComparison.Ordinal);
        Assert.Contains("$global:ErrorActionPreference = 'Stop'", AdSyncScript.Prologue, StringComparison.Ordinal);
        Assert.All(AdSyncScript.All, script => Assert.DoesNotMatch(
            "Set-StrictMode|ErrorActionPreference|ProgressPreference|Import-Module|ConvertTo-Json|OpenStandard|\\[Console\\]|Write-Host|Write-Output|-ErrorAction", CodeOf(script.Name)));
        Assert.All(AdSyncScript.All, script => Assert.Matches(@"param\(\$Parameters\)", CodeOf(script.Name)));
    }

    [Fact]
    public void Scripts_NameEveryCmdletOfConnectThatTheyCallAndNoOther() => Assert.All(AdSyncScript.All, script =>
    {
        var called = Cmdlet().Matches(CodeOf(script.Name)).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var named = Cmdlet().Matches(HeaderOf(script.Text)[1].Value).Select(match => match.Value).Order(StringComparer.Ordinal);
        // Get-Command names a cmdlet without calling it.
        Assert.Equal(script == AdSyncScript.GetHost ? called.Except(["Set-ADSyncAADCompanyFeature"]) : called, named);
    });

    [Fact]
    public void Scripts_ThatOnlyRead_CallNothingThatChanges() => Assert.All(AdSyncScript.All.Where(script => script.Effect == ScriptEffect.Read),
        script => Assert.All(Cmdlet().Matches(HeaderOf(script.Text)[1].Value), cmdlet => Assert.StartsWith("Get-", cmdlet.Value, StringComparison.Ordinal)));

    [Fact]
    public void Docs_ListEveryScriptAsItsHeaderSays()
    {
        var expected = AdSyncScript.All.Select(script =>
        {
            var header = HeaderOf(script.Text);
            return $"| {script.Name} | {header[0].Value} | {header[1].Value} | {header[2].Value} | {header[3].Value} |";
        });

        Assert.Equal(expected, File.ReadAllLines(Path.Combine(Root(), "docs", "adsync.md")).SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith('|')));
    }

    [PowerShellFact]
    public async Task Scripts_AreUnderstoodByThePowerShellOfThisMachine()
    {
        string folder = Directory.CreateTempSubdirectory("gwb-scripts-").FullName;
        try
        {
            foreach (string name in Scripts.Select(row => row.Data)) { await File.WriteAllTextAsync(Path.Combine(folder, name + ".ps1"), TextOf(name), TestContext.Current.CancellationToken); }
            string said = await Shell.RunAsync(
                $"Get-ChildItem '{folder}' -Filter *.ps1 | ForEach-Object {{ $t = $null; $e = $null; $null = [System.Management.Automation.Language.Parser]::ParseFile($_.FullName, [ref]$t, [ref]$e); \"$($_.Name) $(@($e).Count)\" }}",
                folder, TestContext.Current.CancellationToken);

            Assert.Equal(Scripts.Select(row => $"{row.Data}.ps1 0").Order(StringComparer.Ordinal), said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Patterns of what came after 5.1.</summary>
    static readonly string[] Newer =
    [
        @"\?\?", @"\?\.", @"\}\?\[", "&&", @"\|\|", @"[\w)\]}]\s+\?\s+[^{]", "-Parallel\\b", "-AsHashtable\\b", "-AsArray\\b", "-EscapeHandling\\b", @"\bclean\s*\{",
        "\\bJoin-String\\b", "\\bGet-Error\\b", "-AsUTC\\b", "utf8NoBOM", "\\$IsWindows\\b", "\\bGet-Uptime\\b",
    ];

    static string TextOf(string name) => name == "Prologue" ? AdSyncScript.Prologue : AdSyncScript.All.Single(script => script.Name == name).Text;

    /// <summary>Without comments.</summary>
    static string CodeOf(string name) => string.Join('\n', TextOf(name).Split('\n').Where(line => !line.TrimStart().StartsWith('#')));

    /// <summary>The parts of the comment at the top, each on one line.</summary>
    static List<KeyValuePair<string, string>> HeaderOf(string text)
    {
        var parts = new List<KeyValuePair<string, string>>();
        foreach (string line in text.Split('\n').TakeWhile(line => line.StartsWith('#')))
        {
            if (Part().Match(line) is { Success: true } part) { parts.Add(new(part.Groups[1].Value, part.Groups[2].Value)); }
            else { parts[^1] = new(parts[^1].Key, $"{parts[^1].Value} {line[1..].Trim()}"); }
        }
        return parts;
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return folder.FullName;
    }

    [GeneratedRegex("^# ([A-Z][a-z]+): (.*)$")]
    private static partial Regex Part();

    [GeneratedRegex("[A-Z][a-z]+-ADSync[A-Za-z0-9]+")]
    private static partial Regex Cmdlet();
}
