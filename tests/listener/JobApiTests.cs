using System.Net;
using System.Security.Cryptography;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Envelopes;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Errors;
using GwbCloud.Tests.Contracts.Envelopes;

namespace GwbCloud.Tests.Listener;

public sealed class JobApiTests
{
    [Fact]
    public async Task Command_OfTheCloudHalf_IsCarriedOutAndItsResultIsSigned()
    {
        await using var listener = await TestListener.StartAsync();

        var facts = await listener.RunAsync(new InspectServer());

        Assert.Equal("AADC01", facts.Server);
        Assert.Equal(RuleState.Absent, facts.Coexistence.Inbound);
        Assert.Equal(HttpStatusCode.OK, await listener.GetAsync("health"));
    }

    [Fact]
    public async Task CommandId_WithSlashesAndPercents_IsFoundAgain()
    {
        await using var listener = await TestListener.StartAsync();
        const string id = "migration:freeze/1 %41";
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new InspectForest(), id)));

        Assert.Equal(HttpStatusCode.OK, await listener.GetAsync($"commands/{Uri.EscapeDataString(id)}"));
    }

    [Fact]
    public async Task Flag_ThatCouldNotBeRead_TravelsAsUnknown()
    {
        await using var listener = await TestListener.StartAsync();
        listener.AdSync.Features = new() { GroupWritebackV2 = null, UnifiedGroupWriteback = null };

        Assert.Null((await listener.RunAsync(new InspectServer())).Features.GroupWritebackV2);
    }

    [Fact]
    public async Task SameId_WithTheSameCommandSignedAgainLater_IsTheSameJob()
    {
        await using var listener = await TestListener.StartAsync();
        var command = new SetScheduler { Enabled = false };
        await listener.RunAsync(command, "once");

        listener.Clock.Now += TimeSpan.FromHours(3);
        var again = await listener.RunAsync(command, "once");

        Assert.True(again.Before.Enabled);
        Assert.Single(listener.AdSync.Calls);
    }

    [Fact]
    public async Task SameId_WithAnotherCommand_IsAConflict()
    {
        await using var listener = await TestListener.StartAsync();
        await listener.RunAsync(new SetScheduler { Enabled = false }, "once");

        string code = await listener.RefusedAsync(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = true }, "once")), HttpStatusCode.Conflict);

        Assert.Equal(ContractError.CommandConflict.Code, code);
        Assert.Equal(["scheduler False"], listener.AdSync.Calls);
    }

    [Fact]
    public async Task CapturedEnvelope_SentAgainAfterItsExpiry_IsRefusedAndStartsNothing()
    {
        await using var listener = await TestListener.StartAsync();
        string captured = TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false }, "captured"));
        await listener.PostAsync(captured);
        await listener.EndedAsync("captured");

        listener.Clock.Now += TimeSpan.FromMinutes(13);
        string code = await listener.RefusedAsync(captured, HttpStatusCode.Forbidden);

        Assert.Equal(ContractError.EnvelopeExpired.Code, code);
        Assert.Single(listener.AdSync.Calls);
    }

    public static TheoryData<string, HttpStatusCode, string> Forgeries => new()
    {
        { "stranger", HttpStatusCode.Unauthorized, ContractError.EnvelopeSignatureWrong.Code },
        { "unknownKid", HttpStatusCode.Unauthorized, ContractError.EnvelopeKeyUnknown.Code },
        { "altered", HttpStatusCode.Unauthorized, ContractError.EnvelopeSignatureWrong.Code },
        { "otherTenant", HttpStatusCode.Forbidden, ContractError.EnvelopeOtherTenant.Code },
        { "otherServer", HttpStatusCode.Forbidden, ContractError.EnvelopeOtherServer.Code },
        { "future", HttpStatusCode.Forbidden, ContractError.EnvelopeNotYetValid.Code },
        { "longLife", HttpStatusCode.Forbidden, ContractError.EnvelopeLifeTooLong.Code },
        { "otherKind", HttpStatusCode.BadRequest, ContractError.EnvelopeClaimsMalformed.Code },
        { "result", HttpStatusCode.BadRequest, ContractError.EnvelopeTypeWrong.Code },
        { "garbage", HttpStatusCode.BadRequest, ContractError.EnvelopeMalformed.Code },
        { "unsigned", HttpStatusCode.BadRequest, ContractError.EnvelopeAlgorithmRefused.Code },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Envelope_ThatIsForgedOrMeantForOthers_IsRefusedBeforeAnythingStarts(string forgery, HttpStatusCode status, string code)
    {
        await using var listener = await TestListener.StartAsync();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var honest = listener.Envelope(new SetScheduler { Enabled = false });
        string text = forgery switch
        {
            "stranger" => new EnvelopeSigner(stranger, "cloud").Sign(honest),
            "unknownKid" => new EnvelopeSigner(stranger, "stranger").Sign(honest),
            "altered" => Altered(TestListener.Cloud.Sign(honest)),
            "otherTenant" => TestListener.Cloud.Sign(honest with { Tenant = Guid.NewGuid().ToString() }),
            "otherServer" => TestListener.Cloud.Sign(honest with { Server = "AADC02" }),
            "future" => TestListener.Cloud.Sign(honest with { IssuedAt = honest.IssuedAt.AddHours(1), ExpiresAt = honest.ExpiresAt.AddHours(1) }),
            "longLife" => TestListener.Cloud.Sign(honest with { ExpiresAt = honest.IssuedAt.AddDays(1) }),
            "otherKind" => TestListener.Cloud.Sign(honest with { Kind = "inspectServer" }),
            "result" => TestListener.Cloud.Sign(new ResultEnvelope
            {
                Server = "AADC01", CommandId = "x", CommandHash = "x", CompletedAt = listener.Clock.Now, Payload = honest.Payload,
            }),
            "unsigned" => JwsText.Unsigned("""{"alg":"none","typ":"gwb-command","kid":"cloud"}""", JwsText.PayloadOf(TestListener.Cloud.Sign(honest))),
            _ => "no envelope at all",
        };

        Assert.Equal(code, await listener.RefusedAsync(text, status));
        Assert.Empty(listener.AdSync.Calls);
        Assert.Equal(HttpStatusCode.NotFound, await listener.GetAsync($"commands/{honest.CommandId}"));
    }

    [Fact]
    public async Task Envelope_OverSixtyFourKilobytes_IsRefused()
    {
        await using var listener = await TestListener.StartAsync();

        string code = await listener.RefusedAsync(new string('a', 70_000), HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal(JobError.BodyTooLarge.Code, code);
    }

    [Fact]
    public async Task Queue_ThatIsFull_RefusesAsTransient()
    {
        await using var listener = await TestListener.StartAsync();
        var gate = new TaskCompletionSource();
        listener.Ad.BeforeWrite = () => gate.Task;
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "blocking")));
        for (int i = 0; i < 64; i++) { await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false }))); }

        string code = await listener.RefusedAsync(
            TestListener.Cloud.Sign(listener.Envelope(new SetScheduler { Enabled = false })), HttpStatusCode.ServiceUnavailable);

        Assert.Equal(JobError.QueueFull.Code, code);
        gate.SetResult();
    }

    [Fact]
    public async Task Read_WhileAWriteIsAtWork_RunsBesideIt()
    {
        await using var listener = await TestListener.StartAsync();
        var gate = new TaskCompletionSource();
        listener.Ad.BeforeWrite = () => gate.Task;
        var groups = await listener.UploadAsync("groups", listener.Ad.AddPlanned("A"));
        await listener.PostAsync(TestListener.Cloud.Sign(listener.Envelope(new StampAnchors { Groups = groups }, "blocking")));

        var facts = await listener.RunAsync(new InspectForest());

        Assert.Equal("contoso.example", facts.Domain);
        Assert.Equal(CommandState.Running, (await listener.StatusAsync("blocking")).State);
        gate.SetResult();
        Assert.Equal(CommandState.Done, (await listener.EndedAsync("blocking")).State);
    }

    [Fact]
    public async Task Result_OverTheSizeOfAnAnswer_IsADocumentWhoseHashIsSigned()
    {
        await using var listener = await TestListener.StartAsync();
        var anchors = new List<string>();
        for (int i = 0; i < 50; i++)
        {
            anchors.Add(listener.Ad.AddPlanned($"Group {i}", stamped: true, [.. Enumerable.Range(0, 50).Select(_ => Guid.NewGuid())]).Anchor);
        }

        var found = await listener.RunAsync(new FindByAnchor { Anchors = anchors });

        Assert.Equal(50, found.Objects.Count);
        Assert.All(found.Objects, group => Assert.Equal(50, group.Members.Count));
    }

    [Fact]
    public async Task Document_InParts_IsTakenInAnyOrderAndReadBack()
    {
        await using var listener = await TestListener.StartAsync();
        var document = Document.Of("test", RandomNumberGenerator.GetBytes(100_000));
        var parts = DocumentParts.Split(document.Content);

        foreach (int index in new[] { 2, 0, 0, 1, 1 })
        {
            Assert.Equal(HttpStatusCode.OK, (await listener.PutPartAsync(document.Reference.Sha256, index, 3, parts[index])).Code);
        }

        Assert.Equal(document.Content.ToArray(), await listener.DownloadAsync(document.Reference));
        Assert.Equal(HttpStatusCode.OK, await listener.GetAsync($"documents/{document.Reference.Sha256}"));
        Assert.Equal(HttpStatusCode.NotFound, await listener.GetAsync($"documents/{document.Reference.Sha256}/3"));
        Assert.Equal(HttpStatusCode.Conflict, (await listener.PutPartAsync(document.Reference.Sha256, 0, 3, new byte[DocumentParts.MaxPartBytes])).Code);
    }

    [Fact]
    public async Task Document_HalfUploadedBeforeAKill_IsCompletedByTheMissingPart()
    {
        await using var listener = await TestListener.StartAsync();
        var document = Document.Of("test", RandomNumberGenerator.GetBytes(60_000));
        var parts = DocumentParts.Split(document.Content);
        await listener.PutPartAsync(document.Reference.Sha256, 0, 2, parts[0]);
        Assert.Equal(HttpStatusCode.NotFound, await listener.GetAsync($"documents/{document.Reference.Sha256}"));

        await listener.KillAndOpenAsync();
        await listener.PutPartAsync(document.Reference.Sha256, 1, 2, parts[1]);

        Assert.Equal(document.Content.ToArray(), await listener.DownloadAsync(document.Reference));
    }

    [Fact]
    public async Task Document_WithAnotherHashThanItsName_IsRefusedAndLetGo()
    {
        await using var listener = await TestListener.StartAsync();

        var (code, body) = await listener.PutPartAsync(Sha256Text.Of("honest"u8), 0, 1, "forged"u8.ToArray());

        Assert.Equal(HttpStatusCode.BadRequest, code);
        Assert.Contains(ContractError.DocumentHashWrong.Code, body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await listener.PutPartAsync(Sha256Text.Of("honest"u8), 0, 1, "honest"u8.ToArray())).Code);
    }

    [Theory]
    [InlineData("documents/../../etc/passwd/0")]
    [InlineData("documents/zz/0")]
    [InlineData("commands")]
    [InlineData("commands/unknown")]
    [InlineData("")]
    public async Task Address_ThatIsNone_IsNotFound(string path)
    {
        await using var listener = await TestListener.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await listener.GetAsync(path));
    }

    [Fact]
    public async Task Command_ThatNamesADocumentNobodyUploaded_FailsWithTheDocumentsKind()
    {
        await using var listener = await TestListener.StartAsync();
        var unknown = Document.OfList("groups", [listener.Ad.AddPlanned("A")]).Reference;

        Assert.Equal(JobError.DocumentUnknown.Code, await listener.FailAsync(new StampAnchors { Groups = unknown }));
    }

    static string Altered(string jws)
    {
        string[] parts = jws.Split('.');
        string payload = JwsText.PayloadOf(jws).Replace("\"enabled\":false", "\"enabled\":true", StringComparison.Ordinal);
        return $"{parts[0]}.{JwsText.Encode(payload)}.{parts[2]}";
    }
}
