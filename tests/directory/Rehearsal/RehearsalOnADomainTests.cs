using System.Globalization;
using System.Text;
using GwbCloud.Lab.DomainController;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Rehearsal;

/// <summary>Whole rehearsals on a real controller, held against the same stories on the simulated twin of its forest.</summary>
public sealed class RehearsalOnADomainTests(SambaDc dc) : IClassFixture<SambaDc>
{
    static string Root => $"{LabDomain.Container},{SambaDc.BaseDn}";

    static string WritebackOu => $"OU=GroupWriteback,{Root}";

    [DirectoryFact]
    public async Task Rehearsal_OnADomain_EndsAsOnTheSimulatedOneAndHarmsNobody()
    {
        var story = DomainRehearsal.Small();
        var world = story.World with { DeviatingNames = 5, DeviatingPlaces = 3, Forest = new() };
        story = story with { World = world };

        var real = await DomainRehearsal.RunAsync(story, DomainRehearsal.On(dc));
        var simulated = await DomainRehearsal.RunAsync(DomainRehearsal.Twin(story), directory: null);

        Assert.Equal((ExitCode.Completed, "completed", 0), (real.Result.ExitCode, real.Result.Account.Outcome, real.Result.Account.Harm));
        Assert.Empty(real.Result.DirectoryDifferences);
        Assert.Equal(simulated.WorldJson, real.WorldJson);
        // Asked without lab and product: every planned group bears its anchor.
        var groups = await dc.Tools.SearchAsync(WritebackOu, "(&(objectClass=group)(adminDescription=Group_*)(groupType=-2147483640))", "adminDescription", "msDS-ExternalDirectoryObjectId");
        Assert.InRange(groups.Count(g => g["msDS-ExternalDirectoryObjectId"] == g["adminDescription"]), world.Groups, groups.Count);
    }

    [DirectoryFact]
    public async Task NoStamp_OnADomain_IsFoundAndWritesNothing()
    {
        var story = DomainRehearsal.Small(Sabotage.NoStamp);

        var real = await DomainRehearsal.RunAsync(story, DomainRehearsal.On(dc));
        var simulated = await DomainRehearsal.RunAsync(DomainRehearsal.Twin(story), directory: null);

        Assert.Equal(ExitCode.EndedBefore, real.Result.ExitCode);
        Assert.Equal(simulated.Result.ExitCode, real.Result.ExitCode);
        Assert.Equal(simulated.Result.Codes, real.Result.Codes);
        Assert.Equal(simulated.WorldJson, real.WorldJson);
        Assert.Empty(await dc.Tools.SearchAsync(WritebackOu, "(&(msDS-ExternalDirectoryObjectId=*)(!(displayName=*Canary*)))", "cn"));
    }

    [DirectoryFact]
    public async Task DuplicateAnchor_OnADomain_BlocksAsOnTheSimulatedOne()
    {
        var story = DomainRehearsal.Small(Sabotage.DuplicateAnchor);

        var real = await DomainRehearsal.RunAsync(story, DomainRehearsal.On(dc));
        var simulated = await DomainRehearsal.RunAsync(DomainRehearsal.Twin(story), directory: null);

        Assert.NotEmpty(real.Result.Codes);
        Assert.Equal((simulated.Result.ExitCode, simulated.WorldJson), (real.Result.ExitCode, real.WorldJson));
        Assert.Equal(simulated.Result.Codes, real.Result.Codes);
    }

    [DirectoryFact]
    public async Task Deny_OnADomain_LeavesNoTraceOfTheMigration()
    {
        (string Groups, WorldImage First)? without = null;
        var story = DomainRehearsal.Small() with { Decision = RehearsedDecision.Deny };
        // Others change groups while the migration runs: the twin tells how the directory would be without it.
        var run = await DomainRehearsal.RunAsync(story, DomainRehearsal.On(dc), (_, control) => without = (Expected(control), control.First));

        Assert.Equal((ExitCode.EndedBefore, 0), (run.Result.ExitCode, run.Result.Account.Harm));
        Assert.Empty(run.Result.DirectoryDifferences);
        Assert.Empty(run.Differences);
        Assert.Empty(await dc.Tools.SearchAsync(Root, "(msDS-ExternalDirectoryObjectId=*)", "cn"));
        Assert.Equal(without!.Value.Groups, await FoundAsync(without.Value.First));
    }

    /// <summary>A stranger changes a member while nobody looks: the rehearsal's account is of the directory, not of what the world believes.</summary>
    [DirectoryFact]
    public async Task Stranger_WhoChangesTheDirectory_IsToldAndProvesNothing()
    {
        var run = await DomainRehearsal.RunAsync(DomainRehearsal.Small() with { Decision = RehearsedDecision.Deny }, DomainRehearsal.On(dc), (host, _) =>
        {
            string victim = host.World.Store.Read(() => host.World.Forest.GroupsUnder(WritebackOu).First(g => g.Members.Count > 0).DistinguishedName);
            dc.Tools.ModifyAsync($"dn: {victim}\nchangetype: modify\nreplace: description\ndescription: a stranger was here\n").GetAwaiter().GetResult();
        });

        Assert.Equal(ExitCode.Failed, run.Result.ExitCode);
        Assert.Contains("a stranger was here", Assert.Single(run.Result.DirectoryDifferences), StringComparison.Ordinal);
        Assert.Contains("a stranger was here", run.Told, StringComparison.Ordinal);
    }

    /// <summary>Groups of a control world: name, type, anchors and members, and the identity of whoever was there from the first moment.</summary>
    static string Expected(ControlWorld control) => control.World.Store.Read(() => Digest(control.First,
        from o in control.World.Objects.Values
        where o is { Class: AdClass.Group, DeletedAt: null }
        select (o.DistinguishedName, o.ObjectGuid, o.GroupType, o.AdminDescription, o.ExternalDirectoryObjectId, Members: o.Members.Select(m => control.World.Objects[m].DistinguishedName))));

    /// <summary>The same of the directory, as OpenLDAP's own tools show it.</summary>
    async Task<string> FoundAsync(WorldImage first) => Digest(
        first,
        from e in await dc.Tools.SearchAsync(Root, "(objectClass=group)", "objectGUID", "groupType", "adminDescription", "msDS-ExternalDirectoryObjectId", "member")
        select (e.Dn, e.ObjectGuid, int.Parse(e["groupType"]!, CultureInfo.InvariantCulture), e["adminDescription"], e["msDS-ExternalDirectoryObjectId"], Members: (IEnumerable<string>)e.All("member")));

    static string Digest(WorldImage first, IEnumerable<(string Dn, Guid Guid, int Type, string? Description, string? Anchor, IEnumerable<string> Members)> groups)
    {
        var text = new StringBuilder();
        foreach (var (dn, guid, type, description, anchor, members) in groups.OrderBy(g => g.Dn, StringComparer.OrdinalIgnoreCase))
        {
            string identity = first.Groups.ContainsKey(guid) ? guid.ToString("D") : "new";
            text.Append(CultureInfo.InvariantCulture, $"{dn.ToUpperInvariant()} {identity} {type} {description} {anchor} {string.Join(';', members.Select(m => m.ToUpperInvariant()).Order(StringComparer.Ordinal))}\n");
        }
        return text.ToString();
    }
}
