using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Functions.Assessment.Risks;

/// <summary>Looks at the group of one task again, and keeps what was read.</summary>
public sealed partial class RiskActivities(TenantReader tenant, IDocumentStore store, ILogger<RiskActivities> logger)
{
    /// <summary>The group as Entra has it now, with its objects once the directory was asked.</summary>
    [Function(nameof(ReadRisk))]
    public async Task<RiskReading> ReadRisk([ActivityTrigger] RiskQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var check = question.Check;
        var cloud = await tenant.GroupAsync(check.CloudId, cancellationToken);
        if (question.Inventory is not { } inventory)
        {
            // Entra alone may say that all is well; then nobody needs to look at the whole OU.
            return new RiskReading { Done = !RiskJudge.IsAtRisk(cloud, [Somewhere(check)], check.WritebackOu), Text = RiskJudge.Describe(cloud, null), At = question.At };
        }

        var objects = new List<AdGroup>();
        await foreach (var o in store.EntriesAsync<AdGroup>(inventory, cancellationToken))
        {
            if (Anchors.CloudId(o.AdminDescription) == check.CloudId)
            {
                objects.Add(o);
            }
        }

        return new RiskReading { Done = !RiskJudge.IsAtRisk(cloud, objects, check.WritebackOu), Text = RiskJudge.Describe(cloud, objects), At = question.At };
    }

    /// <summary>Shows what a check read, unless a later one was there first.</summary>
    [Function(nameof(PublishRisk))]
    public async Task PublishRisk([ActivityTrigger] RiskAnswer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var name = StoreNames.RiskReading(answer.Check.AssessmentId, answer.Check.TaskId);
        if (await store.ReadOneAsync<RiskReading>(name, cancellationToken) is not { } before || before.At <= answer.Reading.At)
        {
            await store.WriteOneAsync(name, answer.Reading, cancellationToken);
        }

        LogChecked(answer.Check.AssessmentId, answer.Check.TaskId, answer.Reading.Done);
    }

    // Any object of the group: whether Entra's side is a risk does not hang on which.
    static AdGroup Somewhere(RiskCheck check) => new()
    {
        ObjectGuid = check.CloudId,
        DistinguishedName = $"CN={Anchors.Of(check.CloudId)},{check.WritebackOu}",
        SamAccountName = "",
        Sid = "",
        GroupType = GroupClassifier.UniversalSecurity,
        AdminDescription = Anchors.Of(check.CloudId),
        MemberCount = 0,
    };

    [LoggerMessage(2105, LogLevel.Information, "{AssessmentId}: task {TaskId} was checked, done: {Done}")]
    partial void LogChecked(string assessmentId, string taskId, bool done);
}
