using GwbCloud.Lab.CloudSync;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.CloudSync;

public sealed class CloudSyncRestartTests
{
    static readonly WorldOptions Small = new() { Groups = 20, M365 = 4 };

    [Fact]
    public async Task StartedJob_ProcessGoneInBetween_GoesOnAndWritesNothingTwice()
    {
        using var folder = new TempFolder();
        string before;
        int lines;
        int cycles;
        using (var clock = VirtualClock.Open(folder.Path))
        {
            using var hold = clock.Busy("test");
            var world = await SimulatedWorld.OpenAsync(folder.File("world.journal"), clock, Small);
            using var engine = new CloudSyncEngine(world);
            var app = new AppState
            {
                ApplicationObjectId = Guid.NewGuid(),
                AppId = Guid.NewGuid(),
                ServicePrincipalId = Guid.NewGuid(),
                DisplayName = "contoso.example",
                TemplateId = "template",
                PublicRoleId = Guid.NewGuid(),
                VisibleAt = clock.GetUtcNow(),
            };
            await world.Store.ChangeAsync(change => world.Apps.Put(change, app.ServicePrincipalId, app));
            var job = await engine.CreateJobAsync(app.ServicePrincipalId);
            await engine.PutSecretsAsync(app.ServicePrincipalId, new Dictionary<string, string> { ["Domain"] = """{"domain":"contoso.example"}""" });
            var portal = new Portal(world);
            await portal.SetMembersSwitchAsync(job.Id, on: true);
            var groups = world.Store.Read(() => world.Groups.Values.Where(g => g.WritebackEnabled == true && !g.Unified).Select(g => g.Id).ToList());
            await portal.RunAssignmentScriptAsync(app.ServicePrincipalId, groups);
            await engine.StartAsync(job.Id);
            await clock.SleepAsync(TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
            before = EndState.Of(world).ToJson();
            (lines, cycles) = Count(world);
            world.Store.Abandon();
        }

        using var again = VirtualClock.Open(folder.Path);
        using var holdAgain = again.Busy("test");
        await using var reopened = await SimulatedWorld.OpenAsync(folder.File("world.journal"), again, Small);
        using var second = new CloudSyncEngine(reopened);
        Assert.Equal(before, EndState.Of(reopened).ToJson());
        await again.SleepAsync(TimeSpan.FromHours(2), TestContext.Current.CancellationToken);

        Assert.True(lines > 10);
        Assert.Equal(lines, Count(reopened).Lines);
        Assert.InRange(Count(reopened).Cycles - cycles, 2, 6);
        Assert.Equal(before, EndState.Of(reopened).ToJson());
    }

    static (int Lines, int Cycles) Count(SimulatedWorld world) => world.Store.Read(() => (world.ProvisioningLog.Count, world.Jobs.Values.Single().Cycles));
}
