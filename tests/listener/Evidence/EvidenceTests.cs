using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Evidence;
using GwbCloud.Tests.Listener.Switch;

namespace GwbCloud.Tests.Listener.Evidence;

public sealed class EvidenceTests
{
    static PendingExport Of(
        ExportOperation operation, string dn = "CN=X", string connector = FakeAdSync.AdConnector, string type = "group", string? anchor = null,
        bool mailEnabled = false, bool typeChange = false, int removed = 0, int added = 0) => new()
    {
        Connector = connector,
        ObjectType = type,
        Operation = operation,
        DistinguishedName = dn,
        Anchor = anchor,
        MailEnabled = mailEnabled,
        TypeChange = typeChange,
        MembersRemoved = removed,
        MembersAdded = added,
    };

    [Fact]
    public async Task Evidence_OfAServerThatIsReady_PassesAndIsTheSameAMinuteLater()
    {
        await using var scene = await SwitchScene.SetAsync();

        var first = await scene.GatherAsync();
        scene.Listener.Clock.Now += TimeSpan.FromMinutes(1);
        scene.Listener.Ad.Groups[scene.Planned[0].ObjectGuid] = scene.Listener.Ad.Groups[scene.Planned[0].ObjectGuid] with { Members = [Guid.NewGuid()] };
        scene.AdSync.Pending.Add(Of(ExportOperation.Update, "CN=Somebody", "contoso.example - AAD", "user"));
        scene.AdSync.Pending.Add(Of(ExportOperation.Rename, "CN=Team", mailEnabled: true));
        scene.AdSync.Pending.Add(Of(ExportOperation.Add, "CN=New team", mailEnabled: true));
        scene.AdSync.Pending.Add(Of(ExportOperation.Delete, "CN=Leaver", "contoso.example - AAD", "user"));
        var second = await scene.GatherAsync();

        Assert.Equal(["server:AADC01", "directory"], first.Select(part => part.Name));
        Assert.All(first, part => Assert.True(part.Facts.GetProperty("passed").GetBoolean(), part.Facts.ToString()));
        Assert.Equal(first.Select(part => part.Hash()), second.Select(part => part.Hash()));
        Assert.NotEqual(first[0].GatheredAt, second[0].GatheredAt);
    }

