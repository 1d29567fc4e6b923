using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Orchestration;

public sealed class RunEvidenceTests
{
    static RunEvidence Of(string result, IReadOnlyList<string> errors, string[] accepted, params RunError[] details) => RunEvidence.Of(
        [
            new ServerRuns
            {
                Server = "AADC1",
                Runs = [new() { RunNumber = 1, Connector = "contoso.example", Profile = "Export", Result = result, Errors = errors, Details = details }],
            },
        ],
        accepted.ToHashSet());

    [Fact]
    public void Errors_ThatCameSinceThePlan_AreNamedAndPass()
    {
        var evidence = Of("completed-export-errors", ["a", "b"], ["a"], new RunError { Key = "b", Kind = "permission-issue" });

        Assert.True(evidence.Passed);
        Assert.Equal((1, 1), (evidence.Accepted, evidence.NewCount));
        Assert.Equal(["AADC1: permission-issue b"], evidence.New);
        Assert.Equal(["a", "b"], evidence.Keys);
    }

    [Fact]
    public void Errors_BehindTheHundredthName_ChangeTheEvidenceTheSame()
    {
        string[] errors = [.. Enumerable.Range(0, 101).Select(i => $"{i:d3}")];

        var (one, other) = (Of("completed-sync-errors", errors, []), Of("completed-sync-errors", [.. errors[..100], "another"], []));

        Assert.Equal(one.New, other.New);
        Assert.NotEqual(JsonSerializer.Serialize(one, ContractJson.Options), JsonSerializer.Serialize(other, ContractJson.Options));
    }

    [Theory]
    [InlineData("stopped-server-down", false)]
    [InlineData("completed-export-errors", true)]
    public void Run_ThatNobodyKnowsOrWithAGroupInError_DoesNotPassThoughAccepted(string result, bool group)
    {
        var evidence = Of(result, ["a"], ["a"], new RunError { Key = "a", Kind = "permission-issue", Group = group ? "CN=g" : null });

        Assert.False(evidence.Passed);
        Assert.StartsWith("AADC1: ", Assert.Single(evidence.Problems), StringComparison.Ordinal);
    }
}
