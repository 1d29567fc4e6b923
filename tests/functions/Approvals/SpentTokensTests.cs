using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Documents;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Approvals;

public sealed class SpentTokensTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly FileDocumentStore _store;

    public SpentTokensTests() => _store = Stores.Open(_folder);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Token_IsSpentForItsFirstMatterOnly()
    {
        var spent = new SpentTokens(_store);

        Assert.Equal("decision/m-1", await spent.SpendAsync(Verified("a", "id"), "decision/m-1", Token));
        Assert.Equal("decision/m-1", await spent.SpendAsync(Verified("a", "id"), "decision/m-1", Token));
        Assert.Equal("decision/m-1", await spent.SpendAsync(Verified("a", "id"), "statement/a-1", Token));
        Assert.Equal("statement/a-1", await spent.SpendAsync(Verified("b", "another id"), "statement/a-1", Token));
    }

    [Theory]
    [InlineData("a", null)]
    [InlineData("a", "another id")]
    [InlineData("b", "id")]
    public async Task Token_OfTheSameHashOrId_IsTheSameSignIn(string content, string? id)
    {
        var spent = new SpentTokens(_store);
        await spent.SpendAsync(Verified("a", "id"), "decision/m-1", Token);

        Assert.Equal("decision/m-1", await spent.SpendAsync(Verified(content, id), "request/m-2", Token));
    }

    [Fact]
    public async Task Token_HandedToTwoInstancesAtOnce_IsSpentForOneMatter()
    {
        var there = new SpentTokens(_store);
        string? first = null;
        var here = new SpentTokens(new RacedStore(_store, "spent-tokens/", async () => first = await there.SpendAsync(Verified("a", "id"), "request/m-1", Token)));

        var second = await here.SpendAsync(Verified("a", "id"), "request/m-2", Token);

        Assert.Equal(("request/m-1", "request/m-1"), (first, second));
    }

    static VerifiedToken Verified(string content, string? id) => new()
    {
        Oid = People.First, IssuedAt = DateTimeOffset.UnixEpoch, SignedInAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch,
        TokenHash = Sha256Text.Of(System.Text.Encoding.UTF8.GetBytes(content)), TokenId = id,
    };
}
