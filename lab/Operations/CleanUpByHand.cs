using GwbCloud.Functions.Operations;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Operations;

/// <summary>The clean-up after a completed migration: what is asked of the product, and which servers may be without the coexistence rules afterwards.</summary>
/// <remarks>There is no deed by hand that the world could be held against: the migration itself is one that nobody did there. Its harm is counted, and its rules are compared.</remarks>
sealed class CleanUpByHand(OperationStory story) : RehearsedOperation(story)
{
    public const string Kind = "cleanUp";

    // Source: migrate how-to, steps 3 and 4.
    static readonly HashSet<Guid> s_coexistence = [new("e4eae1c9-b9bc-4328-ade9-df871cdd3027"), new("419fda18-75bb-4e23-b947-8b06e7246551")];

    public override bool AfterMigration => true;

    public override object TermsIn(SimulatedWorld world) => new { step = "standby" };

    public override object? NextTerms(int asked) => Story.Active && asked == 1 ? new { step = "active" } : null;

    public override void Do(SimulatedWorld world, WorldChange change) => throw new NotSupportedException("A clean-up is judged by itself.");

    public override bool Expects(SimulatedWorld world, OperationOutcome outcome) => outcome == (
        world.Options.Servers == 1 ? OperationOutcome.NothingToDo
        : world.Switches.RuleRemovalDeletes ? (Story.Active ? OperationOutcome.NothingToDo : OperationOutcome.Incomplete)
        : Story.Undo ? OperationOutcome.Undone
        : OperationOutcome.Completed);

    /// <summary>Whether a server is to be without the rules at the end: only where the world lets the groups go, and a standby could show it.</summary>
    public bool LosesRules(SimulatedWorld world, string server) =>
        !Story.Undo && !Story.Denied && !world.Switches.RuleRemovalDeletes && world.Options.Servers > 1 && (Story.Active || world.Store.Read(() => world.Servers[server].Staging));

    /// <summary>One of the two rules.</summary>
    public static bool IsCoexistence(Guid rule) => s_coexistence.Contains(rule);
}
