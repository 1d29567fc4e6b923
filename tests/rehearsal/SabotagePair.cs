using System.Text.RegularExpressions;
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
        pair.AssertEndsAsDesigned(run.Result.ExitCode, run.Result.Codes);
        if (view is not null) { Assert.InRange((view.EndedAt ?? DateTimeOffset.MaxValue) - view.StartedAt, TimeSpan.Zero, LongestRun); }
    }

    /// <summary>
    /// As one of the two is designed to end alone, with its exit and a code of its own: what comes first may pre-empt the other. It completes only where neither
    /// of them has to stop a migration.
    /// </summary>
    public void AssertEndsAsDesigned(int exit, IReadOnlyList<string> codes)
    {
        IReadOnlyList<IReadOnlyList<SabotageEnd>> both = [EndsOf(One), EndsOf(Other)];
        string told = $"ended with {exit} and {string.Join(", ", codes)}; designed are {string.Join(" or ", both.SelectMany(ends => ends))}";
        Assert.True(
            exit == ExitCode.Completed
                ? both.All(ends => ends.Any(end => end.Exit == ExitCode.Completed))
                : both.SelectMany(ends => ends).Any(end => end.Exit == exit && end.Codes.Intersect(codes).Any()),
            told);
    }

    /// <summary>The docs tell of the default world, whose answers are the worse ones, and whose names are tidy; another world may have other ends.</summary>
    IReadOnlyList<SabotageEnd> EndsOf(Sabotage sabotage)
    {
        var row = SabotageTable.Rows[sabotage];
        var (asTold, harmless) = (new SabotageEnd(row.ExitCode, row.Codes), new SabotageEnd(ExitCode.Completed, []));
        var world = Story.World;
        return sabotage switch
        {
            // The code stands in what the operator sees.
            Sabotage.GroupDnNotWritten or Sabotage.GroupDnDropped when world.DeviatingNames + world.DeviatingPlaces > 0 =>
                [new(ExitCode.EndedBefore, [.. Regex.Matches(row.Seen, "GWB[0-9]{4}").Select(code => code.Value)])],
            Sabotage.OutOfBandDisable or Sabotage.SecondCycleWithErrors when world.Switches.RulesTakeAfterSwitch => [asTold, harmless],
            Sabotage.RingLosesMembers when !world.Switches.FirstMatchRemovesUnseenMembers => [harmless],
            // Whom Cloud Sync does not know it does not add either, when somebody joins a group later.
            Sabotage.FirstMatchRemovesMembers when !world.Switches.FirstMatchRemovesUnseenMembers => [harmless, new(ExitCode.ParkedAfter, ["GWB2788"])],
            Sabotage.StandbyPromoted or Sabotage.SecondServerWithoutRules when world.Servers == 1 => [harmless],
            _ => [asTold],
        };
    }

    sealed record SabotageEnd(int Exit, IReadOnlyList<string> Codes)
    {
        public override string ToString() => $"{Exit} with {string.Join("/", Codes)}";
    }
}
