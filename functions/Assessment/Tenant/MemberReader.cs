using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using GwbCloud.Functions.Graph;

namespace GwbCloud.Functions.Assessment;

/// <summary>Reads members of groups through Graph, twenty groups a call.</summary>
public sealed class MemberReader(GraphClient graph)
{
    const string MemberSelect = "$select=id,onPremisesSyncEnabled&$top=999";

    /// <summary>Where each user lives, too.</summary>
    const string HomeSelect = "$select=id,onPremisesSyncEnabled,onPremisesDomainName&$top=999";

    /// <summary>The answers, by id. A group that was deleted since the question was asked has none: the next reading sees it as deleted.</summary>
    /// <param name="questions">What is asked.</param>
    /// <param name="forestDomains">As <see cref="MigrationPlan.ForestDomains"/>.</param>
    /// <param name="cancellationToken">Stops between the calls.</param>
    public async Task<IReadOnlyList<GroupMembers>> ReadAsync(IReadOnlyList<MemberQuestion> questions, IReadOnlyList<string> forestDomains, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(questions);
        var answers = new List<GroupMembers>(questions.Count);
        await foreach (var members in LookedAtAsync([.. questions.Where(q => !q.CountOnly).Select(q => q.Group)], forestDomains, cancellationToken))
        {
            answers.Add(members);
        }

        await foreach (var members in CountedAsync([.. questions.Where(q => q.CountOnly).Select(q => q.Group)], cancellationToken))
        {
            answers.Add(members);
        }

        return [.. answers.OrderBy(a => a.Group)];
    }

    /// <summary>Ids of the synchronised users of a group, at most <paramref name="most"/>.</summary>
    public async Task<IReadOnlyList<Guid>> SyncedUsersAsync(Guid group, int most, CancellationToken cancellationToken)
    {
        var users = new List<Guid>();
        await foreach (var member in graph.PagesAsync<Member>($"v1.0/groups/{group:D}/members?{MemberSelect}", cancellationToken))
        {
            if (users.Count < most && member is { Type: Member.User, OnPremisesSyncEnabled: true })
            {
                users.Add(member.Id);
            }
        }

        return users;
    }

    async IAsyncEnumerable<GroupMembers> LookedAtAsync(
        IReadOnlyList<Guid> groups, IReadOnlyList<string> forestDomains, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunks = groups.Chunk(GraphClient.BatchSize).ToList();
        var large = new List<(Guid Group, MemberTally Members, string Next)>();

        // The next batch is on its way while this one is looked at; only one at a time ever waits for Graph or its quota.
        var ahead = chunks.Count > 0 ? FirstPagesAsync(chunks[0], forestDomains, cancellationToken) : null;
        try
        {
            for (var at = 0; at < chunks.Count; at++)
            {
                var answers = await ahead!;
                ahead = at + 1 < chunks.Count ? FirstPagesAsync(chunks[at + 1], forestDomains, cancellationToken) : null;

                // A group that was deleted since the list was read has no members to look at; the next reading sees it as deleted.
                foreach (var answer in answers.Where(a => a.Error is not { Error: var error } || error != GraphError.NotFound))
                {
                    var group = Guid.Parse(answer.Id);
                    var page = answer.Read<GraphPage<Member>>();
                    var tally = new MemberTally(forestDomains);
                    tally.Add(page.Value);
                    if (page.NextLink is { } next)
                    {
                        large.Add((group, tally, next));
                    }
                    else
                    {
                        yield return tally.Of(group);
                    }
                }
            }
        }
        finally
        {
            // Whoever gives up leaves nothing on its way.
            if (ahead is not null)
            {
                await Task.WhenAny(ahead);
            }
        }

        foreach (var (group, tally, next) in large)
        {
            await foreach (var member in graph.PagesAsync<Member>(next, cancellationToken))
            {
                tally.Add([member]);
            }

            yield return tally.Of(group);
        }
    }

    Task<IReadOnlyList<GraphBatchAnswer>> FirstPagesAsync(Guid[] groups, IReadOnlyList<string> forestDomains, CancellationToken cancellationToken)
        => graph.BatchAsync(
            "v1.0", [.. groups.Select(id => new GraphBatchRequest { Id = id.ToString("D"), Path = $"groups/{id:D}/members?{(forestDomains.Count == 0 ? MemberSelect : HomeSelect)}" })], cancellationToken);

    /// <summary>How many members each group has, without a look at them; a group that is gone is left out.</summary>
    public async IAsyncEnumerable<GroupMembers> CountedAsync(IReadOnlyList<Guid> groups, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var chunk in groups.Chunk(GraphClient.BatchSize))
        {
            var requests = chunk.Select(id => new GraphBatchRequest { Id = id.ToString("D"), Path = $"groups/{id:D}/members/$count" }).ToList();
            foreach (var answer in await graph.BatchAsync("v1.0", requests, cancellationToken))
            {
                if (answer.Error is { Error: var error } && error == GraphError.NotFound)
                {
                    continue;
                }

                yield return new GroupMembers { Group = Guid.Parse(answer.Id), Members = answer.ReadCount() };
            }
        }
    }

    sealed class MemberTally(IReadOnlyList<string> forestDomains)
    {
        readonly List<Guid> _unwritable = [];
        readonly List<Guid> _cloudOnly = [];
        readonly List<Guid> _children = [];
        int _count;
        int _devices;
        int _syncedGroups;
        int _contacts;

        public void Add(IReadOnlyList<Member> members)
        {
            foreach (var member in members)
            {
                _count++;
                switch (member)
                {
                    case { Type: Member.User, OnPremisesSyncEnabled: true } when !HomeForest.IsElsewhere(member.OnPremisesDomainName, forestDomains):
                        break;
                    case { Type: Member.Group, OnPremisesSyncEnabled: not true }:
                        _children.Add(member.Id);
                        break;
                    case { Type: Member.Group }:
                        _syncedGroups++;
                        _unwritable.Add(member.Id);
                        break;
                    case { Type: Member.Device }:
                        _devices++;
                        _unwritable.Add(member.Id);
                        break;
                    case { OnPremisesSyncEnabled: true, Type: not Member.User }:
                        // Contacts: they are members in Active Directory now.
                        _contacts++;
                        _unwritable.Add(member.Id);
                        break;
                    default:
                        // Cloud-only users and contacts, users of other forests, service principals.
                        _unwritable.Add(member.Id);
                        _cloudOnly.Add(member.Id);
                        break;
                }
            }
        }

        public GroupMembers Of(Guid group) => new()
        {
            Group = group,
            Members = _count,
            Unwritable = [.. _unwritable.Order()],
            CloudOnly = [.. _cloudOnly.Order()],
            Children = [.. _children.Order()],
            Devices = _devices,
            SyncedGroups = _syncedGroups,
            SyncedContacts = _contacts,
        };
    }

    internal sealed record Member
    {
        public const string User = "#microsoft.graph.user";
        public const string Group = "#microsoft.graph.group";
        public const string Device = "#microsoft.graph.device";

        [JsonPropertyName("@odata.type")]
        public string? Type { get; init; }
        public required Guid Id { get; init; }
        public bool? OnPremisesSyncEnabled { get; init; }
        public string? OnPremisesDomainName { get; init; }
    }
}
