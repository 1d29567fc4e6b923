using System.Text.Json.Nodes;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.AdSync.PowerShell;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>Every script in a real PowerShell against the fake ADSync module, through the real port.</summary>
public sealed class PowerShellAdSyncTests
{
    const string Group = "CN=Vertrieb \u00dc\u4e2d,OU=Groups,OU=Writeback,DC=contoso,DC=example";

    static readonly Guid Flowing = new("11111111-0000-4000-8000-000000000001"), Inbound = new("11111111-0000-4000-8000-000000000003");

    readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [PowerShellFact]
    public async Task Host_TellsBuildConnectorAndContainer()
    {
        using var server = await FakeServer.StartAsync(state => state["runs"] = new JsonArray(
            FakeServer.Run("Full Import", "2026-11-01T08:00:00Z", 600),
            FakeServer.Run("Full Synchronization", "2026-11-01T08:10:30Z", 900),
            FakeServer.Run("Delta Import", "2026-11-01T10:00:00Z", 20),
            FakeServer.Run("Delta Synchronization", "2026-11-01T10:00:30Z", 40)));

        var host = await server.AdSync.GetHostAsync(_cancellation);

        Assert.Equal(("2.5.190.0", CmdletGeneration.Unattended), (host.Version, host.Cmdlet));
        Assert.Equal((FakeServer.Ou, true), (host.WritebackOu, host.WritebackOuInScope));
        Assert.Equal((FakeServer.AdConnector, FakeServer.AdConnectorId), (host.AdConnector, host.AdConnectorId));
        Assert.Equal(1530, host.LastInitialSeconds);
        Assert.Equal([1530], host.RecentInitialSeconds);
        Assert.Equal([70], host.RecentDeltaSeconds);
        Assert.Equal(Environment.MachineName, host.Server);
    }

    /// <summary>The account of the connector that holds the OU, and no other forest's. Nobody is asked although the cmdlet would.</summary>
    [PowerShellFact]
    public async Task Permissions_AreGrantedToTheAccountOfTheConnector()
    {
        using var server = await FakeServer.StartAsync();

        await server.AdSync.GrantWritebackAccessAsync(FakeServer.Ou, TestContext.Current.CancellationToken);
        await server.AdSync.GrantWritebackAccessAsync(null, TestContext.Current.CancellationToken);

        Assert.Equal([$"CONTOSO\\MSOL_1234 {FakeServer.Ou}", "CONTOSO\\MSOL_1234"], server.Grants);
    }

    [PowerShellFact]
    public async Task Scheduler_IsReadAndSet()
    {
        using var server = await FakeServer.StartAsync();

        await server.AdSync.SetSchedulerAsync(false, _cancellation);
        var idle = await server.AdSync.GetSchedulerAsync(_cancellation);
        server.Edit(state => state["connectorBusy"] = true);
        var busy = await server.AdSync.GetSchedulerAsync(_cancellation);

        Assert.Equal(new() { SyncCycleEnabled = false, StagingModeEnabled = false, SchedulerSuspended = false, SyncCycleInProgress = false, EffectiveInterval = TimeSpan.FromMinutes(30) }, idle);
        Assert.True(busy.SyncCycleInProgress);
        Assert.Equal(["Set-ADSyncScheduler False"], server.Calls);
    }

    [PowerShellFact]
    public async Task AutoUpgradeCyclesAndStaging_AreReadAndSet()
    {
        using var server = await FakeServer.StartAsync();

        await server.AdSync.SetAutoUpgradeAsync(AutoUpgradeState.Suspended, _cancellation);
        await server.AdSync.StartCycleAsync(CyclePolicy.Initial, _cancellation);
        var again = await Assert.ThrowsAsync<AdSyncException>(() => server.AdSync.StartCycleAsync(CyclePolicy.Delta, _cancellation));
        await server.AdSync.StopCycleAsync(_cancellation);
        await server.AdSync.SetStagingAsync(true, _cancellation);

        Assert.Equal(AutoUpgradeState.Suspended, await server.AdSync.GetAutoUpgradeAsync(_cancellation));
        Assert.Equal((AdSyncError.Busy.Code, true), (again.Error.Code, again.Error.Transient));
        Assert.True((await server.AdSync.GetSchedulerAsync(_cancellation)).StagingModeEnabled);
        Assert.Equal(["Set-ADSyncAutoUpgrade Suspended", "Start-ADSyncSyncCycle Initial", "Stop-ADSyncSyncCycle", "Set-ADSyncGlobalSettings True"], server.Calls);
    }

