using GwbCloud.Functions.Operations;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Operations;

/// <summary>A kind of operation as the lab knows it: what is asked of the product, and what a person would do by hand to the same end.</summary>
/// <remarks>The world judges the product by the deed by hand, done in the control world. Nothing of it rests on the product's own decisions.</remarks>
abstract class RehearsedOperation(OperationStory story)
{
    /// <summary>What is rehearsed.</summary>
    protected OperationStory Story => story;

    /// <summary>The kinds by their names.</summary>
    public static RehearsedOperation Of(OperationStory story) => story.Kind switch
    {
        NewGroupsByHand.Kind => new NewGroupsByHand(story),
        ExistingGroupsByHand.Kind => new ExistingGroupsByHand(story),
        DiscoverByHand.Kind => new DiscoverByHand(story),
        UndoneMigration.Kind => new UndoneMigration(story),
        MemberLimitByHand.Kind => new MemberLimitByHand(story),
        DeleteRuleByHand.Kind => new DeleteRuleByHand(story),
        EnableByHand.Kind => new EnableByHand(story),
        CleanUpByHand.Kind => new CleanUpByHand(story),
        RestoreByHand.Kind => new RestoreByHand(story),
        _ => throw new ArgumentException($"'{story.Kind}' is no operation that the lab knows.", nameof(story)),
    };

    /// <summary>Files that the product has of a kind, each with its address below the operation.</summary>
    public static IReadOnlyList<(string Name, string Path)> FilesOf(string kind) => kind switch
    {
        DiscoverByHand.Kind => [("discover.html", "report?format=html"), ("discover.json", "report?format=json")],
        RestoreByHand.Kind => [("restore.json", "report"), ("repair.ps1", "repair?format=script"), ("repair.json", "repair?format=snapshot"), ("repair.ldif", "repair?format=ldif")],
        _ => [],
    };

    /// <summary>The terms in the body of the request.</summary>
    public abstract object TermsIn(SimulatedWorld world);

    /// <summary>The terms, where it takes the API to know them.</summary>
    public virtual Task<object> TermsAsync(ProductApi api, SimulatedWorld world, CancellationToken cancellationToken) => Task.FromResult(TermsIn(world));

    /// <summary>What happened in the company before anybody asks for it; true when it has. Done again it changes nothing.</summary>
    public virtual Task<bool> PrepareAsync(SimulatedWorld world) => Task.FromResult(true);

    /// <summary>What people do when it has ended. Done again it changes nothing.</summary>
    public virtual Task AfterAsync(SimulatedWorld world) => Task.CompletedTask;

    /// <summary>What else people do while it runs.</summary>
    public virtual Task HelpAsync(ProductApi api, LabHost host, Action<string> said, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The same by hand. The world is within a change.</summary>
    public abstract void Do(SimulatedWorld world, WorldChange change);

    /// <summary>The world in which it makes sense.</summary>
    public virtual WorldOptions In(WorldOptions world) => world;

    /// <summary>A completed migration comes before it.</summary>
    public virtual bool AfterMigration => false;

    /// <summary>What is asked of the product next, when so many operations were asked for and the last has ended; null when that was all.</summary>
    public virtual object? NextTerms(int asked) => null;

    /// <summary>Whether an operation that wrote nothing, or not everything, ended as this world makes it end.</summary>
    public virtual bool Expects(SimulatedWorld world, OperationOutcome outcome) => outcome == OperationOutcome.NothingToDo || outcome == (Story.Undo ? OperationOutcome.Undone : OperationOutcome.Completed);

    /// <summary>What may differ from the control world after an undo, by the beginning of the line.</summary>
    public virtual IReadOnlyList<string> StaysAfterUndo => [];
}

/// <summary>The directory setting for new Microsoft 365 groups. Source: modify default behaviour.</summary>
sealed class NewGroupsByHand(OperationStory story) : RehearsedOperation(story)
{
    public const string Kind = "newGroups";

    public override object TermsIn(SimulatedWorld world) => new { writeback = Story.Off ? "off" : "on" };

    public override void Do(SimulatedWorld world, WorldChange change)
    {
        var tenant = world.Tenant;
        if (Story.Off == (tenant.NewUnifiedGroupWritebackDefault == "false")) { return; }
        world.PutTenant(change, tenant with { NewUnifiedGroupWritebackDefault = Story.Off ? "false" : "true" });
    }
}

/// <summary>The writeback of Microsoft 365 groups that are there. Source: modify default behaviour.</summary>
sealed class ExistingGroupsByHand(OperationStory story) : RehearsedOperation(story)
{
    public const string Kind = "existingGroups";

    public override IReadOnlyList<string> StaysAfterUndo => Story.Off ? [] : ["Active Directory"];

    public override object TermsIn(SimulatedWorld world) => Story.Selected is null
        ? new { writeback = Story.Off ? "off" : "on" }
        : new { writeback = Story.Off ? "off" : "on", groups = Meant(world) };

    public override void Do(SimulatedWorld world, WorldChange change)
    {
        foreach (var id in Meant(world))
        {
            var group = world.Groups[id];

            // What is written back anyway is left as it is: not set is a value of its own.
            if (Story.Off ? group.WritebackEnabled != false : group.WritebackEnabled == false) { world.Groups.Put(change, id, group with { WritebackEnabled = !Story.Off }); }
        }
    }

    List<Guid> Meant(SimulatedWorld world) => world.Store.Read(() =>
        world.Groups.Values.Where(g => g is { Unified: true, DeletedAt: null }).Select(g => g.Id).Take(Story.Selected ?? int.MaxValue).ToList());
}

/// <summary>The rule that keeps large groups out, in the rule editor of every server. Source: modify default behaviour.</summary>
sealed class MemberLimitByHand(OperationStory story) : RehearsedOperation(story)
{
    public const string Kind = "memberLimit";

    public override object TermsIn(SimulatedWorld world) => new { limit = Story.Off ? "off" : "on" };

    public override void Do(SimulatedWorld world, WorldChange change)
    {
        foreach (string server in world.Servers.Values.Where(s => !s.Forgotten).Select(s => s.Name).ToList())
        {
            world.Connect.PutRules(change, server, [.. world.Rules[server].Rules.Select(r => r.Identifier == StandardRules.MemberLimitRule ? r with { Disabled = Story.Off } : r)]);
        }
    }
}

/// <summary>The delete-on-disable rule, by the document's script on every server. Source: modify default behaviour.</summary>
sealed class DeleteRuleByHand(OperationStory story) : RehearsedOperation(story)
{
    public const string Kind = "deleteRule";

    /// <summary>The lowest that is free, as somebody who is asked for a number would type.</summary>
    const int Precedence = 1;

    // There must be something to remove.
    public override WorldOptions In(WorldOptions world) => world with { DeleteRule = Story.Off };

    public override object TermsIn(SimulatedWorld world) => new { rule = Story.Off ? "off" : "on" };

    public override void Do(SimulatedWorld world, WorldChange change)
    {
        foreach (string server in world.Servers.Values.Where(s => !s.Forgotten).Select(s => s.Name).ToList())
        {
            var others = world.Rules[server].Rules.Where(r => r.Identifier != StandardRules.DeleteRule);
            world.Connect.PutRules(change, server, Story.Off ? [.. others] : [.. others, StandardRules.Delete with { Precedence = Precedence }]);
        }
    }
}
