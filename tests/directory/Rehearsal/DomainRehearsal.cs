using GwbCloud.Lab.DomainController;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Terminal;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Rehearsal;

/// <summary>Rehearsals on a controller, or on the simulated twin of its forest.</summary>
sealed record DomainRehearsal
{
    public required RehearsalResult Result { get; init; }

    /// <summary><c>world.json</c> as it was written.</summary>
    public required string WorldJson { get; init; }

    /// <summary>What differs from the control world.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>What the view told.</summary>
    public required string Told { get; init; }

    /// <summary>A small world.</summary>
    public static Story Small(params Sabotage[] sabotage) => new() { World = new WorldOptions { Groups = 40, M365 = 12, Sabotage = sabotage } };

    /// <summary>The controller, as the command line would name it.</summary>
    public static DirectoryOptions On(SambaDc dc, bool mayBeFilled = true, bool clean = true) => new()
    {
        Host = dc.Address,
        Authorities = dc.CertificateFile,
        User = SambaDc.Administrator,
        Password = SambaDc.Password,
        MayBeFilled = mayBeFilled,
        Clean = clean,
    };

    /// <summary>The same story in a forest with the same names, simulated.</summary>
    public static Story Twin(Story story) => story with
    {
        World = story.World with { Forest = new ForestShape { Domain = SambaDc.Domain, Root = $"{LabDomain.Container},{SambaDc.BaseDn}", DomainController = SambaDc.HostName } },
    };

    /// <param name="story">What to rehearse.</param>
    /// <param name="directory">Where; null simulates the forest.</param>
    /// <param name="inspect">Looks at host and control world at the end.</param>
    public static async Task<DomainRehearsal> RunAsync(Story story, DirectoryOptions? directory, Action<LabHost, ControlWorld>? inspect = null)
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("gwb-test-").FullName;
        await using var log = new StringWriter();
        IReadOnlyList<string> differences = [];
        try
        {
            var result = await RehearsalRun.RunAsync(
                new RehearsalOptions { Story = story, Directory = directory, Output = folder },
                new PlainView(log),
                TestContext.Current.CancellationToken,
                (host, control) =>
                {
                    differences = WorldComparison.Differences(host.World, control.World, Kept.Nothing, CanariesOf(host.World));
                    inspect?.Invoke(host, control);
                });
            return new DomainRehearsal
            {
                Result = result,
                WorldJson = await File.ReadAllTextAsync(Path.Combine(folder, "world.json"), TestContext.Current.CancellationToken),
                Differences = differences,
                Told = log.ToString(),
            };
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(log.ToString());
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    static List<Guid> CanariesOf(SimulatedWorld world) => world.Store.Read(() => world.Groups.Values.Where(g => WorldSeeder.Canaries.Contains(g.DisplayName)).Select(g => g.Id).ToList());
}
