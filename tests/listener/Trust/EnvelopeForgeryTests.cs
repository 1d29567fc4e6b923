using System.Buffers.Text;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Audit;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Contracts.Envelopes;

namespace GwbCloud.Tests.Listener.Trust;

/// <summary>
/// Every way in which a command can be false at the door of a real listener. Each is refused with its own code and leaves nothing behind
/// but one audit line: no job, no journal record, no document, no call of ADSync, no write to the directory.
/// </summary>
public sealed class EnvelopeForgeryTests
{
    const string Header = """{"alg":"ES256","kid":"cloud","typ":"gwb-command"}""";

    static readonly BigInteger Order = new(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    /// <summary>What one changed bit can come to, by the part that it stands in: the signature covers header and payload as written.</summary>
    public static TheoryData<int, string[]> Parts => new()
    {
        {
            0,
            [
                ContractError.EnvelopeMalformed.Code, ContractError.EnvelopeAlgorithmRefused.Code, ContractError.EnvelopeHeaderWrong.Code,
                ContractError.EnvelopeTypeWrong.Code, ContractError.EnvelopeKeyUnknown.Code, ContractError.EnvelopeSignatureWrong.Code,
            ]
        },
        { 1, [ContractError.EnvelopeMalformed.Code, ContractError.EnvelopeSignatureWrong.Code] },
        { 2, [ContractError.EnvelopeMalformed.Code, ContractError.EnvelopeSignatureWrong.Code] },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Envelope_WithAnySingleBitChanged_IsRefusedAndLeavesOneAuditLine(int part, string[] codes)
    {
        await using var listener = await StartAsync();
        var honest = listener.Envelope(new SetScheduler { Enabled = false });
        byte[] text = Encoding.ASCII.GetBytes(TestListener.Cloud.Sign(honest));
        int[] dots = [-1, .. Enumerable.Range(0, text.Length).Where(at => text[at] == '.'), text.Length];
        var before = Traces.Of(listener);
        var expected = new List<(string Code, string Body)>();

        // From the part's first character to the dot behind it, all eight bits of each byte.
        for (int at = dots[part] + 1; at < Math.Min(dots[part + 1] + 1, text.Length); at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. text];
                changed[at] ^= (byte)(1 << bit);

                var (status, body) = await listener.PostAsync(changed);

                string code = CodeOf(body);
                Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized && codes.Contains(code), $"byte {at}, bit {bit}: {status} {code}");
                expected.Add((code, Sha256Text.Of(changed)));
            }
        }

