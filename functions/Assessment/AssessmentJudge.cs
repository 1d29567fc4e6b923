using GwbCloud.Contracts.Documents;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment.Risks;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.Documents;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GwbCloud.Functions.Assessment;

/// <summary>Judges what an assessment read, and keeps the results. The same input gives the same outcome, however often and whenever it is judged.</summary>
public sealed partial class AssessmentJudge(
    StoredGroups groups, KnownCanaries knownCanaries, IDocumentStore store, IOptions<AssessmentOptions> options, IOptions<CloudSyncOptions> cloudSync,
    ILogger<AssessmentJudge> logger)
{
    /// <summary>Findings, classes, losses and, when nothing blocks, the plan.</summary>
    /// <exception cref="DocumentException">A document is missing or damaged.</exception>
    public async Task<AssessmentOutcome> JudgeAsync(AssessInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var terms = input.Terms ?? await TermsOfNowAsync(cancellationToken);
        input = input with { Terms = terms };
        var facts = await FactsAsync(input, terms, cancellationToken);
        var findings = await KeepAsync(FindingCatalogue.Judge(facts, input.Request.Acceptances), cancellationToken);
        var blocking = findings.Count(f => f.Severity == FindingSeverity.Blocks);
        var toAccept = findings.Count(f => f is { Severity: FindingSeverity.NeedsAcceptance, Accepted: false });
        var documents = await KeepAsync(facts.Classified, facts.Runs, cancellationToken);
        var plan = blocking > 0 ? null : PlanBuilder.Build(facts, input.Request, terms, documents);

        LogJudged(input.Request.AssessmentId, facts.Classified.Migrating.Count, blocking, toAccept);
        return new AssessmentOutcome
        {
            AssessmentId = input.Request.AssessmentId,
            State = blocking > 0 ? AssessmentState.Blocked : toAccept > 0 ? AssessmentState.NeedsAcceptance : AssessmentState.Ready,
            ReadAt = input.ReadAt,
            ValidUntil = input.ReadAt.AddDays(terms.Options.ValidDays),
            Plan = plan is null ? null : await store.SaveOneAsync("plan", plan, cancellationToken),
            PlanHash = plan is null ? null : CanonicalJson.Hash(plan),
            Findings = await store.SaveListAsync("findings", findings, cancellationToken),
            Classified = documents.Classified,
            Losses = documents.Losses,
            Names = documents.Names,
            Tasks = await store.SaveListAsync("tasks", RiskTasks.Of(facts), cancellationToken),
            Discovery = await store.SaveOneAsync("discovery", await DiscoverAsync(facts, cancellationToken), cancellationToken),
            Facts = await store.SaveOneAsync("facts", input, cancellationToken),
            Naming = facts.Classified.Naming,
            Time = facts.Time,
            Blocking = blocking,
            ToAccept = toAccept,
            Groups = facts.Classified.Groups.Count,
            NotReady = facts.Classified.Groups.Count(g => g.Readiness == Readiness.NotReady),
            Migrating = facts.Classified.Migrating.Count,
            Freezing = facts.Classified.Freezing.Count,
            M365NewlyWritten = facts.Classified.M365NewlyWritten,
            M365TypeChanged = facts.Classified.M365TypeChanged,
            MembersLost = facts.Classified.MembersLost,
            Blast = BlastRadius.Of(facts.Classified),
            Tenant = facts.Tenant.Numbers,
        };
    }

    /// <summary>The items of the plan document, without findings and plan.</summary>
    /// <exception cref="DocumentException">A document is missing or damaged.</exception>
    public async Task<DiscoveryReport> DiscoverAsync(AssessInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return await DiscoverAsync(await FactsAsync(input, input.Terms ?? await TermsOfNowAsync(cancellationToken), cancellationToken), cancellationToken);
    }

    async Task<DiscoveryReport> DiscoverAsync(AssessmentFacts facts, CancellationToken cancellationToken) =>
        Discovery.Of(facts, await store.SaveListAsync("m365-groups", Discovery.M365Of(facts), cancellationToken));

    async Task<JudgingTerms> TermsOfNowAsync(CancellationToken cancellationToken) => new()
    {
        Options = options.Value,
        AssignScope = cloudSync.Value.AssignScope,
        Setup = cloudSync.Value.Setup,
        KnownCanaries = [.. (await knownCanaries.ReadAsync(cancellationToken)).Order()],
    };

    async Task<AssessmentFacts> FactsAsync(AssessInput input, JudgingTerms terms, CancellationToken cancellationToken)
    {
        var (classified, cloud, inventory) = await groups.ClassifyAsync(
            input.Tenant.Groups, input.Inventory, input.Elsewhere, [.. terms.KnownCanaries, .. input.Request.Canaries?.All ?? []], input.Forest.WritebackOu,
            GroupClassifier.LimitOf(input.Servers), cancellationToken);
        if (input.CloudSync?.Configurations.Any(c => c is { ManagesGroups: true, OwnMappings: true }) is true)
        {
            classified = classified with { Names = [.. classified.Names.Select(name => name.UnderOtherMappings())] };
        }

        return new AssessmentFacts
        {
            Tenant = input.Tenant,
            Forest = input.Forest,
            Servers = input.Servers,
            Silent = input.Silent,
            Runs = input.Runs,
            CloudSync = input.CloudSync,
            ReadAt = input.ReadAt,
            Inventory = inventory,
            Cloud = cloud,
            Classified = classified,
            Canaries = input.Request.Canaries,
            KnownCanaries = terms.KnownCanaries.ToHashSet(),
            Time = TimeArithmetic.Plan(input.Servers, terms.Options.ConfirmHours, terms.Options.UnknownInitialMinutes),
            Options = terms.Options,
        };
    }

    // Each finding's names are a document of their own, so that a list of 20,000 can be paged.
    async Task<IReadOnlyList<Finding>> KeepAsync(IReadOnlyList<JudgedFinding> judged, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>(judged.Count);
        foreach (var (finding, concerns) in judged)
        {
            findings.Add(finding with { Concerned = await store.SaveListAsync("concerned", concerns, cancellationToken) });
        }

        return findings;
    }

    async Task<PlanDocuments> KeepAsync(Classification classified, IReadOnlyList<ServerRuns> runs, CancellationToken cancellationToken) => new()
    {
        Groups = await store.SaveListAsync("groups", classified.Migrating, cancellationToken),
        Frozen = await store.SaveListAsync("frozen", classified.Freezing, cancellationToken),
        Classified = await store.SaveListAsync("classified", classified.Groups, cancellationToken),
        Losses = await store.SaveListAsync("losses", classified.Losses, cancellationToken),
        Kept = await store.SaveKeptAsync(classified, cancellationToken),
        Names = await store.SaveListAsync("names", classified.Names, cancellationToken),
        KnownErrors = runs.SelectMany(of => of.Errors).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } errors
            ? await store.SaveListAsync("known-errors", errors, cancellationToken)
            : null,
    };
    [LoggerMessage(2102, LogLevel.Information, "{AssessmentId}: {Migrating} groups migrate, {Blocking} findings block, {ToAccept} wait for acceptance")]
    partial void LogJudged(string assessmentId, int migrating, int blocking, int toAccept);
}
