using System.Net;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Functions.CloudSync;
using GwbCloud.Tests.Functions.Graph;
using GwbCloud.Tests.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Assessment;

/// <summary>What is read of the simulated tenant, over HTTP.</summary>
public sealed class TenantReaderTests
{
    static readonly WorldOptions Small = new() { Groups = 60, M365 = 12 };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tenant_ServersOfFormerTimes_AreFoundByTheirAccounts()
    {
        await using var lab = await LabTenant.StartAsync(Small with { ForgottenServers = 2 });

        var tenant = await lab.ReadTenantAsync();

        Assert.Equal([ConnectServers.NameOf(0), ConnectServers.NameOf(1), "OLDSYNC01", "OLDSYNC02"], tenant.ConnectServers);
    }

    [Fact]
    public async Task Tenant_ServersOfFormerTimes_BlockAndNameThemselves()
    {
        await using var lab = await LabTenant.StartAsync(Small with { ForgottenServers = 1 });

        var outcome = await lab.AssessAsync();

        var findings = await lab.Store.LoadListAsync<Finding>(outcome.Findings!, Stop);
        Assert.Equal(["OLDSYNC01"], Assert.Single(findings, f => f.Severity == FindingSeverity.Blocks).Examples);
        Assert.Null(outcome.Plan);
    }

    [Fact]
    public async Task Tenant_Numbers_CountEveryWritebackState()
    {
        await using var lab = await LabTenant.StartAsync(Small);

        var numbers = (await lab.ReadTenantAsync()).Numbers;

        var m365 = lab.World.Store.Read(() => lab.World.Groups.Values.Where(g => g.Unified).ToLookup(g => g.WritebackEnabled, _ => 1));
        Assert.Equal((m365[null].Count(), m365[true].Count(), m365[false].Count()), (numbers.M365Undecided, numbers.M365On, numbers.M365Off));
        Assert.True(numbers.Users > 0);
    }

    [Fact]
    public async Task Tenant_M365GroupThatWouldAppear_IsCountedAndOthersAreNot()
    {
        await using var lab = await LabTenant.StartAsync(Small);

        var tenant = await lab.ReadTenantAsync();

        var groups = await lab.Store.LoadListAsync<CloudGroupFacts>(tenant.Groups, Stop);
        var m365 = groups.Where(g => g.Unified).ToList();
        Assert.All(m365.Where(g => g.WritebackEnabled is false), g => Assert.Equal(6, g.Members));
        Assert.All(m365.Where(g => g.WritebackEnabled is not false), g => Assert.Equal(0, g.Members));
    }

    [Fact]
    public async Task Tenant_MembersOfAGroup_AreToldByKind()
    {
        await using var lab = await LabTenant.StartAsync(Small);

        var tenant = await lab.ReadTenantAsync();

        var groups = (await lab.Store.LoadListAsync<CloudGroupFacts>(tenant.Groups, Stop)).ToDictionary(g => g.Id);
        foreach (var group in lab.World.Store.Read(() => lab.World.Groups.Values.Where(g => g is { WritebackEnabled: true, Unified: false }).ToList()))
        {
            var kinds = lab.World.Store.Read(() => group.Members.ToLookup(m => lab.World.Principals.Find(m)?.Kind));
            var read = groups[group.Id];
            Assert.Equal(
                (group.Members.Count, kinds[PrincipalKind.Device].Count(), kinds[PrincipalKind.SyncedGroup].Count(), kinds[null].Count()),
                (read.Members, read.Devices, read.SyncedGroups, read.Children.Count));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(25)]
    public async Task Tenant_ReadInManyParts_GivesTheSameFacts(int groupsAtOnce)
    {
        await using var lab = await LabTenant.StartAsync(Small);

        var whole = lab.Reading(1_000);
        var parts = lab.Reading(groupsAtOnce);
        var expected = (await ReadTenantOrchestrator.ReadTenant(whole)).Tenant!;
        var read = (await ReadTenantOrchestrator.ReadTenant(parts)).Tenant!;

        // The document's hash stands for every group of it.
        Assert.Equal(CanonicalJson.Hash(expected), CanonicalJson.Hash(read));
        Assert.Equal(["ListTenant", "ReadMembers", "JoinTenant"], whole.Calls);
        Assert.True(parts.Calls.Count(call => call == "ReadMembers") > 2);
    }

    [Fact]
    public async Task Tenant_GroupDeletedWhileMembersAreRead_IsLeftWithoutThem()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        var activities = lab.Tenant(20);
        var list = await activities.ListTenant(Request(lab), Stop);
        var gone = (await lab.Store.LoadListAsync<MemberQuestion>(list.Questions, Stop))[0].Group;
        await lab.World.Store.ChangeAsync(change => lab.World.Groups.Delete(change, gone));

        var members = await activities.ReadMembers(Part(list, 0, 20), Stop);
        var tenant = await activities.JoinTenant(new TenantParts { AssessmentId = "a-1", List = list, Members = [members] }, Stop);

        Assert.Equal(19, members.Count);
        Assert.Equal(0, (await lab.Store.LoadListAsync<CloudGroupFacts>(tenant.Groups, Stop)).Single(g => g.Id == gone).Members);
        Assert.Equal(list.Groups.Count, tenant.Groups.Count);
    }

