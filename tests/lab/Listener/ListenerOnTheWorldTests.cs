using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.Journal;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Forest;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.Tests.Lab.World;

namespace GwbCloud.Tests.Lab.Listener;

/// <summary>The listener's commands on the simulated world: the two must mean the same by every fact.</summary>
public sealed class ListenerOnTheWorldTests : IDisposable
{
    static readonly HttpClient Http = new();

    readonly ECDsa _cloud = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly ECDsa _own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly TempFolder _folder = new();
    int _next;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _cloud.Dispose();
        _own.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Evidence_AfterEveryStepBeforeTheSwitch_PassesOnEachServer()
    {
        await using var lab = await LabWorld.StartAsync();
        var (groups, scope) = await PrepareAsync(lab);

        await lab.SetStagingAsync(0, true);
        foreach (int server in new[] { 0, 1 })
        {
            await using var listener = await StartAsync(lab, server);
            Assert.False((await AskAsync(lab, listener, server, new SetScheduler { Enabled = false })).After.Enabled);
            await UploadAsync(listener, scope);
            if (server == 0)
            {
                var stamped = await AskAsync(lab, listener, server, new StampAnchors { Groups = groups });
                Assert.Equal((groups.Count, 0), (stamped.Written, stamped.Conflicts.Count + stamped.Missing.Count));
                await lab.PassAsync(TimeSpan.FromHours(1));
            }
            var rules = await AskAsync(lab, listener, server, new AddCoexistenceRules());
            Assert.Equal((RuleState.AsSpecified, RuleState.AsSpecified), (rules.Inbound, rules.Outbound));

            var ticket = await AskAsync(lab, listener, server, new StartCycle { Policy = CyclePolicy.Initial });
            CycleReport report;
            do
            {
                await lab.PassAsync(TimeSpan.FromMinutes(5));
                report = await AskAsync(lab, listener, server, new ReadCycle { Ticket = ticket });
            }
            while (report.InProgress);
            var known = report.Runs.SelectMany(run => run.Errors).Distinct().ToList();
            var evidenceScope = scope.Scope with { KnownErrors = await PutAsync(listener, Document.OfList("knownErrors", known)) };

            var evidence = await AskAsync(lab, listener, server, new GatherEvidence { Scope = evidenceScope, IncludeDirectory = server == 0 });

            var verifier = new EnvelopeVerifier([PinnedKey.Of("own", _own, ConnectServers.NameOf(server))], lab.World.Clock, new() { Tenant = "" });
            Assert.All(evidence.Parts.Select(part => verifier.VerifyEvidence(part, TimeSpan.FromMinutes(15)).Envelope!), part =>
                Assert.True(part.Facts.GetProperty("passed").GetBoolean(), part.Facts.ToString()));
            Assert.Equal(server == 0 ? 2 : 1, evidence.Parts.Count);
        }
    }

    /// <summary>Somebody had made one of the two rules: it is adopted as it stands, and only the other one is ours to take away.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rules_OfWhichOneStoodBefore_LeaveThatOneAsItWas(bool inbound)
    {
        await using var lab = await LabWorld.StartAsync();
        await lab.SetStagingAsync(0, true);
        await using var listener = await StartAsync(lab, 0);
        var server = ConnectServers.NameOf(0);
        var ours = inbound ? RuleIds.CoexistenceOutbound : RuleIds.CoexistenceInbound;
        await AskAsync(lab, listener, 0, new AddCoexistenceRules());
        await lab.World.Connect.RemoveRuleAsync(server, ours);
        var before = RulesOf(lab, server);

        var made = await AskAsync(lab, listener, 0, new AddCoexistenceRules());
        var left = await AskAsync(lab, listener, 0, new RemoveCoexistenceRules { KeepInbound = inbound, KeepOutbound = !inbound });

        Assert.Equal((RuleState.AsSpecified, RuleState.AsSpecified), (made.Inbound, made.Outbound));
        Assert.Equal((inbound ? RuleState.AsSpecified : RuleState.Absent, inbound ? RuleState.Absent : RuleState.AsSpecified), (left.Inbound, left.Outbound));
        Assert.Equal(before, RulesOf(lab, server));
    }

    static IReadOnlyList<SyncRule> RulesOf(LabWorld lab, string server) => lab.World.Store.Read(() => lab.World.Rules[server].Rules);

    sealed record ScopeDocuments(EvidenceScope Scope, IReadOnlyList<Document> Documents);

    static async Task<(DocumentReference Groups, ScopeDocuments Scope)> PrepareAsync(LabWorld lab)
    {
        var directory = new SimulatedDirectory(lab.World);
        var identities = new List<GroupIdentity>();
        var snapshots = new List<GroupSnapshot>();
        await foreach (var group in directory.GroupsUnderWritebackOuAsync(Stop))
        {
            snapshots.Add((await directory.ReadAsync(group.ObjectGuid, Stop))!);
            if (group is not { Mail: null, AdminDescription: { } anchor } || !IsInEntra(lab, anchor)) { continue; }
            identities.Add(new()
            {
                CloudId = Guid.Parse(anchor["Group_".Length..]), ObjectGuid = group.ObjectGuid, DistinguishedName = group.DistinguishedName, Anchor = anchor,
            });
        }
        var groups = Document.OfList("groups", identities);
        var none = Document.OfList<string>("none", []);
        var snapshot = Document.OfList("snapshot", snapshots);
        var scope = new EvidenceScope
        {
            Groups = groups.Reference,
            Frozen = none.Reference,
            Ours = none.Reference,
            Snapshot = snapshot.Reference,
            KnownErrors = none.Reference,
            PendingBaseline = none.Reference,
            Ceilings = new() { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 },
        };
        return (groups.Reference, new(scope, [groups, none, snapshot]));
    }

