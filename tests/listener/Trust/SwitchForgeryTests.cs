using System.Text.Json.Nodes;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Audit;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Contracts.Approvals;
using GwbCloud.Tests.Contracts.Envelopes;
using GwbCloud.Tests.Listener.Switch;

namespace GwbCloud.Tests.Listener.Trust;

/// <summary>
/// The irreversible command from a cloud half that has turned against the tenant: it holds the signing key, and forges what people and
/// other servers say. Each forgery is refused by the listener itself, with its own code; nothing is called, nothing written, and the trail
/// tells it in one line.
/// </summary>
public sealed class SwitchForgeryTests
{
    static readonly string Other = Sha256Text.Of("other"u8);

    static readonly Dictionary<string, (Func<Forge, DisableGroupWritebackV2> Make, ErrorEntry Error)> Table = new()
    {
        // Approvals missing, too few, doubled, by the requester
        ["nobodyApproved"] = (one => one.With(), SwitchError.NoDecision),
        ["tooFew"] = (one => one.With(one.Anna), SwitchError.QuorumMissing),
        ["sameDecisionTwice"] = (one => one.With(one.Anna, one.Anna), ContractError.TokenUsedBefore),
        ["samePersonByTwoSignIns"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Anna)), ContractError.PersonDecidedBefore),
        ["sameTokenIdUnderTwoTokens"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["uti"] = Forge.ClaimOf(one.Anna, "uti"))), ContractError.TokenUsedBefore),
        ["samePersonInCapitals"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Anna.ToUpperInvariant())), ContractError.PersonDecidedBefore),
        ["oneSessionForTwo"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["sid"] = Forge.ClaimOf(one.Anna, "sid"))), ContractError.SessionShared),
        ["requesterApproves"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Requester)), ContractError.ApproverIsRequester),
        ["requestersTokenAsApproval"] = (one => one.With(one.Anna, one.Berta with { IdToken = one.Command.Request.IdToken }), ContractError.TokenNonceWrong),

        // For other evidence, another decision, another matter
        ["otherEvidence"] = (one => one.With(one.Scene.Decide(SwitchScene.Anna, Other), one.Scene.Decide(SwitchScene.Berta, Other)), SwitchError.EvidenceDiffers),
        ["mixedEvidence"] = (one => one.With(one.Anna, one.Scene.Decide(SwitchScene.Berta, Other)), ContractError.EvidenceDiffers),
        ["deniedTurnedIntoApproval"] = (one => one.With(one.Anna, Forge.Turned(one.Scene.Decide(SwitchScene.Berta, one.Digest, ApprovalDecision.Deny), "deny", "approve")), ContractError.TokenNonceWrong),
        ["denialAmongApprovals"] = (one => one.With(one.Anna, one.Berta, one.Scene.Decide("00000000-0000-4000-8000-00000000000d", one.Digest, ApprovalDecision.Deny)), SwitchError.NotApproved),
        ["postponed"] = (one => one.With(one.Anna, one.Berta, one.Scene.Decide("00000000-0000-4000-8000-00000000000d", one.Digest, ApprovalDecision.Postpone)), SwitchError.NotApproved),
        ["otherComment"] = (one => one.With(one.Anna, Forge.Turned(one.Berta, ApprovalRecord.HashComment(null), ApprovalRecord.HashComment("yes"))), ContractError.TokenNonceWrong),
        ["otherSalt"] = (one => one.With(one.Anna, Forge.Resalted(one.Berta)), ContractError.TokenNonceWrong),
        ["evidenceReplacedInTheRecord"] = (one => one.With(one.Anna, Forge.Turned(one.Berta, one.Digest, Other)), ContractError.TokenNonceWrong),
        ["otherMigration"] = (one => one.With(one.Anna, one.Scene.Decide(SwitchScene.Berta, one.Digest, migration: "m-20250101-000000-0000")), ContractError.RecordOfOtherMatter),
        ["planGate"] = (one => one.With(one.Anna, one.Scene.Decide(SwitchScene.Berta, one.Digest, gate: ApprovalGate.Plan)), ContractError.RecordOfOtherMatter),
        ["recordNotCanonical"] = (one => one.With(one.Anna, one.Berta with { Record = one.Berta.Record + " " }), SwitchError.RequestUnreadable),
        ["recordWithMemberTwice"] = (one => one.With(one.Anna, one.Berta with { Record = one.Berta.Record.Insert(1, "\"decision\":\"approve\",") }), SwitchError.RequestUnreadable),
        ["recordOfNobody"] = (one => one.With(one.Anna, one.Berta with { Record = "{}" }), SwitchError.RequestUnreadable),

        // Sign-ins of another time
        ["signedInBeforeTheEvidence"] = (one => one.With(one.Anna, one.Scene.Decide(SwitchScene.Berta, one.Digest, at: one.Scene.EvidenceAt.AddSeconds(-1))), ContractError.DecidedTooEarly),
        ["sessionOfThisMorning"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["auth_time"] = one.Seconds(-20))), ContractError.TokenSignInStale),
        ["noSignInTime"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims.Remove("auth_time"))), ContractError.TokenSignInStale),
        ["fromTheFuture"] = (one => one.With(one.Anna, one.Scene.Decide(SwitchScene.Berta, one.Digest, at: one.Scene.Listener.Clock.Now.AddMinutes(3))), ContractError.TokenNotYetValid),
        ["validFromLater"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["nbf"] = one.Seconds(30))), ContractError.TokenNotYetValid),
        ["expiredBeforeItWasIssued"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["exp"] = one.Seconds(-1))), ContractError.TokenTimesWrong),
        ["noExpiry"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims.Remove("exp"))), ContractError.TokenTimesWrong),
        ["validForAWeek"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["exp"] = one.Seconds(7 * 24 * 60))), ContractError.TokenTimesWrong),

        // Tokens that the tenant did not sign for this
        ["noToken"] = (one => one.With(one.Anna, one.Berta with { IdToken = "" }), ContractError.TokenMalformed),
        ["tokenOfAnotherDecision"] = (one => one.With(one.Anna, one.Berta with { IdToken = one.Decide(SwitchScene.Berta).IdToken }), ContractError.TokenNonceWrong),
        ["strangersKey"] = (one => one.With(one.Anna, Forge.Resigned(one.Berta, TestIssuer.Header(), strangers: true)), ContractError.TokenSignatureWrong),
        ["kidOfAnotherTenant"] = (one => one.With(one.Anna, Forge.Resigned(one.Berta, Header("kid", "tenant-2"), strangers: true)), ContractError.TokenKeyUnknown),
        ["algNone"] = (one => one.With(one.Anna, one.Berta with { IdToken = JwsText.Unsigned("""{"alg":"none","kid":"issuer-1","typ":"JWT"}""", JwsText.PayloadOf(one.Berta.IdToken)) }), ContractError.TokenAlgorithmRefused),
        ["publicKeyAsSecret"] = (one => one.With(one.Anna, one.Berta with
        {
            IdToken = JwsText.Hs256("""{"alg":"HS256","kid":"issuer-1","typ":"JWT"}""", JwsText.PayloadOf(one.Berta.IdToken), TestIssuer.Key.ExportSubjectPublicKeyInfo()),
        }), ContractError.TokenAlgorithmRefused),
        ["keyOfTheSender"] = (one => one.With(one.Anna, Forge.Resigned(one.Berta, Header("jku", "https://evil.example/keys"), strangers: true)), ContractError.TokenHeaderRefused),
        ["signatureCutOff"] = (one => one.With(one.Anna, one.Berta with { IdToken = one.Berta.IdToken[..(one.Berta.IdToken.LastIndexOf('.') + 1)] }), ContractError.TokenSignatureWrong),
        ["accessToken"] = (one => one.With(one.Anna, Forge.Resigned(one.Berta, Header("typ", "at+jwt"))), ContractError.TokenTypeWrong),
        ["otherIssuer"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["iss"] = "https://login.example/other/v2.0")), ContractError.TokenIssuerWrong),
        ["otherAudience"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["aud"] = "another-app")), ContractError.TokenAudienceWrong),
        ["otherTenant"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["tid"] = "7b2e4c1a-0000-4000-8000-000000000002")), ContractError.TokenTenantWrong),
        ["noRole"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["roles"] = new JsonArray("Migration.Operator"))), ContractError.TokenRoleMissing),
        ["nobody"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims.Remove("oid"))), ContractError.TokenPersonMissing),
        ["guest"] = (one => one.With(one.Anna, one.Decide(SwitchScene.Berta, claims => claims["oid"] = "berta@partner.example")), ContractError.TokenPersonMissing),
        ["claimTwice"] = (one => one.With(one.Anna, one.Berta with
        {
            IdToken = JwsText.Rs256(TestIssuer.Header().ToJsonString(), JwsText.PayloadOf(one.Berta.IdToken).Insert(1, "\"oid\":\"x\","), TestIssuer.Key),
        }), ContractError.TokenDuplicateClaim),

        // The requester
        ["requestWithoutProof"] = (one => one.Command with { Request = one.Command.Request with { IdToken = one.Anna.IdToken } }, ContractError.RequestUnproven),
        ["requestByAnApproverOnly"] = (one => one.Command with { Request = one.RequestBy("00000000-0000-4000-8000-00000000000e", role: "Migration.Approver") }, ContractError.RequestUnproven),
        ["requestForAnotherPlan"] = (one => one.Command with { Request = one.RequestBy(SwitchScene.Requester, Other) }, SwitchError.OtherMatter),
        ["requestUnreadable"] = (one => one.Command with { Request = one.Command.Request with { Record = "null" } }, SwitchError.RequestUnreadable),
        ["approverMadeTheRequest"] = (one => one.Command with { Request = one.RequestBy(SwitchScene.Berta) }, ContractError.ApproverIsRequester),

        // Evidence of the other servers and of the cloud
        ["noOtherServer"] = (one => one.Command with { OtherServers = [] }, SwitchError.OtherServersIncomplete),
        ["otherServerTwice"] = (one => one.Command with { OtherServers = [one.Command.OtherServers[0], one.Command.OtherServers[0]] }, SwitchError.OtherServersIncomplete),
        ["otherServerTooOld"] = (one => one.Command with { OtherServers = [SwitchScene.SignOther(one.Scene.OtherPart() with { GatheredAt = one.Scene.Listener.Clock.Now.AddMinutes(-15).AddSeconds(-1) })] }, ContractError.EvidenceStale),
        ["otherServerFromTheFuture"] = (one => one.Command with { OtherServers = [SwitchScene.SignOther(one.Scene.OtherPart() with { GatheredAt = one.Scene.Listener.Clock.Now.AddMinutes(3) })] }, ContractError.EnvelopeNotYetValid),
        ["otherServerSignedByTheCloud"] = (one => one.Command with { OtherServers = [TestListener.Cloud.Sign(one.Scene.OtherPart())] }, ContractError.EnvelopeKeyUnknown),
        ["otherServerSignedUnderItsKid"] = (one => one.Command with { OtherServers = [new EnvelopeSigner(TestListener.CloudKey, "aadc02").Sign(one.Scene.OtherPart())] }, ContractError.EnvelopeSignatureWrong),
        ["otherServerSpeaksForThisOne"] = (one => one.Command with { OtherServers = [SwitchScene.SignOther(one.Scene.OtherPart() with { Server = TestListener.Server, Name = "server:AADC01" })] }, ContractError.EnvelopeOtherServer),
        ["otherServerFails"] = (one => one.Command with { OtherServers = [SwitchScene.SignOther(one.Scene.OtherPart(facts => facts with { Passed = false }))] }, SwitchError.OtherServerFails),
        ["cloudVetoes"] = (one => one.Command with { CloudPart = """{"passed":false}""" }, SwitchError.CloudVeto),
        ["cloudPartReplaced"] = (one => one.Command with { CloudPart = """{"more":1,"passed":true}""" }, SwitchError.EvidenceDiffers),

        // Times
        ["deadlinePassed"] = (one => one.Later(one.Scene.GateLife), SwitchError.DeadlinePassed),
        ["deadlineFarOff"] = (one => one.Command with { Deadline = one.Scene.EvidenceAt.AddHours(24).AddSeconds(1) }, SwitchError.TimesContradict),
        ["evidenceOfTomorrow"] = (one => one.Command with { EvidenceAt = one.Scene.EvidenceAt.AddHours(1) }, SwitchError.TimesContradict),

        // The documents that everything was measured against
        ["ceilingsRaised"] = (one => one.Command with { Scope = one.Command.Scope with { Ceilings = one.Command.Scope.Ceilings with { MembersLost = 1_000 } } }, SwitchError.OtherServerFails),
    };

    public static TheoryData<string> Forgeries => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Switch_ThatIsForged_IsRefusedWithItsOwnCodeAndCallsNothing(string forgery)
    {
        await using var scene = await SwitchScene.SetAsync(required: 2);
        var forge = await Forge.BeginAsync(scene);
        var (make, error) = Table[forgery];
        var command = make(forge);
        int lines = Traces.AuditOf(scene.Listener).Count;
        int writes = scene.Listener.Ad.Writes.Count;

        var codes = await scene.RefusedAsync(command);

        Assert.Contains(error.Code, codes);
        Assert.Equal(writes, scene.Listener.Ad.Writes.Count);
        Assert.DoesNotContain(scene.AdSync.Calls, call => call.StartsWith("disable", StringComparison.Ordinal));
        // Made by looking whether it was called before, and nothing but its signature.
        Assert.Equal(8, new FileInfo(Path.Combine(scene.Listener.Folder, "switch.journal")).Length);
        var line = Assert.Single(Traces.AuditOf(scene.Listener).Skip(lines), line => line.Event == AuditEvent.SwitchRefused);
        Assert.Equal((codes[0], string.Join(' ', codes), TestListener.Migration), (line.Code, line.Detail, line.Migration));
        string trail = await File.ReadAllTextAsync(Path.Combine(scene.Listener.Folder, "audit", "audit-000001.jsonl"), scene.Listener.Cancellation);
        Assert.DoesNotContain(forge.Anna.IdToken.Split('.')[2], trail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switch_ThatIsHonest_IsCalledOnceAndTheTrailTellsIt()
    {
        await using var scene = await SwitchScene.SetAsync(required: 2);
        var forge = await Forge.BeginAsync(scene);

        var result = await scene.Listener.RunAsync(forge.Command);

        Assert.Equal(SwitchOutcome.Called, result.Outcome);
        Assert.Equal(
            [AuditEvent.Accepted, AuditEvent.SwitchCalling, AuditEvent.SwitchCalled, AuditEvent.Ended],
            Traces.AuditOf(scene.Listener).Where(line => line.Event != AuditEvent.Started).Select(line => line.Event));
    }

    [Fact]
    public async Task Approvals_UsedForACall_NeverCountAgain()
    {
        await using var scene = await SwitchScene.SetAsync(required: 2);
        var forge = await Forge.BeginAsync(scene);
        scene.AdSync.Disable = _ => Task.CompletedTask;
        Assert.Equal(SwitchOutcome.Called, (await scene.Listener.RunAsync(forge.Command)).Outcome);

        // At once, after a restart, and with evidence and deadline moved so that the earlier call would not stand in the way.
        Assert.Equal(SwitchOutcome.Refused, (await scene.Listener.RunAsync(forge.Command)).Outcome);
        await scene.Listener.KillAndOpenAsync();
        Assert.Equal(SwitchOutcome.Refused, (await scene.Listener.RunAsync(forge.Command)).Outcome);
        scene.Listener.Clock.Now += TimeSpan.FromMinutes(20);
        var moved = await scene.Listener.RunAsync(forge.Command with
        {
            EvidenceAt = scene.Listener.Clock.Now,
            Deadline = scene.Listener.Clock.Now.AddHours(1),
            OtherServers = [SwitchScene.SignOther(scene.OtherPart())],
        });

        Assert.Contains(ContractError.DecidedTooEarly.Code, moved.Reasons.Select(reason => reason.Code));
        Assert.Single(scene.AdSync.Calls, call => call.StartsWith("disable", StringComparison.Ordinal));
    }

    static JsonObject Header(string member, string value)
    {
        var header = TestIssuer.Header();
        header[member] = value;
        return header;
    }

    /// <summary>An honest command with two approvals, and what a forger makes of it.</summary>
    sealed class Forge
    {
        public required SwitchScene Scene { get; init; }

        public required string Digest { get; init; }

        public required SignedStatement Anna { get; init; }

        public required SignedStatement Berta { get; init; }

        public required DisableGroupWritebackV2 Command { get; init; }

        public static async Task<Forge> BeginAsync(SwitchScene scene)
        {
            var command = await scene.HonestAsync();
            string digest = await scene.DigestAsync();
            var berta = scene.Decide(SwitchScene.Berta, digest);
            return new()
            {
                Scene = scene,
                Digest = digest,
                Anna = command.Decisions[0],
                Berta = berta,
                Command = command with { Decisions = [command.Decisions[0], berta] },
            };
        }

        public DisableGroupWritebackV2 With(params SignedStatement[] decisions) => Command with { Decisions = decisions };

        public DisableGroupWritebackV2 Later(TimeSpan time)
        {
            Scene.Listener.Clock.Now = Scene.EvidenceAt + time;
            return Command;
        }

        /// <summary>Unix seconds, that many minutes from the sign-in.</summary>
        public long Seconds(int minutes) => Scene.EvidenceAt.AddMinutes(1 + minutes).ToUnixTimeSeconds();

        public SignedStatement Decide(string oid, Action<JsonObject>? bend = null)
        {
            var statement = Scene.Decide(oid, Digest);
            var claims = JsonNode.Parse(JwsText.PayloadOf(statement.IdToken))!.AsObject();
            bend?.Invoke(claims);
            return statement with { IdToken = TestIssuer.Sign(claims) };
        }

        public static string ClaimOf(SignedStatement statement, string name) => JsonNode.Parse(JwsText.PayloadOf(statement.IdToken))![name]!.GetValue<string>();

        public static SignedStatement Resigned(SignedStatement statement, JsonObject header, bool strangers = false) => statement with
        {
            IdToken = JwsText.Rs256(header.ToJsonString(), JwsText.PayloadOf(statement.IdToken), strangers ? TestIssuer.StrangersKey : TestIssuer.Key),
        };

        public static SignedStatement Turned(SignedStatement statement, string from, string to)
        {
            string turned = statement.Record.Replace(from, to, StringComparison.Ordinal);
            Assert.NotEqual(statement.Record, turned);
            return statement with { Record = turned };
        }

        public static SignedStatement Resalted(SignedStatement statement)
        {
            var decision = SignedDecision.Read(statement)!;
            return (decision with { Record = decision.Record with { Salt = ApprovalNonce.NewSalt() } }).ToStatement();
        }

        public SignedStatement RequestBy(string oid, string? planHash = null, string role = "Migration.Operator")
        {
            var record = new RequestRecord
            {
                Tenant = TestIssuer.Tenant,
                Subject = TestListener.Migration,
                PlanHash = planHash ?? TestListener.PlanHash,
                Salt = ApprovalNonce.NewSalt(),
            };
            return new SignedRequest { Record = record, IdToken = TestIssuer.Sign(TestIssuer.Claims(oid, record.Nonce(), role, Scene.EvidenceAt.AddDays(-1))) }.ToStatement();
        }
    }
}