        before.AssertOnlyAuditGrew(listener);
        Assert.Equal(expected, Traces.AuditOf(listener).Where(line => line.Event == AuditEvent.Refused).Select(line => (line.Code!, line.Body!)));
        Assert.Equal(HttpStatusCode.NotFound, await listener.GetAsync($"commands/{honest.CommandId}"));
        // The honest one was fine all the time.
        Assert.Equal(HttpStatusCode.Accepted, (await listener.PostAsync(text)).Code);
    }

    /// <summary>The forgeries by name: how the text is made, and the code that refuses it.</summary>
    static readonly Dictionary<string, (Func<Forge, string> Make, ErrorEntry Error)> Table = new()
    {
        // Not what it should be
        ["empty"] = (_ => "", ContractError.EnvelopeMalformed),
        ["words"] = (_ => "no envelope at all", ContractError.EnvelopeMalformed),
        ["json"] = (one => $$"""{"payload":"{{one.Parts[1]}}","protected":"{{one.Parts[0]}}","signature":"{{one.Parts[2]}}"}""", ContractError.EnvelopeMalformed),
        ["fourParts"] = (one => one.Text + ".", ContractError.EnvelopeMalformed),
        ["encryptedShape"] = (one => $"{one.Text}.AA.AA", ContractError.EnvelopeMalformed),
        ["detached"] = (one => $"{one.Parts[0]}..{one.Parts[2]}", ContractError.EnvelopeSignatureWrong),
        ["padded"] = (one => one.Text + "==", ContractError.EnvelopeMalformed),
        ["lineEnd"] = (one => one.Text + "\n", ContractError.EnvelopeMalformed),
        ["space"] = (one => " " + one.Text, ContractError.EnvelopeMalformed),
        ["otherAlphabet"] = (one => $"{one.Parts[0]}.{one.Parts[1]}.{Convert.ToBase64String([.. Enumerable.Repeat((byte)0xFF, 63)])}", ContractError.EnvelopeMalformed),
        ["headerNoObject"] = (one => one.Sign("[]"), ContractError.EnvelopeMalformed),
        ["headerNoJson"] = (one => one.Sign("alg=ES256"), ContractError.EnvelopeMalformed),
        ["headerByteOrderMark"] = (one => one.Sign("\uFEFF" + Header), ContractError.EnvelopeMalformed),

        // Algorithm
        ["unsigned"] = (one => JwsText.Unsigned("""{"alg":"none","kid":"cloud","typ":"gwb-command"}""", one.Payload), ContractError.EnvelopeAlgorithmRefused),
        ["noneInCapitals"] = (one => JwsText.Unsigned("""{"alg":"NONE","kid":"cloud","typ":"gwb-command"}""", one.Payload), ContractError.EnvelopeAlgorithmRefused),
        ["noneButSigned"] = (one => one.Sign("""{"alg":"none","kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeAlgorithmRefused),
        ["signatureCutOff"] = (one => $"{one.Parts[0]}.{one.Parts[1]}.", ContractError.EnvelopeSignatureWrong),
        ["publicKeyAsSecret"] = (one => JwsText.Hs256("""{"alg":"HS256","kid":"cloud","typ":"gwb-command"}""", one.Payload, TestListener.CloudKey.ExportSubjectPublicKeyInfo()), ContractError.EnvelopeAlgorithmRefused),
        ["publicKeyAsSecretUnderEs256"] = (one => JwsText.Hs256(Header, one.Payload, TestListener.CloudKey.ExportSubjectPublicKeyInfo()), ContractError.EnvelopeSignatureWrong),
        ["es384"] = (one => one.Sign("""{"alg":"ES384","kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeAlgorithmRefused),
        ["es256k"] = (one => one.Sign("""{"alg":"ES256K","kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeAlgorithmRefused),
        ["lowerCase"] = (one => one.Sign("""{"alg":"es256","kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeAlgorithmRefused),
        ["algMissing"] = (one => one.Sign("""{"kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeAlgorithmRefused),
        ["algTwice"] = (one => one.Sign("""{"alg":"none","alg":"ES256","kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeMalformed),
        ["algTwiceEscaped"] = (one => one.Sign("""{"alg":"ES256","al\u0067":"none","kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeMalformed),

        // Header
        ["crit"] = (one => one.Sign("""{"alg":"ES256","crit":["b64"],"kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeHeaderWrong),
        ["b64"] = (one => one.Sign("""{"alg":"ES256","b64":false,"kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeHeaderWrong),
        ["jku"] = (one => one.Sign("""{"alg":"ES256","jku":"https://evil.example/keys","kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeHeaderWrong),
        ["jwk"] = (one => one.Sign("""{"alg":"ES256","jwk":{"kty":"EC"},"kid":"cloud","typ":"gwb-command"}""", one.Stranger), ContractError.EnvelopeHeaderWrong),
        ["x5u"] = (one => one.Sign("""{"alg":"ES256","x5u":"https://evil.example/cert","kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeHeaderWrong),
        ["x5c"] = (one => one.Sign("""{"alg":"ES256","x5c":["AA"],"kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeHeaderWrong),
        ["zip"] = (one => one.Sign("""{"alg":"ES256","zip":"DEF","kid":"cloud","typ":"gwb-command"}"""), ContractError.EnvelopeHeaderWrong),
        ["typMissing"] = (one => one.Sign("""{"alg":"ES256","kid":"cloud"}"""), ContractError.EnvelopeHeaderWrong),
        ["typOtherCase"] = (one => one.Sign("""{"alg":"ES256","kid":"cloud","typ":"GWB-Command"}"""), ContractError.EnvelopeTypeWrong),
        ["typJwt"] = (one => one.Sign("""{"alg":"ES256","kid":"cloud","typ":"JWT"}"""), ContractError.EnvelopeTypeWrong),
        ["typResult"] = (one => one.Sign("""{"alg":"ES256","kid":"cloud","typ":"gwb-result"}"""), ContractError.EnvelopeTypeWrong),
        ["typEvidence"] = (one => one.Sign("""{"alg":"ES256","kid":"cloud","typ":"gwb-evidence"}"""), ContractError.EnvelopeTypeWrong),
        ["kidMissing"] = (one => one.Sign("""{"alg":"ES256","typ":"gwb-command","x":1}"""), ContractError.EnvelopeHeaderWrong),
        ["kidNumber"] = (one => one.Sign("""{"alg":"ES256","kid":1,"typ":"gwb-command"}"""), ContractError.EnvelopeHeaderWrong),
        ["kidUnknown"] = (one => one.Sign("""{"alg":"ES256","kid":"stranger","typ":"gwb-command"}""", one.Stranger), ContractError.EnvelopeKeyUnknown),
        ["kidOfThisListener"] = (one => one.Sign("""{"alg":"ES256","kid":"aadc01","typ":"gwb-command"}""", TestListener.ListenerKey), ContractError.EnvelopeKeyUnknown),
        ["kidEmpty"] = (one => one.Sign("""{"alg":"ES256","kid":"","typ":"gwb-command"}"""), ContractError.EnvelopeKeyUnknown),

        // Signature
        ["strangersKey"] = (one => one.Sign(Header, one.Stranger), ContractError.EnvelopeSignatureWrong),
        ["otherServersKey"] = (one => one.Sign(Header, TestListener.OtherKey), ContractError.EnvelopeSignatureWrong),
        ["der"] = (one => one.With(TestListener.CloudKey.SignData(one.Signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)), ContractError.EnvelopeSignatureWrong),
        ["sha512"] = (one => one.With(TestListener.CloudKey.SignData(one.Signed, HashAlgorithmName.SHA512)), ContractError.EnvelopeSignatureWrong),
        ["otherText"] = (one => one.With(TestListener.CloudKey.SignData("other"u8, HashAlgorithmName.SHA256)), ContractError.EnvelopeSignatureWrong),
        ["zeros"] = (one => one.With(new byte[64]), ContractError.EnvelopeSignatureWrong),
        ["rZero"] = (one => one.With([.. new byte[32], .. one.Signature[32..]]), ContractError.EnvelopeSignatureWrong),
        ["sZero"] = (one => one.With([.. one.Signature[..32], .. new byte[32]]), ContractError.EnvelopeSignatureWrong),
        ["rOrder"] = (one => one.With([.. Bytes(Order), .. one.Signature[32..]]), ContractError.EnvelopeSignatureWrong),
        ["sOrder"] = (one => one.With([.. one.Signature[..32], .. Bytes(Order)]), ContractError.EnvelopeSignatureWrong),
        ["swapped"] = (one => one.With([.. one.Signature[32..], .. one.Signature[..32]]), ContractError.EnvelopeSignatureWrong),
        ["short"] = (one => one.With(one.Signature[..63]), ContractError.EnvelopeSignatureWrong),
        ["long"] = (one => one.With([.. one.Signature, 0]), ContractError.EnvelopeSignatureWrong),

        // Content, truly signed
        ["payloadNoObject"] = (one => JwsText.Es256(Header, "[]", TestListener.CloudKey), ContractError.EnvelopeClaimsMalformed),
        ["claimTwice"] = (one => one.SignClaims(claims => claims.Insert(1, "\"tenant\":\"x\",")), ContractError.EnvelopeClaimsMalformed),
        ["claimTwiceOtherCase"] = (one => one.SignClaims(claims => claims.Insert(1, "\"Tenant\":\"x\",")), ContractError.EnvelopeClaimsMalformed),
        ["claimUnknown"] = (one => one.SignClaims(claims => claims.Insert(1, "\"admin\":true,")), ContractError.EnvelopeClaimsMalformed),
        ["claimMissing"] = (one => one.SignClaims(claims => claims.Replace($"\"server\":\"{TestListener.Server}\",", "", StringComparison.Ordinal)), ContractError.EnvelopeClaimsMalformed),
        ["payloadTwice"] = (one => one.SignClaims(claims => claims.Replace("\"enabled\":false", "\"enabled\":false,\"enabled\":true", StringComparison.Ordinal)), ContractError.EnvelopeClaimsMalformed),
        ["payloadUnknown"] = (one => one.SignClaims(claims => claims.Replace("\"enabled\":false", "\"enabled\":false,\"script\":\"x\"", StringComparison.Ordinal)), ContractError.EnvelopeClaimsMalformed),
        ["scriptInstead"] = (one => one.Change(envelope => envelope with { Kind = "runScript", Payload = Element("""{"kind":"runScript","script":"x"}""") }), ContractError.EnvelopeClaimsMalformed),
        ["kindOfAnotherCommand"] = (one => one.Change(envelope => envelope with { Kind = "inspectServer" }), ContractError.EnvelopeClaimsMalformed),
        ["noId"] = (one => one.Change(envelope => envelope with { CommandId = "" }), ContractError.EnvelopeClaimsMalformed),
        ["idWithLineEnd"] = (one => one.Change(envelope => envelope with { CommandId = "a\nGWB0000" }), ContractError.EnvelopeClaimsMalformed),
        ["endlessId"] = (one => one.Change(envelope => envelope with { CommandId = new string('x', 129) }), ContractError.EnvelopeClaimsMalformed),
        ["endsBeforeItBegins"] = (one => one.Change(envelope => envelope with { ExpiresAt = envelope.IssuedAt }), ContractError.EnvelopeClaimsMalformed),

        // Meant for others, or for another time
        ["otherTenant"] = (one => one.Change(envelope => envelope with { Tenant = "7b2e4c1a-0000-4000-8000-000000000002" }), ContractError.EnvelopeOtherTenant),
        ["otherServer"] = (one => one.Change(envelope => envelope with { Server = "AADC02" }), ContractError.EnvelopeOtherServer),
        ["otherPlan"] = (one => one.Change(envelope => envelope with { PlanHash = Sha256Text.Of("other plan"u8) }), JobError.OtherPlan),
        ["idOfAnotherCommand"] = (one => one.Change(envelope => envelope with { CommandId = Forge.EarlierId }), ContractError.CommandConflict),
        ["earlierCommandForAnotherPlan"] = (one => one.Earlier(envelope => envelope with { PlanHash = Sha256Text.Of("other plan"u8) }), ContractError.CommandConflict),
        ["earlierCommandForAnotherMigration"] = (one => one.Earlier(envelope => envelope with { Migration = "m-20250101-000000-0000" }), ContractError.CommandConflict),
        ["expired"] = (one => one.Change(envelope => envelope with { IssuedAt = envelope.IssuedAt.AddMinutes(-22), ExpiresAt = envelope.IssuedAt.AddMinutes(-2) }), ContractError.EnvelopeExpired),
        ["fromTheFuture"] = (one => one.Change(envelope => envelope with { IssuedAt = envelope.IssuedAt.AddSeconds(121) }), ContractError.EnvelopeNotYetValid),
        ["validForTooLong"] = (one => one.Change(envelope => envelope with { ExpiresAt = envelope.IssuedAt.AddMinutes(61) }), ContractError.EnvelopeLifeTooLong),
        ["oldKey"] = (one => new EnvelopeSigner(one.OldKey, "cloud-old").Sign(one.Envelope), ContractError.EnvelopeKeyOutOfTime),
        ["nextKeyTooEarly"] = (one => new EnvelopeSigner(one.NextKey, "cloud-next").Sign(one.Envelope), ContractError.EnvelopeKeyOutOfTime),
    };

    public static TheoryData<string> Forgeries => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Envelope_ThatIsForged_IsRefusedWithItsOwnCodeAndLeavesOneAuditLine(string forgery)
    {
        using var forge = new Forge();
        await using var listener = await StartAsync(one => one.Configure = forge.Configure);
        await listener.RunAsync(new SetScheduler { Enabled = true }, Forge.EarlierId);
        forge.Begin(listener.Envelope(new SetScheduler { Enabled = false }));
        var (make, error) = Table[forgery];
        string text = make(forge);
        var before = Traces.Of(listener);
        int lines = Traces.AuditOf(listener).Count;

        var (status, body) = await listener.PostAsync(Encoding.UTF8.GetBytes(text));

        Assert.Equal((error.Code, StatusOf(error)), (CodeOf(body), status));
        before.AssertOnlyAuditGrew(listener);
        var line = Assert.Single(Traces.AuditOf(listener).Skip(lines));
        Assert.Equal((AuditEvent.Refused, error.Code, Sha256Text.Of(Encoding.UTF8.GetBytes(text))), (line.Event, line.Code, line.Body));
        Assert.Equal(listener.Clock.Now, line.At);
        Assert.Equal(HttpStatusCode.NotFound, await listener.GetAsync($"commands/{Uri.EscapeDataString(forge.Envelope.CommandId)}"));
        Assert.DoesNotContain(forge.Parts[2], await File.ReadAllTextAsync(Path.Combine(listener.Folder, "audit", "audit-000001.jsonl"), listener.Cancellation), StringComparison.Ordinal);
        // The one that was copied is taken all the same.
        Assert.Equal(HttpStatusCode.Accepted, (await listener.PostAsync(forge.Text)).Code);
    }

    [Fact]
    public async Task Envelope_TakenOnce_StartsNothingWhenItIsReplayed()
    {
        await using var listener = await StartAsync();
        string text = TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false }, "once"));
        await listener.PostAsync(text);
        var first = await listener.EndedAsync("once");

        // In its time it is answered with its job, also after a restart; and also under the other signature that ECDSA allows for it.
        Assert.Equal(HttpStatusCode.Accepted, (await listener.PostAsync(text)).Code);
        await listener.KillAndOpenAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await listener.PostAsync(text)).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await listener.PostAsync(Mirrored(text))).Code);
        Assert.Equal(first, await listener.StatusAsync("once"));

        // After its time it is refused.
        listener.Clock.Now += TimeSpan.FromMinutes(12);
        Assert.Equal(ContractError.EnvelopeExpired.Code, await listener.RefusedAsync(text, HttpStatusCode.Forbidden));
        Assert.Single(listener.AdSync.Calls);
        Assert.Single(Traces.AuditOf(listener), line => line.Event == AuditEvent.Accepted);
    }

    [Fact]
    public async Task Honest_IsWrittenToTheAuditTrailWithWhoAskedAndHowItEnded()
    {
        await using var listener = await StartAsync();

        await listener.RunAsync(new SetScheduler { Enabled = false }, "one");
        await listener.RunAsync(new InspectServer());
        await listener.Host.DisposeAsync();

        var lines = Traces.AuditOf(listener);
        Assert.Equal([AuditEvent.Started, AuditEvent.Accepted, AuditEvent.Ended, AuditEvent.Stopped], lines.Select(line => line.Event));
        Assert.Equal(("cloud", "setScheduler", "one", TestListener.Migration), (lines[1].Kid, lines[1].Kind, lines[1].CommandId, lines[1].Migration));
        Assert.Equal((CommandState.Done, null, "one"), (lines[2].State, lines[2].Code, lines[2].CommandId));
    }

    static Task<TestListener> StartAsync(Action<TestListener>? prepare = null) => TestListener.StartAsync(listener =>
    {
        prepare?.Invoke(listener);
        var configure = listener.Configure;
        listener.Configure = options => configure(options) with { AuditedRefusalsPerHour = int.MaxValue };
    });

    static HttpStatusCode StatusOf(ErrorEntry error) => error.Code switch
    {
        "GWB7206" or "GWB7207" => HttpStatusCode.Unauthorized,
        "GWB7209" or "GWB7210" or "GWB7211" or "GWB7212" or "GWB7213" or "GWB7217" => HttpStatusCode.Forbidden,
        "GWB7214" or "GWB6013" => HttpStatusCode.Conflict,
        _ => HttpStatusCode.BadRequest,
    };

    static string CodeOf(string body) => JsonSerializer.Deserialize<CommandError>(body, ContractJson.Options)!.Code;

    static JsonElement Element(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    static byte[] Bytes(BigInteger number)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    /// <summary>The same r with n - s: as valid as the first, so a signature never tells whether two envelopes are one.</summary>
    static string Mirrored(string text)
    {
        byte[] signature = Base64Url.DecodeFromChars(text.AsSpan(text.LastIndexOf('.') + 1));
        var s = new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        return $"{text[..(text.LastIndexOf('.') + 1)]}{Base64Url.EncodeToString([.. signature[..32], .. Bytes(Order - s)])}";
    }

    /// <summary>An honest envelope, and what a forger makes of it.</summary>
    sealed class Forge : IDisposable
    {
        public const string EarlierId = "earlier";

        public ECDsa Stranger { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public ECDsa OldKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public ECDsa NextKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public CommandEnvelope Envelope { get; private set; } = null!;

        public string Text { get; private set; } = "";

        public string[] Parts => Text.Split('.');

        public string Payload => JwsText.PayloadOf(Text);

        public byte[] Signed => Encoding.ASCII.GetBytes(Text[..Text.LastIndexOf('.')]);

        public byte[] Signature => Base64Url.DecodeFromChars(Parts[2]);

        public RelayListener.Hosting.ListenerOptions Configure(RelayListener.Hosting.ListenerOptions options) => options with
        {
            CommandKeys =
            [
                .. options.CommandKeys,
                PinnedKey.Of("cloud-old", OldKey) with { NotAfter = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero) },
                PinnedKey.Of("cloud-next", NextKey) with { NotBefore = new(2026, 11, 9, 0, 0, 0, TimeSpan.Zero) },
            ],
        };

        public void Begin(CommandEnvelope honest) => (Envelope, Text) = (honest, TestListener.Cloud.Sign(honest));

        public string Sign(string header, ECDsa? key = null) => JwsText.Es256(header, Payload, key ?? TestListener.CloudKey);

        public string SignClaims(Func<string, string> change)
        {
            string changed = change(Payload);
            Assert.NotEqual(Payload, changed);
            return JwsText.Es256(Header, changed, TestListener.CloudKey);
        }

        public string Change(Func<CommandEnvelope, CommandEnvelope> change) => TestListener.Cloud.Sign(change(Envelope));

        /// <summary>The command that was carried out before, changed.</summary>
        public string Earlier(Func<CommandEnvelope, CommandEnvelope> change) => TestListener.Cloud.Sign(change(Envelope with
        {
            CommandId = EarlierId,
            Payload = Element("""{"kind":"setScheduler","enabled":true}"""),
        }));

        public string With(byte[] signature) => $"{Parts[0]}.{Parts[1]}.{Base64Url.EncodeToString(signature)}";

        public void Dispose()
        {
            Stranger.Dispose();
            OldKey.Dispose();
            NextKey.Dispose();
        }
    }
}
