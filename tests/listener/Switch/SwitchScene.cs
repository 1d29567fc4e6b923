using System.Text;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Evidence;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.Tests.Contracts.Approvals;

namespace GwbCloud.Tests.Listener.Switch;

/// <summary>A server on which everything is ready for the switch, and the people and servers that it needs.</summary>
sealed class SwitchScene : IAsyncDisposable
{
    public const string Requester = "00000000-0000-4000-8000-00000000000a";
    public const string Anna = "00000000-0000-4000-8000-00000000000b";
    public const string Berta = "00000000-0000-4000-8000-00000000000c";
    public const string OtherServer = "AADC02";

    readonly Dictionary<string, string> _tokens = [];

    SwitchScene(TestListener listener) => Listener = listener;

    public TestListener Listener { get; }

    public FakeAdSync AdSync => Listener.AdSync;

    public IReadOnlyList<GroupIdentity> Planned { get; private set; } = [];

    public EvidenceScope Scope { get; private set; } = null!;

    /// <summary>With a window that holds every moment of a test.</summary>
    public string CloudPart { get; set; } = PartWith(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));

    public static string PartWith(DateTimeOffset start, DateTimeOffset end) => CanonicalJson.SerializeToText(new { Passed = true, Window = new EvidenceWindow { Start = start, End = end } });

    /// <summary>When the evidence was complete.</summary>
    public DateTimeOffset EvidenceAt { get; set; }

    public TimeSpan GateLife { get; set; } = TimeSpan.FromHours(2);

    public DateTimeOffset Deadline => EvidenceAt + GateLife;

    public static async Task<SwitchScene> SetAsync(CmdletGeneration cmdlet = CmdletGeneration.Unattended, int required = 1)
    {
        var scene = new SwitchScene(new TestListener());
        var listener = scene.Listener;
        listener.Configure = options => options with
        {
            OtherServers = [PinnedKey.Of("aadc02", TestListener.OtherKey, OtherServer)],
            Approvals = new()
            {
                Issuer = TestIssuer.Issuer,
                Audience = TestIssuer.Audience,
                Required = required,
                FetchKeys = _ => Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(Jwks())),
            },
        };
        scene.Planned = [.. Enumerable.Range(0, 3).Select(i => listener.Ad.AddPlanned($"Group {i}", stamped: true, Guid.NewGuid(), Guid.NewGuid()))];
        listener.AdSync.Host = listener.AdSync.Host with { Cmdlet = cmdlet };
        listener.AdSync.Scheduler = listener.AdSync.Scheduler with { SyncCycleEnabled = false, StagingModeEnabled = true };
        listener.AdSync.Rules.AddRange([CoexistenceRuleSpec.Inbound(1), CoexistenceRuleSpec.Outbound(FakeAdSync.AdConnectorId, 2)]);
        RunResult synchronized = new() { RunNumber = 5, Connector = FakeAdSync.AdConnector, Profile = "Full Synchronization", Result = "success", Errors = [] };
        listener.AdSync.Runs.AddRange([synchronized, synchronized with { RunNumber = 4, Profile = "Full Import" }]);
        listener.AdSync.Groups.AddRange(scene.Planned.Select(group => new ConnectorSpaceGroup
        {
            DistinguishedName = group.DistinguishedName,
            Anchor = group.Anchor,
            MailEnabled = false,
            Lineage = [],
            LineageRules = [RuleIds.CoexistenceOutbound],
        }));
        await listener.OpenAsync();
        scene.Scope = await scene.UploadScopeAsync();
        scene.EvidenceAt = listener.Clock.Now;
        return scene;
    }

    public async Task<EvidenceScope> UploadScopeAsync(Ceilings? ceilings = null, params string[] knownErrors) => new()
    {
        Groups = await Listener.UploadAsync("groups", Planned),
        Frozen = await Listener.UploadAsync<GroupIdentity>("frozen"),
        Ours = await Listener.UploadAsync<string>("ours"),
        Snapshot = await Listener.UploadAsync("snapshot", Listener.Ad.Groups.Values),
        KnownErrors = await Listener.UploadAsync<string>("knownErrors", knownErrors),
        PendingBaseline = await Listener.UploadAsync<PendingExport>("pendingBaseline"),
        Ceilings = ceilings ?? new() { M365NewlyWritten = 0, M365TypeChanged = 0, MembersLost = 0 },
    };

    /// <summary>The digest that people see: what this listener and the other one gathered, and the cloud's part.</summary>
    public async Task<string> DigestAsync()
    {
        var own = await GatherAsync();
        return EvidenceDigest.Of([.. own, OtherPart(), Cloud()]);
    }

    public async Task<IReadOnlyList<EvidencePart>> GatherAsync(EvidenceScope? scope = null, EvidencePurpose purpose = EvidencePurpose.Switch)
    {
        var result = await Listener.RunAsync(new GatherEvidence
        {
            Scope = scope ?? Scope, IncludeDirectory = purpose == EvidencePurpose.Switch, Purpose = purpose,
        });
        var verifier = new EnvelopeVerifier([TestListener.Pinned], Listener.Clock, new() { Tenant = TestIssuer.Tenant });
        return [.. result.Parts.Select(part => verifier.VerifyEvidence(part, TimeSpan.FromMinutes(15)).Envelope!)];
    }

    /// <summary>What the other server's listener would sign now.</summary>
    public EvidencePart OtherPart(Func<ServerEvidence, ServerEvidence>? change = null)
    {
        var facts = new ServerEvidence
        {
            Tenant = TestIssuer.Tenant,
            Migration = TestListener.Migration,
            Scope = ScopeHashes.Of(Scope),
            Ceilings = Scope.Ceilings,
            Server = OtherServer,
            Version = "2.5.190.0",
            RulesHash = "r",
            GroupRulesHash = "g",
            Checks = new() { ["staging"] = true },
            Problems = [],
            Passed = true,
        };
        return EvidencePart.Of(EvidencePart.NameOf(OtherServer), OtherServer, Listener.Clock.Now, (change ?? (same => same))(facts));
    }

    public static string SignOther(EvidencePart part) => new EnvelopeSigner(TestListener.OtherKey, "aadc02").Sign(part);

    /// <summary>A decision, signed in for a minute after the evidence.</summary>
    public SignedStatement Decide(
        string oid, string digest, ApprovalDecision decision = ApprovalDecision.Approve, DateTimeOffset? at = null, string role = "Migration.Approver",
        string migration = TestListener.Migration, ApprovalGate gate = ApprovalGate.Switch)
    {
        var record = new ApprovalRecord
        {
            Tenant = TestIssuer.Tenant,
            MigrationId = migration,
            Gate = gate,
            EvidenceDigest = digest,
            Decision = decision,
            CommentHash = ApprovalRecord.HashComment(null),
            Salt = ApprovalNonce.NewSalt(),
        };
        var moment = at ?? EvidenceAt.AddMinutes(1);
        return new SignedDecision { Record = record, IdToken = TestIssuer.Sign(TestIssuer.Claims(oid, record.Nonce(), role, moment)) }.ToStatement();
    }

    public SignedStatement Request(string oid = Requester, string? planHash = null)
    {
        if (_tokens.Count == 0)
        {
            var record = new RequestRecord
            {
                Tenant = TestIssuer.Tenant,
                Subject = TestListener.Migration,
                PlanHash = planHash ?? TestListener.PlanHash,
                Salt = ApprovalNonce.NewSalt(),
            };
            var statement = new SignedRequest
            {
                Record = record,
                IdToken = TestIssuer.Sign(TestIssuer.Claims(oid, record.Nonce(), "Migration.Operator", EvidenceAt.AddDays(-1))),
            }.ToStatement();
            _tokens[statement.Record] = statement.IdToken;
        }
        return new() { Record = _tokens.Keys.Single(), IdToken = _tokens.Values.Single() };
    }

    /// <summary>A command that an honest cloud half would send two minutes after the evidence, when Anna has approved.</summary>
    public async Task<DisableGroupWritebackV2> HonestAsync()
    {
        string digest = await DigestAsync();
        Listener.Clock.Now = EvidenceAt.AddMinutes(2);
        return new()
        {
            Scope = Scope,
            Request = Request(),
            Decisions = [Decide(Anna, digest)],
            EvidenceAt = EvidenceAt,
            Deadline = Deadline,
            OtherServers = [SignOther(OtherPart())],
            CloudPart = CloudPart,
        };
    }

    /// <summary>Sends a command that must be refused without any call, and returns the codes of the reasons.</summary>
    public async Task<IReadOnlyList<string>> RefusedAsync(DisableGroupWritebackV2 command)
    {
        var result = await Listener.RunAsync(command);
        Assert.Equal(SwitchOutcome.Refused, result.Outcome);
        Assert.DoesNotContain(AdSync.Calls, call => call.StartsWith("disable", StringComparison.Ordinal));
        return [.. result.Reasons.Select(reason => reason.Code)];
    }

    public ValueTask DisposeAsync() => Listener.DisposeAsync();

    EvidencePart Cloud() => new()
    {
        Name = EvidencePart.Cloud,
        GatheredAt = EvidenceAt,
        Facts = CanonicalJson.Parse(Encoding.UTF8.GetBytes(CloudPart)).RootElement,
    };

    /// <summary>The issuer's published keys.</summary>
    public static string Jwks()
    {
        var key = SigningKey.Of(TestIssuer.Kid, TestIssuer.Key);
        return $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"{{key.Kid}}","n":"{{key.N}}","e":"{{key.E}}"}]}""";
    }
}
