using System.Text;
using System.Text.Json;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Tests.Contracts.Evidence;

public sealed class EvidenceDigestTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly EvidencePart _cloud = EvidencePart.Of("cloud", null, Start, new { V2 = true, Planned = 3 });
    private readonly EvidencePart _server = EvidencePart.Of("server:AADC1", "AADC1", Start, new { Staging = true });

    [Fact]
    public void Hash_CountsNameAndFactsButNotTime()
    {
        var rewritten = JsonSerializer.Deserialize<JsonElement>("""{ "planned" : 3.0, "v2" : true }""");

        Assert.Equal(_cloud.Hash(), (_cloud with { GatheredAt = Start.AddHours(1), Facts = rewritten }).Hash());
        Assert.NotEqual(_cloud.Hash(), (_cloud with { Name = "directory" }).Hash());
        Assert.NotEqual(_cloud.Hash(), EvidencePart.Of("cloud", null, Start, new { V2 = false, Planned = 3 }).Hash());
        Assert.Equal(Sha256Text.Of("""{"facts":{"planned":3,"v2":true},"name":"cloud"}"""u8), _cloud.Hash());
    }

    [Fact]
    public void Digest_InAnyOrder_IsEqualAndFollowsEveryPart()
    {
        var digest = EvidenceDigest.Of([_cloud, _server]);

        var list = $$"""[{"hash":"{{_cloud.Hash()}}","name":"cloud"},{"hash":"{{_server.Hash()}}","name":"server:AADC1"}]""";
        Assert.Equal(Sha256Text.Of(Encoding.UTF8.GetBytes(list)), digest);
        Assert.Equal(digest, EvidenceDigest.Of([_server, _cloud]));
        Assert.NotEqual(digest, EvidenceDigest.Of([_cloud]));
        Assert.NotEqual(digest, EvidenceDigest.Of([_cloud, _server with { Name = "server:AADC2" }]));
    }

    [Fact]
    public void Digest_OfPartsThatAreNoSet_IsRefused()
    {
        Assert.Equal("GWB7501", Refused.CodeOf(() => EvidenceDigest.Of([_cloud, _cloud with { GatheredAt = Start.AddHours(1) }])));
        Assert.Equal("GWB7501", Refused.CodeOf(() => EvidenceDigest.Of([_cloud with { Name = string.Empty }])));
        Assert.Equal("GWB7501", Refused.CodeOf(() => EvidenceDigest.Of([])));
    }
}
