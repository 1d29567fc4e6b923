using GwbCloud.Lab.Harm;
using GwbCloud.Lab.World;

namespace GwbCloud.Tests.Lab.Harm;

/// <summary>What makes a clean rehearsal worth something: without the product's gates each sabotage comes to visible harm, and without a sabotage the same steps come to none.</summary>
public sealed class SabotageHarmTests
{
    // Connect's writing of members to joined groups would heal what Cloud Sync empties, and hide it from the account at the end.
    static readonly WorldSwitches Joined = new() { JoinNoFlowWritesMembers = false };

    static readonly Dictionary<Sabotage, Danger> Dangers = new()
    {
        [Sabotage.NoStamp] = new(a => a.Groups.Duplicated),
        [Sabotage.NoInboundRule] = new(Gone),
        [Sabotage.NoOutboundRule] = new(Gone),
        [Sabotage.SecondServerWithoutRules] = new(Gone),
        [Sabotage.KeepDeleteRule] = new(Gone) { DeleteRule = true },
        [Sabotage.DefaultContainer] = new(a => a.Groups.Moved),
        [Sabotage.DefaultName] = new(a => a.Groups.Renamed),
        [Sabotage.GroupDnNotWritten] = new(a => Math.Min(a.Groups.Renamed, a.Groups.Moved)) { Deviating = true },
        [Sabotage.GroupDnDropped] = new(a => Math.Min(a.Groups.Renamed, a.Groups.Moved)) { Deviating = true },
        [Sabotage.MembersSwitchOff] = new(a => Math.Min(a.Groups.Emptied, a.Members.LostUnannounced)),
        [Sabotage.DuplicateAnchor] = new(a => a.Groups.FrozenUnannounced),
        [Sabotage.LateGcReplication] = new(a => a.Groups.Duplicated),
        [Sabotage.CycleWithErrors] = new(Gone),
        [Sabotage.PendingDeleteAfterApproval] = new(Gone),
        [Sabotage.DisableReportsFailureButWorked] = new(Gone),
        [Sabotage.DisableReportsSuccessButDidNot] = new(Gone) { Habits = new() { TidiesUp = true } },
        [Sabotage.TooEarlyAssignments] = new(a => a.Groups.CreatedUnannounced) { SparesPlanned = true },
        [Sabotage.RingLosesMembers] = new(a => a.Members.LostUnannounced),
        [Sabotage.ConnectStillWrites] = new(a => a.Members.LostUnannounced),
        [Sabotage.Escrow] = new(a => a.Groups.FrozenUnannounced),
        [Sabotage.ScopeAll] = new(a => a.Groups.CreatedUnannounced) { SparesPlanned = true },
        [Sabotage.StagingLeftEarly] = new(a => a.Switch.Unready) { SparesPlanned = true },
        [Sabotage.SchedulerReenabled] = new(a => a.Switch.Unready) { SparesPlanned = true },
        [Sabotage.WizardStartsCycle] = new(a => a.Switch.Unready) { SparesPlanned = true },
        [Sabotage.StandbyPromoted] = new(a => a.Switch.Unready) { SparesPlanned = true },
        [Sabotage.ForgottenServer] = new(Gone),
        [Sabotage.MailBearingGroup] = new(Gone),
        [Sabotage.JobStartedInPortal] = new(a => a.Groups.Duplicated) { Habits = new() { PreparesFirst = true } },
        [Sabotage.HardDeleteInWindow] = new(a => a.Groups.StayedUnannounced),
        [Sabotage.GroupEnabledAfterPlan] = new(a => a.Groups.NotWrittenUnannounced) { SparesPlanned = true },
        [Sabotage.GmsaRightsMissing] = new(a => a.Groups.FrozenUnannounced),
        [Sabotage.AdoptedRunningJob] = new(a => Math.Min(a.Groups.Renamed, a.Groups.Moved)) { Habits = new() { Adopts = true }, SparesPlanned = true },
        [Sabotage.OutOfBandDisable] = new(Gone),
        [Sabotage.CertificateExpires] = new(Gone),
        [Sabotage.NobodyForUndo] = new(a => a.OutageHoursBeyondApproved) { Habits = new() { GoesHome = TimeSpan.FromHours(60) }, SparesPlanned = true },
        [Sabotage.SecondCycleWithErrors] = new(Gone),
        [Sabotage.FirstMatchRemovesMembers] = new(a => a.Members.LostUnannounced),
        [Sabotage.M365TypeChange] = new(a => a.M365.Unannounced) { M365 = 12, SparesPlanned = true },
    };

