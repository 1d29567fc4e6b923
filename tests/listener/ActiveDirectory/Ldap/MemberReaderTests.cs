using System.Globalization;
using System.Text;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.Tests.Listener.ActiveDirectory.Ldap;

/// <summary>Long lists of members as domain controllers answer them, which give 1,500 at most.</summary>
public sealed class MemberReaderTests
{
    /// <summary>A group on a server that gives at most so many members, whatever it is asked for.</summary>
    sealed class Server(int limit)
    {
        public List<Guid> Members { get; set; } = [];
        public int Version { get; set; } = 1;
        public List<int> Asked { get; } = [];
        public Action<Server>? BeforeAnswer { get; set; }

        public Task<HashSet<Guid>?> ReadAsync() => MemberReader.ReadAsync(Answer(0, MemberReader.First), from =>
        {
            Asked.Add(from);
            BeforeAnswer?.Invoke(this);
            return Task.FromResult<LdapEntry?>(Answer(from, MemberReader.More));
        });

        LdapEntry Answer(int from, int most)
        {
            var page = Members.Skip(from).Take(Math.Min(most, limit)).ToList();
            string range = from + page.Count >= Members.Count ? "*" : (from + page.Count - 1).ToString(CultureInfo.InvariantCulture);
            var values = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.OrdinalIgnoreCase)
            {
                ["uSNChanged"] = [Encoding.UTF8.GetBytes(Version.ToString(CultureInfo.InvariantCulture))],
            };
            if (page.Count > 0) { values[$"member;range={from}-{range}"] = [.. page.Select(member => Encoding.UTF8.GetBytes($"<GUID={member}>;CN=m,DC=x"))]; }
            // Beside the ranged attribute domain controllers send an empty one of the plain name.
            if (page.Count > 0 && range != "*") { values["member"] = []; }
            return new("CN=g,DC=x", values);
        }
    }

    static List<Guid> Some(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1500, 0)]
    [InlineData(1501, 1)]
    [InlineData(6000, 3)]
    [InlineData(6001, 4)]
    public async Task Members_InRangesOf1500_AreAllRead(int count, int further)
    {
        var server = new Server(1500) { Members = Some(count) };

        var read = await server.ReadAsync();

        Assert.Equal(server.Members.ToHashSet(), read);
        Assert.Equal(Enumerable.Range(1, further).Select(i => i * 1500), server.Asked);
    }

    [Fact]
    public async Task Members_OfAServerWithoutALimit_TakeFewerAnswers()
    {
        var server = new Server(int.MaxValue) { Members = Some(6000) };

        Assert.Equal(6000, (await server.ReadAsync())!.Count);
        Assert.Equal([1500], server.Asked);
    }

    [Fact]
    public async Task Members_ThatChangeBetweenTwoAnswers_AreReadFromTheStart()
    {
        var server = new Server(1500) { Members = Some(4000) };
        // Everything after the first one moves up: without reading again, one member would be skipped.
        server.BeforeAnswer = changed =>
        {
            changed.BeforeAnswer = null;
            changed.Members.RemoveAt(0);
            changed.Version++;
        };

        var read = await server.ReadAsync();

        Assert.Equal(server.Members.ToHashSet(), read);
        Assert.Equal([1500, 0, 1500, 3000], server.Asked);
    }

    [Fact]
    public async Task Members_ThatNeverStandStill_AreAnErrorThatPasses()
    {
        var server = new Server(1500) { Members = Some(4000), BeforeAnswer = changed => changed.Version++ };

        var failed = await Assert.ThrowsAsync<DirectoryException>(server.ReadAsync);

        Assert.Equal((DirectoryError.MembersUnreadable.Code, true), (failed.Error.Code, failed.Error.Transient));
    }

    [Fact]
    public async Task Member_WithoutAnObjectGuid_IsAnErrorAndNotLeftOut()
    {
        var group = new LdapEntry("CN=g,DC=x", new Dictionary<string, IReadOnlyList<byte[]>> { ["member"] = [Encoding.UTF8.GetBytes("CN=phantom,DC=y")] });

        var failed = await Assert.ThrowsAsync<DirectoryException>(() => MemberReader.ReadAsync(group, _ => Task.FromResult<LdapEntry?>(null)));

        Assert.Equal(DirectoryError.MembersUnreadable.Code, failed.Error.Code);
        Assert.Contains("CN=g,DC=x", failed.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("phantom", failed.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Group_DeletedBetweenTwoAnswers_IsGone()
    {
        var server = new Server(1500) { Members = Some(2000) };
        var first = await MemberReader.ReadAsync(
            new("CN=g,DC=x", new Dictionary<string, IReadOnlyList<byte[]>> { ["member;range=0-0"] = [Encoding.UTF8.GetBytes($"<GUID={server.Members[0]}>;CN=m")] }),
            _ => Task.FromResult<LdapEntry?>(null));

        Assert.Null(first);
    }

    [Theory]
    [InlineData("member;range=0-1499", 0, 1499)]
    [InlineData("Member;Range=1500-*", 1500, null)]
    [InlineData("member", 0, null)]
    public void Range_OfAnAnswer_IsRead(string attribute, int first, int? last) => Assert.Equal(new ValueRange(first, last), ValueRange.Of("member", attribute));

    [Theory]
    [InlineData("memberOf;range=0-*")]
    [InlineData("member;range=5-2")]
    [InlineData("member;range=a-*")]
    [InlineData("member;lang-de")]
    public void Range_OfAnythingElse_IsNone(string attribute) => Assert.Null(ValueRange.Of("member", attribute));
}
