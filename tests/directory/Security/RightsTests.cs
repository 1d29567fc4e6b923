using System.Collections.Concurrent;
using GwbCloud.RelayListener.ActiveDirectory.Security;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Security;

/// <summary>The access check beside the controller: what it computes from the lists is what the controller then allows.</summary>
public sealed class RightsTests(SambaDc dc) : IClassFixture<SambaDc>
{
    const string Group = "bf967a9c-0de6-11d0-a285-00aa003049e2";
    const string User = "bf967aba-0de6-11d0-a285-00aa003049e2";
    const string Anchor = "bd29bf90-66ad-40e1-887b-10df070419a6";
    const string Member = "bf9679c0-0de6-11d0-a285-00aa003049e2";
    const string Name = "bf967a0e-0de6-11d0-a285-00aa003049e2";
    const string Cn = "bf96793f-0de6-11d0-a285-00aa003049e2";

    /// <summary>Where and which entries, and what the account may do then.</summary>
    static readonly (string Case, string Grants, string Expected)[] Matrix =
    [
        ("nothing", "", ""),
        ("one attribute of groups", $"ou (OA;CI;WP;{Anchor};{Group};{{me}})", "stamp"),
        ("one attribute of users only", $"ou (OA;CI;WP;{Anchor};{User};{{me}})", ""),
        ("one attribute, not handed down", $"ou (OA;;WP;{Anchor};;{{me}})", ""),
        ("all attributes", $"ou (OA;CIIO;WP;;{Group};{{me}})", "stamp member displayName description rename"),
        ("all attributes of whatever lies there", "ou (A;CI;WP;;;{me})", "stamp member displayName description rename"),
        ("generic write", "ou (A;CI;GW;;;{me})", "stamp member displayName description rename"),
        ("the set that the controller puts the anchor in", $"ou (OA;CI;WP;77b5b886-944a-11d1-aebd-0000f80367c1;{Group};{{me}})", "?"),
        ("the set of public information", $"ou (OA;CI;WP;e48d0154-bcf8-11d1-8702-00c04fb96050;{Group};{{me}})", "?"),
        ("the class as the part", $"ou (OA;CI;WP;{Group};;{{me}})", "?"),
        ("all of groups, making and deleting them", $"ou (OA;CIIO;GA;;{Group};{{me}})(OA;CI;CCDC;{Group};;{{me}})", "stamp member displayName description rename create delete"),
        ("the same there and in the other OU", $"ou (OA;CIIO;GA;;{Group};{{me}})(OA;CI;CCDC;{Group};;{{me}}) other (OA;CI;CCDC;{Group};;{{me}})", "stamp member displayName description rename move create delete"),
        ("making users only", $"ou (OA;;CC;{User};;{{me}})", ""),
        ("making groups only", $"ou (OA;;CC;{Group};;{{me}})", "create"),
        ("deleting children", "ou (A;;DC;;;{me})", "delete"),
        ("deleting the group", "group (A;;SD;;;{me})", "delete"),
        ("cn alone", $"ou (OA;CI;WP;{Cn};{Group};{{me}})", ""),
        ("cn and name", $"ou (OA;CI;WP;{Cn};{Group};{{me}})(OA;CI;WP;{Name};{Group};{{me}})", "rename"),
        ("denied on the group", $"ou (OA;CI;WP;{Anchor};{Group};{{me}}) group (OD;;WP;{Anchor};;{{me}})", ""),
        ("denied on the OU, allowed on the group", $"ou (OD;CI;WP;{Anchor};{Group};{{me}}) group (OA;;WP;{Anchor};;{{me}})", "stamp"),
        // The tool puts each entry before those that are there: the order in which they are stored decides, whatever is usual.
        ("denied before allowed", $"ou (OA;CI;WP;{Anchor};{Group};{{me}})(OD;CI;WP;{Anchor};{Group};{{me}})", ""),
        ("allowed before denied", $"ou (OD;CI;WP;{Anchor};{Group};{{me}})(OA;CI;WP;{Anchor};{Group};{{me}})", "stamp"),
        ("all, and one attribute denied", $"ou (A;CI;WP;;;{{me}})(OD;CI;WP;{Member};{Group};{{me}})", "stamp displayName description rename"),
        ("protected from deletion, child deletion not granted", $"ou (OA;CIIO;GA;;{Group};{{me}}) group (D;;SDDT;;;WD)", "stamp member displayName description rename"),
        ("protected from deletion, child deletion granted", "ou (A;;DC;;;{me}) group (D;;SDDT;;;WD)", "delete"),
        ("children protected in the OU", "ou (D;;DC;;;WD)(A;CI;SD;;;{me})", "delete"),
        ("everybody signed in", $"ou (OA;CI;WP;{Anchor};{Group};AU)", "stamp"),
        ("everyone", $"ou (OA;CI;WP;{Anchor};{Group};WD)", "stamp"),
        ("who comes over the network", $"ou (OA;CI;WP;{Anchor};{Group};NU)", "stamp"),
        ("a validated write of members", $"ou (OA;CI;SW;{Member};{Group};{{me}})", "?"),
        ("the object itself, not a member", $"ou (OA;CI;WP;{Anchor};{Group};PS)", ""),
        ("one level only", "ou (A;CINP;WP;;;{me})", "stamp member displayName description rename"),
    ];

