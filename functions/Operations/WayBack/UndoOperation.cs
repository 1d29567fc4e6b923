using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Operations.WayBack;

/// <summary>
/// Undoes a migration that was denied and left, put off, let go, or lost its history: from the snapshot, the kept facts and the listener's journal alone.
/// The steps are those of the migration's own way back, one at a time.
/// </summary>
/// <remarks>A step that is stuck ends it; started again it goes on there, since what is done is kept after each step.</remarks>
public sealed class UndoOperation : Operation
{
    public const string Name = "undo";

    /// <summary>More than there are kinds of steps: one that has to go into staging mode again adds what undoes that.</summary>
    const int MostSteps = 32;

    public override string Kind => Name;

    public override Type Terms => typeof(UndoTerms);

    public override bool TakesUpMigrations => true;

    internal override async Task<OperationDraft> PlanAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var servers = await work.InspectAsync();
        var answer = await work.CallAsync<UndoAnswer>(nameof(UndoActivities.PlanUndo), new UndoQuestion { MigrationId = MigrationOf(work), Servers = servers });
        return answer.Draft ?? throw new StageStoppedException(answer.Refusal!);
    }

    internal override async Task<OperationResult> RunAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var total = work.Plan.Total;
        var begun = await work.CallAsync<UndoBegun>(
            nameof(UndoActivities.BeginUndo), new UndoBeginning { MigrationId = MigrationOf(work), Steps = work.Plan.Draft.Changes!, First = work.View.Run == 1 });
        if (begun.Refusal is { } refusal) { throw new StageStoppedException(refusal); }
        if (begun.From is not { } at) { return await DoneAsync(work, total); }

        // Whatever becomes of this run, it counts as unfinished from here on: no other migration begins, and this one can be taken up.
        at = await KeepAsync(work, at, unfinished: true);
        for (var step = 0; step < MostSteps && UndoPlanner.StepsOf(at.Facts) is [_, ..] left; step++)
        {
            await ShowAsync(work, Math.Max(0, total - 1 - left.Count));
            if (step > 0 && work.IsStopped)
            {
                await EndAsync(work, at, MigrationOutcome.NeedsAttention);
                return new() { Stopped = true, Written = work.View.Written };
            }

            var back = await work.DuringAsync<WayBackOutcome>(
                nameof(WayBackOrchestrator),
                new WayBackInput { From = at, Most = 1 },
                $"{work.Context.InstanceId}:{work.Request.OperationId}:{work.View.Run}.{step}");
            at = at with { Facts = back.Facts, View = back.View };
            if (!back.Complete) { await StopAsync(work, at, left[0], back.OnlyForward); }
        }

        await EndAsync(work, at, MigrationOutcome.RolledBack);
        return await DoneAsync(work, total);
    }

    /// <summary>Never asked: an undo has none.</summary>
    internal override Task<OperationResult> UndoAsync(OperationWork work) => throw new NotSupportedException("An undo is not undone.");

    static string MigrationOf(OperationWork work) => work.Terms<UndoTerms>().MigrationId;

    /// <exception cref="StageStoppedException">Always: the migration is closed as unfinished, and the operation has failed.</exception>
    static async Task StopAsync(OperationWork work, StageInput at, UndoKind stuck, bool onlyForward)
    {
        if (onlyForward)
        {
            // As in a migration of its own: off is the new truth, and whoever takes it up goes forward.
            at = at with { Facts = at.Facts with { SwitchedOff = true, SwitchedElsewhere = at.Facts.SwitchedElsewhere || !at.Facts.SwitchAttempted } };
        }

        var why = at.View.Notices is [.., var last] ? $" {last.Code} {last.Message}" : "";
        await EndAsync(work, at, MigrationOutcome.NeedsAttention);
        throw new StageStoppedException(onlyForward
            ? UndoError.TurnedForward.Notice($"{UndoPlanner.Name(stuck)} was refused.{why}")
            : UndoError.StepStuck.Notice($"It stopped at {UndoPlanner.Name(stuck)}.{why}"));
    }

    /// <summary>Closes the migration's own view and facts, and writes its report anew.</summary>
    static async Task EndAsync(OperationWork work, StageInput at, MigrationOutcome outcome)
    {
        var now = new DateTimeOffset(work.Context.CurrentUtcDateTime, TimeSpan.Zero);
        at = at with { View = at.View with { State = MigrationState.Ended, Outcome = outcome, EndedAt = now, UpdatedAt = now } };
        at = await KeepAsync(work, at, unfinished: outcome == MigrationOutcome.NeedsAttention);
        await work.Context.CallActivityAsync(
            "WriteReport", new ReportInput { View = at.View, Plan = at.Request.Plan, Comparison = at.Facts.Comparison, Verification = at.Facts.Verification }, Retries.OwnStore);
        await work.Context.CallActivityAsync("PublishView", new ViewUpdate { View = at.View }, Retries.OwnStore);
    }

    static async Task<StageInput> KeepAsync(OperationWork work, StageInput at, bool unfinished)
    {
        at = at with { Facts = at.Facts with { Revision = at.Facts.Revision + 1 } };
        await work.Context.CallActivityAsync(
            "KeepStanding",
            new MigrationStanding { MigrationId = at.Request.MigrationId, Stage = at.Stage, Facts = at.Facts, Unfinished = unfinished, TakenUp = at.Request.TakenUp },
            Retries.OwnStore);
        return at;
    }

    static Task ShowAsync(OperationWork work, int done) => work.ShowAsync(view => view with { Done = done, Written = done });

    static async Task<OperationResult> DoneAsync(OperationWork work, int total)
    {
        await ShowAsync(work, total);
        return new() { Written = total };
    }
}
