using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Operations.WayBack;
using GwbCloud.Functions.Operations.Writeback;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Operations;

public sealed class UndoPlannerTests
{
    static readonly ServerSight Servers = new() { Version2 = true };

    [Fact]
    public void Plan_NamesTheStepsOfTheWayBack_LastDoneFirst_AndCloses()
    {
        var plan = UndoPlanner.Plan(Kept(Pushed(UndoKind.RemoveCanaryObjects, UndoKind.RemoveCloudSync, UndoKind.UnstampAnchors)), Servers);

        Assert.Equal(["unstampAnchors", "removeCloudSync", "removeCanaryObjects", UndoPlanner.Close], plan.Steps.Select(step => step.Target));
        Assert.Empty(plan.Draft.Dangers);
        Assert.Null(plan.Draft.Undo);
    }

    [Theory]
    [InlineData(UndoKind.RemoveRules)]
    [InlineData(UndoKind.RemoveStandbyRules)]
    [InlineData(UndoKind.LeaveStagingMode)]
    [InlineData(UndoKind.RestoreScheduler)]
    public void Plan_WithAStepThatServersFeel_NeedsASecondPerson(UndoKind kind) => Assert.Single(UndoPlanner.Plan(Kept(Pushed(kind)), Servers).Draft.Dangers);

    [Fact]
    public void Plan_AfterAnAttemptedSwitch_NeedsASecondPerson_WhateverIsLeft() =>
        Assert.Single(UndoPlanner.Plan(Kept(Pushed(UndoKind.UnstampAnchors) with { SwitchAttempted = true }), Servers).Draft.Dangers);

    [Fact]
    public void Plan_LeavesWhatWasThereBefore_AndSaysWhy()
    {
        var facts = Pushed(UndoKind.RemoveCloudSync, UndoKind.RestoreAutoUpgrade, UndoKind.RestoreScheduler, UndoKind.RemoveRules) with
        {
            SchedulerBefore = false,
            AutoUpgradeBefore = [new() { Server = "AADC1", State = AutoUpgradeState.Disabled }],
        };
        var kept = Kept(facts) with { CloudSync = new() { Canaries = [], AdoptionDecided = true, JobIntended = false } };

        var plan = UndoPlanner.Plan(kept, Servers);

        Assert.Equal(["cloudSync", "rules/AADC1", "scheduler", "autoUpgrade/AADC1"], plan.Left.Select(left => left.Target));
        Assert.Contains("it stays", plan.Steps.Single(step => step.Target == "removeCloudSync").After, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OfAServerThatHadOneRuleOfThePair_LeavesThatOne()
    {
        var facts = Pushed(UndoKind.RemoveRules) with { RulesMadeOn = ["AADC1"], RulesFound = [new() { Server = "AADC1", Inbound = true, Outbound = false }] };

        Assert.Equal(["rules/AADC1/inbound"], UndoPlanner.Plan(Kept(facts), Servers).Left.Select(left => left.Target));
    }

    [Fact]
    public void Plan_OfAJobInAnApplicationOfOthers_LeavesTheApplication()
    {
        var kept = Kept(Pushed(UndoKind.RemoveCloudSync)) with { CloudSync = new() { Canaries = [], JobIntended = true } };

        Assert.Equal(["application"], UndoPlanner.Plan(kept, Servers).Left.Select(left => left.Target));
    }

    /// <summary>What a stage was about to do when its history went is undone, also where it came to keep nothing.</summary>
    [Fact]
    public void Facts_OfOneThatLostItsHistory_CountTheBrokenStageAsDone()
    {
        var kept = Running(StageName.DisableGroupWritebackV2, Pushed(UndoKind.RemoveRules));
        var staging = Running(StageName.EnterStagingMode, Pushed(UndoKind.RestoreScheduler));

        Assert.True(UndoPlanner.FactsOf(kept).SwitchAttempted);
        Assert.Equal([UndoKind.LeaveStagingMode, UndoKind.RestoreScheduler], UndoPlanner.StepsOf(UndoPlanner.FactsOf(staging)));
    }

    [Fact]
    public void Facts_OfOneThatEnded_AreThoseThatItKept()
    {
        var kept = Running(StageName.EnterStagingMode, Pushed(UndoKind.RestoreScheduler));
        kept = kept with { View = kept.View! with { State = MigrationState.Ended } };

        Assert.Equal([UndoKind.RestoreScheduler], UndoPlanner.StepsOf(UndoPlanner.FactsOf(kept)));
    }

    [Fact]
    public void Plan_OfOneOfWhichNothingIsLeft_HasNothingToDo()
    {
        var plan = UndoPlanner.Plan(Kept(new()), Servers);

        Assert.Empty(plan.Steps);
    }

    [Fact]
    public void Plan_OfOneThatIsUnfinished_ClosesItAlsoWhenNothingElseIsLeft()
    {
        var kept = Kept(new());

        var plan = UndoPlanner.Plan(kept with { Standing = kept.Standing! with { Unfinished = true } }, Servers);

        Assert.Equal([UndoPlanner.Close], plan.Steps.Select(step => step.Target));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "GWB2961")]
    [InlineData(null, "GWB2962")]
    public void Refusal_FollowsTheFlag(bool? flag, string? code) => Assert.Equal(code, UndoPlanner.Refusal(Kept(new()), flag)?.Code);

    [Fact]
    public void Refusal_OfOneBehindTheSwitch_WhateverTheFlagReads() => Assert.Equal("GWB2961", UndoPlanner.Refusal(Kept(new() { SwitchedOff = true }), flag: true)?.Code);

    [Fact]
    public void Refusal_OfOneThatALaterOneRestsOn() => Assert.Equal("GWB2963", UndoPlanner.Refusal(Kept(new()) with { Later = "m-20260102-000000-0001" }, flag: true)?.Code);

    [Fact]
    public void Refusal_WithoutARequest() => Assert.Equal("GWB2960", UndoPlanner.Refusal(new(), flag: true)?.Code);

    internal static MigrationFacts Pushed(params UndoKind[] kinds) => new() { Undo = [.. kinds.Select(kind => new UndoStep { Kind = kind })] };

    internal static KeptMigration Kept(MigrationFacts facts)
    {
        var input = ScriptedContext.Input(StageName.ApprovePlan, facts);
        return new()
        {
            Request = input.Request,
            Plan = input.Plan,
            Standing = new() { MigrationId = input.Request.MigrationId, Stage = input.Stage, Facts = facts },
            View = input.View with { State = MigrationState.Ended, Outcome = MigrationOutcome.Denied },
        };
    }

    static KeptMigration Running(StageName stage, MigrationFacts facts)
    {
        var kept = Kept(facts);
        return kept with
        {
            View = kept.View! with
            {
                State = MigrationState.Running,
                Stages = [.. kept.View.Stages.Select(s => s with { State = s.Name < stage ? StageState.Done : s.Name == stage ? StageState.Running : StageState.Pending })],
            },
        };
    }
}
