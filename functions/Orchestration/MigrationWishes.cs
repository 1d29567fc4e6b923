using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration.Guards;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Orchestration;

/// <summary>What people send to the main instance: handed on to the part that runs, and what an operator wishes kept until it can take effect.</summary>
sealed class MigrationWishes(TaskOrchestrationContext context)
{
    Task<DecisionArrived> _decision = context.WaitForExternalEvent<DecisionArrived>(MigrationEvents.Decision);
    Task<TaskCheck> _check = context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck);
    Task<OperatorRequest> _asked = context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest);
    OperatorRequest? _wish;

    public bool WantsStop => _wish?.Action == OperatorAction.Stop;

    public void Forget() => _wish = null;

    /// <summary>What an operator asked for while a stage ran takes effect at its end; null when nobody asked for another end.</summary>
    public StageOutcome? Applied(StageOutcome outcome) => _wish is null ? null : outcome with
    {
        End = StageEnd.Ended,
        Ending = _wish.Ending(),
        View = outcome.View.EndedBy(_wish, new(context.CurrentUtcDateTime, TimeSpan.Zero)),
    };

    /// <summary>Runs a sub-orchestration and hands on to it what people send to this instance.</summary>
    /// <param name="orchestrator">Its name.</param>
    /// <param name="instance">Its instance id.</param>
    /// <param name="input">Its input.</param>
    /// <param name="besideAsync">Carries out at once, beside it, what can't wait for its end: a stop, a repair.</param>
    public async Task<TOutcome> DuringAsync<TOutcome>(string orchestrator, string instance, object input, Func<OperatorRequest, Task> besideAsync)
    {
        var running = context.CallSubOrchestratorAsync<TOutcome>(orchestrator, input, new SubOrchestrationOptions(instanceId: instance));
        while (await Task.WhenAny(running, _decision, _check, _asked) is var first && first != running)
        {
            if (first == _decision)
            {
                context.SendEvent(instance, MigrationEvents.Decision, await _decision);
                _decision = context.WaitForExternalEvent<DecisionArrived>(MigrationEvents.Decision);
            }
            else if (first == _check)
            {
                context.SendEvent(instance, MigrationEvents.TaskCheck, await _check);
                _check = context.WaitForExternalEvent<TaskCheck>(MigrationEvents.TaskCheck);
            }
            else
            {
                var asked = await _asked;
                _wish = asked.Ending() is null ? _wish : asked;
                // It begins nothing new from here on, so that what is stopped stays so.
                if (asked.Action == OperatorAction.Stop) { context.SendEvent(instance, MigrationEvents.Stop, asked); }
                if (IsBeside(asked)) { await besideAsync(asked); }
                if (asked.Action != OperatorAction.Repair) { context.SendEvent(instance, MigrationEvents.OperatorRequest, asked); }
                _asked = context.WaitForExternalEvent<OperatorRequest>(MigrationEvents.OperatorRequest);
            }
        }
        return await running;
    }

    static bool IsBeside(OperatorRequest asked) => asked.Action is OperatorAction.Stop or OperatorAction.Repair;
}