    [DirectoryFact]
    public async Task ComputedRights_OfEveryCase_AreWhatTheControllerAllows()
    {
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Matrix, TestContext.Current.CancellationToken, async (row, _) =>
        {
            var (name, grants, expected) = row;
            var scene = await RightsScene.MakeAsync(dc);
            string[] words = grants.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i < words.Length; i += 2) { await scene.GrantAsync(words[i], words[i + 1]); }

            string computed = await scene.ComputedAsync();
            bool named = await scene.ServerSaysMayStampAsync();
            string tried = await scene.TriedAsync();

            if (computed != tried || (expected != "?" && tried != expected)) { wrong.Enqueue($"{name}: computed [{computed}], tried [{tried}], expected [{expected}]"); }
            if (named != computed.Contains("stamp", StringComparison.Ordinal)) { wrong.Enqueue($"{name}: the server names the anchor: {named}, computed [{computed}]"); }
        });
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
    }

    [DirectoryFact]
    public async Task RightsOfNestedGroups_AreTheAccounts()
    {
        var scene = await RightsScene.MakeAsync(dc);
        string sid = await scene.AddToGroupAsync("Stampers");
        await scene.GrantAsync("ou", $"(OA;CI;WP;{Anchor};{Group};{sid})");

        Assert.Equal(("stamp", "stamp"), (await scene.ComputedAsync(), await scene.TriedAsync()));
    }

    [DirectoryFact]
    public async Task EntryForTheGroupItself_ServesItsMembers()
    {
        var scene = await RightsScene.MakeAsync(dc);
        await scene.MakeMemberAsync();
        await scene.GrantAsync("group", $"(OA;;WP;{Anchor};;PS)");

        Assert.Equal(("stamp", "stamp"), (await scene.ComputedAsync(), await scene.TriedAsync()));
    }

    [DirectoryFact]
    public async Task NewGroups_GetWhatTheOuHandsDown()
    {
        var scene = await RightsScene.MakeAsync(dc);

        await scene.GrantAsync("ou", $"(OA;CI;WP;{Anchor};{Group};{{me}})");
        var stamping = await scene.ComputedForNewGroupsAsync();
        await scene.GrantAsync("ou", $"(OA;CIIO;GA;;{Group};{{me}})(OA;CI;CC;{Group};;{{me}})");
        var serving = await scene.ComputedForNewGroupsAsync();

        Assert.Equal((true, false), stamping);
        Assert.Equal((true, true), serving);
    }

    [DirectoryFact]
    public async Task EveryDescriptorOfTheDomain_ReadsAsSambasOwnToolReadsIt()
    {
        var entries = await dc.Tools.SearchAsync(SambaDc.BaseDn, "(objectClass=*)", "nTSecurityDescriptor");
        var samba = await SambaSecurity.ReadAsync(entries.Select(entry => (Bytes(entry), Sddl.OfDacl(SecurityDescriptor.Parse(Bytes(entry))))));

        Assert.True(entries.Count > 100);
        Assert.All(samba, same => Assert.True(same));

        static byte[] Bytes(DcEntry entry) => Convert.FromBase64String(entry.Binary("nTSecurityDescriptor")!);
    }
}