    public static TheoryData<Sabotage> All { get; } = [.. Enum.GetValues<Sabotage>()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task NaiveMigration_UnderSabotage_ComesToHarm(Sabotage sabotage)
    {
        var danger = Dangers[sabotage];

        var account = await MigrateAsync(danger, [sabotage]);

        Assert.True(danger.Harm(account) > 0, account.ToString());
        Assert.True(account.Harm > 0, account.ToString());
        Assert.InRange(account.Groups.Kept, 0, account.Groups.Planned - (danger.SparesPlanned ? 0 : 1));
    }

    [Theory]
    [InlineData(Sabotage.NoStamp)]
    [InlineData(Sabotage.KeepDeleteRule)]
    [InlineData(Sabotage.GroupDnDropped)]
    [InlineData(Sabotage.DisableReportsSuccessButDidNot)]
    [InlineData(Sabotage.JobStartedInPortal)]
    [InlineData(Sabotage.M365TypeChange)]
    public async Task NaiveMigration_OfTheSameWorldWithoutTheSabotage_ComesToNone(Sabotage sabotage)
    {
        var account = await MigrateAsync(Dangers[sabotage], []);

        Assert.True(account.Harm == 0, account.ToString());
        Assert.Equal((account.Groups.Planned, 1, 1), (account.Groups.Kept, account.Switch.Calls, account.Switch.Transitions));
        Assert.True(account.Members.LostAnnounced > 0, "The world has no member that Cloud Sync does not write.");
    }

    [Fact]
    public void Dangers_NameEverySabotage() => Assert.Equal(Enum.GetValues<Sabotage>(), Dangers.Keys.Order());

    static async Task<WorldAccount> MigrateAsync(Danger danger, IReadOnlyList<Sabotage> sabotage)
    {
        await using var tenant = await TestTenant.StartAsync(new WorldOptions
        {
            Groups = 40,
            M365 = danger.M365,
            ConnectVersion = "2.5.190.0",
            DeleteRule = danger.DeleteRule,
            DeviatingNames = danger.Deviating ? 3 : 0,
            DeviatingPlaces = danger.Deviating ? 2 : 0,
            Switches = Joined with { RuleRemovalDeletes = !danger.Habits.TidiesUp },
            Sabotage = sabotage,
        });
        return await new NaiveOperator(tenant, danger.Habits).MigrateAsync();
    }

    /// <summary>Deleted; or deleted and then made anew by Cloud Sync, which has another SID.</summary>
    static int Gone(WorldAccount account) => account.Groups.Deleted + account.Groups.SidOrGuidChanged;

    /// <param name="Harm">The column in which the harm shows.</param>
    sealed record Danger(Func<WorldAccount, int> Harm)
    {
        /// <summary>The delete-on-disable rule is there in the beginning.</summary>
        public bool DeleteRule { get; init; }

        /// <summary>Administrators renamed and moved some of the groups.</summary>
        public bool Deviating { get; init; }

        /// <summary>It strikes groups that nobody planned.</summary>
        public bool SparesPlanned { get; init; }

        public int M365 { get; init; }

        /// <summary>Where the rules are taken away in the end, the world is one in which that is harmless after the switch.</summary>
        public NaiveHabits Habits { get; init; } = new();
    }
}