    [PowerShellTheory]
    [InlineData("busy", "GWB6201")]
    [InlineData("running", "GWB6201")]
    [InlineData("nested", "GWB6201")]
    [InlineData("nonterminating", "GWB6201")]
    [InlineData("suspended", "GWB6202")]
    [InlineData("denied", "GWB6204")]
    [InlineData("timeout", "GWB6205")]
    [InlineData("named", "GWB6205")]
    [InlineData("down", "GWB6221")]
    [InlineData("die", "GWB6217")]
    public async Task Cmdlet_ThatFails_IsToldByItsCodeAndNobodyIsNamed(string failure, string code)
    {
        using var server = await FakeServer.StartAsync(state => state["failures"] = new JsonObject { ["Start-ADSyncSyncCycle"] = failure });

        var failed = await Assert.ThrowsAsync<AdSyncException>(() => server.AdSync.StartCycleAsync(CyclePolicy.Delta, _cancellation));

        Assert.Equal(code, failed.Error.Code);
        string transcript = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(server.LogFolder)), _cancellation);
        Assert.DoesNotContain("rika", failed.Error.Message + transcript, StringComparison.Ordinal);
    }

    [PowerShellTheory]
    [InlineData("cmdlet", "GWB6203")]
    [InlineData("module", "GWB6212")]
    public async Task Build_ThatLacksSomething_IsToldByItsCode(string what, string code)
    {
        using var server = await FakeServer.StartAsync(state => state["missing"] = new JsonArray("Get-ADSyncAutoUpgrade"));
        if (what == "module") { File.Delete(server.Options.ModulePath!); }

        var failed = await Assert.ThrowsAsync<AdSyncException>(() => server.AdSync.GetAutoUpgradeAsync(_cancellation));

        Assert.Equal(code, failed.Error.Code);
    }

    [PowerShellTheory]
    [InlineData("Unattended", null, null, "Set-ADSyncAADCompanyFeature False")]
    [InlineData("Unattended", "operator@contoso.example", "GWB6203", null)]
    [InlineData("Interactive", "operator@contoso.example", null, "Set-ADSyncAADCompanyFeature False operator@contoso.example")]
    [InlineData("Interactive", null, "GWB6205", null)]
    public async Task Switch_InBothGenerations_CallsOnceOrRefusesBeforeTheCall(string generation, string? user, string? code, string? call)
    {
        using var server = await FakeServer.StartAsync(state => state["generation"] = generation);

        var failed = await Record.ExceptionAsync(() => server.AdSync.DisableGroupWritebackV2Async(user, _cancellation));

        Assert.Equal(code, (failed as AdSyncException)?.Error.Code);
        Assert.Equal(call is null ? [] : [call], server.Calls);
        Assert.Equal(call is null, (await server.AdSync.GetFeaturesAsync(_cancellation)).GroupWritebackV2);
        Assert.Equal(generation, (await server.AdSync.GetHostAsync(_cancellation)).Cmdlet.ToString());
    }

    [PowerShellFact]
    public async Task Switch_WhoseSignInIsCanceled_IsToldByItsCode()
    {
        using var server = await FakeServer.StartAsync(state =>
        {
            state["generation"] = "Interactive";
            state["failures"] = new JsonObject { ["Set-ADSyncAADCompanyFeature"] = "canceled" };
        });

        var failed = await Assert.ThrowsAsync<AdSyncException>(() => server.AdSync.DisableGroupWritebackV2Async("operator@contoso.example", _cancellation));

        Assert.Equal(AdSyncError.SignInNotDone.Code, failed.Error.Code);
        Assert.True((await server.AdSync.GetFeaturesAsync(_cancellation)).GroupWritebackV2);
    }

    [PowerShellFact]
    public async Task Features_ThatCannotBeRead_AreUnknownAndNeverOff()
    {
        using var server = await FakeServer.StartAsync(state => state["features"] = new JsonObject { ["UnifiedGroupWriteback"] = "False" });

        var absent = await server.AdSync.GetFeaturesAsync(_cancellation);
        server.Edit(state => state["failures"] = new JsonObject { ["Get-ADSyncAADCompanyFeature"] = "timeout" });
        var silent = await server.AdSync.GetFeaturesAsync(_cancellation);
        server.Edit(state => state["failures"] = new JsonObject { ["Get-ADSyncAADCompanyFeature"] = "denied" });
        var denied = await Assert.ThrowsAsync<AdSyncException>(() => server.AdSync.GetFeaturesAsync(_cancellation));

        Assert.Equal(new() { GroupWritebackV2 = null, UnifiedGroupWriteback = false }, absent);
        Assert.Equal(new() { GroupWritebackV2 = null, UnifiedGroupWriteback = null }, silent);
        Assert.Equal(AdSyncError.AccessDenied.Code, denied.Error.Code);
    }

    [PowerShellFact]
    public async Task Noise_OnEveryStream_DoesNotReachTheAnswer()
    {
        using var server = await FakeServer.StartAsync(state =>
        {
            state["noise"] = true;
            state["objects"] = new JsonArray(FakeServer.Space(Group, anchor: "Group_1"));
        });

        Assert.Equal(3, (await server.AdSync.GetRulesAsync(_cancellation)).Count);
        Assert.True((await server.AdSync.GetFeaturesAsync(_cancellation)).GroupWritebackV2);
        Assert.Single(await server.AdSync.GetGroupsAsync(_cancellation).ToListAsync(_cancellation));
        await server.AdSync.StartCycleAsync(CyclePolicy.Delta, _cancellation);
    }

    [PowerShellFact]
    public async Task Rules_AreReadWithEveryFieldThatIsCompared()
    {
        var identifier = new Guid("11111111-0000-4000-8000-000000000009");
        using var server = await FakeServer.StartAsync(state =>
        {
            var rule = FakeServer.Rule(identifier, "Custom \u00e4", 50, RuleLink.StickyJoin, standard: false)!.AsObject();
            rule["Description"] = "said \"so\" <here>";
            rule["SoftDeleteExpiryInterval"] = 30;
            rule["ScopeFilter"] = new JsonArray(Scope(("a", "EQUAL", "1"), ("b", "ISNULL", "")), Scope(("c", "NOTEQUAL", "2")));
            rule["JoinFilter"] = new JsonArray(new JsonObject { ["JoinConditionList"] = new JsonArray(new JsonObject { ["CSAttribute"] = "objectGUID", ["MVAttribute"] = "sourceAnchor" }) });
            rule["AttributeFlowMappings"] = new JsonArray(new JsonObject
            {
                ["Source"] = new JsonArray("true"), ["Destination"] = "x", ["FlowType"] = "Constant", ["ExecuteOnce"] = true, ["ValueMergeType"] = "Merge",
            });
            state["rules"] = new JsonArray(rule);
        });

        var read = Assert.Single(await server.AdSync.GetRulesAsync(_cancellation));

        Assert.Equal(("Custom \u00e4", "said \"so\" <here>", 30, RuleLink.StickyJoin, false), (read.Name, read.Description, read.SoftDeleteExpirySeconds, read.Link, read.IsStandardRule));
        Assert.Equal([("a", "EQUAL", "1"), ("b", "ISNULL", ""), ("", "OR", ""), ("c", "NOTEQUAL", "2")], read.Scope.Select(c => (c.Attribute, c.Operator, c.Value)));
        Assert.Equal(new() { Destination = "x", FlowType = "Constant", Source = "true", ValueMergeType = "Merge", ExecuteOnce = true }, Assert.Single(read.Flows));
        Assert.Equal(["objectGUID=sourceAnchor"], read.JoinConditions);

        static JsonObject Scope(params (string Attribute, string Operator, string Value)[] conditions) => new()
        {
            ["ScopeConditionList"] = new JsonArray([.. conditions.Select(c => (JsonNode)new JsonObject { ["Attribute"] = c.Attribute, ["ComparisonOperator"] = c.Operator, ["ComparisonValue"] = c.Value })]),
        };
    }

    [PowerShellFact]
    public async Task DeleteRule_ThatIsAdded_ReadsBackWithItsJoin_AndIsSwitchedOffAndOn()
    {
        using var server = await FakeServer.StartAsync();
        var rule = WritebackRuleSpec.DeleteOnDisable(7);

        await server.AdSync.AddRuleAsync(rule, _cancellation);
        var added = (await server.AdSync.GetRulesAsync(_cancellation)).Single(r => r.Identifier == RuleIds.DeleteOnDisable);
        await server.AdSync.SetRuleDisabledAsync(RuleIds.DeleteOnDisable, true, _cancellation);
        var off = (await server.AdSync.GetRulesAsync(_cancellation)).Single(r => r.Identifier == RuleIds.DeleteOnDisable);
        await server.AdSync.SetRuleDisabledAsync(RuleIds.DeleteOnDisable, true, _cancellation);

        Assert.Equivalent(rule, added, strict: true);
        Assert.Equivalent(rule with { Disabled = true }, off, strict: true);
        Assert.Equal(2, server.Calls.Count);
    }

    [PowerShellFact]
    public async Task Rule_ThatIsAdded_ReadsBackFieldByFieldAndItsPrecedenceIsNotTakenFromAnother()
    {
        using var server = await FakeServer.StartAsync();
        var rule = CoexistenceRuleSpec.Inbound(7);

        await server.AdSync.AddRuleAsync(rule, _cancellation);
        var taken = await Assert.ThrowsAsync<AdSyncException>(() => server.AdSync.AddRuleAsync(CoexistenceRuleSpec.Outbound(FakeServer.AdConnectorId, 7), _cancellation));
        var read = (await server.AdSync.GetRulesAsync(_cancellation)).Single(r => r.Identifier == RuleIds.CoexistenceInbound);
        await server.AdSync.RemoveRuleAsync(RuleIds.CoexistenceInbound, _cancellation);
        await server.AdSync.RemoveRuleAsync(RuleIds.CoexistenceInbound, _cancellation);

        Assert.Equivalent(rule, read, strict: true);
        Assert.Equal(AdSyncError.PrecedenceTaken.Code, taken.Error.Code);
        Assert.Equal([$"Add-ADSyncRule {rule.Name} 7", $"Remove-ADSyncRule {RuleIds.CoexistenceInbound}"], server.Calls);
    }

    [PowerShellFact]
    public async Task Runs_AreNumberedByTheirStartAndTheirErrorsAreStableKeys()
    {
        const string errors = """
            <synchronization-errors><import-error cs-guid="{12345678-DF83-E611-8CE8-00505689546C}" dn="CN=Erika"><date-occurred>2026-11-02</date-occurred><retry-count>1</retry-count><error-type>ambiguous-import-flow</error-type></import-error>
            <export-error dn="CN=Max"><error-type>permission-issue</error-type></export-error></synchronization-errors>
            """;
        using var server = await FakeServer.StartAsync(state => state["runs"] = new JsonArray([
            FakeServer.Run("Delta Synchronization", "2026-11-02T08:01:00Z", 20, "completed-sync-errors", errors: errors),
            FakeServer.Run("Delta Import", "2026-11-02T08:00:00Z", 20),
            FakeServer.Run("Delta Synchronization", "2026-11-02T08:31:00Z", 20, "completed-sync-errors", errors: errors.Replace("<retry-count>1<", "<retry-count>2<", StringComparison.Ordinal)),
            FakeServer.Run("Export", "2026-11-02T08:32:00Z", 0, complete: false),
            .. Enumerable.Range(1, 4).Select(day => FakeServer.Run("Delta Synchronization", $"2026-10-2{day}T08:31:00Z", 20, "completed-sync-errors", errors: errors))]));
        var old = await server.AdSync.GetRunsAsync(RunReading.NumberOf(new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero)), _cancellation);
        Assert.Equal([0, 0, 0, 2], old.Take(4).Select(run => run.Errors.Count));

        var all = await server.AdSync.GetRunsAsync(RunReading.NumberOf(new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero)), _cancellation);
        var later = await server.AdSync.GetRunsAsync(all[1].RunNumber, _cancellation);

        Assert.Equal(["Delta Import", "Delta Synchronization", "Delta Synchronization", "Export"], all.Select(run => run.Profile));
        Assert.Equal(["success", "completed-sync-errors", "completed-sync-errors", "in-progress"], all.Select(run => run.Result));
        Assert.Equal(60, all[1].RunNumber - all[0].RunNumber);
        Assert.Equal(RunReading.NumberOf(new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero)), all[0].RunNumber);
        Assert.Equal(2, all[1].Errors.Count);
        Assert.Equal(all[1].Errors, all[2].Errors);
        Assert.DoesNotContain("Max", string.Concat(all[1].Errors), StringComparison.Ordinal);
        Assert.Equal(all.Skip(2).Select(run => run.RunNumber), later.Select(run => run.RunNumber));
    }

    [PowerShellFact]
    public async Task Groups_AreReadPageByPageWithTheOutboundRulesOfTheirLineage()
    {
        using var server = await FakeServer.StartAsync(state => state["objects"] = new JsonArray(
            FakeServer.Space("CN=user,DC=contoso,DC=example", type: "user"),
            FakeServer.Space(Group, anchor: "Group_1", groupType: "-2147483640", lineage: [FakeServer.InternalOf(Flowing), FakeServer.InternalOf(Inbound)]),
            FakeServer.Space("CN=b", anchor: "Group_2", mail: "b@contoso.example", groupType: "8", lineage: [new("99999999-0000-4000-8000-000000000000")]),
            FakeServer.Space("CN=c"),
            FakeServer.Space("CN=d")));
        server.Options = server.Options with { PageSize = 2 };

        var groups = await server.AdSync.GetGroupsAsync(_cancellation).ToListAsync(_cancellation);

        Assert.Equal([Group, "CN=b", "CN=c", "CN=d"], groups.Select(group => group.DistinguishedName));
        Assert.Equal(("Group_1", false), (groups[0].Anchor, groups[0].MailEnabled));
        Assert.Equal([Flowing], groups[0].LineageRules);
        Assert.True(groups[1].MailEnabled);
        Assert.Equal([new("99999999-0000-4000-8000-000000000000")], groups[1].LineageRules);
        Assert.Null(groups[2].Anchor);
        Assert.Equal([true, false, null, null], groups.Select(group => group.Security));
    }

    [PowerShellTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PendingExports_ByCsexportOrBySerialisedObjects_AreTheSame(bool csexport)
    {
        if (csexport && OperatingSystem.IsWindows()) { return; }
        string delete = PendingXml.Object(Group, "delete", before: PendingXml.Attribute("adminDescription", "Group_1"));
        string update = PendingXml.Object("CN=b", "update", """<dn-attr name="member" operation="update"><dn-value operation="delete"><dn>CN=x</dn></dn-value></dn-attr>""");
        using var server = await FakeServer.StartAsync(
            state => state["objects"] = new JsonArray(
                FakeServer.Space(Group, xml: PendingXml.Document(delete)),
                FakeServer.Space("CN=quiet", xml: PendingXml.Document("""<cs-object cs-dn="CN=quiet" object-type="group"/>""")),
                FakeServer.Space("CN=b", xml: PendingXml.Document(update))),
            csexport);
        server.Export(FakeServer.AdConnector, PendingXml.Document(delete + update));
        server.Options = server.Options with { PageSize = 20 };
        string leftover = Path.Combine(Directory.CreateDirectory(server.WorkFolder).FullName, "pending-1.xml");
        File.WriteAllText(leftover, "");
        File.SetLastWriteTimeUtc(leftover, DateTime.UtcNow.AddDays(-2));

        var pending = await server.AdSync.GetPendingExportsAsync(_cancellation).ToListAsync(_cancellation);

        Assert.Equal([(ExportOperation.Delete, Group, "Group_1", 0), (ExportOperation.Update, "CN=b", null, 1)],
            pending.Select(export => (export.Operation, export.DistinguishedName, export.Anchor, export.MembersRemoved)));
        Assert.All(pending, export => Assert.Equal((FakeServer.AdConnector, "group"), (export.Connector, export.ObjectType)));
        Assert.Empty(Directory.GetFiles(server.WorkFolder));
    }

    [PowerShellFact]
    public async Task PendingExports_ThatCannotBeSeen_AreNeverTakenForNone()
    {
        using var failing = await FakeServer.StartAsync(csexport: true);
        failing.ExportFails();
        using var silent = await FakeServer.StartAsync(state => state["objects"] = new JsonArray(FakeServer.Space("CN=a", xml: "")));

        var csexport = await Assert.ThrowsAsync<AdSyncException>(async () => await failing.AdSync.GetPendingExportsAsync(_cancellation).ToListAsync(_cancellation));
        var objects = await Assert.ThrowsAsync<AdSyncException>(async () => await silent.AdSync.GetPendingExportsAsync(_cancellation).ToListAsync(_cancellation));

        Assert.Equal(AdSyncError.CmdletFailed.Code, csexport.Error.Code);
        Assert.DoesNotContain("Erika", csexport.Error.Message, StringComparison.Ordinal);
        Assert.Equal(AdSyncError.NotSupported.Code, objects.Error.Code);
    }

    [PowerShellFact]
    public async Task RunProfiles_OfEntraOnly_RunOnEveryConnectorTheyConcernAndNeverExportToActiveDirectory()
    {
        using var server = await FakeServer.StartAsync(state => state["connectors"]!.AsArray().Add(
            System.Text.Json.JsonSerializer.SerializeToNode(FakeServer.Connector("fabrikam.example", Guid.NewGuid(), "AD"))));

        foreach (var step in Enum.GetValues<EntraOnlyStep>()) { await server.AdSync.RunEntraOnlyStepAsync(step, _cancellation); }
        var refused = await Assert.ThrowsAsync<AdSyncException>(() => new PowerShellHost(server.Options).RunAsync<DoneValue>(
            AdSyncScript.RunProfile, new { entra = false, profile = "Export", entraConnector = RuleIds.EntraConnector }, TimeSpan.FromMinutes(5), _cancellation));

        Assert.Equal(AdSyncError.CmdletFailed.Code, refused.Error.Code);
        Assert.Equal(
            [
                "contoso.example Delta Import", "fabrikam.example Delta Import", $"{FakeServer.EntraConnector} Delta Import", "contoso.example Delta Synchronization",
                "fabrikam.example Delta Synchronization", $"{FakeServer.EntraConnector} Delta Synchronization", $"{FakeServer.EntraConnector} Export",
            ],
            server.Calls.Select(call => call["Invoke-ADSyncRunProfile ".Length..]));
    }
}
