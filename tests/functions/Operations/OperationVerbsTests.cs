using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Operations;

public sealed class OperationVerbsTests
{
    /// <summary>The columns of the table in docs/operations.md.</summary>
    static readonly IReadOnlyList<OperationView> Columns =
    [
        View(OperationState.Planning), View(OperationState.Planned), View(OperationState.Running), View(OperationState.Undoing),
        Ended(OperationOutcome.Completed), Ended(OperationOutcome.Incomplete), Ended(OperationOutcome.Stopped), Ended(OperationOutcome.Failed), Ended(OperationOutcome.Denied) with { Run = 0, Written = 0 },
        Ended(OperationOutcome.Expired) with { Run = 0, Written = 0 },
        Ended(OperationOutcome.Undone) with { Backwards = true, Written = 0 }, Ended(OperationOutcome.UndoneInPart) with { Backwards = true },
    ];

    [Theory]
    [InlineData(OperationVerb.Start)]
    [InlineData(OperationVerb.Undo)]
    [InlineData(OperationVerb.Stop)]
    public void Verbs_AreInTheDocsWithTheirStates(OperationVerb verb)
    {
        var states = Columns.Select(view => OperationVerbs.Refusal(view, verb) is null ? "202" : "409");

        Assert.Contains($"| {verb.ToString().ToLowerInvariant()} | {string.Join(" | ", states)} |", File.ReadAllLines(Path.Combine(Repository.Root, "docs", "operations.md")));
    }

    [Fact]
    public void Undo_WithNothingLeftOfIt_IsRefused() => Assert.NotNull(OperationVerbs.Refusal(Ended(OperationOutcome.Completed) with { Written = 0 }, OperationVerb.Undo));

    [Fact]
    public void Undo_OfAKindThatHasNone_IsRefused()
    {
        var view = Ended(OperationOutcome.Completed);

        Assert.NotNull(OperationVerbs.Refusal(view with { Plan = view.Plan! with { Draft = view.Plan.Draft with { Undo = null } } }, OperationVerb.Undo));
    }

    [Fact]
    public void Start_AfterAStopOnTheWayBack_IsRefused_AndUndoGoesOn()
    {
        var view = Ended(OperationOutcome.Stopped) with { Backwards = true };

        Assert.NotNull(OperationVerbs.Refusal(view, OperationVerb.Start));
        Assert.Null(OperationVerbs.Refusal(view, OperationVerb.Undo));
    }

    [Fact]
    public void Kinds_EachHaveTheirTermsAndNames()
    {
        Assert.Equal(OperationKinds.All.Count, OperationKinds.All.Select(kind => kind.Kind).Distinct().Count());
        Assert.All(OperationKinds.All, kind => Assert.True(kind.Terms.IsSubclassOf(typeof(OperationTerms))));
    }

    static OperationView Ended(OperationOutcome outcome) => View(OperationState.Ended) with { Outcome = outcome, Run = 1, Written = 3 };

    static OperationView View(OperationState state) => new()
    {
        OperationId = "o-1", Kind = NewGroupsOperation.Name, Terms = new NewGroupsTerms { Writeback = WritebackWish.Off }, RequestedBy = "p", State = state,
        AskedAt = default, UpdatedAt = default,
        Plan = state == OperationState.Planning ? null : new()
        {
            OperationId = "o-1", Terms = new NewGroupsTerms { Writeback = WritebackWish.Off }, Draft = new() { Undo = "goes back" }, PlannedAt = default, ValidUntil = default,
        },
    };
}