    public static TheoryData<string, string> Breaches => new()
    {
        { "delete", "noPendingDelete" },
        { "deleteAdd", "noPendingDelete" },
        { "manyLeavers", "noPendingDelete" },
        { "groupLeavesEntra", "noPendingDelete" },
        { "rename", "noPendingRename" },
        { "securityAdd", "noSecurityGroupAdded" },
        { "m365Adds", "m365AddsWithinCeiling" },
        { "securityType", "noSecurityGroupTypeChanged" },
        { "m365Types", "m365TypeChangesWithinCeiling" },
        { "orphan", "othersUntouched" },
        { "emptied", "noGroupEmptied" },
        { "newError", "noNewRunError" },
        { "unknownResult", "noNewRunError" },
        { "stoppedCycle", "noNewRunError" },
        { "groupInError", "noNewRunError" },
        { "manyMembers", "removalsWithinCeiling" },
        { "m365NoFlow", "mailEnabledFlow" },
        { "otherMachine", "thisServer" },
        { "lineage", "lineage" },
        { "ou", "ouInScope" },
        { "flag", "writebackOn" },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public async Task Breach_OfOneCheck_FailsThePartByName(string breach, string check)
    {
        await using var scene = await SwitchScene.SetAsync();
        // Approved, but not due before the switch: none of it excuses anything yet.
        var scope = await scene.UploadScopeAsync(new() { M365NewlyWritten = 1_000, M365TypeChanged = 1_000, MembersLost = 1_000 });
        var adSync = scene.AdSync;
        var first = scene.Planned[0];
        switch (breach)
        {
            case "delete": adSync.Pending.Add(Of(ExportOperation.Delete, first.DistinguishedName)); break;
            case "deleteAdd": adSync.Pending.Add(Of(ExportOperation.DeleteAdd, "CN=Phone", type: "user")); break;
            case "manyLeavers": adSync.Pending.AddRange(Enumerable.Range(0, 21).Select(i => Of(ExportOperation.Delete, $"CN={i}", "Entra", "user"))); break;
            case "groupLeavesEntra": adSync.Pending.Add(Of(ExportOperation.Delete, "CN=G", "Entra")); break;
            case "rename": adSync.Pending.Add(Of(ExportOperation.Rename, first.DistinguishedName, anchor: first.Anchor)); break;
            case "securityAdd": adSync.Pending.Add(Of(ExportOperation.Add)); break;
            case "m365Adds": adSync.Pending.AddRange(Enumerable.Range(0, 21).Select(i => Of(ExportOperation.Add, $"CN={i}", mailEnabled: true))); break;
            case "securityType": adSync.Pending.Add(Of(ExportOperation.Update, first.DistinguishedName, anchor: first.Anchor, typeChange: true)); break;
            case "m365Types": adSync.Pending.Add(Of(ExportOperation.Update, "CN=1", mailEnabled: true, typeChange: true)); break;
            case "orphan": adSync.Pending.Add(Of(ExportOperation.Update, "CN=Orphan")); break;
            case "emptied": adSync.Pending.Add(Of(ExportOperation.Update, first.DistinguishedName, anchor: first.Anchor, removed: 2)); break;
            case "newError": adSync.Runs.Add(adSync.Runs[0] with { RunNumber = 6, Result = "completed-sync-errors", Errors = ["new"] }); break;
            case "unknownResult": adSync.Runs.Add(adSync.Runs[0] with { RunNumber = 6, Result = "stopped-server-down" }); break;
            case "stoppedCycle": adSync.Runs.Add(adSync.Runs[1] with { RunNumber = 6 }); break;
            case "groupInError":
                adSync.Runs.Add(adSync.Runs[0] with
                {
                    RunNumber = 6, Result = "completed-sync-errors", Errors = ["known"], Details = [new() { Key = "known", Kind = "k", Group = first.DistinguishedName }],
                });
                scope = scope with { KnownErrors = (await scene.UploadScopeAsync(null, "known")).KnownErrors };
                break;
            case "manyMembers": adSync.Pending.Add(Of(ExportOperation.Update, first.DistinguishedName, anchor: first.Anchor, removed: 21, added: 30)); break;
            case "m365NoFlow":
                adSync.Groups.Add(new() { DistinguishedName = "CN=Team", MailEnabled = true, Lineage = [], LineageRules = adSync.Groups[0].LineageRules });
                break;
            case "otherMachine": adSync.Host = adSync.Host with { Server = "COPY01" }; break;
            case "lineage": adSync.Groups.RemoveAt(0); break;
            case "ou": adSync.Host = adSync.Host with { WritebackOuInScope = false }; break;
            case "flag": adSync.Features = adSync.Features with { GroupWritebackV2 = null }; break;
        }

        var part = (await scene.GatherAsync(scope))[0];
        var facts = System.Text.Json.JsonSerializer.Deserialize<ServerEvidence>(part.Facts, ContractJson.Options)!;

        Assert.False(facts.Passed);
        Assert.Equal([check], facts.Checks.Where(one => !one.Value).Select(one => one.Key));
        Assert.Contains(facts.Problems, problem => problem.StartsWith(check + ":", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rehearsal_WhileTheTenantLivesOn_PassesUnderANameOfItsOwn()
    {
        await using var scene = await SwitchScene.SetAsync();
        scene.AdSync.Scheduler = scene.AdSync.Scheduler with { SyncCycleEnabled = true, SyncCycleInProgress = true };
        var scope = scene.Scope with { Snapshot = await scene.Listener.UploadAsync<GroupSnapshot>("snapshot") };

        var forTheSwitch = (await scene.GatherAsync(scope))[0];
        var rehearsed = Assert.Single(await scene.GatherAsync(scope, EvidencePurpose.Rehearsal));

        Assert.Equal(("server:AADC01", "rehearsal:AADC01"), (forTheSwitch.Name, rehearsed.Name));
        Assert.False(forTheSwitch.Facts.GetProperty("passed").GetBoolean());
        Assert.True(rehearsed.Facts.GetProperty("passed").GetBoolean(), rehearsed.Facts.ToString());
    }

    [Fact]
    public async Task Rehearsal_OnAServerThatExports_Fails()
    {
        await using var scene = await SwitchScene.SetAsync();
        scene.AdSync.Scheduler = scene.AdSync.Scheduler with { StagingModeEnabled = false };

        var part = Assert.Single(await scene.GatherAsync(scene.Scope, EvidencePurpose.Rehearsal));

        Assert.False(part.Facts.GetProperty("checks").GetProperty("staging").GetBoolean());
    }

    public static TheoryData<string, string> DirectoryBreaches => new()
    {
        { "lateCatalog", "anchorsOnEveryCatalog" },
        { "duplicate", "noDuplicateAnchor" },
        { "renamed", "nothingRenamed" },
        { "moved", "nothingMoved" },
        { "sid", "noSidChanged" },
        { "type", "noTypeChanged" },
        { "accountName", "noAccountNameChanged" },
    };

    [Theory]
    [MemberData(nameof(DirectoryBreaches))]
    public async Task Breach_InTheDirectory_FailsItsPartByName(string breach, string check)
    {
        await using var scene = await SwitchScene.SetAsync();
        var ad = scene.Listener.Ad;
        var first = scene.Planned[0];
        switch (breach)
        {
            case "lateCatalog": ad.Hidden["gc1.contoso.example"] = [first.ObjectGuid]; break;
            case "duplicate": ad.Add("Copy", null, first.Anchor); break;
            case "renamed": ad.Change(first.ObjectGuid, group => group with { DistinguishedName = $"CN=Other,{FakeDirectory.Ou}" }); break;
            case "moved": ad.Change(first.ObjectGuid, group => group with { DistinguishedName = "CN=Group 0,OU=Elsewhere,DC=contoso,DC=example" }); break;
            case "sid": ad.Change(first.ObjectGuid, group => group with { Sid = "S-1-5-21-9-9-9-9" }); break;
            case "type": ad.Change(first.ObjectGuid, group => group with { GroupType = 8 }); break;
            case "accountName": ad.Change(first.ObjectGuid, group => group with { SamAccountName = "other" }); break;
        }

        var facts = System.Text.Json.JsonSerializer.Deserialize<DirectoryEvidence>((await scene.GatherAsync())[1].Facts, ContractJson.Options)!;

        Assert.False(facts.Passed);
        Assert.Equal([check], facts.Checks.Where(one => !one.Value).Select(one => one.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Snapshot_WithoutAGroupThatMigratesOrFreezes_FailsEveryPart(bool frozen)
    {
        await using var scene = await SwitchScene.SetAsync();
        var ad = scene.Listener.Ad;
        var left = scene.Planned[0];
        var scope = scene.Scope with
        {
            Snapshot = await scene.Listener.UploadAsync("snapshot", ad.Groups.Values.Where(group => group.Group.ObjectGuid != left.ObjectGuid)),
        };
        if (frozen)
        {
            scope = scope with { Groups = await scene.Listener.UploadAsync("groups", scene.Planned.Skip(1)), Frozen = await scene.Listener.UploadAsync("frozen", left) };
        }
        // What nothing could tell any more without the snapshot's word.
        ad.Change(left.ObjectGuid, group => group with { DistinguishedName = $"CN=Other,{FakeDirectory.Ou}" });
        scene.AdSync.Pending.Add(Of(ExportOperation.Update, left.DistinguishedName, anchor: left.Anchor, removed: 2));

        var parts = (await scene.GatherAsync(scope)).Select(part => System.Text.Json.JsonSerializer.Deserialize<EvidenceFacts>(part.Facts, ContractJson.Lenient)!).ToList();

        Assert.Equal(2, parts.Count);
        Assert.All(parts, part =>
        {
            Assert.False(part.Passed);
            Assert.Equal(["snapshotComplete"], part.Checks.Where(one => !one.Value).Select(one => one.Key));
            Assert.Contains($"snapshotComplete: {left.DistinguishedName}", part.Problems);
        });
    }

    [Fact]
    public async Task Group_DeletedSinceTheSnapshot_FailsDeletionAndAnchors()
    {
        await using var scene = await SwitchScene.SetAsync();
        scene.Listener.Ad.Groups.Remove(scene.Planned[0].ObjectGuid);

        var facts = System.Text.Json.JsonSerializer.Deserialize<DirectoryEvidence>((await scene.GatherAsync())[1].Facts, ContractJson.Options)!;

        Assert.Equal(["anchorsOnEveryCatalog", "nothingDeleted"], facts.Checks.Where(one => !one.Value).Select(one => one.Key));
    }

    [Fact]
    public async Task Exports_OfTheBaselineOrOfOurs_AndKnownErrors_DoNotCount()
    {
        await using var scene = await SwitchScene.SetAsync();
        string ours = Identities.NewAnchor();
        var baseline = Of(ExportOperation.Delete, "CN=Old", type: "user");
        scene.AdSync.Pending.AddRange([baseline, Of(ExportOperation.Add, "CN=Canary", anchor: ours)]);
        scene.AdSync.Runs.Add(scene.AdSync.Runs[0] with { RunNumber = 6, Result = "completed-sync-errors", Errors = ["known"] });
        var scope = (await scene.UploadScopeAsync(null, "known")) with
        {
            PendingBaseline = await scene.Listener.UploadAsync("pendingBaseline", baseline),
            Ours = await scene.Listener.UploadAsync<string>("ours", ours),
        };

        Assert.True((await scene.GatherAsync(scope))[0].Facts.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public async Task Delete_OfAPlannedGroup_IsNotExcusedByTheBaseline()
    {
        await using var scene = await SwitchScene.SetAsync();
        var delete = Of(ExportOperation.Delete, scene.Planned[0].DistinguishedName);
        scene.AdSync.Pending.Add(delete);
        var scope = (await scene.UploadScopeAsync()) with { PendingBaseline = await scene.Listener.UploadAsync("pendingBaseline", delete) };

        Assert.False((await scene.GatherAsync(scope))[0].Facts.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public async Task Harm_ToPlannedGroups_IsNotExcusedByCallingThemOurs()
    {
        await using var scene = await SwitchScene.SetAsync();
        var (first, second) = (scene.Planned[0], scene.Planned[1]);
        scene.AdSync.Pending.Add(Of(ExportOperation.Delete, first.DistinguishedName, anchor: first.Anchor));
        scene.AdSync.Groups.RemoveAll(group => group.Anchor == second.Anchor);
        scene.Listener.Ad.Groups.Remove(second.ObjectGuid);
        var scope = (await scene.UploadScopeAsync()) with { Ours = await scene.Listener.UploadAsync("ours", scene.Planned.Select(group => group.Anchor)) };

        var parts = await scene.GatherAsync(scope);

        Assert.Equal([false, false], parts.Select(part => part.Facts.GetProperty("passed").GetBoolean()));
        Assert.False(parts[0].Facts.GetProperty("checks").GetProperty("noPendingDelete").GetBoolean());
    }

    [Fact]
    public async Task Rule_EditedByAnyone_ChangesThePartEvenWhenEveryCheckHolds()
    {
        await using var scene = await SwitchScene.SetAsync();
        string before = (await scene.GatherAsync())[0].Hash();

        scene.AdSync.Rules[0] = scene.AdSync.Rules[0] with { Precedence = 121, Disabled = false, Flows = [new() { Destination = "info", FlowType = "Constant", Source = "x" }] };
        var after = (await scene.GatherAsync())[0];

        Assert.True(after.Facts.GetProperty("passed").GetBoolean());
        Assert.NotEqual(before, after.Hash());
    }
}
