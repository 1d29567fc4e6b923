using GwbCloud.Functions.Graph;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.CloudSync;

/// <summary>Waits until what was made or removed shows: Entra replicates.</summary>
public sealed class ReplicationWait(IDelay delay, IOptions<CloudSyncOptions> options)
{
    /// <summary>Between two looks.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(options.Value.ReplicationPollSeconds);

    /// <summary>Before this attempt gives up.</summary>
    public int Looks => options.Value.ReplicationPolls;

    public Task PauseAsync(CancellationToken cancellationToken) => delay.ForAsync(Pause, cancellationToken);

    /// <exception cref="GraphTransientException">GWB4101: it does not show.</exception>
    public async Task UntilAsync(Func<Task<bool>> there, CancellationToken cancellationToken)
    {
        for (var look = 0; !await there(); look++)
        {
            if (look == Looks)
            {
                throw new GraphTransientException(GraphError.NotReplicated);
            }

            await PauseAsync(cancellationToken);
        }
    }
}
