using System.Runtime.CompilerServices;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Assessment;

/// <summary>The tenant's facts in three steps, none of which takes longer than a function app allows: list, members part by part, join.</summary>
public sealed partial class TenantActivities(
    TenantReader tenant, MemberReader members, IDocumentStore store, IOptions<AssessmentOptions> options, ILogger<TenantActivities> logger)
{
    /// <summary>The tenant, every group, and of which groups the members must be read.</summary>
    [Function(nameof(ListTenant))]
    public async Task<TenantList> ListTenant([ActivityTrigger] AssessmentRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var basics = await tenant.BasicsAsync(cancellationToken);
        var groups = await tenant.GroupsAsync(cancellationToken);
        var list = new TenantList
        {
            Basics = basics,
            Groups = await store.SaveListAsync("tenant-list", groups, cancellationToken),
            Questions = await store.SaveListAsync(
                "member-questions", MemberQuestion.About(groups, [.. request.Canaries?.All ?? []]), cancellationToken),
            PartSize = options.Value.GroupsAtOnce,
        };
        LogListed(request.AssessmentId, list.Groups.Count, list.Questions.Count);
        return list;
    }

    /// <summary>The answers to some of the questions: a document of <see cref="GroupMembers"/>.</summary>
    [Function(nameof(ReadMembers))]
    public async Task<DocumentReference> ReadMembers([ActivityTrigger] MemberPart part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(part);
        var questions = await store.EntriesAsync<MemberQuestion>(part.Questions, cancellationToken)
            .Skip(part.From)
            .Take(part.Count)
            .ToListAsync(cancellationToken);
        var read = await store.SaveListAsync("members", await members.ReadAsync(questions, part.ForestDomains, cancellationToken), cancellationToken);
        LogMembersRead(part.AssessmentId, part.From + questions.Count, part.Questions.Count);
        return read;
    }

    /// <summary>List and members put together, group by group: never all of them in memory.</summary>
    /// <exception cref="DocumentException">A document is missing or damaged, or there are members of a group that the list doesn't have.</exception>
    [Function(nameof(JoinTenant))]
    public async Task<TenantFacts> JoinTenant([ActivityTrigger] TenantParts parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var basics = parts.List.Basics;
        var numbers = new TenantNumbers { Users = basics.Users };

        // The store writes while it is asked, so the files that are read here are waited for on this thread.
        var groups = await store.SaveListAsync(
            "tenant-groups",
            JoinedAsync(parts, cancellationToken).ToBlockingEnumerable(cancellationToken).Select(group =>
            {
                numbers = numbers.Plus(group);
                return group;
            }),
            cancellationToken);
        LogTenantRead(parts.AssessmentId, groups.Count);
        return new TenantFacts
        {
            Tenant = basics.Tenant,
            DefaultDomain = basics.DefaultDomain,
            PremiumLicence = basics.PremiumLicence,
            GovernanceLicence = basics.GovernanceLicence,
            NewM365GroupsAreWritten = basics.NewM365GroupsAreWritten,
            NewM365GroupsDefault = basics.NewM365GroupsDefault,
            ConnectServers = basics.ConnectServers,
            Numbers = numbers,
            Groups = groups,
        };
    }

    // Both sides are in the order of their ids.
    async IAsyncEnumerable<CloudGroupFacts> JoinedAsync(TenantParts parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var answers = parts.Members.ToAsyncEnumerable()
            .SelectMany(part => store.EntriesAsync<GroupMembers>(part, cancellationToken))
            .GetAsyncEnumerator(cancellationToken);
        var more = await answers.MoveNextAsync();
        await foreach (var group in store.EntriesAsync<CloudGroupFacts>(parts.List.Groups, cancellationToken))
        {
            if (more && answers.Current.Group == group.Id)
            {
                yield return answers.Current.AddTo(group);
                more = await answers.MoveNextAsync();
            }
            else
            {
                yield return group;
            }
        }

        if (more)
        {
            throw new DocumentException($"The members of {answers.Current.Group} belong to no group of the document {parts.List.Groups.Sha256}, or are out of order.");
        }
    }

    [LoggerMessage(2100, LogLevel.Information, "{AssessmentId}: {Groups} groups of the tenant listed, members of {Questions} to be read")]
    partial void LogListed(string assessmentId, int groups, int questions);

    [LoggerMessage(2101, LogLevel.Information, "{AssessmentId}: {Groups} groups of the tenant read")]
    partial void LogTenantRead(string assessmentId, int groups);

    [LoggerMessage(2104, LogLevel.Information, "{AssessmentId}: members of {Done} of {Total} groups read")]
    partial void LogMembersRead(string assessmentId, int done, int total);
}
