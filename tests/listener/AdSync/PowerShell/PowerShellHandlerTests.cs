using System.Text.Json.Nodes;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>Commands through the job API, over the real scripts and the fake ADSync module.</summary>
public sealed class PowerShellHandlerTests
{
    const string Group = "CN=Vertrieb,OU=Groups,OU=Writeback,DC=contoso,DC=example";

    [PowerShellFact]
    public async Task Inspection_FindsClonedProvisioningRulesAndTheDeleteRule()
    {
        using var server = await FakeServer.StartAsync(state =>
        {
            var rules = state["rules"]!.AsArray();
            rules.Add(FakeServer.Rule(Guid.NewGuid(), "Clone of SOAInAAD", 60, standard: false));
            rules.Add(FakeServer.Rule(Guid.NewGuid(), "Custom join", 61, RuleLink.Join, standard: false));
            rules.Add(FakeServer.Rule(RuleIds.DeleteOnDisable, "In from AAD - delete", 62, RuleLink.Join, standard: false, direction: RuleDirection.Inbound));
        });

        // Without a listener, which speaks for the server of its configuration alone.
        var facts = await server.AdSync.InspectAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["Clone of SOAInAAD"], facts.CustomProvisioningRules);
        Assert.True(facts.DeleteRuleEnabled);
        Assert.True(facts.MemberLimitEnabled);
        Assert.Equal(96, facts.FreePrecedences);
        Assert.Equal((FakeServer.Ou, true, FakeServer.AdConnector), (facts.WritebackOu, facts.WritebackOuInScope, facts.AdConnector));
        Assert.Equal(new() { GroupWritebackV2 = true, UnifiedGroupWriteback = true }, facts.Features);
        Assert.Equal((RuleState.Absent, RuleState.Absent), (facts.Coexistence.Inbound, facts.Coexistence.Outbound));
    }

    [PowerShellFact]
    public async Task CoexistenceRules_AddedTwice_AreAsSpecifiedAndAddedOnce()
    {
        using var server = await FakeServer.StartAsync();
        await using var listener = await TestListener.StartAsync(l => l.Instead = server.AdSync);

        var first = await listener.RunAsync(new AddCoexistenceRules());
        var second = await listener.RunAsync(new AddCoexistenceRules());
        server.Edit(state => state["rules"]!.AsArray().Last(rule => (string)rule!["Identifier"]! == RuleIds.CoexistenceOutbound.ToString())!["Disabled"] = true);

        Assert.Equal((RuleState.AsSpecified, RuleState.AsSpecified), (first.Inbound, first.Outbound));
        Assert.Equal(first, second);
        Assert.Equal(2, server.Calls.Count);
        Assert.Equal(AdSyncError.RuleIdInUse.Code, await listener.FailAsync(new AddCoexistenceRules()));
    }

    [PowerShellFact]
    public async Task PendingExportsAndLineage_AreClassifiedOverTheRealScripts()
    {
        using var server = await FakeServer.StartAsync(
            state =>
            {
                state["rules"]!.AsArray().Add(FakeServer.Rule(RuleIds.CoexistenceOutbound, "Out to AD - Group SOAinAAD coexistence with Cloud Sync", 2, RuleLink.JoinNoFlow, standard: false));
                state["objects"] = new JsonArray(
                    FakeServer.Space("CN=Let go", anchor: "Group_3"),
                    FakeServer.Space(Group, anchor: "Group_1", lineage: [FakeServer.InternalOf(RuleIds.CoexistenceOutbound)],
                        xml: PendingXml.Document(PendingXml.Object(Group, "delete"))),
                    FakeServer.Space("CN=m365", anchor: "Group_2", mail: "m@contoso.example", lineage: [FakeServer.InternalOf(new("11111111-0000-4000-8000-000000000001"))],
                        xml: PendingXml.Document(PendingXml.Object("CN=m365", "update", PendingXml.Attribute("groupType", "8"), before: PendingXml.Attribute("groupType", "-2147483640") + PendingXml.Attribute("mail", "m@contoso.example")))));
            });
        await using var listener = await TestListener.StartAsync(l => l.Instead = server.AdSync);
        var groups = await listener.UploadAsync("groups", Identity("Group_1", Group), Identity("Group_2", "CN=m365"), Identity("Group_3", "CN=Let go"), Identity("Group_4", "CN=Gone"));

        var pending = await listener.RunAsync(new ReadPendingExports());
        var lineage = await listener.RunAsync(new ReadLineage { Groups = groups });

        Assert.Equal([(ExportOperation.Update, 1), (ExportOperation.Delete, 1)], pending.Counts.Select(count => (count.Operation, count.Count)));
        var details = await listener.ReadListAsync<PendingExport>(pending.Details);
        Assert.Equal([(false, false), (true, true)], details.OrderByDescending(d => d.DistinguishedName == Group).Select(d => (d.TypeChange, d.MailEnabled)));
        Assert.Equal((4, 1), (lineage.Groups, lineage.JoinNoFlow));
        Assert.Equal(["CN=Gone", "CN=Let go", "CN=m365"], lineage.Others);
        // A rule applies to the Microsoft 365 group; of the others the connector space has one without a rule, and one not at all.
        Assert.Equal(["CN=Gone", "CN=Let go"], lineage.LetGo.Select(group => group.DistinguishedName).Order(StringComparer.Ordinal));
    }

    [PowerShellFact]
    public async Task StagingAndEntraOnly_ThroughTheJobApi_LeaveTheirRunsAndTheFlag()
    {
        using var server = await FakeServer.StartAsync(state => state["scheduler"]!["SyncCycleEnabled"] = false);
        await using var listener = await TestListener.StartAsync(l =>
        {
            l.Instead = server.AdSync;
            l.Configure = options => options with { MayChangeStaging = true };
        });

        var report = await listener.RunAsync(new RunEntraOnly());
        var staging = await listener.RunAsync(new SetStaging { On = true });

        Assert.Equal(5, report.Steps.Count);
        Assert.Equal(["Delta Import", "Delta Import", "Delta Synchronization", "Delta Synchronization", "Export"], report.Runs.Select(run => run.Profile));
        Assert.Equal((false, true), (staging.Before, staging.After));
        Assert.Equal(AdSyncError.EntraOnlyRefused.Code, await listener.FailAsync(new RunEntraOnly()));
    }

    static GroupIdentity Identity(string anchor, string dn) => new() { CloudId = Guid.NewGuid(), ObjectGuid = Guid.NewGuid(), DistinguishedName = dn, Anchor = anchor };
}
