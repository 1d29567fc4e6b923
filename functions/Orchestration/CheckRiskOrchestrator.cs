using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment.Risks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>"Check now" of a group at risk: Entra first, the writeback OU only where Entra alone does not settle it. Writes nothing but what was read.</summary>
public static class CheckRiskOrchestrator
{
    /// <summary>The name under which the API starts it.</summary>
    public const string Name = "CheckRisk";

    /// <summary>A person waits, and nothing is lost by asking again.</summary>
    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

    [Function(Name)]
    public static async Task<RiskReading> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var check = context.GetInput<RiskCheck>() ?? throw new InvalidOperationException("A check has no input.");
        RiskReading reading;
        try
        {
            reading = await ReadAsync(context, check);
        }
        catch (StageStoppedException stop)
        {
            reading = NotRead(context, stop.Notice);
        }
        catch (TaskFailedException failure)
        {
            reading = NotRead(context, Notices.ActivityFailed(failure));
        }

        await context.CallActivityAsync("PublishRisk", new RiskAnswer { Check = check, Reading = reading }, Retries.Standard);
        return reading;
    }

    static async Task<RiskReading> ReadAsync(TaskOrchestrationContext context, RiskCheck check)
    {
        var entra = await LookAsync(context, new RiskQuestion { Check = check, At = context.CurrentUtcDateTime });
        if (entra.Done)
        {
            return entra;
        }

        var inventory = await context.RunOnPremAsync(check.AssessmentId, planHash: "", check.Server, new InventoryWritebackOu(), LongestSilence);
        return await LookAsync(context, new RiskQuestion { Check = check, At = context.CurrentUtcDateTime, Inventory = inventory.Groups });
    }

    static Task<RiskReading> LookAsync(TaskOrchestrationContext context, RiskQuestion question)
        => context.CallActivityAsync<RiskReading>("ReadRisk", question, Retries.Standard);

    // What could not be read is not done.
    static RiskReading NotRead(TaskOrchestrationContext context, Notice why) => new() { Done = false, Text = $"{why.Code}: {why.Message}", At = context.CurrentUtcDateTime };
}
