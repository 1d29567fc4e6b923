using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>Reads the run history without reading all of it again each time.</summary>
sealed class RunHistory(IAdSync adSync)
{
    int _highest;

    /// <summary>The highest run number so far, 0 when nothing ran.</summary>
    public async Task<int> HighestAsync(CancellationToken cancellationToken)
    {
        // The last known run is read again, so that an emptied history does not look like one without new runs.
        var runs = await adSync.GetRunsAsync(Math.Max(0, Volatile.Read(ref _highest) - 1), cancellationToken);
        int highest = Math.Max(Volatile.Read(ref _highest), runs.Select(run => run.RunNumber).DefaultIfEmpty(0).Max());
        Volatile.Write(ref _highest, highest);
        return highest;
    }
}
