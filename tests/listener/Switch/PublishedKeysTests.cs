using System.Text;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Approvals;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Switch;
using GwbCloud.Tests.Contracts.Approvals;

namespace GwbCloud.Tests.Listener.Switch;

/// <summary>What was seen once can't be rewritten by whoever answers the next fetch.</summary>
public sealed class PublishedKeysTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gwb-keys-");
    readonly SigningKey _known = SigningKey.Of("known", TestIssuer.Key);
    readonly SigningKey _strangers = SigningKey.Of("known", TestIssuer.StrangersKey);
    string _answer = "";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Path => System.IO.Path.Combine(_folder.FullName, "issuer-keys.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Key_SeenOnce_IsNotReplacedUnderItsIdAlsoAfterARestart()
    {
        var keys = Open();
        _answer = Set(_known);
        Assert.Null(await keys.RefreshAsync(Cancellation));
        _answer = Set(_strangers);
        Assert.Equal(ContractError.KeyChanged.Code, (await keys.RefreshAsync(Cancellation))?.Code);

        keys = Open();

        Assert.Equal(ContractError.KeyChanged.Code, (await keys.RefreshAsync(Cancellation))?.Code);
        Assert.Equal(_known, keys.Keys.Find("known"));
    }

    [Fact]
    public async Task Key_ThatIsPublishedNoLonger_StaysUsableForWhatItSigned()
    {
        var keys = Open();
        _answer = Set(_known);
        await keys.RefreshAsync(Cancellation);
        _answer = Set(_strangers with { Kid = "next" });

        Assert.Null(await keys.RefreshAsync(Cancellation));

        Assert.NotNull(Open().Keys.Find("known"));
        Assert.NotNull(Open().Keys.Find("next"));
    }

    [Theory]
    [InlineData("<html>sign in to this network</html>")]
    [InlineData("")]
    [InlineData("large")]
    public async Task Answer_ThatIsNoKeySet_IsRefusedAndChangesNothing(string answer)
    {
        var keys = Open();
        _answer = Set(_known);
        await keys.RefreshAsync(Cancellation);
        _answer = answer == "large" ? Set(_known) + new string(' ', 256 * 1024) : answer;

        Assert.Equal(ContractError.KeySetMalformed.Code, (await keys.RefreshAsync(Cancellation))?.Code);
        Assert.NotNull(keys.Keys.Find("known"));
    }

    [Fact]
    public async Task Sets_OfEverNewKeys_DoNotFillTheMemory()
    {
        var keys = Open();
        Refusal? refused = null;
        for (int round = 0; round < 20 && refused is null; round++)
        {
            _answer = Set([.. Enumerable.Range(0, 200).Select(i => _known with { Kid = $"{round}-{i}" })]);
            refused = await keys.RefreshAsync(Cancellation);
        }

        Assert.Equal(ContractError.KeySetMalformed.Code, refused?.Code);
    }

    [Fact]
    public async Task Issuer_OutOfReach_VoidsNothing()
    {
        _answer = Set(_known);
        await Open().RefreshAsync(Cancellation);
        var keys = new PublishedKeys(Path, _ => throw new HttpRequestException("down"));

        Assert.Null(await keys.RefreshAsync(Cancellation));
        Assert.NotNull(keys.Keys.Find("known"));
    }

    [Fact]
    public async Task File_ThatIsDamaged_IsNeverBegunAnew()
    {
        await File.WriteAllTextAsync(Path, "[{", Cancellation);

        Assert.Equal(SwitchError.KeysDamaged.Code, Assert.Throws<CommandFailedException>(Open).Error.Code);
    }

    PublishedKeys Open() => new(Path, _ => Task.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes(_answer)));

    static string Set(params SigningKey[] keys) =>
        $$"""{"keys":[{{string.Join(',', keys.Select(key => $$"""{"kty":"RSA","use":"sig","kid":"{{key.Kid}}","n":"{{key.N}}","e":"{{key.E}}"}"""))}}]}""";
}
