using GwbCloud.Functions.Operations;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.Operations;

/// <summary>
/// Deleted groups out of the Recycle Bin, and switched on in Entra afterwards. The delete-on-disable rule has deleted them when the story begins, or an administrator
/// does it by hand; one of them is soft-deleted in Entra. Source: modify default behaviour, restore from the Recycle Bin.
/// </summary>
sealed class RestoreByHand(OperationStory story) : RehearsedOperation(story)
{
    public const string Kind = "restore";

    const int Disabled = 3;

    public override WorldOptions In(WorldOptions world) => world with { DeleteRule = !Story.DeletedByHand, DisabledRetained = Disabled, SoftDeletedRetained = Story.Early ? 0 : 1 };

    public override object TermsIn(SimulatedWorld world) => new { then = Story.SwitchOn ? "switchOn" : "nothing" };

    /// <summary>Deletes what is to be restored; where somebody is too early, switches it on and waits until Connect has made new objects.</summary>
    public override async Task<bool> PrepareAsync(SimulatedWorld world)
    {
        if (Story.DeletedByHand)
        {
            foreach (var group in world.Store.Read(() => OutOfWriteback(world).Where(g => world.Forest.FindByAdminDescription(g.Anchor).Count > 0).ToList()))
            {
                await world.Deeds.DoAsync($"deleted {group.Id:D}", new ObjectDeleted { Group = group.Id.ToString("D") });
            }
        }

        if (!Story.Early) { return true; }
        foreach (var group in world.Store.Read(() => Deleted(world).Select(o => OfObject(world, o)).Where(g => g.DeletedAt is null).ToList()))
        {
            await world.Deeds.DoAsync($"on {group.Id:D}", new GroupWritebackSet { Group = group.Id.ToString("D"), Enabled = true });
        }

        return world.Store.Read(() => Deleted(world).All(o => OfObject(world, o).DeletedAt is not null || world.Forest.FindByAdminDescription(o.AdminDescription!).Count > 0));
    }

    public override void Do(SimulatedWorld world, WorldChange change)
    {
        foreach (var o in Deleted(world).ToList())
        {
            world.Forest.Restore(change, o.ObjectGuid);
            var group = OfObject(world, o);
            if (Story.SwitchOn && group.DeletedAt is null) { world.Groups.Put(change, group.Id, group with { WritebackEnabled = true }); }
        }

        Undelete(world, change);
    }

    /// <summary>The product says: restored here, now restore them there.</summary>
    public override async Task AfterAsync(SimulatedWorld world) => await world.Store.ChangeAsync(change => Undelete(world, change));

    public override bool Expects(SimulatedWorld world, OperationOutcome outcome) => outcome == (Story.Early ? OperationOutcome.NothingToDo : OperationOutcome.Completed);

    static void Undelete(SimulatedWorld world, WorldChange change)
    {
        foreach (var group in world.Groups.Values.Where(g => g.DeletedAt is not null && world.Forest.FindByAdminDescription(g.Anchor).Count > 0).ToList())
        {
            world.Groups.Put(change, group.Id, group with { DeletedAt = null });
        }
    }

    static IEnumerable<AdObject> Deleted(SimulatedWorld world) => world.Objects.Values.Where(o => o is { Class: AdClass.Group, DeletedAt: not null, AdminDescription: not null });

    static IEnumerable<CloudGroup> OutOfWriteback(SimulatedWorld world) => world.Groups.Values.Where(g => g is { OnPremisesSynced: false, Unified: false } && (g.WritebackEnabled != true || g.DeletedAt is not null));

    static CloudGroup OfObject(SimulatedWorld world, AdObject o) => world.Groups.Values.Single(g => string.Equals(g.Anchor, o.AdminDescription, StringComparison.OrdinalIgnoreCase));
}
