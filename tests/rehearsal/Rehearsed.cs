using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Api;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Terminal;
using GwbCloud.Lab.World;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>A rehearsal that ran in this process, with what its world looked like at the end.</summary>
sealed record Rehearsed
{
    public required RehearsalResult Result { get; init; }

    /// <summary><c>world.json</c> as it was written.</summary>
    public required string WorldJson { get; init; }

    /// <summary>The other files that it wrote, by name: report and results of the assessment.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>What differs from the control world, beyond what may be left.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>What Cloud Sync ever had to do with planned groups, from the world's changes one by one.</summary>
    public required PlannedWatch Planned { get; init; }

    /// <summary>Runs a story in a world without more groups than the test needs.</summary>
    /// <param name="story">What to rehearse.</param>
    /// <param name="kept">What may be left behind, for <see cref="Differences"/>.</param>
    /// <param name="services">Further services of the product.</param>
    /// <param name="inspect">Looks at the world when it has settled.</param>
    /// <param name="started">Listens to the world from its first moment on, or begins to act for somebody.</param>
    /// <param name="shown">Hears each view of the migration when it is shown.</param>
    /// <param name="said">Hears what people did.</param>
    /// <param name="real">People for whom the test acts.</param>
    public static async Task<Rehearsed> RunAsync(
        Story story, Kept kept = Kept.Nothing, Action<IServiceCollection>? services = null, Action<LabHost>? inspect = null, Action<LabHost>? started = null,
        Action<MigrationView>? shown = null, Action<LabPerson, string>? said = null, IReadOnlyList<LabPerson>? real = null)
    {
        using var folder = new TempFolder();
        await using var log = new StringWriter();
        IReadOnlyList<string> differences = [];
        var watch = new PlannedWatch(new PlainView(log), started, said);
        try
        {
            var result = await RehearsalRun.RunAsync(
                new RehearsalOptions
                {
                    Story = story,
                    Output = folder.File("out"),
                    Real = real ?? [],
                    Services = all => { Shorter(all); services?.Invoke(all); },
                    Shown = view =>
                    {
                        shown?.Invoke(view);
                        return Task.CompletedTask;
                    },
                },
                watch,
                TestContext.Current.CancellationToken,
                (host, control) =>
                {
                    differences = WorldComparison.Differences(host.World, control.World, kept, Canaries(host.World));
                    inspect?.Invoke(host);
                });
            return new Rehearsed
            {
                Result = result,
                WorldJson = await File.ReadAllTextAsync(folder.File("out/world.json"), TestContext.Current.CancellationToken),
                Files = Directory.GetFiles(folder.File("out")).ToDictionary(file => Path.GetFileName(file), File.ReadAllText, StringComparer.Ordinal),
                Differences = differences,
                Planned = watch,
            };
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(log.ToString());
        }
    }

    /// <summary>Two weeks of "Entra only" show nothing that two days don't; their bound has tests of its own.</summary>
    public static void Shorter(IServiceCollection services) => services.Configure<MigrationOptions>(options => options.EntraOnlyDays = 2);

    /// <summary>A story in a small world.</summary>
    public static Story Small(params Sabotage[] sabotage) => new() { World = new WorldOptions { Groups = 40, M365 = 12, Sabotage = sabotage } };

    /// <summary>No planned group ever came into scope, and none was ever written.</summary>
    public void AssertNonePlannedEverInScope() => Assert.Equal((0, 0, 0), (Planned.EverAssigned, Planned.EverWritten, Planned.EverCreated));

    /// <summary>Every planned group is there as it was, and nobody did any harm.</summary>
    public void AssertNoHarm()
    {
        var account = Result.Account;
        Assert.True(account.Harm == 0, JsonSerializer.Serialize(account, ContractJson.Options));
        Assert.Equal(account.Groups.Planned, account.Groups.Kept + account.Groups.GoneByOthers);
        Assert.Equal(0, Planned.EverCreated);
    }

    /// <summary>The whole way, with exactly one switch.</summary>
    public void AssertCompleted()
    {
        AssertNoHarm();
        Assert.Equal("completed", Result.Account.Outcome);
        Assert.Equal(ExitCode.Completed, Result.ExitCode);
        Assert.Equal((1, 0, 0), (Result.Account.Switch.Transitions, Result.Account.Switch.WithoutApproval, Result.Account.Switch.OutsideWindow));
    }

    static List<Guid> Canaries(SimulatedWorld world) => world.Store.Read(() => world.Groups.Values
        .Where(g => g.DisplayName is WorldSeeder.CanaryNew or WorldSeeder.CanaryMatch or WorldSeeder.CanaryUnassigned).Select(g => g.Id).ToList());
}
