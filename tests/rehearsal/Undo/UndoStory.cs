using System.Globalization;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>One way in which a migration turns back, drawn from a seed: where, by what, in which world, and what others do to the tenant meanwhile.</summary>
sealed record UndoStory
{
    /// <summary>Commands of a migration of a small world until its switch; who draws more turns there.</summary>
    const int MostCommands = 150;

    /// <summary>From here on what others do no longer meets the assessment.</summary>
    static readonly string[] Stages =
        ["prepare-cloud-sync", "stamp-anchors", "approve-plan", "freeze-and-drain", "enter-staging-mode", "coexistence-rules", "first-full-sync", "confirm-switch"];

    public required Story Story { get; init; }
    public required UndoBy By { get; init; }

    /// <summary>The number of the command at which it turns, from 1; means nothing at a gate.</summary>
    public required int At { get; init; }

    public static UndoStory Of(int seed)
    {
        var random = new WorldRandom(seed);
        var by = Enum.GetValues<UndoBy>()[Roll("by", 5)];
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
            Deeds = [.. Enumerable.Range(0, Roll("deeds", 4)).Select(PlannedBy)],
            // Whoever is to leave staging mode is away for longer than the task waits, in every fourth story.
            Absences = Roll("absent", 4) == 0 ? [new Absence { Who = LabRole.Operator, From = new Moment { At = MomentKind.UndoBegins }, Minutes = 40 * 60 }] : [],
        };
        return new UndoStory
        {
            By = by,
            At = 1 + Roll("at", MostCommands),
            Story = new Story
            {
                World = world,
                Decision = by is UndoBy.DenyPlan or UndoBy.DenySwitch ? RehearsedDecision.Deny : RehearsedDecision.Approve,
                At = by == UndoBy.DenyPlan ? RehearsedGate.Plan : RehearsedGate.Switch,
                TakeUpAfterHours = 3,
            },
        };

        int Roll(string what, int limit) => random.Next($"undo.{what}", "story", limit);

        PlannedDeed PlannedBy(int number)
        {
            int Draw(string what, int limit) => random.Next($"undo.deed.{what}", number.ToString(CultureInfo.InvariantCulture), limit);
            var at = Draw("when", 2) == 0
                ? new Moment { At = MomentKind.UndoBegins, Minutes = Draw("minutes", 180) }
                : Moment.BeginOf(Stages[Draw("stage", Stages.Length)], Draw("minutes", 30));
            string group = string.Create(CultureInfo.InvariantCulture, $"written {Draw("group", 20)}");
            string name = string.Create(CultureInfo.InvariantCulture, $"Outsider's {number}");
            return new PlannedDeed
            {
                When = at,
                Does = Draw("kind", 9) switch
                {
                    0 => new GroupMembersChanged { Group = group, Added = 1, Removed = 1 },
                    1 => new GroupRenamed { Group = group, Name = name },
                    2 => new GroupCreated { Name = name },
                    3 => new GroupHardDeleted { Group = group },
                    4 => new GroupSoftDeleted { Group = group },
                    5 => new ObjectRenamed { Group = group, Name = name },
                    6 => new ObjectMoved { Group = group },
                    7 => new ObjectAnchorSet { Group = group, Value = "Set_by_hand" },
                    _ => new ObjectMembersChanged { Group = group, Removed = 1 },
                },
            };
        }
    }

    /// <summary>Lives it, and holds the world to its control world.</summary>
    public async Task RunAsync()
    {
        var wire = new TripWire(At, By);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var run = await Rehearsed.RunAsync(
            Story,
            Kept.Nothing,
            services => services.AddSingleton<IOnPremises>(provider => new TrippedOnPremises(ActivatorUtilities.CreateInstance<OnPremisesClient>(provider), wire)),
            started: host =>
            {
                http.BaseAddress = host.Address;
                var operators = new ProductApi(http, host.Issuer, LabPeople.Operator, host.Clock);
                wire.CancelAsync = id => operators.CancelAsync(id, CancellationToken.None);
            });

        var others = string.Join("; ", Story.World.Deeds.Select(d => $"{d.When.Key} and {d.When.Minutes} min: {d.Does}"));
        var told = $"{By} at {wire.Tripped ?? "a gate"} ({At} of {wire.Passed}), meanwhile {others}: ";
        Assert.True(run.Result.Account.Switch.Transitions == 0, told + "it switched");
        Assert.True(run.Result.Account.Outcome is "denied" or "rolledBack", told + run.Result.Account.Outcome + " " + string.Join(", ", run.Result.Codes));
        var left = run.Differences.Where(d => !OrphanedMeanwhile(d)).ToList();
        Assert.True(left.Count == 0, told + string.Join(Environment.NewLine, left));
        // How long an absent operator lets exports stand still is his doing.
        var account = run.Result.Account;
        int harm = account.Harm - (Story.World.Absences.Count > 0 ? account.OutageHoursBeyondApproved : 0) - run.Differences.Count;
        Assert.True(harm <= 0, $"{told}harm {account.Harm}, {account.OutageHoursBeyondApproved} h of outage beyond what was approved");
        Assert.Equal((0, 0, 0, 0, 0), (account.Groups.Renamed, account.Groups.Moved, account.Groups.Duplicated, account.Groups.Emptied, account.Groups.SidOrGuidChanged));
    }

    /// <summary>
    /// A group that somebody deleted in Entra for good while the rules held its object: without them Connect knows the object no more, and it stays
    /// as an orphan that the next assessment names.
    /// </summary>
    bool OrphanedMeanwhile(string difference) =>
        Story.World.Deeds.Any(d => d.Does is GroupHardDeleted) && difference.StartsWith("Active Directory: ", StringComparison.Ordinal)
        && difference.EndsWith("instead of absent", StringComparison.Ordinal);
}
