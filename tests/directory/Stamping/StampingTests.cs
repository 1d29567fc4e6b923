using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Stamping;

/// <summary>Stamping and its undo on a directory that is not as the plan found it.</summary>
public sealed class StampingTests(SambaDc dc) : IClassFixture<SambaDc>
{
    const string WriteAnchorOfGroups = "OA;CI;WP;bd29bf90-66ad-40e1-887b-10df070419a6;bf967a9c-0de6-11d0-a285-00aa003049e2";

    [DirectoryFact]
    public async Task Values_OfOthers_AreReportedAndNeverOverwritten()
    {
        await using var scene = await StampScene.StartAsync(dc);
        string anchor = NewAnchor();
        var groups = await scene.Tools.AddGroupsAsync(
            scene.Ou,
            new NewDcGroup { Cn = "Other", Anchor = NewAnchor(), Stamp = NewAnchor() },
            new NewDcGroup { Cn = "Equal", Anchor = anchor, Stamp = anchor },
            new NewDcGroup { Cn = "Empty", Anchor = NewAnchor() });
        var before = await scene.TruthAsync();

        var result = await scene.StampAsync(await scene.PlanAsync(groups));

        Assert.Equal([groups[0].Dn], result.Conflicts);
        Assert.Equal((1, 1, 1), (result.Written, result.AlreadyEqual, result.LeftAlone));
        var truth = await scene.TruthAsync();
        Assert.Equal(before[groups[0].ObjectGuid], truth[groups[0].ObjectGuid]);
        Assert.Equal(before[groups[1].ObjectGuid], truth[groups[1].ObjectGuid]);
        Assert.Equal((groups[2].Anchor, 1u), truth[groups[2].ObjectGuid]);
    }

    [DirectoryFact]
    public async Task Rights_MissingOnHalfOfTheOu_AreToldAndTheRestFollowsWhenTheyAreGranted()
    {
        var account = await dc.Tools.AddAccountAsync("svc-stamp");
        await using var scene = await StampScene.StartAsync(dc, account);
        string allowed = await scene.Tools.AddOuAsync("Allowed", scene.Ou);
        string closed = await scene.Tools.AddOuAsync("Closed", scene.Ou);
        await scene.Tools.GrantAsync(allowed, $"({WriteAnchorOfGroups};{account.Sid})");
        IReadOnlyList<DcGroup> open = await scene.Tools.AddGroupsAsync(allowed, 20), shut = await scene.Tools.AddGroupsAsync(closed, 20, "Closed");
        var plan = await scene.PlanAsync(open.Concat(shut));

        var error = await scene.FailAsync(new StampAnchors { Groups = plan });
        var halfway = await scene.TruthAsync();
        await scene.Tools.GrantAsync(closed, $"({WriteAnchorOfGroups};{account.Sid})");
        var result = await scene.StampAsync(plan);
        var undone = await scene.UnstampAsync(plan);

        Assert.Equal((DirectoryError.AccessDenied.Code, false), (error.Code, error.Transient));
        Assert.Contains("OU=Closed", error.Message, StringComparison.Ordinal);
        Assert.Contains("20 of 40", error.Message, StringComparison.Ordinal);
        Assert.All(open, group => Assert.Equal((group.Anchor, 1u), halfway[group.ObjectGuid]));
        Assert.All(shut, group => Assert.Equal((null, 0u), halfway[group.ObjectGuid]));
        Assert.Equal((20, 20, 0), (result.Written, result.AlreadyEqual, result.LeftAlone));
        Assert.Equal(40, undone.Cleared);
    }

