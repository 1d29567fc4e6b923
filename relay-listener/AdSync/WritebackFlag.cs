using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.AdSync;

/// <summary>GroupWritebackV2 as three values: true, false, unknown. Unknown is never taken for either.</summary>
static class WritebackFlag
{
    /// <summary>Refuses what takes something back unless the flag reads true in this moment.</summary>
    /// <exception cref="CommandFailedException">GWB6209.</exception>
    public static async Task DemandWritebackOnAsync(this IAdSync adSync, CancellationToken cancellationToken)
    {
        bool? reads = (await adSync.GetFeaturesAsync(cancellationToken)).GroupWritebackV2;
        if (reads is not true)
        {
            throw AdSyncError.WritebackNotOn.Exception(reads is null ? "it could not be read" : "it reads false", transient: reads is null);
        }
    }
}
