using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Tests.Contracts.Envelopes;

public sealed class EnvelopeTests : IDisposable
{
    private const string Tenant = "7b2e4c1a-0000-4000-8000-000000000001";
    private const string Server = "AADC1";
    private const string Header = """{"alg":"ES256","kid":"cloud-1","typ":"gwb-command"}""";

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _cloud = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _listener = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ManualClock _clock = new(Start);
    private readonly EnvelopeVerifier _verifier;

    public EnvelopeTests() => _verifier = new EnvelopeVerifier(
        [PinnedKey.Of("cloud-1", _cloud), PinnedKey.Of("aadc1-1", _listener, Server)],
        _clock,
        new() { Tenant = Tenant, Server = Server });

    public void Dispose()
    {
        _cloud.Dispose();
        _listener.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public void Command_SignedByThePinnedKey_IsAcceptedAndTyped()
    {
        var sent = Command();

        var verdict = _verifier.VerifyCommand(new EnvelopeSigner(_cloud, "cloud-1").Sign(sent));

        Assert.True(verdict.IsAccepted);
        Assert.Equal(sent.CommandHash(), verdict.Envelope.CommandHash());
        Assert.IsType<InspectServer>(verdict.Envelope.ReadCommand());
    }

    [Fact]
    public void Command_AnyBitFlipped_IsRefused()
    {
        var text = new EnvelopeSigner(_cloud, "cloud-1").Sign(Command());
        for (var index = 0; index < text.Length; index++)
        {
            for (var bit = 0; bit < 7; bit++)
            {
                var changed = text.ToCharArray();
                changed[index] = (char)(changed[index] ^ (1 << bit));

                Assert.False(_verifier.VerifyCommand(new string(changed)).IsAccepted, $"character {index}, bit {bit}");
            }
        }
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"cloud-1","typ":"gwb-command"}""", "GWB7204")]
    [InlineData("""{"alg":"HS256","kid":"cloud-1","typ":"gwb-command"}""", "GWB7204")]
    [InlineData("""{"alg":"ES384","kid":"cloud-1","typ":"gwb-command"}""", "GWB7204")]
    [InlineData("""{"alg":"es256","kid":"cloud-1","typ":"gwb-command"}""", "GWB7204")]
    [InlineData("""{"alg":["ES256"],"kid":"cloud-1","typ":"gwb-command"}""", "GWB7204")]
    [InlineData("""{"kid":"cloud-1","typ":"gwb-command"}""", "GWB7204")]
    [InlineData("""{"alg":"ES256","kid":"cloud-2","typ":"gwb-command"}""", "GWB7206")]
    [InlineData("""{"alg":"ES256","kid":"CLOUD-1","typ":"gwb-command"}""", "GWB7206")]
    [InlineData("""{"alg":"ES256","typ":"gwb-command"}""", "GWB7203")]
    [InlineData("""{"alg":"ES256","kid":1,"typ":"gwb-command"}""", "GWB7203")]
    [InlineData("""{"alg":"ES256","kid":"cloud-1","typ":"gwb-command","crit":["b64"],"b64":false}""", "GWB7203")]
    [InlineData("""{"alg":"ES256","kid":"cloud-1","typ":"gwb-command","jwk":{}}""", "GWB7203")]
    [InlineData("""{"alg":"ES256","kid":"cloud-1","typ":"gwb-result"}""", "GWB7205")]
    [InlineData("""{"alg":"ES256","kid":"cloud-1","typ":"JWT"}""", "GWB7205")]
    [InlineData("""{"alg":"ES256","alg":"ES256","kid":"cloud-1","typ":"gwb-command"}""", "GWB7202")]
    [InlineData("""{"alg":"ES256","kid":"aadc1-1","typ":"gwb-command"}""", "GWB7207")]
    public void Command_WithAnotherHeader_IsRefused(string header, string code) =>
        Assert.Equal(code, _verifier.VerifyCommand(JwsText.Es256(header, Claims(Command()), _cloud)).Refusal?.Code);

    [Fact]
    public void Command_SignedOtherwise_IsRefused()
    {
        var claims = Claims(Command());
        var publicKey = _cloud.ExportSubjectPublicKeyInfo();

        Assert.Equal("GWB7207", Code(JwsText.Es256(Header, claims, _stranger)));
        Assert.Equal("GWB7207", Code(JwsText.Unsigned(Header, claims)));
        Assert.Equal("GWB7204", Code(JwsText.Unsigned("""{"alg":"none","kid":"cloud-1","typ":"gwb-command"}""", claims)));
        Assert.Equal("GWB7204", Code(JwsText.Hs256("""{"alg":"HS256","kid":"cloud-1","typ":"gwb-command"}""", claims, publicKey)));
        Assert.Equal("GWB7206", Code(new EnvelopeSigner(_listener, "aadc1-1").Sign(Command())));

        // Both halves of the signature zero: the forgery that some libraries once took for valid.
        var signed = JwsText.Es256(Header, claims, _cloud);
        Assert.Equal("GWB7207", Code($"{signed[..signed.LastIndexOf('.')]}.{new string('A', 86)}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a token")]
    [InlineData("a.b.c")]
    public void Text_ThatIsNoEnvelope_IsRefused(string? text) => Assert.Equal("GWB7202", Code(text));

    [Fact]
    public void Command_Oversized_IsRefusedOnBothSides()
    {
        var large = Command() with { Migration = new string('m', 64 * 1024) };

        Assert.Equal("GWB7201", Refused.CodeOf(() => new EnvelopeSigner(_cloud, "cloud-1").Sign(large)));
        Assert.Equal("GWB7201", Code(JwsText.Es256(Header, Claims(large), _cloud)));
    }

    [Theory]
    [InlineData(-121, "GWB7210")]
    [InlineData(-120, null)]
    [InlineData(0, null)]
    [InlineData(719, null)]
    [InlineData(720, "GWB7209")]
    [InlineData(86400, "GWB7209")]
    public void Command_AtAnotherTime_IsJudgedWithSkew(int seconds, string? code)
    {
        var text = new EnvelopeSigner(_cloud, "cloud-1").Sign(Command());

        _clock.Now = Start.AddSeconds(seconds);

        Assert.Equal(code, Code(text));
    }

    [Fact]
    public void Command_MeantForOthersOrTooLong_IsRefused()
    {
        Assert.Equal("GWB7212", Code(Command() with { Tenant = "7b2e4c1a-0000-4000-8000-000000000002" }));
        Assert.Equal("GWB7213", Code(Command() with { Server = "AADC2" }));
        Assert.Equal("GWB7211", Code(Command() with { ExpiresAt = Start.AddHours(1).AddSeconds(1) }));
        Assert.Null(Code(Command() with { ExpiresAt = Start.AddHours(1) }));
        Assert.Equal("GWB7208", Code(Command() with { ExpiresAt = Start }));
        Assert.Equal("GWB7208", Code(Command() with { CommandId = string.Empty }));
        Assert.Equal("GWB7208", Code(Command() with { Kind = "disableGroupWritebackV2" }));
        Assert.Equal("GWB7208", Code(Command() with { Payload = JsonSerializer.SerializeToElement("text") }));
        Assert.Equal("GWB7208", Code(Command() with { Payload = Element("""{"kind":"inspectServer","usn":9007199254740993}""") }));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("{\"tenant\":null}")]
    public void Command_WithOtherClaims_IsRefused(string claims) => Assert.Equal("GWB7208", Code(JwsText.Es256(Header, claims, _cloud)));

    [Fact]
    public void Command_WithDuplicateOrUnknownClaims_IsRefused()
    {
        var claims = Claims(Command());

        Assert.Equal("GWB7208", Code(JwsText.Es256(Header, claims.Insert(1, "\"tenant\":\"x\","), _cloud)));
        Assert.Equal("GWB7208", Code(JwsText.Es256(Header, claims.Insert(1, "\"Tenant\":\"x\","), _cloud)));
        Assert.Equal("GWB7208", Code(JwsText.Es256(Header, claims.Insert(1, "\"admin\":true,"), _cloud)));
        Assert.Equal("GWB7208", Code(JwsText.Es256(Header, claims.Replace("\"kind\":", "\"kind\":\"x\",\"kind\":", StringComparison.Ordinal), _cloud)));
    }

    [Fact]
    public void ReadCommand_OutsideTheClosedList_IsRefused()
    {
        var unknown = Command() with { Kind = "runScript", Payload = Element("""{"kind":"runScript","script":"x"}""") };

        var verdict = _verifier.VerifyCommand(new EnvelopeSigner(_cloud, "cloud-1").Sign(unknown));

        Assert.True(verdict.IsAccepted);
        Assert.Equal("GWB7208", Refused.CodeOf(() => verdict.Envelope.ReadCommand()));
    }

    [Fact]
    public void CommandHash_OfTheSameCommandSignedLater_IsEqual()
    {
        var later = Command() with { IssuedAt = Start.AddMinutes(3), ExpiresAt = Start.AddMinutes(13) };

        Assert.Equal(Command().CommandHash(), later.CommandHash());
        Assert.NotEqual(Command().CommandHash(), (Command() with { PlanHash = "other" }).CommandHash());
    }

    [Fact]
    public void Result_OfTheAskedServer_IsAccepted()
    {
        var verdict = _verifier.VerifyResult(new EnvelopeSigner(_listener, "aadc1-1").Sign(Result()), Expected());

        Assert.True(verdict.IsAccepted);
        Assert.Equal("GWB3001", verdict.Envelope.ReadPayload<CommandError>().Code);
    }

    [Fact]
    public void Result_ThatDoesNotFit_IsRefused()
    {
        var document = Document.Of("lineage", new byte[] { 1 }).Reference;

        Assert.Equal("GWB7216", ResultCode(Result() with { CommandId = "c-2" }));
        Assert.Equal("GWB7216", ResultCode(Result() with { CommandHash = "other" }));
        Assert.Equal("GWB7213", ResultCode(Result() with { Server = "AADC2" }));
        Assert.Equal("GWB7210", ResultCode(Result() with { CompletedAt = Start.AddMinutes(3) }));
        Assert.Equal("GWB7208", ResultCode(Result() with { Payload = null }));
        Assert.Equal("GWB7208", ResultCode(Result() with { Document = document }));
        Assert.Equal("GWB7208", ResultCode(Result() with { Payload = null, Document = document with { Sha256 = "x" } }));
        Assert.Null(ResultCode(Result() with { Payload = null, Document = document }));

        // The cloud half's own key, and a key of another server, cannot speak for this server.
        Assert.Equal("GWB7213", _verifier.VerifyResult(new EnvelopeSigner(_cloud, "cloud-1").Sign(Result()), Expected()).Refusal?.Code);
        Assert.Equal("GWB7213", _verifier.VerifyResult(
            new EnvelopeSigner(_listener, "aadc1-1").Sign(Result() with { Server = "AADC2" }), Expected() with { Server = "AADC2" }).Refusal?.Code);
        Assert.Equal("GWB7205", _verifier.VerifyResult(new EnvelopeSigner(_cloud, "cloud-1").Sign(Command()), Expected()).Refusal?.Code);
    }

    [Fact]
    public void Evidence_FreshAndOfItsOwnServer_IsAccepted()
    {
        var part = EvidencePart.Of(EvidencePart.NameOf(Server), Server, Start.AddMinutes(-15), new { Rules = "abc" });

        var verdict = _verifier.VerifyEvidence(new EnvelopeSigner(_listener, "aadc1-1").Sign(part), TimeSpan.FromMinutes(15));

        Assert.True(verdict.IsAccepted);
        Assert.Equal(part.Hash(), verdict.Envelope.Hash());
    }

    [Fact]
    public void Evidence_StaleOrOfOthers_IsRefused()
    {
        var part = EvidencePart.Of(EvidencePart.NameOf(Server), Server, Start, new { Rules = "abc" });

        Assert.Equal("GWB7502", EvidenceCode(part with { GatheredAt = Start.AddMinutes(-15).AddSeconds(-1) }, _listener, "aadc1-1"));
        Assert.Equal("GWB7210", EvidenceCode(part with { GatheredAt = Start.AddMinutes(3) }, _listener, "aadc1-1"));
        Assert.Equal("GWB7213", EvidenceCode(part with { Server = "AADC2" }, _listener, "aadc1-1"));
        Assert.Equal("GWB7213", EvidenceCode(part with { Server = null }, _listener, "aadc1-1"));
        Assert.Equal("GWB7213", EvidenceCode(part, _cloud, "cloud-1"));
        Assert.Equal("GWB7503", EvidenceCode(part with { Name = "server:AADC2" }, _listener, "aadc1-1"));
        Assert.Equal("GWB7503", EvidenceCode(part with { Name = EvidencePart.Cloud }, _listener, "aadc1-1"));
        Assert.Equal("GWB7208", EvidenceCode(part with { Facts = Element("9007199254740993") }, _listener, "aadc1-1"));
        Assert.Null(EvidenceCode(part with { Name = EvidencePart.Directory }, _listener, "aadc1-1"));
        Assert.Equal("GWB7207", EvidenceCode(part, _stranger, "aadc1-1"));
        Assert.Null(EvidenceCode(part, _listener, "aadc1-1"));
    }

    [Fact]
    public void Keys_OnAnotherCurve_AreRefused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Throws<ArgumentException>(() => new EnvelopeSigner(p384, "k"));
        Assert.Throws<ArgumentException>(() => new EnvelopeVerifier([PinnedKey.Of("k", p384)], _clock, new() { Tenant = Tenant }));
        Assert.Throws<ArgumentException>(() => new EnvelopeVerifier(
            [PinnedKey.Of("k", _cloud), PinnedKey.Of("k", _listener)], _clock, new() { Tenant = Tenant }));
    }

    internal static CommandEnvelope Command(string id = "c-1") => CommandEnvelope.For(
        new InspectServer(), id, Tenant, "m-20260302-080000-ab12", "plan", Server, Start, TimeSpan.FromMinutes(10));

    private static string Claims(CommandEnvelope command) => JsonSerializer.Serialize(command, ContractJson.Options);

    private static JsonElement Element(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private static ResultEnvelope Result() => new()
    {
        Server = Server,
        CommandId = "c-1",
        CommandHash = Command().CommandHash(),
        CompletedAt = Start,
        Payload = JsonSerializer.SerializeToElement(new CommandError { Code = "GWB3001", Message = "m" }, ContractJson.Options),
    };

    private static ResultExpectation Expected() => new() { Server = Server, CommandId = "c-1", CommandHash = Command().CommandHash() };

    private string? Code(string? text)
    {
        var verdict = _verifier.VerifyCommand(text);
        Assert.Equal(verdict.IsAccepted, verdict.Refusal is null);
        return verdict.Refusal?.Code;
    }

    private string? Code(CommandEnvelope command) => Code(JwsText.Es256(Header, Claims(command), _cloud));

    private string? ResultCode(ResultEnvelope result) =>
        _verifier.VerifyResult(new EnvelopeSigner(_listener, "aadc1-1").Sign(result), Expected()).Refusal?.Code;

    private string? EvidenceCode(EvidencePart part, ECDsa key, string kid) =>
        _verifier.VerifyEvidence(new EnvelopeSigner(key, kid).Sign(part), TimeSpan.FromMinutes(15)).Refusal?.Code;
}
