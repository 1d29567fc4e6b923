using GwbCloud.Lab.Connect;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>Rules that people know by their names.</summary>
public enum KnownRule
{
    /// <summary>In from AAD - Group SOAinAAD coexistence with Cloud Sync.</summary>
    CoexistenceIn,

    /// <summary>Out to AD - Group SOAinAAD coexistence with Cloud Sync.</summary>
    CoexistenceOut,

    /// <summary>In from AAD - Group SOAinAAD.</summary>
    StandardIn,

    /// <summary>Out to AD - Group SOAinAAD.</summary>
    StandardOut,

    /// <summary>In from AAD - Group SOAinAAD Delete WriteBackOutOfScope and SoftDelete.</summary>
    Delete,
}

/// <summary>Removes a rule in the rule editor.</summary>
public sealed record RuleRemoved : Deed
{
    /// <summary>Null is every server.</summary>
    public string? Server { get; init; }
    public required KnownRule Rule { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) =>
        RuleDesk.Edit(world, change, Server, Rule, (rules, rule) => [.. rules.Where(r => r != rule)]);
}

/// <summary>Edits a rule in the rule editor: disables it, or changes its link.</summary>
public sealed record RuleEdited : Deed
{
    /// <summary>Null is every server.</summary>
    public string? Server { get; init; }
    public required KnownRule Rule { get; init; }
    public bool? Disabled { get; init; }
    public RuleLink? Link { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => RuleDesk.Edit(
        world, change, Server, Rule, (rules, rule) => [.. rules.Select(r => r != rule ? r : r with { Disabled = Disabled ?? r.Disabled, Link = Link ?? r.Link })]);
}

/// <summary>Clones a rule in the rule editor, as people do before they edit a standard one.</summary>
public sealed record RuleCloned : Deed
{
    /// <summary>Null is every server.</summary>
    public string? Server { get; init; }
    public KnownRule Rule { get; init; } = KnownRule.StandardOut;

    /// <summary>Must be free.</summary>
    public int Precedence { get; init; } = 70;

    /// <summary>The clone takes no heed of <c>cloudNoFlow</c>, so that it goes on provisioning what the coexistence rules join.</summary>
    public bool WithoutNoFlow { get; init; } = true;

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) => RuleDesk.Edit(
        world, change, Server, Rule, (rules, rule) => rules.Any(r => r.Precedence == Precedence) ? rules : [.. rules, StandardRules.Clone(rule, world.Random.Id("cloned rule", $"{rule.Identifier:D} {Precedence}"), Precedence, !WithoutNoFlow)]);
}

/// <summary>The rule editor.</summary>
static class RuleDesk
{
    static readonly Dictionary<KnownRule, Guid> Identifiers = new()
    {
        // Source: migrate how-to, steps 3 and 4.
        [KnownRule.CoexistenceIn] = new("e4eae1c9-b9bc-4328-ade9-df871cdd3027"),
        [KnownRule.CoexistenceOut] = new("419fda18-75bb-4e23-b947-8b06e7246551"),
        [KnownRule.StandardIn] = StandardRules.InFromEntra,
        [KnownRule.StandardOut] = StandardRules.OutToAd,
        [KnownRule.Delete] = StandardRules.DeleteRule,
    };

    public static DeedResult Edit(
        SimulatedWorld world, WorldChange change, string? server, KnownRule known, Func<IReadOnlyList<SyncRule>, SyncRule, IReadOnlyList<SyncRule>> edit)
    {
        bool found = false;
        foreach (string name in world.Rules.Keys.Where(s => server is null || s == server).ToList())
        {
            var rules = world.Rules[name].Rules;
            if (rules.FirstOrDefault(r => r.Identifier == Identifiers[known]) is not { } rule) { continue; }
            found = true;
            world.Connect.PutRules(change, name, edit(rules, rule));
        }

        return found ? DeedResult.Done : DeedResult.Refuse("There is no such rule.");
    }
}
