using GwbCloud.Contracts;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Functions.Orchestration.Servers;

namespace GwbCloud.Tests.Functions;

/// <summary>docs/errors.md has every error that no other page lists, word for word.</summary>
public sealed class ErrorDocsTests
{
    public static TheoryData<string> Areas => [.. Tables.Keys];

    static Dictionary<string, IReadOnlyList<ErrorEntry>> Tables { get; } = new()
    {
        ["GWB27"] = Orchestration("GWB27"),
        ["GWB28"] = [.. Orchestration("GWB28"), .. TimeError.All],
        ["GWB29"] = OperationError.All,
        ["GWB4"] = GraphError.All,
        ["GWB70"] = Contract("GWB70"),
        ["GWB71"] = Contract("GWB71"),
        ["GWB72"] = Contract("GWB72"),
        ["GWB73"] = Contract("GWB73"),
        ["GWB74"] = Contract("GWB74"),
        ["GWB75"] = Contract("GWB75"),
    };

    [Theory]
    [MemberData(nameof(Areas))]
    public void Errors_OfAnArea_AreInTheDocsWordForWord(string area)
    {
        var expected = Tables[area].OrderBy(e => e.Code, StringComparer.Ordinal).Select(e => $"| {e.Code} | {e.Message} | {e.Cause} | {e.Remedy} |");

        Assert.Equal(expected, Docs().Where(line => line.StartsWith($"| {area}", StringComparison.Ordinal)));
    }

    [Fact]
    public void OrchestrationErrors_AreAllInTheirTable()
    {
        var declared = typeof(OrchestrationError).GetFields().Select(f => f.GetValue(null)).OfType<ErrorEntry>().Concat(GuardError.All).Concat(ServerError.All);

        Assert.Equal(declared, OrchestrationError.All);
        Assert.Equal(OrchestrationError.All.Count, OrchestrationError.All.DistinctBy(e => e.Code).Count());
    }

    static IReadOnlyList<ErrorEntry> Orchestration(string area) => [.. OrchestrationError.All.Where(e => e.Code.StartsWith(area, StringComparison.Ordinal))];

    static IReadOnlyList<ErrorEntry> Contract(string area) => [.. ContractError.All.Where(e => e.Code.StartsWith(area, StringComparison.Ordinal))];

    static string[] Docs()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "errors.md"));
    }
}