    [Fact]
    public async Task Repair_OfGroupsThatWereDeletedAndRenamed_BringsThemBack()
    {
        await using var lab = await LabWorld.StartAsync();
        var (groups, scope) = await PrepareAsync(lab);
        await using var listener = await StartAsync(lab, 0);
        await UploadAsync(listener, scope);
        var snapshot = await AskAsync(lab, listener, 0, new SnapshotGroups { Groups = groups });
        var planned = scope.Documents[0].ReadList<GroupIdentity>();
        await lab.World.Store.ChangeAsync(change =>
        {
            lab.World.Forest.Delete(change, planned[0].ObjectGuid);
            lab.World.Forest.Rename(change, planned[1].ObjectGuid, "Other");
            return true;
        });
        var objects = await PutAsync(listener, Document.OfList("objects", planned.Select(group => group.ObjectGuid)));

        var repaired = await AskAsync(lab, listener, 0, new RepairGroups { Snapshot = snapshot.Snapshot, Objects = objects });
        var compared = await AskAsync(lab, listener, 0, new CompareWithSnapshot { Snapshot = snapshot.Snapshot });

        Assert.Equal((2, 0, 0), (repaired.Repaired, repaired.Incomplete, repaired.Refused));
        Assert.Equal((0, 0, 0), (compared.Deleted, compared.Renamed, compared.MembersLost));
    }

    static string TenantOf(LabWorld lab) => lab.World.Store.Read(() => lab.World.Tenant.TenantId.ToString());

    static bool IsInEntra(LabWorld lab, string anchor) => lab.World.Store.Read(() => lab.World.Groups.Values.Any(group => group.Anchor == anchor && !group.Unified));

    Task<ListenerHost> StartAsync(LabWorld lab, int server) => ListenerHost.StartAsync(
        new()
        {
            Server = ConnectServers.NameOf(server),
            Tenant = TenantOf(lab),
            DataDirectory = Path.Combine(_folder.Path, ConnectServers.NameOf(server)),
            CommandKeys = [PinnedKey.Of("cloud", _cloud)],
            Signer = new(_own, "own"),
            Durability = JournalDurability.Process,
            Time = lab.World.Clock,
            Busy = lab.World.Clock.Busy,
        },
        new SimulatedDirectory(lab.World), lab.Server(server), Stop);

    static async Task UploadAsync(ListenerHost listener, ScopeDocuments scope)
    {
        foreach (var document in scope.Documents) { await PutAsync(listener, document); }
    }

    static async Task<DocumentReference> PutAsync(ListenerHost listener, Document document)
    {
        int index = 0;
        foreach (var part in DocumentParts.Split(document.Content))
        {
            using var content = new ReadOnlyMemoryContent(part);
            using var answer = await Http.PutAsync(
                new Uri(listener.Address, $"documents/{document.Reference.Sha256}/{index++}?parts={document.Reference.Parts}"), content, Stop);
            answer.EnsureSuccessStatusCode();
        }
        return document.Reference;
    }

    async Task<TResult> AskAsync<TResult>(LabWorld lab, ListenerHost listener, int server, Command<TResult> command)
        where TResult : class
    {
        string name = ConnectServers.NameOf(server);
        var envelope = CommandEnvelope.For(
            command, $"c{++_next}", TenantOf(lab), "m-20261102-080000-abcd", null, name, lab.World.Clock.GetUtcNow(), TimeSpan.FromMinutes(30));
        using var body = new StringContent(new EnvelopeSigner(_cloud, "cloud").Sign(envelope), Encoding.ASCII);
        using var answer = await Http.PostAsync(new Uri(listener.Address, "commands"), body, Stop);
        answer.EnsureSuccessStatusCode();
        while (true)
        {
            var status = JsonSerializer.Deserialize<CommandStatus>(
                await Http.GetStringAsync(new Uri(listener.Address, $"commands/{envelope.CommandId}"), Stop), ContractJson.Options)!;
            if (status.State is CommandState.Queued or CommandState.Running) { continue; }
            Assert.True(status.State == CommandState.Done, status.Error?.ToString());
            var verdict = new EnvelopeVerifier([PinnedKey.Of("own", _own, name)], lab.World.Clock, new() { Tenant = "" })
                .VerifyResult(status.Result, new() { Server = name, CommandId = envelope.CommandId, CommandHash = envelope.CommandHash() });
            Assert.True(verdict.IsAccepted, verdict.Refusal?.ToString());
            return verdict.Envelope.ReadPayload<TResult>();
        }
    }
}
