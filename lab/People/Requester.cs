using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Time;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.People;

/// <summary>Has the tenant assessed until nothing blocks, requests the migration, and stays with it to its end; also with one that somebody else requested before.</summary>
/// <remarks>Where somebody real acts in this person's place there is still somebody who looks on: the others do their part in whichever migration this one knows of.</remarks>
/// <param name="who">Who it is.</param>
/// <param name="api">The product in this person's hands.</param>
/// <param name="memory">What everybody knows.</param>
/// <param name="world">Where it is done.</param>
/// <param name="issuer">Where this person signs in.</param>
/// <param name="story">What is rehearsed.</param>
/// <param name="watch">Hears what is done and seen.</param>
/// <param name="offset">Of the moments at which this person looks.</param>
/// <param name="acts">False where somebody real acts: this one looks on and does nothing.</param>
sealed class Requester(
    LabPerson who, ProductApi api, PeopleMemory memory, SimulatedWorld world, LabIssuer issuer, Story story, IPeopleWatch watch, TimeSpan offset, bool acts)
    : Person(who, api, memory, world.Clock, offset)
{
    /// <summary>The first gate is open until the window opens; preparation takes some 12 minutes of it on wall time.</summary>
    static readonly TimeSpan UntilWindow = TimeSpan.FromMinutes(30);

    /// <summary>The finding that the delete-on-disable rule is active, as the documentation names it.</summary>
    const string DeleteRuleFinding = "GWB2107";

    /// <summary>The finding that accounts name a server which has no listener.</summary>
    const string ServerWithoutListener = "GWB2112";
    const int MostResolved = 3;

    /// <summary>How long others may take over the groups at risk.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromDays(2);
    const int MostRetries = 2;

    /// <summary>Preparatory writes that are confirmed by name.</summary>
    static readonly string[] Confirmed = ["PrepareCloudSync", "StampAnchors", "RehearseOnStandby"];

    bool IsAway => !acts || world.Deeds.IsAway(LabRole.Requester);

    protected override async Task<TimeSpan?> ActAsync(CancellationToken cancellationToken)
    {
        var known = Memory.Requester;
        return known.EndedAt is not null ? null
            : known.MigrationId is { } migration ? await FollowAsync(known, migration, cancellationToken)
            // Also the own one, when a kill came between the request and its note.
            : (await Api.MigrationIdsAsync(cancellationToken)).Except(known.Earlier).FirstOrDefault() is { } running ? await JoinAsync(known, running, cancellationToken)
            : IsAway || Clock.GetUtcNow() < known.AgainAt ? Later
            : known.Assessments is [.., var assessment] ? await StudyAsync(known, assessment, cancellationToken)
            : await AssessAsync(known, cancellationToken);
    }

    async Task<TimeSpan?> AssessAsync(RequesterMemory known, CancellationToken cancellationToken)
    {
        // One that was started just before a kill is taken up, not started again.
        var started = (await Api.AssessmentIdsAsync(cancellationToken)).Except(known.Assessments).Except(known.Earlier).FirstOrDefault();
        // What is proved by a sign-in is proved for one assessment, once that has read the tenant.
        string id = started ?? await Api.AssessAsync(FindCanaries(), [.. known.Acceptances.Where(a => a.Code != ServerWithoutListener)], cancellationToken);
        await Memory.KeepAsync(known with { Assessments = [.. known.Assessments, id] });
        watch.Said(Who, "has the tenant assessed");
        return Soon;
    }

    async Task<TimeSpan?> StudyAsync(RequesterMemory known, string assessment, CancellationToken cancellationToken)
    {
        var outcome = await Api.AssessmentAsync(assessment, cancellationToken);
        watch.Assessed(outcome);
        switch (outcome.State)
        {
            case AssessmentState.Running:
                return Soon;
            case AssessmentState.Ready:
                return await RequestAsync(known, outcome, cancellationToken);
            case AssessmentState.NeedsAcceptance:
                var consequences = new List<Acceptance>();
                await foreach (var finding in Api.FindingsAsync(assessment, cancellationToken))
                {
                    if (finding is { Severity: FindingSeverity.NeedsAcceptance, Accepted: false })
                    {
                        consequences.Add(new Acceptance { Code = finding.Code, Set = finding.Set, By = Who.ObjectId.ToString("D"), Comment = $"Known and accepted: {finding.Title}." });
                    }
                }

                watch.Said(Who, $"accepts {string.Join(", ", consequences.Select(c => c.Code))}");
                return await AcceptAsync(known, assessment, consequences, cancellationToken);
            case AssessmentState.Blocked when await GoneServersAsync(assessment, cancellationToken) is [_, ..] gone:
                watch.Said(Who, $"states that {string.Join(" and ", gone.Select(g => g.Subject))} are gone for good");
                return await AcceptAsync(known, assessment, gone, cancellationToken);
            case AssessmentState.Blocked when story.Operators == OperatorMode.Active && known.Resolved < MostResolved && await BlockedByDeleteRuleAsync(assessment, cancellationToken):
                watch.Said(Who, "removes the delete-on-disable rule on every server");
                foreach (string server in world.Store.Read(() => world.Servers.Values.Where(s => !s.Forgotten).Select(s => s.Name).ToList()))
                {
                    await new ConnectWizard(world).RemoveDeleteRuleAsync(server, cancellationToken);
                }

                return await AssessAsync(known with { Resolved = known.Resolved + 1 }, cancellationToken);
            case AssessmentState.Blocked when story.Operators == OperatorMode.Active && known.Resolved < MostResolved && outcome.Tasks is { Count: > 0 }:
                return await WaitForTasksAsync(known, outcome, cancellationToken);
            case AssessmentState.Failed when known.Failed < MostResolved:
                // Also what a kill between the request and its start leaves behind.
                return await AssessAsync(known with { Failed = known.Failed + 1 }, cancellationToken);
            default:
                return await EndAsync(known with { EndedAs = outcome.State == AssessmentState.Failed ? "failed" : "blocked" });
        }
    }

    /// <summary>Others resolve the groups at risk; when all of them read back as done, the tenant is assessed again.</summary>
    async Task<TimeSpan?> WaitForTasksAsync(RequesterMemory known, AssessmentOutcome outcome, CancellationToken cancellationToken)
    {
        int open = await Api.RiskTasksAsync(outcome.AssessmentId, cancellationToken).CountAsync(task => task.State == RiskTaskState.Open, cancellationToken);
        return open == 0 ? await AssessAsync(known with { Resolved = known.Resolved + 1 }, cancellationToken)
            : Clock.GetUtcNow() < outcome.ReadAt + Patience ? Soon
            : await EndAsync(known with { EndedAs = "blocked" });
    }

    async Task<TimeSpan?> AcceptAsync(RequesterMemory known, string assessment, List<Acceptance> acceptances, CancellationToken cancellationToken)
    {
        // Remembered first: after a kill the very same is sent again, and changes nothing.
        await Memory.KeepAsync(known with { Acceptances = [.. known.Acceptances.UnionBy(acceptances, a => (a.Code, a.Subject))] });
        await Api.AcceptAsync(assessment, acceptances, acceptance => Prove(assessment, acceptance), cancellationToken);
        return Soon;
    }

    /// <summary>The requester's own sign-in for exactly this statement; clicks need none.</summary>
    SignedStatement? Prove(string assessment, Acceptance acceptance)
    {
        if (acceptance is not { Code: ServerWithoutListener, Subject: { } name }) { return null; }
        var record = new StatementRecord
        {
            Tenant = issuer.TenantId.ToString("D"),
            Subject = assessment,
            Code = acceptance.Code,
            Name = name,
            CommentHash = ApprovalRecord.HashComment(acceptance.Comment),
            Salt = LabSalt.Of(world, $"statement|{assessment}|{name}"),
        };
        return new SignedAnswer { Record = record, IdToken = issuer.IdToken(Who, record.Nonce()) }.ToStatement();
    }

    /// <summary>A statement for each server that blocks and that the requester knows to be gone.</summary>
    async Task<List<Acceptance>> GoneServersAsync(string assessment, CancellationToken cancellationToken)
    {
        var gone = new List<Acceptance>();
        await foreach (var finding in Api.FindingsAsync(assessment, cancellationToken))
        {
            if (finding is { Code: ServerWithoutListener, Accepted: false })
            {
                gone.AddRange(finding.Examples.Where(IsScrapped)
                    .Select(name => new Acceptance { Code = finding.Code, Subject = name, By = Who.ObjectId.ToString("D"), Comment = "The server was scrapped long ago." }));
            }
        }

        return gone;
    }

    /// <summary>A server that nobody remembers but that still runs is not gone: nobody says so of it.</summary>
    bool IsScrapped(string name) => world.Store.Read(() => world.ConnectTraces.TryGet(name, out var trace) && trace.Forgotten && world.Servers.Find(name) is null);

    async Task<bool> BlockedByDeleteRuleAsync(string assessment, CancellationToken cancellationToken)
    {
        await foreach (var finding in Api.FindingsAsync(assessment, cancellationToken))
        {
            if (finding.Severity == FindingSeverity.Blocks && finding.Code == DeleteRuleFinding) { return true; }
        }

        return false;
    }

    async Task<TimeSpan?> RequestAsync(RequesterMemory known, AssessmentOutcome plan, CancellationToken cancellationToken)
    {
        var record = new RequestRecord
        {
            Tenant = issuer.TenantId.ToString("D"),
            Subject = plan.AssessmentId,
            PlanHash = plan.PlanHash!,
            Salt = LabSalt.Of(world, $"request|{plan.PlanHash}"),
        };
        var proof = new SignedRequest { Record = record, IdToken = issuer.IdToken(Who, record.Nonce()) };
        // Where somebody else was faster, that one's migration is found at the next look.
        if (await Api.MigrateAsync(plan.AssessmentId, plan.PlanHash!, Confirmed, NextWindow(), proof.ToStatement(), cancellationToken) is not { } started) { return Soon; }
        watch.Said(Who, "requests the migration of the plan");
        await Memory.KeepAsync(known with { MigrationId = started });
        return Soon;
    }

    /// <summary>From now on everybody does his part in this migration, whoever requested it.</summary>
    async Task<TimeSpan?> JoinAsync(RequesterMemory known, string migration, CancellationToken cancellationToken)
    {
        var view = await Api.MigrationAsync(migration, cancellationToken);
        known = known with { MigrationId = migration, Assessments = [.. known.Assessments.Where(id => id != view.AssessmentId), view.AssessmentId] };
        await Memory.KeepAsync(known);
        return await FollowAsync(known, migration, cancellationToken);
    }

    async Task<TimeSpan?> FollowAsync(RequesterMemory known, string migration, CancellationToken cancellationToken)
    {
        var view = await Api.MigrationAsync(migration, cancellationToken);
        watch.Saw(view);
        if (view.Outcome is not null) { return await AfterwardsAsync(known, view, cancellationToken); }
        if (view.State == MigrationState.NeedsAttention && known.Retries < MostRetries && !IsAway)
        {
            // Remembered first: after a kill rather one attempt too few than one too many.
            await Memory.KeepAsync(known with { Retries = known.Retries + 1 });
            watch.Said(Who, "asks the parked migration to try again");
            await Api.RetryAsync(migration, cancellationToken);
        }

        return PauseAt(view);
    }

    /// <summary>What unfinished ends and the story's second attempt ask for; else it is over.</summary>
    async Task<TimeSpan?> AfterwardsAsync(RequesterMemory known, MigrationView view, CancellationToken cancellationToken)
    {
        if (view.Outcome == MigrationOutcome.NeedsAttention && story.TakeUpAfterHours is { } hours && known.TakenUp < Story.MostTakenUp)
        {
            if (IsAway || Clock.GetUtcNow() < view.EndedAt + TimeSpan.FromHours(hours)) { return Later; }
            await Memory.KeepAsync(known with { TakenUp = known.TakenUp + 1, Retries = 0 });
            watch.Said(Who, "takes up the migration that ended unfinished");
            await Api.RetryAsync(view.MigrationId, cancellationToken);
            return Soon;
        }

        if (known.AgainAt is null && story.AgainAfterDays is { } days && world.Store.Read(() => world.Tenant.GroupWritebackV2))
        {
            watch.Said(Who, $"will try again in {days} days");
            await Memory.KeepAsync(new RequesterMemory
            {
                Earlier = [.. known.Assessments, view.MigrationId],
                Acceptances = [.. known.Acceptances.Where(a => a.Subject is not null)],
                AgainAt = view.EndedAt + TimeSpan.FromDays(days),
            });
            return Later;
        }

        return await EndAsync(known, view.EndedAt);
    }

    async Task<TimeSpan?> EndAsync(RequesterMemory known, DateTimeOffset? endedAt = null)
    {
        await Memory.KeepAsync(known with { EndedAt = endedAt ?? Clock.GetUtcNow() });
        return null;
    }

    /// <summary>A night from 22:00 to 10:00 UTC that begins at least a day from now; on wall time, <see cref="UntilWindow"/> from now.</summary>
    MigrationWindow NextWindow()
    {
        var now = Clock.GetUtcNow();
        if (!Clock.IsVirtual) { return new MigrationWindow { Start = now + UntilWindow, End = now + UntilWindow + TimeSpan.FromHours(12) }; }
        var start = new DateTimeOffset(now.UtcDateTime.Date.AddHours(22), TimeSpan.Zero);
        while (start < now.AddHours(24)) { start = start.AddDays(1); }
        return new MigrationWindow { Start = start, End = start.AddHours(12) };
    }

    Canaries FindCanaries() => world.Store.Read(() => new Canaries
    {
        New = Find(WorldSeeder.CanaryNew),
        Match = Find(WorldSeeder.CanaryMatch),
        Unassigned = Find(WorldSeeder.CanaryUnassigned),
    });

    Guid Find(string name) => world.Groups.Values.Single(g => g.DisplayName == name).Id;
}