    [DirectoryFact]
    public async Task Groups_DeletedMovedOrRenamedSinceThePlan_AreToldApartAndLeftAlone()
    {
        await using var scene = await StampScene.StartAsync(dc);
        string inner = await scene.Tools.AddOuAsync("Inner", scene.Ou);
        string elsewhere = await scene.Tools.AddOuAsync("Elsewhere");
        var groups = await scene.Tools.AddGroupsAsync(scene.Ou, 6, "Planned");
        var plan = await scene.PlanAsync(groups);
        await scene.Tools.ModifyAsync($"""
            dn: {groups[0].Dn}
            changetype: delete

            dn: {groups[1].Dn}
            changetype: modrdn
            newrdn: CN=Moved within
            deleteoldrdn: 1
            newsuperior: {inner}

            dn: {groups[2].Dn}
            changetype: modrdn
            newrdn: CN=Moved away
            deleteoldrdn: 1
            newsuperior: {elsewhere}

            dn: {groups[3].Dn}
            changetype: modrdn
            newrdn: CN=Renamed
            deleteoldrdn: 1

            dn: {groups[4].Dn}
            changetype: modify
            replace: adminDescription
            adminDescription: {NewAnchor()}

            """);

        var result = await scene.StampAsync(plan);

        Assert.Equal([groups[0].Dn, groups[4].Dn], result.Missing.Order());
        Assert.Equal([$"CN=Moved away,{elsewhere}", $"CN=Moved within,{inner}"], result.Moved.Order());
        Assert.Equal([$"CN=Renamed,{scene.Ou}"], result.Renamed);
        Assert.Equal((1, 0, 5), (result.Written, result.AlreadyEqual, result.LeftAlone));
        Assert.Equal(groups[5].Anchor, (await scene.TruthAsync())[groups[5].ObjectGuid].Stamp);
        Assert.Equal(1, await scene.StampedAsync());
        Assert.Empty(await scene.Tools.SearchAsync(elsewhere, "(msDS-ExternalDirectoryObjectId=*)", "dn"));
    }

    [DirectoryFact]
    public async Task Anchor_BorneByAnObjectOfAnotherOu_IsRefusedBeforeTheWrite()
    {
        await using var scene = await StampScene.StartAsync(dc);
        string copies = await scene.Tools.AddOuAsync("Copies");
        var groups = await scene.Tools.AddGroupsAsync(scene.Ou, 3, "Twice");
        var copy = (await scene.Tools.AddGroupsAsync(copies, new NewDcGroup { Cn = "Copy", Stamp = groups[1].Anchor }))[0];

        var result = await scene.StampAsync(await scene.PlanAsync(groups));

        Assert.Equal([copy.Dn], result.Duplicates);
        Assert.Equal((2, 1), (result.Written, result.LeftAlone));
        Assert.Equal((null, 0u), (await scene.TruthAsync())[groups[1].ObjectGuid]);
    }

    [DirectoryFact]
    public async Task Unstamp_RestoresExactlyWhatWasThereBefore()
    {
        await using var scene = await StampScene.StartAsync(dc);
        string stampedBefore = NewAnchor();
        var groups = await scene.Tools.AddGroupsAsync(
            scene.Ou,
            [
                new NewDcGroup { Cn = "Stamped before", Anchor = stampedBefore, Stamp = stampedBefore },
                new NewDcGroup { Cn = "Changed since", Anchor = NewAnchor() },
                .. Enumerable.Range(1, 30).Select(i => new NewDcGroup { Cn = $"Ordinary {i}", Anchor = NewAnchor(), DisplayName = "Näme, \"quoted\"", Description = "d" }),
            ]);
        var plan = await scene.PlanAsync(groups);
        string before = await DumpAsync(scene);
        await scene.StampAsync(plan);
        string stamped = await DumpAsync(scene);
        await scene.Tools.ModifyAsync($"dn: {groups[1].Dn}\nchangetype: modify\nreplace: msDS-ExternalDirectoryObjectId\nmsDS-ExternalDirectoryObjectId: of somebody\n");

        var result = await scene.UnstampAsync(plan);

        Assert.Equal((30, 2), (result.Cleared, result.LeftAlone));
        Assert.NotEqual(before, stamped);
        Assert.Equal("of somebody", (await scene.TruthAsync())[groups[1].ObjectGuid].Stamp);
        await scene.Tools.ModifyAsync($"dn: {groups[1].Dn}\nchangetype: modify\ndelete: msDS-ExternalDirectoryObjectId\n");
        Assert.Equal(before, await DumpAsync(scene));
    }

