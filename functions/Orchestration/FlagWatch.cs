using GwbCloud.Contracts.Commands;

namespace GwbCloud.Functions.Orchestration;

/// <summary><c>GroupWritebackV2</c> on the way back: only true lets a step go on. False refuses it and turns to the way forward; unknown stops for a person.</summary>
static class FlagWatch
{
    /// <summary>Steps that harm when the flag is off: those that take protection away, and those that let a server export, which acts on whatever the flag is.</summary>
    public static bool Guards(UndoKind kind) => kind
        is UndoKind.RemoveRules or UndoKind.RemoveStandbyRules or UndoKind.UnstampAnchors or UndoKind.RemoveCloudSync
        or UndoKind.LeaveStagingMode or UndoKind.RestoreScheduler;

    /// <summary>Reads the flag now. A step reads it again after each wait for a person, because it may have gone off meanwhile.</summary>
    /// <exception cref="StageStoppedException">It reads false, or nothing for a quarter of an hour.</exception>
    public static async Task DemandOnAsync(StageRun run, UndoKind kind)
    {
        var flag = await ReadAsync(run);
        if (flag == false) { throw new StageStoppedException(Notices.UndoRefused(kind.ToString())); }
        if (flag is null) { throw new StageStoppedException(Notices.SwitchUnknown()); }
    }

    static async Task<bool?> ReadAsync(StageRun run)
    {
        var until = run.Now.AddMinutes(run.Settings.SwitchPollMinutes);
        var flag = await LookAsync();
        while (flag is null && run.Now < until)
        {
            await run.DelayAsync(TimeSpan.FromMinutes(1));
            flag = await LookAsync();
        }
        return flag;

        async Task<bool?> LookAsync() => (await run.OnLeadAsync(new InspectServer())).Features.GroupWritebackV2;
    }
}
