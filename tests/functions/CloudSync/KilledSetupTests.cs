using GwbCloud.Functions.CloudSync;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Functions.CloudSync;

/// <summary>The product dies when Graph has just made something, and comes back while replication still hides it.</summary>
public sealed class KilledSetupTests
{
    static readonly WorldOptions Deviating = new() { Groups = 40, M365 = 6, DeviatingNames = 3, DeviatingPlaces = 2 };

    [Theory]
    [InlineData(1, "/instantiate")]
    [InlineData(2, "/synchronization/jobs")]
    [InlineData(3, "/v1.0/applications")]
    [InlineData(4, "/v1.0/servicePrincipals")]
    [InlineData(5, "/extensionProperties")]
    public async Task Prepare_KilledBehindACreation_FindsItAndMakesNoSecond(int creation, string path)
    {
        using var kill = new CancellationTokenSource();
        Killer? killer = null;
        await using var lab = await LabTenant.StartAsync(Deviating, network: (_, inner) => killer = new Killer(creation, kill) { InnerHandler = inner });
        var input = new CloudSyncInput { MigrationId = "m-1", Plan = (await lab.AssessAsync()).Plan! };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lab.CloudSync.PrepareCloudSync(input, kill.Token));
        Assert.EndsWith(path, killer!.KilledAt, StringComparison.Ordinal);

        await lab.CloudSync.PrepareCloudSync(input, TestContext.Current.CancellationToken);

        Assert.Equal((1, 1), lab.World.Store.Read(() => (lab.World.Apps.Count, lab.World.Jobs.Count)));
        Assert.Single(Assert.Single(lab.ExtensionApps).Extensions);
        Assert.Equal(5, killer.Creations);
    }

    /// <summary>Kills the caller when the answer to the n-th creation is on its way.</summary>
    sealed class Killer(int nth, CancellationTokenSource kill) : DelegatingHandler
    {
        public int Creations { get; private set; }

        public string? KilledAt { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var path = request.RequestUri!.AbsolutePath;
            var creates = request.Method == HttpMethod.Post
                && (path.EndsWith("/instantiate", StringComparison.Ordinal) || path.EndsWith("/jobs", StringComparison.Ordinal)
                    || path.EndsWith("/applications", StringComparison.Ordinal) || path.EndsWith("/servicePrincipals", StringComparison.Ordinal)
                    || path.EndsWith("/extensionProperties", StringComparison.Ordinal));
            if (creates && answer.IsSuccessStatusCode && ++Creations == nth && KilledAt is null)
            {
                KilledAt = path;
                await kill.CancelAsync();
                kill.Token.ThrowIfCancellationRequested();
            }

            return answer;
        }
    }
}
