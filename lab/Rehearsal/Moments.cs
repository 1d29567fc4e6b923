using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>The moments that a migration has, as people type them.</summary>
static class Moments
{
    /// <summary>What a moment of a kind may be named by; nothing where there is only one.</summary>
    public static IReadOnlyList<string> NamesOf(MomentKind kind) => kind switch
    {
        MomentKind.StageBegins or MomentKind.StageEnds => Names.Of<StageName>(),
        MomentKind.GateOpens or MomentKind.GateApproved => Names.Of<GateName>(),
        MomentKind.TaskOpens => Names.Of<TaskKind>(),
        _ => [],
    };

    /// <summary>The moments that a view of a migration shows as reached, the earliest first.</summary>
    public static IEnumerable<(MomentKind At, string? Of)> ShownBy(MigrationView view)
    {
        foreach (var stage in view.Stages)
        {
            if (stage.StartedAt is not null) { yield return (MomentKind.StageBegins, Names.Of(stage.Name)); }
            if (stage.EndedAt is not null) { yield return (MomentKind.StageEnds, Names.Of(stage.Name)); }
        }

        if (view.Gate is { } gate) { yield return (MomentKind.GateOpens, Names.Of(gate.Gate)); }
        foreach (var task in view.Tasks) { yield return (MomentKind.TaskOpens, Names.Of(task.Kind)); }
        if (view.State == MigrationState.RollingBack) { yield return (MomentKind.UndoBegins, null); }
        if (view.State == MigrationState.NeedsAttention) { yield return (MomentKind.Parked, null); }
    }
}