    [DirectoryFact]
    public async Task Comparison_OfSixThousandMembers_FindsEachOneThatCameOrWent()
    {
        await using var scene = await StampScene.StartAsync(dc);
        string people = await scene.Tools.AddOuAsync("People");
        var users = await scene.Tools.AddUsersAsync(people, 6_001);
        var groups = await scene.Tools.AddGroupsAsync(scene.Ou, new NewDcGroup { Cn = "Large", Anchor = NewAnchor() }, new NewDcGroup { Cn = "Small", Anchor = NewAnchor() });
        await scene.Tools.ModifyAsync($"dn: {groups[0].Dn}\nchangetype: modify\nadd: member\n{string.Concat(users.Take(6_000).Select(user => $"member: {user}\n"))}");
        var plan = await scene.PlanAsync(groups);
        var snapshot = await scene.Halves.RunAsync(new SnapshotGroups { Groups = plan }, StampScene.Stop);
        var large = (await scene.Halves.ReadAsync<GroupSnapshot>(snapshot.Snapshot, StampScene.Stop)).Single(group => group.Group.ObjectGuid == groups[0].ObjectGuid);
        var members = await scene.Tools.SearchAsync(people, $"(memberOf={groups[0].Dn})", "objectGUID");
        await scene.Tools.ModifyAsync($"""
            dn: {groups[0].Dn}
            changetype: modify
            delete: member
            member: {users[0]}
            member: {users[5_999]}
            -
            add: member
            member: {users[6_000]}

            """);
        await scene.Tools.AddGroupsAsync(scene.Ou, new NewDcGroup { Cn = "New" });

        var result = await scene.Halves.RunAsync(new CompareWithSnapshot { Snapshot = snapshot.Snapshot }, StampScene.Stop);

        Assert.Equal(6_000, members.Count);
        Assert.Equal(members.Select(entry => entry.ObjectGuid).Order(), large.Members);
        var differences = await scene.Halves.ReadAsync<GroupDifference>(result.Differences, StampScene.Stop);
        var changed = Assert.Single(differences, difference => !difference.Created);
        Assert.Equal((2, 2, 1, 1), (result.Compared, result.MembersLost, result.MembersGained, result.Created));
        Assert.Equal(await GuidsAsync(scene, people, users[0], users[5_999]), changed.MembersLost.Order());
        Assert.Equal(await GuidsAsync(scene, people, users[6_000]), changed.MembersGained);
    }

    static string NewAnchor() => $"Group_{Guid.NewGuid():D}";

    /// <summary>Every attribute of every object under the OU, but for the directory's own counters.</summary>
    static async Task<string> DumpAsync(StampScene scene)
    {
        string all = await scene.Tools.LdapAsync(
            "ldapsearch", ["-LLL", "-o", "ldif-wrap=no", "-E", "pr=1000/noprompt", "-b", scene.Ou, "(objectClass=group)", "*", "nTSecurityDescriptor", "memberOf"], null);
        return string.Join('\n', all.Split('\n')
            .Where(line => !line.StartsWith("uSNChanged:", StringComparison.Ordinal) && !line.StartsWith("whenChanged:", StringComparison.Ordinal)));
    }

    static async Task<IEnumerable<Guid>> GuidsAsync(StampScene scene, string ou, params string[] dns) =>
        (await scene.Tools.SearchAsync(ou, $"(|{string.Concat(dns.Select(dn => $"(distinguishedName={dn})"))})", "objectGUID")).Select(entry => entry.ObjectGuid).Order();
}
