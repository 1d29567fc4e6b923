using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Runs;

namespace GwbCloud.Tests.Contracts.Runs;

public sealed class RunJudgeTests
{
    static RunResult Run(string result, params string[] errors) => new()
    {
        RunNumber = 7, Connector = "contoso.example", Profile = "Full Synchronization", Result = result, Errors = errors,
    };

    static HashSet<string> Known(params string[] errors) => [.. errors];

    [Fact]
    public void Judge_OnlyAcceptedErrors_Passes() => Assert.Empty(RunJudge.Judge([Run("success"), Run("completed-sync-errors", "a")], Known("a", "b")));

    [Theory]
    [InlineData("completed-sync-errors", "fresh")]
    [InlineData("completed-export-errors", "fresh")]
    [InlineData("stopped-server-down", "a")]
    [InlineData("a-word-nobody-knows", "a")]
    public void Judge_NewErrorOrUnknownResult_IsAReason(string result, string error) => Assert.Single(RunJudge.Judge([Run(result, error)], Known("a")));

    [Fact]
    public void Judge_ErrorsWithoutAnObject_IsAReason() => Assert.Single(RunJudge.Judge([Run("completed-sync-errors")], Known()));

    [Fact]
    public void Judge_ErrorOfAGroupInTheContainer_IsAReasonThoughItsKeyWasAccepted()
    {
        var run = Run("completed-sync-errors", "a") with { Details = [new() { Key = "a", Kind = "permission-issue", Group = "CN=g,OU=GroupWriteback" }] };

        Assert.Contains("CN=g,OU=GroupWriteback (permission-issue)", Assert.Single(RunJudge.Judge([run], Known("a"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("success", 0, false)]
    [InlineData("completed-sync-errors", 1, false)]
    [InlineData("completed-sync-errors", 0, true)]
    [InlineData("stopped-deletion-threshold-exceeded", 1, true)]
    [InlineData("no-start-connection", 0, true)]
    public void Result_ThatListsNothingToAccept_IsUnknown(string result, int errors, bool unknown) =>
        Assert.Equal(unknown, RunJudge.IsUnknown(Run(result, [.. Enumerable.Range(0, errors).Select(i => $"{i}")])));

    [Fact]
    public void Cycle_ThatEndedBeforeItsSynchronization_IsAReason()
    {
        RunResult[] runs = [Run("success") with { Profile = "Full Import" }, Run("success") with { Connector = "AAD", Profile = "Full Import" }, Run("success")];

        Assert.Equal(["AAD: the cycle ended before its synchronization"], RunJudge.JudgeCycle(runs, Known()));
        Assert.Empty(RunJudge.Judge(runs, Known()));
    }

    [Fact]
    public void Cycle_Whole_Passes() => Assert.Empty(RunJudge.JudgeCycle([Run("success") with { Profile = "Full Import" }, Run("success")], Known()));

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void Newest_LeavesOutWhatIsOlderThanTheLastFullImports(int number, bool counts)
    {
        var full = Run("success") with { RunNumber = 5, Profile = "Full Import" };
        var failed = full with { RunNumber = number, Profile = "Delta Import", Result = "stopped-server-down" };

        Assert.Equal(counts, RunJudge.Newest([full, failed]).Contains(failed));
    }

    [Fact]
    public void Newest_OfEachConnectorAndProfile_IsTheLast()
    {
        var old = Run("stopped-server-down") with { RunNumber = 3 };
        var newer = Run("success") with { RunNumber = 4 };
        var other = Run("success") with { RunNumber = 1, Connector = "AAD" };

        Assert.Equal([newer, other], RunJudge.Newest([old, newer, other]));
    }
}