    [Fact]
    public async Task Tenant_PartsOutOfOrder_AreRefused()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        var activities = lab.Tenant(20);
        var list = await activities.ListTenant(Request(lab), Stop);
        var (first, second) = (await activities.ReadMembers(Part(list, 0, 20), Stop), await activities.ReadMembers(Part(list, 20, 20), Stop));

        var refused = await Assert.ThrowsAsync<DocumentException>(
            () => activities.JoinTenant(new TenantParts { AssessmentId = "a-1", List = list, Members = [second, first] }, Stop));

        Assert.Contains("out of order", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tenant_PartReadAgain_IsTheSameDocument()
    {
        await using var lab = await LabTenant.StartAsync(Small);
        var activities = lab.Tenant(20);
        var list = await activities.ListTenant(Request(lab), Stop);

        var once = await activities.ReadMembers(Part(list, 20, 20), Stop);

        Assert.Equal(once, await activities.ReadMembers(Part(list, 20, 20), Stop));
    }

    [Fact]
    public async Task Tenant_ActivityGivesUp_IsSaidAndNotThrown()
    {
        var context = new ScriptedContext(new AssessmentRequest { AssessmentId = "a-1", RequestedBy = "p" })
            .On("ListTenant", _ => throw ScriptedContext.Failure("ListTenant"));

        var reading = await ReadTenantOrchestrator.ReadTenant(context);

        Assert.Null(reading.Tenant);
        Assert.Contains("ListTenant", reading.Stopped!.Message, StringComparison.Ordinal);
        Assert.Equal(["ListTenant"], context.Calls);
    }

    [Fact]
    public async Task Tenant_ContactFromActiveDirectory_IsLostAndOneOfEntraIsNot()
    {
        var (group, synced, cloudOnly) = (Facts.Id(1), Facts.Id(2), Facts.Id(3));
        var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, $$$"""
                {"responses":[{"id":"{{{group}}}","status":200,"body":{"value":[
                {"@odata.type":"#microsoft.graph.orgContact","id":"{{{synced}}}","onPremisesSyncEnabled":true},
                {"@odata.type":"#microsoft.graph.orgContact","id":"{{{cloudOnly}}}","onPremisesSyncEnabled":null}]}}]}
                """);

        var read = Assert.Single(await new MemberReader(graph.Client()).ReadAsync([new MemberQuestion { Group = group }], [], Stop));

        Assert.Equal([synced], read.Unwritable.Except(read.CloudOnly));
        Assert.Equal((2, 1), (read.Members, read.SyncedContacts));
    }

    [Fact]
    public async Task Tenant_GroupThatBecameADistributionList_IsStillTheTwinOfItsObject()
    {
        var id = Facts.Id(1);
        var graph = new ScriptedGraph()
            .Then(HttpStatusCode.OK, $$"""{"value":[{"id":"{{id}}","displayName":"g","mailEnabled":true,"securityEnabled":false,"mail":"g@corp.example"}]}""")
            .Then(HttpStatusCode.OK, """{"value":[]}""");

        var read = await new TenantReader(graph.Client()).GroupsAsync(Stop);

        var group = Assert.Single(new GroupClassifier(read, [Facts.AdGroup(id)], [], Facts.Ou).Classify().Groups);
        Assert.Equal((GroupClass.AtRisk, 0), (group.Class, new TenantNumbers().Plus(read[0]).Groups));
    }

    [Fact]
    public async Task Assessment_OfATenant_WritesNothing()
    {
        await using var lab = await LabTenant.StartAsync(Small with { ExistingConfiguration = ExistingConfiguration.Managing, OtherJobs = OtherJobs.Unfiltered });

        await lab.ReadTenantAsync();
        await lab.CloudSync.SurveyCloudSync(
            new SurveyInput { Domain = WorldSeeder.Domain, WritebackOu = WorldSeeder.WritebackOu, Naming = NamingStyle.GroupGuid }, Stop);

        Assert.NotEmpty(lab.Sent);
        Assert.DoesNotContain(lab.Sent, WritesToGraph);
    }

    static AssessmentRequest Request(LabTenant lab) => new() { AssessmentId = "a-1", RequestedBy = "p", Canaries = lab.Canaries() };

    static MemberPart Part(TenantList list, int from, int count) => new() { AssessmentId = "a-1", Questions = list.Questions, From = from, Count = count };

    // A batch may hold reads alone; parsing an expression asks and keeps nothing.
    static bool WritesToGraph((string Method, string Path, string? Body) request)
        => request.Method != "GET"
            && !request.Path.EndsWith("/parseExpression", StringComparison.Ordinal)
            && !(request.Path.EndsWith("/$batch", StringComparison.Ordinal)
                && JsonDocument.Parse(request.Body!).RootElement.GetProperty("requests").EnumerateArray().All(r => r.GetProperty("method").GetString() == "GET"));
}
