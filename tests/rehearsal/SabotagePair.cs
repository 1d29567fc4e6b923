using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Two sabotages at once in a small world whose open questions are answered at random; everything follows from the seed.</summary>
sealed record SabotagePair
{
    /// <summary>A migration waits for people and windows for some days, and a parked one for some more.</summary>
    static readonly TimeSpan LongestRun = TimeSpan.FromDays(30);

    public required int Seed { get; init; }
    public required Sabotage One { get; init; }
    public required Sabotage Other { get; init; }
    public required Story Story { get; init; }

    public static SabotagePair Of(int seed)
    {
        // The seeds follow each other: mixed, so that they don't draw alike.
        var random = new Random(unchecked(seed * (int)2654435761));
        var all = Enum.GetValues<Sabotage>();
        var one = all[random.Next(all.Length)];
        var other = all.Where(s => s != one).ElementAt(random.Next(all.Length - 1));
        var (worse, kind) = (new WorldSwitches(), WorldSwitches.Kind);
        var options = new WorldOptions
        {
            Seed = seed,
            Groups = 20,
            M365 = 6,
            Servers = 1 + random.Next(3),
            ConnectVersion = random.Next(2) == 0 ? "2.5.190.0" : WorldOptions.NewestConnect,
            Naming = random.Next(2) == 0 ? ConnectNaming.CloudId : ConnectNaming.DisplayName,
            DeviatingNames = random.Next(3),
            DeviatingPlaces = random.Next(2),
            Switches = new WorldSwitches
            {
                FirstMatchRemovesUnseenMembers = Either(s => s.FirstMatchRemovesUnseenMembers),
                JoinNoFlowWritesMembers = Either(s => s.JoinNoFlowWritesMembers),
                M365TypeChanges = Either(s => s.M365TypeChanges),
                EqualPrecedence = Either(s => s.EqualPrecedence),
                RuleRemovalDeletes = Either(s => s.RuleRemovalDeletes),
                RulesTakeAfterSwitch = Either(s => s.RulesTakeAfterSwitch),
                RetainedGroupsDeletedAtSwitch = Either(s => s.RetainedGroupsDeletedAtSwitch),
                OnDemandNeedsStartedJob = Either(s => s.OnDemandNeedsStartedJob),
                SoftDeleteLeavesScope = Either(s => s.SoftDeleteLeavesScope),
                FlagReadDelaySeconds = Either(s => s.FlagReadDelaySeconds),
            },
            Sabotage = [one, other],
        };
        return new() { Seed = seed, One = one, Other = other, Story = new Story { World = options } };

        T Either<T>(Func<WorldSwitches, T> answer) => answer(random.Next(2) == 0 ? worse : kind);
    }

    /// <summary>Runs the pair, and demands what holds for every pair.</summary>
    public static async Task ProveAsync(int seed)
    {
        var pair = Of(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {SabotageName.Of(pair.One)} and {SabotageName.Of(pair.Other)}; {pair.Story.World}");

        var run = await Rehearsed.RunAsync(pair.Story);

        var (account, view) = (run.Result.Account, run.Result.View);
        run.AssertNoHarm();
        Assert.InRange(account.Switch.Transitions + account.Outside.Switches, 0, 1);
        Assert.Equal(0, account.Switch.WithoutApproval);
        Assert.Contains(run.Result.ExitCode, pair.MayEndWith());
        if (view is not null) { Assert.InRange((view.EndedAt ?? DateTimeOffset.MaxValue) - view.StartedAt, TimeSpan.Zero, LongestRun); }
    }

    /// <summary>How one of the two alone is designed to end, or stricter.</summary>
    IEnumerable<int> MayEndWith()
    {
        int[] strictness = [ExitCode.Completed, ExitCode.ParkedAfter, ExitCode.EndedBefore];
        return strictness.Skip(Math.Min(Strictness(One), Strictness(Other)));

        int Strictness(Sabotage sabotage) => IsDisarmed(sabotage) ? 0 : Array.IndexOf(strictness, SabotageTable.Rows[sabotage].ExitCode);
    }

    /// <summary>The docs tell of the default world, whose answers are the worse ones; under a kinder one nothing may come of it.</summary>
    bool IsDisarmed(Sabotage sabotage) => sabotage switch
    {
        Sabotage.OutOfBandDisable or Sabotage.SecondCycleWithErrors => Story.World.Switches.RulesTakeAfterSwitch,
        Sabotage.RingLosesMembers or Sabotage.FirstMatchRemovesMembers => !Story.World.Switches.FirstMatchRemovesUnseenMembers,
        Sabotage.StandbyPromoted or Sabotage.SecondServerWithoutRules => Story.World.Servers == 1,
        _ => false,
    };
}
