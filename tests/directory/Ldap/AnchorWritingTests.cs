using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Ldap;

/// <summary>Anchors on a real directory: nothing is ever overwritten, every outcome is told as it is.</summary>
public sealed class AnchorWritingTests(SambaDc dc) : IClassFixture<SambaDc>
{
    const string WriteAnchorOfGroups = "OA;CI;WP;bd29bf90-66ad-40e1-887b-10df070419a6;bf967a9c-0de6-11d0-a285-00aa003049e2";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static AnchorWrite Set(DcGroup group, string? value = null) => new() { ObjectGuid = group.ObjectGuid, Value = value ?? group.Anchor! };

    static AnchorWrite Clear(DcGroup group, string? value = null) => Set(group, value) with { Clear = true };

    async Task<string?> StampOfAsync(DcGroup group) => (await dc.Tools.SearchAsync(group.Dn, "(objectClass=group)", AnchorWriter.Attribute)).Single()[AnchorWriter.Attribute];

    static async Task<IReadOnlyList<AnchorState>> WriteAsync(LdapDirectory directory, params AnchorWrite[] writes) =>
        [.. (await directory.WriteAnchorsAsync(writes, Stop)).Select(outcome => outcome.State)];

    [DirectoryFact]
    public async Task Writes_OfEveryKind_TellWhatBecameOfThem()
    {
        string ou = await dc.Tools.AddOuAsync("Kinds");
        var groups = await dc.Tools.AddGroupsAsync(ou, 6, "Kind");
        await dc.Tools.ModifyAsync($"dn: {groups[4].Dn}\nchangetype: delete\n");
        using var directory = dc.Directory(ou);
        await WriteAsync(directory, Set(groups[1]), Set(groups[2], "Group_other"), Set(groups[3]));

        var set = await WriteAsync(directory, Set(groups[0]), Set(groups[1]), Set(groups[2]), Set(groups[4]));
        var cleared = await WriteAsync(directory, Clear(groups[0]), Clear(groups[2]), Clear(groups[3], groups[3].Anchor), Clear(groups[4]), Clear(groups[5]));

        Assert.Equal([AnchorState.Written, AnchorState.AlreadySo, AnchorState.HoldsOther, AnchorState.Gone], set);
        Assert.Equal([AnchorState.Written, AnchorState.HoldsOther, AnchorState.Written, AnchorState.Gone, AnchorState.AlreadySo], cleared);
        Assert.Equal((null, groups[1].Anchor, "Group_other", null), (await StampOfAsync(groups[0]), await StampOfAsync(groups[1]), await StampOfAsync(groups[2]), await StampOfAsync(groups[3])));
    }

    [DirectoryFact]
    public async Task Groups_RenamedAndMovedMeanwhile_AreWrittenAllTheSame()
    {
        string ou = await dc.Tools.AddOuAsync("Renamed");
        string other = await dc.Tools.AddOuAsync("MovedTo", ou);
        var group = (await dc.Tools.AddGroupsAsync(ou, 1, "Renamed"))[0];
        using var directory = dc.Directory(ou);
        await dc.Tools.ModifyAsync($"dn: {group.Dn}\nchangetype: moddn\nnewrdn: CN=New\ndeleteoldrdn: 1\nnewsuperior: {other}\n");

        Assert.Equal([AnchorState.Written], await WriteAsync(directory, Set(group)));
        Assert.Equal(group.Anchor, await StampOfAsync(group with { Dn = $"CN=New,{other}" }));
    }

    [DirectoryFact]
    public async Task TwoWriters_AtOnce_NeverOverwriteEachOther()
    {
        string ou = await dc.Tools.AddOuAsync("Race");
        var groups = await dc.Tools.AddGroupsAsync(ou, 300, "Race");
        using var one = dc.Directory(ou);
        using var two = dc.Directory(ou);

        var outcomes = await Task.WhenAll(
            one.WriteAnchorsAsync([.. groups.Select(group => Set(group, "Group_one"))], Stop),
            two.WriteAnchorsAsync([.. groups.Reverse().Select(group => Set(group, "Group_two"))], Stop));

        var won = outcomes[0].ToDictionary(outcome => outcome.ObjectGuid, outcome => outcome.State == AnchorState.Written ? "Group_one" : "Group_two");
        Assert.All(outcomes[0].Zip(outcomes[1].Reverse()), pair =>
            Assert.Equal([AnchorState.Written, AnchorState.HoldsOther], new[] { pair.First.State, pair.Second.State }.Order()));
        Assert.Contains("Group_one", won.Values);
        Assert.Contains("Group_two", won.Values);
        var now = await dc.Tools.SearchAsync(ou, "(objectClass=group)", "objectGUID", AnchorWriter.Attribute);
        Assert.All(now, entry => Assert.Equal(won[entry.ObjectGuid], entry[AnchorWriter.Attribute]));
    }

    [DirectoryFact]
    public async Task Rights_MissingOnHalfOfThem_RefuseOnlyThose()
    {
        string ou = await dc.Tools.AddOuAsync("Half");
        string allowed = await dc.Tools.AddOuAsync("Allowed", ou);
        var may = await dc.Tools.AddGroupsAsync(allowed, 20, "May");
        var mayNot = await dc.Tools.AddGroupsAsync(ou, 20, "MayNot");
        var account = await dc.Tools.AddAccountAsync("half");
        await dc.Tools.GrantAsync(allowed, $"({WriteAnchorOfGroups};{account.Sid})");
        using var directory = dc.Directory(ou, account);

        var outcomes = await directory.WriteAnchorsAsync([.. may.Zip(mayNot).SelectMany(pair => new[] { Set(pair.First), Set(pair.Second) })], Stop);

        Assert.All(outcomes.Index(), outcome => Assert.Equal(outcome.Index % 2 == 0 ? AnchorState.Written : AnchorState.Refused, outcome.Item.State));
        var error = outcomes[1].Error!;
        Assert.Equal((DirectoryError.AccessDenied.Code, false), (error.Code, error.Transient));
        Assert.Contains($"{mayNot[0].ObjectGuid:D}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(account.Password, error.Message, StringComparison.Ordinal);
    }

    [DirectoryFact]
    public async Task Value_ThatTheSchemaForbids_IsRefusedWithTheDirectorysReason()
    {
        string ou = await dc.Tools.AddOuAsync("TooLong");
        var group = (await dc.Tools.AddGroupsAsync(ou, 1, "TooLong"))[0];
        using var directory = dc.Directory(ou);

        var outcome = (await directory.WriteAnchorsAsync([Set(group, new string('x', 257))], Stop))[0];

        Assert.Equal((AnchorState.Refused, DirectoryError.Rejected.Code), (outcome.State, outcome.Error!.Code));
        Assert.Null(await StampOfAsync(group));
    }

    [DirectoryFact]
    public async Task Cancellation_BetweenWrites_BeginsNoFurtherOne()
    {
        string ou = await dc.Tools.AddOuAsync("Cancelled");
        var groups = await dc.Tools.AddGroupsAsync(ou, 50, "Cancelled");
        using var directory = dc.Directory(ou);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => directory.WriteAnchorsAsync([.. groups.Select(group => Set(group))], cancelled.Token));

        Assert.Empty(await dc.Tools.SearchAsync(ou, $"({AnchorWriter.Attribute}=*)", "dn"));
    }
}
