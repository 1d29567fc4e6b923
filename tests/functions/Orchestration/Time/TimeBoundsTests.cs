using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;
using GwbCloud.Tests.Functions.Orchestration.Guards;

namespace GwbCloud.Tests.Functions.Orchestration;

/// <summary>Every named state has a bound, and waits end by themselves when nobody and nothing answers.</summary>
public sealed class TimeBoundsTests
{
    static readonly MigrationSettings Settings = new();
    readonly ScriptedClock _clock = new();

    [Fact]
    public void States_AllHaveABoundThatTheDocsName()
    {
        Assert.Equal(TimeBounds.All(Settings).Select(b => (b.State, b.AtMost, b.Then)), Rows().Select(row => (row[0], row[1], row[2])));
    }

    /// <summary>The docs name the tests that let each wait run out; a wait that nobody shows is one that nobody knows to end.</summary>
    [Fact]
    public void States_ThatWait_AreShownByTestsThatTheDocsName()
    {
        foreach (var (bound, row) in TimeBounds.All(Settings).Zip(Rows()))
        {
            var classes = row[3].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('`')).ToList();

            Assert.True(classes.Count > 0 == bound.Longest > TimeSpan.Zero, $"{bound.State} is shown by {classes.Count} classes.");
            Assert.All(classes, name => Assert.Contains(
                typeof(TimeBoundsTests).Assembly.GetTypes(),
                type => type.Name == name && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true))));
            if (Enum.TryParse<StageName>(bound.State, out var stage) && bound.Longest > TimeSpan.Zero)
            {
                Assert.True(classes.Any(name => Source(name).Contains($"{stage}", StringComparison.Ordinal)), $"None of {row[3]} speaks of {stage}.");
            }
        }
    }

    [Theory]
    [InlineData(CommandState.Running)]
    [InlineData(CommandState.Unknown)]
    public async Task Command_ThatNeverAnswers_StopsItsStageInTime(CommandState state)
    {
        var hung = state == CommandState.Running
            ? new CommandReply { State = CommandState.Running }
            : new CommandReply { State = CommandState.Unknown, Unreachable = true };
        var context = Silent(new ScriptedContext(ScriptedContext.Input(StageName.CoexistenceRules, new()), _clock), hung);
        var run = new StageRun(context, ScriptedContext.Input(StageName.CoexistenceRules, new()));

        await _clock.RunAsync(
            async () => await Assert.ThrowsAsync<StageStoppedException>(() => run.OnLeadAsync(new InspectServer())), TimeBounds.Of(StageName.CoexistenceRules, Settings).Longest);
    }

    /// <summary>The listener answers each time that it is at work. A quick command would otherwise outlast any window.</summary>
    [Fact]
    public async Task Command_AtWorkForEver_IsGivenUpWithItsOwnCode()
    {
        var hung = new CommandReply { State = CommandState.Running };
        StageRun Run() => new(Silent(new ScriptedContext(ScriptedContext.Input(StageName.EnterStagingMode, new()), _clock), hung), ScriptedContext.Input(StageName.EnterStagingMode, new()));

        StageStoppedException? quick = null, slow = null;
        await _clock.RunAsync(async () => quick = await Assert.ThrowsAsync<StageStoppedException>(() => Run().OnLeadAsync(new InspectServer())), TimeSpan.FromMinutes(62));
        var took = _clock.Passed;
        await _clock.RunAsync(async () => slow = await Assert.ThrowsAsync<StageStoppedException>(() => Run().OnLeadAsync(new InventoryWritebackOu())), took + TimeSpan.FromHours(48.1));

        Assert.Equal((TimeError.CommandNeverEnds.Code, TimeError.CommandNeverEnds.Code), (quick!.Notice.Code, slow!.Notice.Code));
        Assert.InRange(took, TimeSpan.FromHours(1), TimeSpan.FromMinutes(62));
    }

    [Fact]
    public async Task Command_WaitsForItsTurnBehindALongOne_IsNoneThatHangs()
    {
        var context = new ScriptedContext(ScriptedContext.Input(StageName.StampAnchors, new()), _clock);
        Silent(context, new CommandReply { State = CommandState.Queued }).On("PollCommand", _ => _clock.Passed < TimeSpan.FromHours(5)
            ? new CommandReply { State = CommandState.Queued }
            : new CommandReply { State = CommandState.Failed, Error = new() { Code = "GWB6001", Message = "no", Transient = false } });
        StageStoppedException? stop = null;

        await _clock.RunAsync(
            async () => stop = await Assert.ThrowsAsync<StageStoppedException>(() => new StageRun(context, ScriptedContext.Input(StageName.StampAnchors, new())).OnLeadAsync(new InspectServer())),
            TimeSpan.FromHours(6));

        Assert.Equal("GWB6001", stop!.Notice.Code);
    }

    /// <summary>A look of a guard that hangs would keep its stage from ending, and everything unwatched.</summary>
    [Fact]
    public async Task Guard_ALookNeverEnds_IsGivenUpAndTheStageEndsItInTime()
    {
        var world = new GuardedWorld(GuardPhase.RulesInPlace);
        var context = Silent(world.Context(world.Watch, _clock), new CommandReply { State = CommandState.Running })
            .On<InspectServer>(_ => new CommandReply { State = CommandState.Running });
        _clock.At(TimeSpan.FromMinutes(1), () => context.Raise(GuardOrchestrator.StopEvent, new GuardStop { By = "test" }));

        var report = await _clock.RunAsync(context.LookAsync, TimeSpan.FromMinutes(8));

        Assert.Equal(2, report.Watch.Silent.Count);
    }

    [Fact]
    public async Task Cycle_ThatNeverEnds_IsStoppedInTime()
    {
        var input = new CycleInput { Request = ScriptedContext.Input(StageName.FirstFullSync, new()).Request, Server = "AADC1", Policy = CyclePolicy.Initial };
        var context = new ScriptedContext(input, _clock)
            .On<InspectServer>(_ => ScriptedContext.Server(true))
            .On<StartCycle>(_ => new CycleTicket { Server = "AADC1", Policy = CyclePolicy.Initial, RunsBefore = 0 })
            .On<ReadCycle>(_ => new CycleReport { InProgress = true, Runs = [] });

        var outcome = await _clock.RunAsync(() => CycleOrchestrator.RunCycle(context), TimeBounds.Of(StageName.FirstFullSync, Settings).Longest);

        Assert.Equal(OrchestrationError.ServerStaysBusy.Code, outcome.Stopped?.Code);
        Assert.Null(outcome.Seconds);
    }

    [Theory]
    [InlineData(StageName.SecondFullSync)]
    [InlineData(StageName.LeaveStagingMode)]
    [InlineData(StageName.ResumeScheduler)]
    [InlineData(StageName.StartCloudSync)]
    [InlineData(StageName.VerifyMigration)]
    public async Task Parked_NobodyComes_EndsInTimeAndReminds(StageName stage)
    {
        var context = Parked(stage).On<InspectServer>(_ => ScriptedContext.Server(false));

        var outcome = await _clock.RunAsync(() => ParkedOrchestrator.Run(context), TimeBounds.Of(MigrationState.NeedsAttention, Settings).Longest);

        Assert.False(outcome.Retry);
        Assert.False(outcome.Facts.WentEntraOnly);
        Assert.Contains(outcome.View.Notices, n => n.Code == TimeError.ParkedLong.Code);
        Assert.Equal(stage <= StageName.ResumeScheduler, outcome.View.Tasks.Any(t => t is { Kind: TaskKind.EntraOnly, State: TaskState.Overdue }));
    }

    [Fact]
    public async Task EntraOnly_NobodyRetries_RunsItsRoundsAndEndsInTime()
    {
        var rounds = 0;
        var looks = 0;
        var context = Parked(StageName.SecondFullSync)
            .On<InspectServer>(_ => ScriptedContext.Server(false) with { Staging = ++looks < 3 })
            .OnSub(nameof(EntraOnlyRoundOrchestrator.RunEntraOnlyRound), _ =>
            {
                rounds++;
                return Task.FromResult<object>(new EntraOnlyRoundOutcome());
            });

        var outcome = await _clock.RunAsync(() => ParkedOrchestrator.Run(context), TimeBounds.EntraOnly(Settings).Longest + TimeSpan.FromDays(1));

        Assert.Equal((false, true), (outcome.Retry, outcome.Facts.WentEntraOnly));
        Assert.InRange(rounds, 600, 14 * 48 + 1);
    }

    [Fact]
    public async Task EntraOnly_ARoundNeverEnds_IsGivenUpInTime()
    {
        var input = new EntraOnlyRoundInput { Request = ScriptedContext.Input(StageName.SecondFullSync, new()).Request, Server = "AADC1" };
        var context = Silent(new ScriptedContext(input, _clock), new CommandReply { State = CommandState.Running });

        var outcome = await _clock.RunAsync(() => EntraOnlyRoundOrchestrator.RunEntraOnlyRound(context), EntraOnly.LongestRound + TimeSpan.FromMinutes(2));

        Assert.Equal(TimeError.EntraOnlyFails.Code, outcome.Fault?.Code);
    }

    /// <summary>A round takes hours at times: what is noticed then is made safe then.</summary>
    [Fact]
    public async Task EntraOnly_TheSchedulerIsTurnedOnDuringARound_IsTurnedOffBeforeItEnds()
    {
        var world = new GuardedWorld(GuardPhase.LeavingStaging);
        var input = world.Input with
        {
            Stage = StageName.SecondFullSync,
            Facts = world.Input.Facts with { SwitchedOff = true, StagingSince = new(ScriptedClock.Begin.AddDays(-1)), SchedulerOffSince = new(ScriptedClock.Begin), SchedulerBefore = true },
        };
        TimeSpan? off = null;
        ScriptedContext context = null!;
        context = world.Context(input, _clock).On("KeepStanding", _ => null)
            .OnSub(nameof(EntraOnlyRoundOrchestrator.RunEntraOnlyRound), async _ =>
            {
                await _clock.TimerAsync(_clock.Now.AddHours(3), CancellationToken.None);
                off ??= world.Seen.Servers[0].Facts!.Scheduler.Enabled ? null : _clock.Passed;
                context.Raise(MigrationEvents.OperatorRequest, new OperatorRequest { Action = OperatorAction.Cancel, By = "p" });
                return new EntraOnlyRoundOutcome();
            });
        _clock.At(TimeSpan.FromMinutes(40), () => world.Suffer(GuardKind.StagingLeft));
        _clock.At(TimeSpan.FromMinutes(90), () => world.TurnScheduler(on: true));

        await _clock.RunAsync(() => ParkedOrchestrator.Run(context), TimeSpan.FromDays(2));

        Assert.NotNull(off);
        Assert.Contains(nameof(SetScheduler), context.Calls);
    }

    [Fact]
    public async Task EntraOnly_RulesAreNotInPlace_IsNotOffered()
    {
        var context = Parked(StageName.CoexistenceRules).On<InspectServer>(_ => ScriptedContext.Server(false) with { Coexistence = ScriptedContext.Rules(RuleState.Absent) });

        var outcome = await _clock.RunAsync(() => ParkedOrchestrator.Run(context), TimeBounds.Of(MigrationState.NeedsAttention, Settings).Longest);

        Assert.Empty(outcome.View.Tasks);
    }

    [Fact]
    public async Task EntraOnly_StagingWasOffAlready_BeginsOnlyWhenAnOperatorSaysSo()
    {
        var context = Parked(StageName.LeaveStagingMode).On<InspectServer>(_ => ScriptedContext.Server(false) with { Staging = false });

        var outcome = await _clock.RunAsync(() => ParkedOrchestrator.Run(context), TimeBounds.Of(MigrationState.NeedsAttention, Settings).Longest);

        Assert.False(outcome.Facts.WentEntraOnly);
        Assert.DoesNotContain(nameof(RunEntraOnly), context.Calls);
    }

    [Theory]
    [InlineData(OperatorAction.Retry, true)]
    [InlineData(OperatorAction.Cancel, false)]
    public async Task Parked_OperatorDecides_EndsAtOnce(OperatorAction action, bool retry)
    {
        var context = Parked(StageName.SecondFullSync);
        context.Queue(MigrationEvents.OperatorRequest, new OperatorRequest { Action = action, By = "p" });

        var outcome = await _clock.RunAsync(() => ParkedOrchestrator.Run(context), TimeSpan.FromHours(1));

        Assert.Equal(retry, outcome.Retry);
    }

    [Fact]
    public async Task Alarms_WorkEndsFirst_LeaveNoTimerAndTellOnce()
    {
        var input = ScriptedContext.Input(StageName.SecondFullSync, new() { StagingSince = new(ScriptedClock.Begin), SwitchedOff = true });
        var context = new ScriptedContext(input, _clock);

        var outcome = await _clock.RunAsync(
            () => StageRun.RunAsync(context, async run =>
            {
                await run.DelayAsync(TimeSpan.FromSeconds(13_500 * 0.6));
                return run.Done("worked");
            }),
            TimeSpan.FromDays(1));

        Assert.Single(outcome.View.Notices, n => n.Code == TimeError.StagingShare.Code);
        Assert.Equal(["staging-50"], outcome.Facts.AlarmsTold);
    }

    ScriptedContext Parked(StageName stage)
    {
        var input = ScriptedContext.Input(stage, new() { SwitchedOff = true, StagingSince = new(ScriptedClock.Begin), SchedulerOffSince = new(ScriptedClock.Begin), SchedulerBefore = true });
        return new ScriptedContext(input, _clock).On("KeepStanding", _ => null);
    }

    static ScriptedContext Silent(ScriptedContext context, CommandReply reply) => context.OnAnyCommand(_ => reply).On("PollCommand", _ => reply);

    /// <summary>The cells of the first table.</summary>
    static List<string[]> Rows() =>
    [
        .. File.ReadAllLines(Path.Combine(Root(), "docs", "time.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(line => line[1..^1].Split('|', StringSplitOptions.TrimEntries)),
    ];

    static string Source(string testClass)
        => File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(Root(), "tests", "functions"), $"{testClass}.cs", SearchOption.AllDirectories)));

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return folder.FullName;
    }
}
