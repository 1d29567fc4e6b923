using System.Globalization;
using System.Text.Json;
using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.People;

/// <summary>
/// Stop, repair and retry as the story plans them for the operator, one after the other: a retry waits for what became of the repair before it. Where it plans
/// nothing, he has brought back what a ring lost.
/// </summary>
sealed class OperatorVerbs(ProductApi api, PeopleMemory memory, SimulatedWorld world)
{
    /// <summary>How the product tells what became of a repair, whole or not; docs/repair.md.</summary>
    static readonly string[] RepairTold = ["GWB2864", "GWB2865"];

    /// <summary>What a ring took from groups, and nobody else may put back.</summary>
    const string Lost = "membersLost";

    /// <summary>Does the next thing that is to be done by now, when the migration takes it.</summary>
    public async Task<VerbsLeft> DoAsync(MigrationView view, Action<string> said, CancellationToken cancellationToken)
    {
        if (!world.Deeds.DirectsOperator) { return await RepairLostAsync(view, said, cancellationToken); }

        int repairs = 0;
        foreach (var plan in world.Deeds.AskedSoFar)
        {
            if (plan.Deed is GroupsRepaired) { repairs++; }
            var note = memory.Task(plan.Key);
            if (note is { Told: true }) { continue; }
            if (note is null)
            {
                if (!await AskAsync(view, plan.Deed, cancellationToken)) { return VerbsLeft.Waits; }
                said(SentenceOf(plan.Deed));
                await memory.KeepAsync(plan.Key, new TaskMemory { DoneAt = world.Clock.GetUtcNow(), Told = plan.Deed is not GroupsRepaired });
                return VerbsLeft.Acted;
            }

            if (view.Notices.Count(n => RepairTold.Contains(n.Code)) < repairs) { return VerbsLeft.Waits; }
            await memory.KeepAsync(plan.Key, note with { Told = true });
        }

        return VerbsLeft.Nothing;
    }

    /// <summary>
    /// Reads the review of a ring that parked, and has the groups brought back that lost members: where Connect writes none of what it only joins, nobody else does.
    /// Whether it is tried again is the requester's business. Once for each time that it parks: a retry may lose the same ones again.
    /// </summary>
    async Task<VerbsLeft> RepairLostAsync(MigrationView view, Action<string> said, CancellationToken cancellationToken)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"repair {view.MigrationId} {view.Stages.Max(s => s.EndedAt):O}");
        if (view is not { State: MigrationState.NeedsAttention, Review: not null } || memory.Task(key) is not null
            || await NamedAsync(view.MigrationId, [], cancellationToken, Lost) is not { Count: > 0 } named
            || !await api.RepairAsync(view.MigrationId, named, cancellationToken))
        {
            return VerbsLeft.Nothing;
        }

        said("reads the review, and has the groups brought back that lost members");
        await memory.KeepAsync(key, new TaskMemory { DoneAt = world.Clock.GetUtcNow(), Told = true });
        return VerbsLeft.Acted;
    }

    /// <summary>False while the migration does not take it.</summary>
    async Task<bool> AskAsync(MigrationView view, OperatorDeed deed, CancellationToken cancellationToken) => deed switch
    {
        StopPressed => await api.StopAsync(view.MigrationId, cancellationToken),
        GroupsRepaired repaired => await NamedAsync(view.MigrationId, repaired.Groups, cancellationToken) is { Count: > 0 } named && await api.RepairAsync(view.MigrationId, named, cancellationToken),
        RetryAsked retry when view.State == MigrationState.NeedsAttention => await api.RetryAsync(
            view.MigrationId,
            await api.ReviewAsync(view.MigrationId, cancellationToken).Where(item => retry.Accept.Contains(item.Kind)).Select(item => item.Name).ToListAsync(cancellationToken),
            cancellationToken),
        _ => false,
    };

    /// <summary>The groups as the frozen snapshot names them.</summary>
    /// <param name="migration">Which migration.</param>
    /// <param name="groups">As <see cref="SeededName"/> reads them; empty is those of the review.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <param name="kind">Only what the review found of this kind; null is all.</param>
    async Task<IReadOnlyList<(Guid ObjectGuid, string Name)>> NamedAsync(string migration, IReadOnlyList<string> groups, CancellationToken cancellationToken, string? kind = null)
    {
        if (await api.DownloadAsync($"api/migrations/{migration}/repair?format=snapshot", cancellationToken) is not { } pack) { return []; }
        var reviewed = groups.Count > 0 ? [] : await api.ReviewAsync(migration, cancellationToken).Where(item => kind is null || item.Kind == kind)
            .Select(item => item.ObjectGuid ?? Guid.Empty).ToHashSetAsync(cancellationToken: cancellationToken);
        var anchors = groups.Select(g => $"Group_{world.SeededGroup(g):D}").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. JsonSerializer.Deserialize<List<GroupSnapshot>>(pack, ContractJson.Options)!
                .Where(was => was.Group.AdminDescription is { } anchor && anchors.Contains(anchor) || reviewed.Contains(was.Group.ObjectGuid))
                .Select(was => (was.Group.ObjectGuid, DistinguishedName.CommonName(was.Group.DistinguishedName))),
        ];
    }

    static string SentenceOf(OperatorDeed deed) => deed switch
    {
        StopPressed => "stops everything",
        GroupsRepaired => "has groups brought back",
        RetryAsked { Accept: [_, ..] accept } => $"accepts what the review lists as {string.Join(", ", accept)}, and asks to try again",
        _ => "asks the parked migration to try again",
    };
}

/// <summary>What is left of the planned verbs after a look.</summary>
enum VerbsLeft
{
    Nothing,

    /// <summary>Something can't be done yet.</summary>
    Waits,

    /// <summary>Something was done: what was seen before is old.</summary>
    Acted,
}
