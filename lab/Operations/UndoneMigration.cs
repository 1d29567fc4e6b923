using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.Operations;

/// <summary>The undo of a migration that was left. By hand nobody does anything: the world must be as if there had been none.</summary>
sealed class UndoneMigration(OperationStory story) : RehearsedOperation(story)
{
    public const string Kind = "undo";

    readonly HashSet<string> _done = [];

    public override object TermsIn(SimulatedWorld world) => throw new NotSupportedException("Which migration it is, the API says.");

    public override async Task<object> TermsAsync(ProductApi api, SimulatedWorld world, CancellationToken cancellationToken) => new { migrationId = await NewestAsync(api, cancellationToken) };

    public override void Do(SimulatedWorld world, WorldChange change)
    {
    }

    /// <summary>Does the migration's tasks, which go on while it is undone, and says so.</summary>
    public override async Task HelpAsync(ProductApi api, LabHost host, Action<string> said, CancellationToken cancellationToken)
    {
        string id = await NewestAsync(api, cancellationToken);
        var view = await api.MigrationAsync(id, cancellationToken);
        foreach (var task in view.Tasks.Where(task => task.State == TaskState.Open && !_done.Contains(task.Id)))
        {
            said($"{LabPeople.Operator.Name} does: {task.Title}");
            await new TaskDeeds(host.World, host.Issuer.UserName(LabPeople.Operator), host.SwitchOn, (list, stop) => api.ScopeListAsync(id, list, stop)).DoAsync(task, cancellationToken);
            _done.Add(task.Id);
            await api.CheckAsync(id, task.Id, cancellationToken);
        }
    }

    static async Task<string> NewestAsync(ProductApi api, CancellationToken cancellationToken) => (await api.MigrationIdsAsync(cancellationToken))[0];
}
