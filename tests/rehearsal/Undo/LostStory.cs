using System.Globalization;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>One way in which a migration is left or lost, drawn from a seed; its history is gone in each, and it is undone from what is kept.</summary>
sealed record LostStory
{
    /// <summary>Name of the operation.</summary>
    public const string Undo = "undo";

    /// <summary>Commands of a migration of a small world until its switch.</summary>
    const int MostCommands = 130;

    static readonly string[] Stages =
        ["prepare-cloud-sync", "stamp-anchors", "approve-plan", "freeze-and-drain", "enter-staging-mode", "coexistence-rules", "first-full-sync", "confirm-switch"];

    public required Story Story { get; init; }

    /// <summary>The number of the command at which it is lost, from 1; null where people leave it.</summary>
    public required int? At { get; init; }

    /// <summary>The command still reaches the server, and nobody hears what became of it.</summary>
    public required bool HandedOn { get; init; }

    public static LostStory Of(int seed)
    {
        var random = new WorldRandom(seed);
        // Left at the plan, put off at either gate, or lost: that in every second story.
        int how = Roll("how", 6);
        var world = new WorldOptions
        {
            Seed = seed,
            Groups = 20,
            M365 = 6,
            Servers = 1 + Roll("servers", 2),
            Naming = Roll("naming", 2) == 0 ? ConnectNaming.CloudId : ConnectNaming.DisplayName,
            ConnectVersion = Roll("version", 2) == 0 ? WorldOptions.NewestConnect : "2.5.190.0",
            DeviatingNames = Roll("names", 3),
            DeviatingPlaces = Roll("places", 2),
            ExistingConfiguration = Roll("existing", 4) switch { 0 => ExistingConfiguration.Paused, 1 => ExistingConfiguration.Managing, _ => ExistingConfiguration.None },
            RulesOnStandbys = Roll("rules", 3) == 0,
            Deeds = [.. Enumerable.Range(0, Roll("deeds", 3)).Select(PlannedBy)],
        };
        return new LostStory
        {
            At = how > 2 ? 1 + Roll("at", MostCommands) : null,
            HandedOn = Roll("handed", 2) == 0,
            Story = new Story
            {
                World = world,
                Decision = how switch { 0 => RehearsedDecision.DenyAndLeave, 1 or 2 => RehearsedDecision.Postpone, _ => RehearsedDecision.Approve },
                At = how is 0 or 1 ? RehearsedGate.Plan : RehearsedGate.Switch,
                Operation = new OperationStory { Kind = Undo, HistoryGone = true },
            },
        };

        int Roll(string what, int limit) => random.Next($"lost.{what}", "story", limit);

        PlannedDeed PlannedBy(int number)
        {
            int Draw(string what, int limit) => random.Next($"lost.deed.{what}", number.ToString(CultureInfo.InvariantCulture), limit);
            string group = string.Create(CultureInfo.InvariantCulture, $"written {Draw("group", 20)}");
            string name = string.Create(CultureInfo.InvariantCulture, $"Outsider's {number}");
            return new PlannedDeed
            {
                When = Moment.BeginOf(Stages[Draw("stage", Stages.Length)], Draw("minutes", 30)),
                Does = Draw("kind", 4) switch
                {
                    0 => new GroupMembersChanged { Group = group, Added = 1, Removed = 1 },
                    1 => new GroupRenamed { Group = group, Name = name },
                    2 => new GroupCreated { Name = name },
                    _ => new ObjectMembersChanged { Group = group, Removed = 1 },
                },
            };
        }
    }

    /// <summary>Lives it, and holds the world to its control world.</summary>
    public async Task RunAsync()
    {
        using var folder = new TempFolder();
        using var lost = At is null ? null : new LostMoment();
        var wire = new LosingWire(At ?? int.MaxValue, HandedOn, lost);
        var said = new List<string>();
        var account = await OperationRehearsal.RunAsync(
            new RehearsalOptions
            {
                Story = Story,
                Output = folder.File("out"),
                Services = lost is null ? null
                    : services => services.AddSingleton<IOnPremises>(provider => new LosingOnPremises(ActivatorUtilities.CreateInstance<OnPremisesClient>(provider), wire)),
            },
            said.Add, TestContext.Current.CancellationToken, lost);

        var told = $"{Story.Decision} at {Story.At}, lost at {wire.LostAt ?? "no command"}; {string.Join("; ", Story.World.Deeds.Select(d => $"{d.When.Key} and {d.When.Minutes} min: {d.Does}"))}: ";
        Assert.True(account.Differences.Count == 0, told + string.Join(Environment.NewLine, account.Differences.Take(10)) + Environment.NewLine + string.Join(Environment.NewLine, said));
        Assert.True(account.ExitCode == ExitCode.Completed && account.Outcome is "completed" or "nothingToDo", told + account.Outcome + " " + string.Join(", ", account.Codes) + Environment.NewLine + string.Join(Environment.NewLine, said));
    }
}
