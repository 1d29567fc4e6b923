using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.Switch;

public sealed class SwitchTests
{
    [Fact]
    public async Task Switch_ApprovedOnTheEvidenceThatIsTrueNow_IsCalledOnceAndReadBack()
    {
        await using var scene = await SwitchScene.SetAsync();

        var result = await scene.Listener.RunAsync(await scene.HonestAsync());

        Assert.Equal((SwitchOutcome.Called, false, null), (result.Outcome, result.Reads, result.CmdletError));
        Assert.Equal(["disable"], scene.AdSync.Calls);
    }

    [Fact]
    public async Task Switch_WhenTheFlagIsOffAlready_CallsNothing()
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false };

        var result = await scene.Listener.RunAsync(command);

        Assert.Equal((SwitchOutcome.AlreadyOff, false), (result.Outcome, result.Reads));
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Switch_WhileTheFlagIsUnknown_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = null };

        Assert.Equal([SwitchError.FlagUnknown.Code], await scene.RefusedAsync(command));
    }

    [Fact]
    public async Task Listener_WithoutApprovalTrust_NeverSwitches()
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        var configure = scene.Listener.Configure;
        scene.Listener.Configure = options => configure(options) with { Approvals = null };
        await scene.Listener.KillAndOpenAsync();

        Assert.Equal([SwitchError.NotSwitchedHere.Code], await scene.RefusedAsync(command));
    }

    [Fact]
    public async Task Approvals_ThatAreMissing_AreDemanded()
    {
        await using var scene = await SwitchScene.SetAsync(required: 2);
        var command = await scene.HonestAsync();

        Assert.Equal([SwitchError.NoDecision.Code], await scene.RefusedAsync(command with { Decisions = [] }));
        Assert.Contains(SwitchError.QuorumMissing.Code, await scene.RefusedAsync(command));
    }

    [Fact]
    public async Task Approvals_OfTwoPeopleWhereTwoAreDemanded_Suffice()
    {
        await using var scene = await SwitchScene.SetAsync(required: 2);
        var command = await scene.HonestAsync();
        string digest = await scene.DigestAsync();

        var result = await scene.Listener.RunAsync(command with { Decisions = [.. command.Decisions, scene.Decide(SwitchScene.Berta, digest)] });

        Assert.Equal(SwitchOutcome.Called, result.Outcome);
    }

    public static TheoryData<string, string> BadDecisions => new()
    {
        { "requester", ContractError.ApproverIsRequester.Code },
        { "twiceTheSamePerson", ContractError.PersonDecidedBefore.Code },
        { "noRole", ContractError.TokenRoleMissing.Code },
        { "beforeTheEvidence", ContractError.DecidedTooEarly.Code },
        { "otherMigration", ContractError.RecordOfOtherMatter.Code },
        { "planGate", ContractError.RecordOfOtherMatter.Code },
        { "tokenOfAnotherDecision", ContractError.TokenNonceWrong.Code },
        { "alteredRecord", ContractError.TokenNonceWrong.Code },
        { "strangersKey", ContractError.TokenSignatureWrong.Code },
        { "denied", SwitchError.NotApproved.Code },
        { "postponed", SwitchError.NotApproved.Code },
        { "notCanonical", SwitchError.RequestUnreadable.Code },
        { "mixedDigests", ContractError.EvidenceDiffers.Code },
    };

    [Theory]
    [MemberData(nameof(BadDecisions))]
    public async Task Decision_ThatDoesNotCount_IsRefusedWithItsReason(string kind, string code)
    {
        await using var scene = await SwitchScene.SetAsync(required: kind is "twiceTheSamePerson" or "mixedDigests" ? 2 : 1);
        var command = await scene.HonestAsync();
        string digest = await scene.DigestAsync();
        var honest = scene.Decide(SwitchScene.Anna, digest);
        IReadOnlyList<SignedStatement> decisions = kind switch
        {
            "requester" => [scene.Decide(SwitchScene.Requester, digest)],
            "twiceTheSamePerson" => [honest, scene.Decide(SwitchScene.Anna, digest)],
            "noRole" => [scene.Decide(SwitchScene.Anna, digest, role: "Migration.Operator")],
            "beforeTheEvidence" => [scene.Decide(SwitchScene.Anna, digest, at: scene.EvidenceAt.AddMinutes(-1))],
            "otherMigration" => [scene.Decide(SwitchScene.Anna, digest, migration: "m-20250101-000000-0000")],
            "planGate" => [scene.Decide(SwitchScene.Anna, digest, gate: ApprovalGate.Plan)],
            "tokenOfAnotherDecision" => [honest with { IdToken = scene.Decide(SwitchScene.Anna, digest).IdToken }],
            "alteredRecord" => [honest with { Record = honest.Record.Replace(digest, PlanHashOf(digest), StringComparison.Ordinal) }],
            "strangersKey" => [honest with { IdToken = Forge(honest) }],
            "denied" => [honest, scene.Decide(SwitchScene.Berta, digest, ApprovalDecision.Deny)],
            "postponed" => [honest, scene.Decide(SwitchScene.Berta, digest, ApprovalDecision.Postpone)],
            "notCanonical" => [honest with { Record = " " + honest.Record }],
            _ => [honest, scene.Decide(SwitchScene.Berta, PlanHashOf(digest))],
        };

        Assert.Contains(code, await scene.RefusedAsync(command with { Decisions = decisions }));
    }

    [Fact]
    public async Task Request_ThatNobodyProved_LetsNoApprovalCount()
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        string digest = await scene.DigestAsync();

        var reasons = await scene.RefusedAsync(command with { Request = command.Request with { IdToken = scene.Decide(SwitchScene.Anna, digest).IdToken } });

        Assert.Contains(ContractError.RequestUnproven.Code, reasons);
    }

    [Fact]
    public async Task Request_ForAnotherPlan_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync();
        scene.Request(planHash: PlanHashOf("other"));

        Assert.Equal([SwitchError.OtherMatter.Code], await scene.RefusedAsync(await scene.HonestAsync()));
    }

    [Fact]
    public async Task Approval_OfAnotherDigestThanWhatIsTrueNow_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();

        Assert.Equal([SwitchError.EvidenceDiffers.Code], await scene.RefusedAsync(command with { Decisions = [scene.Decide(SwitchScene.Anna, PlanHashOf("x"))] }));
        Assert.Equal([SwitchError.EvidenceDiffers.Code], await scene.RefusedAsync(command with { CloudPart = """{"other":1,"passed":true}""" }));
    }

    /// <summary>The cloud half may ask at any time, and name any deadline: when it may be is what people approved.</summary>
    [Theory]
    [InlineData(60, 120)]
    [InlineData(-120, -60)]
    [InlineData(null, null)]
    public async Task Switch_OutsideOfTheWindowThatPeopleApproved_IsRefused(int? start, int? end)
    {
        await using var scene = await SwitchScene.SetAsync();
        scene.CloudPart = start is null ? """{"passed":true}""" : SwitchScene.PartWith(scene.EvidenceAt.AddMinutes(start.Value), scene.EvidenceAt.AddMinutes(end!.Value));

        Assert.Equal([SwitchError.OutsideWindow.Code], await scene.RefusedAsync(await scene.HonestAsync()));
    }

    [Fact]
    public async Task Window_ThatTheCloudMovedAfterTheApproval_IsNotWhatPeopleApproved()
    {
        await using var scene = await SwitchScene.SetAsync();
        scene.CloudPart = SwitchScene.PartWith(scene.EvidenceAt.AddMinutes(60), scene.EvidenceAt.AddMinutes(120));
        var command = await scene.HonestAsync();

        Assert.Equal([SwitchError.EvidenceDiffers.Code], await scene.RefusedAsync(command with { CloudPart = SwitchScene.PartWith(scene.EvidenceAt, scene.EvidenceAt.AddMinutes(120)) }));
    }

    [Theory]
    [InlineData("""{"passed":false}""")]
    [InlineData("""{"passed":"true"}""")]
    [InlineData("""{}""")]
    [InlineData("no json")]
    public async Task CloudPart_ThatDoesNotPass_Vetoes(string part)
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();

        Assert.Contains(SwitchError.CloudVeto.Code, await scene.RefusedAsync(command with { CloudPart = part }));
    }

    public static TheoryData<string, string> BadParts => new()
    {
        { "none", SwitchError.OtherServersIncomplete.Code },
        { "twice", SwitchError.OtherServersIncomplete.Code },
        { "stale", ContractError.EvidenceStale.Code },
        { "cloudsKey", ContractError.EnvelopeKeyUnknown.Code },
        { "failed", SwitchError.OtherServerFails.Code },
        { "failedCheck", SwitchError.OtherServerFails.Code },
        { "otherMigration", SwitchError.OtherServerFails.Code },
        { "otherScope", SwitchError.OtherServerFails.Code },
        { "otherCeilings", SwitchError.OtherServerFails.Code },
        { "otherRules", SwitchError.EvidenceDiffers.Code },
    };

    [Theory]
    [MemberData(nameof(BadParts))]
    public async Task PartOfAnotherServer_ThatIsNotItsOwnFreshAndPassing_IsRefused(string kind, string code)
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        string honest = command.OtherServers[0];
        IReadOnlyList<string> parts = kind switch
        {
            "none" => [],
            "twice" => [honest, honest],
            "stale" => [SwitchScene.SignOther(scene.OtherPart() with { GatheredAt = scene.Listener.Clock.Now.AddMinutes(-16) })],
            "cloudsKey" => [TestListener.Cloud.Sign(scene.OtherPart())],
            "failed" => [SwitchScene.SignOther(scene.OtherPart(facts => facts with { Passed = false }))],
            "failedCheck" => [SwitchScene.SignOther(scene.OtherPart(facts => facts with { Checks = new() { ["staging"] = false } }))],
            "otherMigration" => [SwitchScene.SignOther(scene.OtherPart(facts => facts with { Migration = "m-20250101-000000-0000" }))],
            "otherScope" => [SwitchScene.SignOther(scene.OtherPart(facts => facts with { Scope = facts.Scope with { Groups = "x" } }))],
            "otherCeilings" => [SwitchScene.SignOther(scene.OtherPart(facts => facts with { Ceilings = facts.Ceilings with { MembersLost = 9 } }))],
            _ => [SwitchScene.SignOther(scene.OtherPart(facts => facts with { RulesHash = "other" }))],
        };

        Assert.Contains(code, await scene.RefusedAsync(command with { OtherServers = parts }));
    }

    [Fact]
    public async Task Command_AfterTheDeadlineOrWithTimesThatContradict_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();

        Assert.Equal([SwitchError.TimesContradict.Code], await scene.RefusedAsync(command with { Deadline = scene.EvidenceAt }));
        Assert.Equal([SwitchError.TimesContradict.Code], await scene.RefusedAsync(command with { EvidenceAt = scene.EvidenceAt.AddHours(1) }));
        Assert.Equal([SwitchError.TimesContradict.Code], await scene.RefusedAsync(command with { Deadline = scene.EvidenceAt.AddHours(24).AddSeconds(1) }));
        scene.Listener.Clock.Now = scene.Deadline;
        Assert.Equal([SwitchError.DeadlinePassed.Code], await scene.RefusedAsync(command));
    }

    public static TheoryData<string> Changes =>
        ["staging", "scheduler", "suspended", "cycle", "run", "deleteRule", "ruleRemoved", "ruleEdited", "groupRule", "pendingDelete", "lineage", "anchor", "renamed", "duplicate"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task State_ThatChangedSinceTheApproval_IsSeenByTheOwnRecheck(string what)
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        Change(scene, what);

        var reasons = await scene.RefusedAsync(command);

        Assert.All(reasons, code => Assert.Contains(code, new[] { SwitchError.OwnEvidenceFails.Code, SwitchError.EvidenceDiffers.Code }));
    }

    public static TheoryData<string, string> LastMinuteChanges => new()
    {
        { "flag", "GroupWritebackV2" },
        { "flagUnknown", "GroupWritebackV2" },
        { "staging", "staging mode" },
        { "scheduler", "scheduler" },
        { "suspended", "scheduler suspended" },
        { "cycle", "cycle in progress" },
        { "run", "runs" },
        { "deleteRule", "delete rule" },
        { "ruleRemoved", "coexistence rules" },
        { "ruleEdited", "coexistence rules" },
        { "groupRule", "rules for groups" },
        { "pendingDelete", "pending deletes" },
    };

    [Theory]
    [MemberData(nameof(LastMinuteChanges))]
    public async Task Value_ThatChangesAfterTheRecheck_IsSeenInTheLastMinute(string what, string named)
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        int before = scene.AdSync.CountOf(nameof(IAdSync.GetPendingExportsAsync));
        bool changed = false;
        scene.AdSync.OnCall = (member, count) =>
        {
            // The second read of the pending exports belongs to the last look; whatever changes at its start, the look must see.
            if (!changed && member == nameof(IAdSync.GetPendingExportsAsync) && count == before + 2)
            {
                changed = true;
                Change(scene, what);
            }
        };

        var result = await scene.Listener.RunAsync(command);

        Assert.True(changed);
        Assert.Equal((SwitchOutcome.Refused, scene.AdSync.Features.GroupWritebackV2), (result.Outcome, result.Reads));
        Assert.Contains(result.Reasons, reason => reason.Code == SwitchError.LastMinute.Code && reason.Message.EndsWith($"({named})", StringComparison.Ordinal));
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Cmdlet_ThatReportsFailureButWorked_IsJudgedByTheFlag()
    {
        await using var scene = await SwitchScene.SetAsync();
        scene.AdSync.Disable = _ =>
        {
            scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false };
            throw new AdSyncException(AdSyncError.CmdletFailed.ToError("the pipeline was stopped"));
        };

        var result = await scene.Listener.RunAsync(await scene.HonestAsync());

        Assert.Equal((SwitchOutcome.Called, false), (result.Outcome, result.Reads));
        Assert.StartsWith(AdSyncError.CmdletFailed.Code, result.CmdletError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cmdlet_ThatReportsSuccessButDidNothing_MayBeCalledAgainOnlyAfterANewGate()
    {
        await using var scene = await SwitchScene.SetAsync();
        scene.AdSync.Disable = _ => Task.CompletedTask;
        var command = await scene.HonestAsync();
        var first = await scene.Listener.RunAsync(command);
        scene.AdSync.Disable = null;

        var again = await scene.Listener.RunAsync(command);
        scene.Listener.Clock.Now += TimeSpan.FromMinutes(5);
        var tooSoon = await NewGateAsync(scene);
        scene.Listener.Clock.Now += TimeSpan.FromMinutes(20);
        var approvedAgain = await NewGateAsync(scene);

        Assert.Equal((SwitchOutcome.Called, true), (first.Outcome, first.Reads));
        Assert.Equal(SwitchError.CalledBefore.Code, Assert.Single(again.Reasons).Code);
        Assert.Equal(SwitchError.CalledBefore.Code, Assert.Single(tooSoon.Reasons).Code);
        Assert.Equal((SwitchOutcome.Called, false), (approvedAgain.Outcome, approvedAgain.Reads));
        Assert.Equal(["disable", "disable"], scene.AdSync.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_InTheMiddleOfTheCall_ReadsTheFlagAndNeverCallsAgain(bool worked)
    {
        await using var scene = await SwitchScene.SetAsync();
        var reached = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        scene.AdSync.Disable = _ =>
        {
            if (worked) { scene.AdSync.Features = scene.AdSync.Features with { GroupWritebackV2 = false }; }
            reached.SetResult();
            return never.Task;
        };
        var envelope = scene.Listener.Envelope(await scene.HonestAsync(), "switch");
        await scene.Listener.PostAsync(TestListener.Cloud.Sign(envelope));
        await reached.Task.WaitAsync(scene.Listener.Cancellation);

        await scene.Listener.KillAndOpenAsync();
        var result = await scene.Listener.ReadResultAsync<SwitchResult>(await scene.Listener.EndedAsync("switch"), envelope);

        Assert.Equal((SwitchOutcome.Called, !worked), (result.Outcome, result.Reads));
        Assert.NotNull(result.CmdletError);
        Assert.Equal(["disable"], scene.AdSync.Calls);
    }

    [Fact]
    public async Task Restart_BeforeTheCall_VerifiesAllOfItAgainAndCallsOnce()
    {
        await using var scene = await SwitchScene.SetAsync();
        var command = await scene.HonestAsync();
        int before = scene.AdSync.CountOf(nameof(IAdSync.GetPendingExportsAsync));
        var killed = new TaskCompletionSource();
        scene.AdSync.OnCall = (member, count) =>
        {
            if (member != nameof(IAdSync.GetPendingExportsAsync) || count != before + 2) { return; }
            scene.Listener.Kill();
            killed.SetResult();
        };
        await scene.Listener.PostAsync(TestListener.Cloud.Sign(scene.Listener.Envelope(command, "switch"))).ContinueWith(_ => { }, TaskScheduler.Default);
        await killed.Task.WaitAsync(scene.Listener.Cancellation);

        scene.AdSync.OnCall = null;
        await scene.Listener.OpenAsync();
        var ended = await scene.Listener.EndedAsync("switch");

        Assert.Equal(CommandState.Done, ended.State);
        Assert.Equal(["disable"], scene.AdSync.Calls);
    }

    [Fact]
    public async Task Offer_ForTheOperator_IsVerifiedAgainAndCalledInTheOperatorsSession()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        var offered = await scene.Listener.RunAsync(await scene.HonestAsync());
        Assert.Empty(scene.AdSync.Calls);

        scene.Listener.Clock.Now += TimeSpan.FromMinutes(14);
        var result = await scene.Listener.Host.InteractiveSwitch.RunAsync("operator@contoso.example", scene.Listener.Cancellation);
        var second = await scene.Listener.Host.InteractiveSwitch.RunAsync("operator@contoso.example", scene.Listener.Cancellation);

        Assert.Equal(SwitchOutcome.AwaitsOperator, offered.Outcome);
        Assert.Equal((SwitchOutcome.Called, false), (result.Outcome, result.Reads));
        Assert.Equal(SwitchOutcome.AlreadyOff, second.Outcome);
        Assert.Equal(["disable operator@contoso.example"], scene.AdSync.Calls);
    }

    [Fact]
    public async Task Offer_OutlivesARestartButNotItsQuarterOfAnHour()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());
        await scene.Listener.KillAndOpenAsync();

        scene.Listener.Clock.Now += TimeSpan.FromMinutes(15);
        var result = await scene.Listener.Host.InteractiveSwitch.RunAsync("operator@contoso.example", scene.Listener.Cancellation);

        Assert.Equal([SwitchError.OfferExpired.Code], result.Reasons.Select(reason => reason.Code));
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Offer_NeverOutlivesTheGatesDeadline()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        scene.GateLife = TimeSpan.FromMinutes(5);
        await scene.Listener.RunAsync(await scene.HonestAsync());

        scene.Listener.Clock.Now = scene.Deadline;
        var result = await scene.Listener.Host.InteractiveSwitch.RunAsync("operator@contoso.example", scene.Listener.Cancellation);

        Assert.Equal([SwitchError.OfferExpired.Code], result.Reasons.Select(reason => reason.Code));
    }

    [Fact]
    public async Task InteractiveSwitch_WithoutAnOfferAUserOrTheRightBuild_IsRefused()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        async Task<string> CodeAsync(string user) =>
            (await scene.Listener.Host.InteractiveSwitch.RunAsync(user, scene.Listener.Cancellation)).Reasons.Single().Code;

        Assert.Equal(SwitchError.NoOffer.Code, await CodeAsync("operator@contoso.example"));
        await scene.Listener.RunAsync(await scene.HonestAsync());
        Assert.Equal(SwitchError.UserNameMissing.Code, await CodeAsync(" "));
        scene.AdSync.Host = scene.AdSync.Host with { Cmdlet = CmdletGeneration.Unattended };
        Assert.Equal(SwitchError.NotInteractive.Code, await CodeAsync("operator@contoso.example"));
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Offer_WhenAnythingChangedSince_IsRefusedInTheOperatorsSession()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());
        Change(scene, "pendingDelete");

        var result = await scene.Listener.Host.InteractiveSwitch.RunAsync("operator@contoso.example", scene.Listener.Cancellation);

        Assert.Equal(SwitchError.OwnEvidenceFails.Code, result.Reasons[0].Code);
        Assert.Empty(scene.AdSync.Calls);
    }

    [Fact]
    public async Task Offer_WhoseCallDidNothing_IsNotCalledASecondTime()
    {
        await using var scene = await SwitchScene.SetAsync(CmdletGeneration.Interactive);
        await scene.Listener.RunAsync(await scene.HonestAsync());
        scene.AdSync.Disable = _ => Task.CompletedTask;
        await scene.Listener.Host.InteractiveSwitch.RunAsync("operator@contoso.example", scene.Listener.Cancellation);

        var second = await scene.Listener.Host.InteractiveSwitch.RunAsync("operator@contoso.example", scene.Listener.Cancellation);

        Assert.Equal([SwitchError.NoOffer.Code], second.Reasons.Select(reason => reason.Code));
        Assert.Single(scene.AdSync.Calls);
    }

    static async Task<SwitchResult> NewGateAsync(SwitchScene scene)
    {
        scene.EvidenceAt = scene.Listener.Clock.Now;
        return await scene.Listener.RunAsync(await scene.HonestAsync());
    }

    static void Change(SwitchScene scene, string what)
    {
        var adSync = scene.AdSync;
        var first = scene.Planned[0];
        switch (what)
        {
            case "flag": adSync.Features = adSync.Features with { GroupWritebackV2 = false }; break;
            case "flagUnknown": adSync.Features = adSync.Features with { GroupWritebackV2 = null }; break;
            case "staging": adSync.Scheduler = adSync.Scheduler with { StagingModeEnabled = false }; break;
            case "scheduler": adSync.Scheduler = adSync.Scheduler with { SyncCycleEnabled = true }; break;
            case "suspended": adSync.Scheduler = adSync.Scheduler with { SchedulerSuspended = true }; break;
            case "cycle": adSync.Scheduler = adSync.Scheduler with { SyncCycleInProgress = true }; break;
            case "run": adSync.Runs.Add(adSync.Runs[0] with { RunNumber = 6, Result = "completed-sync-errors" }); break;
            case "deleteRule": adSync.Rules.Add(FakeAdSync.Standard("delete", 70) with { Identifier = RuleIds.DeleteOnDisable }); break;
            case "ruleRemoved": adSync.Rules.RemoveAll(rule => rule.Identifier == RuleIds.CoexistenceOutbound); break;
            case "ruleEdited": Edit(adSync, RuleIds.CoexistenceInbound, rule => rule with { Disabled = true }); break;
            case "groupRule": adSync.Rules.Add(FakeAdSync.Standard("clone", 60) with { IsStandardRule = false }); break;
            case "pendingDelete":
                adSync.Pending.Add(new()
                {
                    Connector = FakeAdSync.AdConnector, ObjectType = "group", Operation = ExportOperation.Delete, DistinguishedName = first.DistinguishedName, Anchor = first.Anchor,
                });
                break;
            case "lineage": adSync.Groups[0] = adSync.Groups[0] with { LineageRules = [RuleIds.CoexistenceOutbound, adSync.Rules[0].Identifier] }; break;
            case "anchor": scene.Listener.Ad.Change(first.ObjectGuid, group => group with { ExternalDirectoryObjectId = null }); break;
            case "renamed": scene.Listener.Ad.Change(first.ObjectGuid, group => group with { DistinguishedName = $"CN=Other,{FakeDirectory.Ou}" }); break;
            case "duplicate": scene.Listener.Ad.Add("Copy", first.Anchor, first.Anchor); break;
            default: throw new ArgumentException(what, nameof(what));
        }
    }

    static void Edit(FakeAdSync adSync, Guid rule, Func<SyncRule, SyncRule> edit)
    {
        int index = adSync.Rules.FindIndex(one => one.Identifier == rule);
        adSync.Rules[index] = edit(adSync.Rules[index]);
    }

    static string PlanHashOf(string text) => GwbCloud.Contracts.Json.Sha256Text.Of(System.Text.Encoding.UTF8.GetBytes(text));

    static string Forge(SignedStatement honest)
    {
        var claims = System.Text.Json.Nodes.JsonNode.Parse(GwbCloud.Tests.Contracts.Envelopes.JwsText.PayloadOf(honest.IdToken))!.AsObject();
        return GwbCloud.Tests.Contracts.Approvals.TestIssuer.Sign(GwbCloud.Tests.Contracts.Approvals.TestIssuer.Header(), claims, GwbCloud.Tests.Contracts.Approvals.TestIssuer.StrangersKey);
    }
}
