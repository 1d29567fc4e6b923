using System.Globalization;
using System.Text;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Audit;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Errors;
using Microsoft.DurableTask.Client;

namespace GwbCloud.Functions.Api;

/// <summary>Takes acceptances for an assessment that has ended, and judges the facts that it read once more: nothing is read again.</summary>
/// <remarks>
/// Each acceptance is a document of its own before anything is judged, and the outcome is replaced only where nobody replaced it since: so of
/// two people at the same moment both are recorded, and whoever is last judges with both.
/// </remarks>
public sealed class AcceptanceDesk(
    AssessmentCatalog assessments, AssessmentJudge judge, IDocumentStore documents, AuditLog audit, TimeProvider clock) : IDisposable
{
    // Judging holds the facts of the whole tenant in memory; once is enough.
    readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <returns>The outcome with everything that was accepted so far, and the new plan's hash.</returns>
    /// <exception cref="ApiException">404 or 409.</exception>
    public async Task<AssessmentOutcome> AcceptAsync(
        string id, IReadOnlyList<Acceptance> acceptances, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(acceptances);
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var outcome = await assessments.GetEndedAsync(id, client, cancellationToken);
            var findings = await documents.LoadListAsync<Finding>(outcome.Findings!, cancellationToken);
            foreach (var acceptance in acceptances)
            {
                await CheckAsync(id, acceptance, findings, cancellationToken);
            }

            foreach (var acceptance in acceptances)
            {
                await KeepAsync(id, acceptance, cancellationToken);
            }

            return await JudgeAsync(id, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>
    /// Refuses what could never count: the facts do not change, and nobody may leave with the belief to have accepted. The very same once more is no
    /// mistake: its first answer may have been lost.
    /// </summary>
    async Task CheckAsync(string id, Acceptance acceptance, IReadOnlyList<Finding> findings, CancellationToken cancellationToken)
    {
        if (await documents.ReadOneAsync<Acceptance>(NameOf(id, acceptance), cancellationToken) is { } kept)
        {
            if (kept.Comment != acceptance.Comment || kept.AtMost != acceptance.AtMost || kept.Set != acceptance.Set)
            {
                throw ApiException.Conflict(ApiError.AcceptedOtherwise, acceptance.Code);
            }

            return;
        }

        var finding = findings.FirstOrDefault(finding => !finding.Accepted && finding.Code == acceptance.Code)
            ?? throw ApiException.Conflict(ApiError.NothingToAccept, acceptance.Code);
        var concerned = await documents.LoadListAsync<Concern>(finding.Concerned!, cancellationToken);
        if (!concerned.Any(acceptance.Covers))
        {
            throw ApiException.Conflict(ApiError.NothingToAccept, $"{acceptance.Code}: {acceptance.Subject}");
        }

        if (!acceptance.Holds(concerned))
        {
            throw ApiException.Conflict(ApiError.NothingToAccept, string.Create(CultureInfo.InvariantCulture, $"{acceptance.Code} concerns {concerned.Count}"));
        }
    }

    async Task KeepAsync(string id, Acceptance acceptance, CancellationToken cancellationToken)
    {
        // Both only once, however often it is sent.
        await documents.WriteOneAsync(NameOf(id, acceptance), acceptance, etag: "", cancellationToken);
        await audit.AppendAsync(
            new()
            {
                MigrationId = id,
                LineId = $"assessment.accepted-{KeyOf(acceptance)}",
                At = clock.GetUtcNow(),
                Who = acceptance.By,
                What = "assessment.accepted",
                Detail = acceptance.Subject is null ? $"{acceptance.Code}: {acceptance.Comment}" : $"{acceptance.Code} for {acceptance.Subject}: {acceptance.Comment}",
            },
            cancellationToken);
    }

    async Task<AssessmentOutcome> JudgeAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The outcome before the acceptances: one that is recorded after this either is read here, or its writer finds another outcome.
            var (before, etag) = await assessments.ReadWithTagAsync(id, cancellationToken);
            var facts = await documents.LoadOneAsync<AssessInput>(before.Facts!, cancellationToken);

            // The recorded ones first: one that came with the request may have been for fewer, and the person has accepted anew.
            var all = (await RecordedAsync(id, cancellationToken)).Concat(facts.Request.Acceptances).DistinctBy(a => (a.Code, a.By, a.Subject?.ToUpperInvariant()))
                .OrderBy(a => a.Code, StringComparer.Ordinal).ThenBy(a => a.By, StringComparer.Ordinal).ThenBy(a => a.Subject, StringComparer.Ordinal).ToList();
            if (all.SequenceEqual(facts.Request.Acceptances))
            {
                return before;
            }

            var after = await judge.JudgeAsync(facts with { Request = facts.Request with { Acceptances = all } }, cancellationToken);
            if (await documents.WriteOneAsync(StoreNames.AssessmentOutcome(id), after, etag, cancellationToken))
            {
                return after;
            }
        }
    }

    async Task<IReadOnlyList<Acceptance>> RecordedAsync(string id, CancellationToken cancellationToken)
    {
        List<Acceptance> recorded = [];
        foreach (var name in await documents.NamesAsync(StoreNames.Acceptances(id), cancellationToken))
        {
            recorded.Add((await documents.ReadOneAsync<Acceptance>(name, cancellationToken))!);
        }

        return recorded;
    }

    static string NameOf(string id, Acceptance acceptance) => $"{StoreNames.Acceptances(id)}{KeyOf(acceptance)}".ToLowerInvariant();

    // A subject is somebody's text: its hash is fit for a name.
    static string KeyOf(Acceptance acceptance)
        => acceptance.Subject is null
            ? $"{acceptance.Code}-{acceptance.By}"
            : $"{acceptance.Code}-{acceptance.By}-{Sha256Text.Of(Encoding.UTF8.GetBytes(acceptance.Subject.ToUpperInvariant()))[..16]}";
}
