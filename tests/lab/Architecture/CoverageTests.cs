using System.Reflection;
using System.Text.RegularExpressions;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Pages;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Tests.Lab.Architecture;

/// <summary>docs/coverage.md says of everything that the source documents do where the product does it; here it is held to the list, and to what there is.</summary>
public sealed partial class CoverageTests
{
    const string Done = "done", Person = "person", Never = "never", NotYet = "not yet";

    static readonly Assembly[] Product = [typeof(MigrationPlan).Assembly, typeof(Command).Assembly, typeof(IAdSync).Assembly];

    static readonly ILookup<string, Type> Types = Product.SelectMany(assembly => assembly.GetTypes()).ToLookup(type => type.Name.Split('`')[0], StringComparer.Ordinal);

    static string Root { get; } = FindRoot();

    [Fact]
    public void Table_HasEveryItemOfTheList_InItsOrder() =>
        Assert.Equal(List().Select(item => item.Text), Table().Select(row => $"{row.Id} | {row.Document} | {row.Place} | {row.What}"));

    [Fact]
    public void List_HasEachItemOnce_OfEachDocument()
    {
        var ids = List().Select(item => item.Id).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(["plan", "enable", "modify", "migrate"], List().Select(item => item.Text.Split(" | ")[1]).Distinct());
    }

    [Fact]
    public void Row_NamesWhatThereIs()
    {
        var wrong = Table().Where(row => row.State is Done or Person)
            .SelectMany(row => row.Names.Count == 0 ? [$"{row.Id} names nothing"] : row.Names.Where(name => !Exists(name)).Select(name => $"{row.Id}: there is no {name}"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Row_OfWhatIsNeverDone_SaysWhy()
    {
        var wrong = Table().Where(row => row.State == Never && (row.Where.Length < 40 || !row.Names.All(Exists))).Select(row => row.Id);

        Assert.Empty(wrong);
    }

    /// <summary>What is promised may not be there already: whoever builds it says so in the table.</summary>
    [Fact]
    public void Row_OfWhatIsNotYet_IsTrue()
    {
        var wrong = Table().Where(row => row.State == NotYet)
            .SelectMany(row => row.Names.Count == 0 ? [$"{row.Id} names nothing"] : row.Names.Where(Exists).Select(name => $"{row.Id}: {name} is there by now; say \"{Done}\""));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Row_HasAStateOfTheFour() => Assert.Empty(Table().Where(row => row.State is not (Done or Person or Never or NotYet)).Select(row => row.Id));

    [Theory]
    [InlineData("NoSuchType")]
    [InlineData("RuleIds.NoSuchMember")]
    [InlineData("NoSuchScript.ps1")]
    [InlineData("GWB2999")]
    [InlineData("discover: nothing")]
    [InlineData("operation: nothing")]
    [InlineData("GET /api/nothing")]
    public void Name_OfWhatIsNotThere_IsFoundOut(string name) => Assert.False(Exists(name));

    /// <summary>Whether a name of the table is a type, a member, a script, a finding, an item of the discovery, a kind of operation, or a route.</summary>
    static bool Exists(string name) => name.Split(' ', 2) switch
    {
        ["discover:", var item] => Discovery.Ids.Contains(item),
        ["operation:", var kind] => OperationKinds.Find(kind) is not null,
        [var method, var route] => ApiRoutes.All.Concat(PageRoutes.All).Any(of => of.Method == method && $"/api/{of.Template}" == route),
        [var script] when script.EndsWith(".ps1", StringComparison.Ordinal) =>
            Directory.EnumerateFiles(Path.Combine(Root, "relay-listener"), script, SearchOption.AllDirectories).Any(path => path.Contains("Scripts", StringComparison.Ordinal)),
        [var code] when code.StartsWith("GWB", StringComparison.Ordinal) => FindingCatalogue.All.Any(check => check.Code == code),
        [var type] => type.Split('.') switch
        {
            [var alone] => Types.Contains(alone),
            [var of, var member] => Types[of].Any(t => t.GetMember(member, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static).Length > 0),
            _ => false,
        },
        _ => false,
    };

    static IEnumerable<(string Id, string Text)> List() => File.ReadLines(Path.Combine(Root, "tests/lab/Architecture/source-documents.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => (line.Split(" | ")[0], line));

    static IEnumerable<Row> Table() => File.ReadLines(Path.Combine(Root, "docs/coverage.md"))
        .Where(line => ItemLine.IsMatch(line))
        .Select(line => line.Trim('|').Split(" | ").Select(cell => cell.Trim()).ToList())
        .Select(cells => new Row(cells[0], cells[0].Split('-')[0], cells[1], cells[2], cells[3], cells[4]));

    [GeneratedRegex(@"^\| (plan|enable|modify|migrate)-\d+ \|")]
    private static partial Regex ItemLine { get; }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted { get; }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return folder.FullName;
    }

    sealed record Row(string Id, string Document, string Place, string What, string State, string Where)
    {
        public IReadOnlyList<string> Names { get; } = [.. Quoted.Matches(Where).Select(match => match.Groups[1].Value)];
    }
}
