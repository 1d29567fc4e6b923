using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Operations;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Connect;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The operator and the approver of one operation. What they do next follows from what the product shows, so that a kill costs them nothing.</summary>
sealed class OperationPeople(LabHost host, ProductApi asOperator, ProductApi asApprover, OperationStory story, Action<string> said)
{
    /// <summary>Virtual time between two looks.</summary>
    static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    /// <summary>A run that broke off is taken up so often.</summary>
    const int MostStarts = 4;

    readonly RehearsedOperation _kind = RehearsedOperation.Of(story);
    readonly ConnectWizard _wizard = new(host.World);

    /// <summary>Acts until there is nothing left to do. The caller has a hold of the clock.</summary>
    public async Task<OperationView> LiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ActAsync(cancellationToken) is { } ended) { return ended; }
            await host.Clock.SleepAsync(Look, cancellationToken);
        }
    }

    /// <summary>One look. The operation when it is over.</summary>
    async Task<OperationView?> ActAsync(CancellationToken cancellationToken)
    {
        if (await asOperator.OperationIdsAsync(cancellationToken) is not [var id, ..])
        {
            await asOperator.PlanOperationAsync(story.Kind, await _kind.TermsAsync(asOperator, host.World, cancellationToken), cancellationToken);
            said("asks for a plan");
            return null;
        }

        await _kind.HelpAsync(asOperator, host, said, cancellationToken);
        var view = await asOperator.OperationAsync(id, cancellationToken);
        return view.State switch
        {
            OperationState.Planned => await DecideAsync(view, cancellationToken),
            OperationState.Ended => await EndAsync(view, cancellationToken),
            _ => await DoTaskAsync(view, cancellationToken),
        };
    }

    /// <summary>Does what the operation asks a person for. After a kill it is done again from its beginning, which changes nothing.</summary>
    async Task<OperationView?> DoTaskAsync(OperationView view, CancellationToken cancellationToken)
    {
        if (story.Passive || view.Tasks.FirstOrDefault(task => task.State == TaskState.Open) is not { } task) { return null; }
        said($"does the task: {task.Title}");
        await _wizard.ChooseWritebackAsync(task.Server!, task.Kind == TaskKind.EnableWriteback, cancellationToken);
        return null;
    }

    async Task<OperationView?> DecideAsync(OperationView view, CancellationToken cancellationToken)
    {
        if (view.Plan!.Draft.Dangers.Count > 0 && view.Decision is null)
        {
            await ApproveAsync(view, cancellationToken);
        }
        else if (await asOperator.StartOperationAsync(view.OperationId, view.PlanHash!, cancellationToken))
        {
            said($"starts it: {view.Plan.Total} values");
        }

        return null;
    }

    async Task ApproveAsync(OperationView view, CancellationToken cancellationToken)
    {
        var comment = story.Denied ? "Not now." : "Read and approved.";
        var record = new ApprovalRecord
        {
            Tenant = host.Issuer.TenantId.ToString("D"),
            MigrationId = view.OperationId,
            Gate = ApprovalGate.Plan,
            EvidenceDigest = view.PlanHash!,
            Decision = story.Denied ? ApprovalDecision.Deny : ApprovalDecision.Approve,
            CommentHash = ApprovalRecord.HashComment(comment),
            Salt = LabSalt.Of(host.World, view.OperationId),
        };
        var signed = new SignedDecision { Record = record, IdToken = host.Issuer.IdToken(LabPeople.FirstApprover, record.Nonce()) };
        await asApprover.DecideOperationAsync(view.OperationId, signed.ToStatement(), comment, cancellationToken);
        said($"{LabPeople.FirstApprover.Name} decides: {record.Decision}");
    }

    async Task<OperationView?> EndAsync(OperationView view, CancellationToken cancellationToken)
    {
        var brokeOff = view.Outcome is OperationOutcome.Failed or OperationOutcome.Stopped && view.Run < MostStarts && !story.Passive;
        if (brokeOff && !view.Backwards)
        {
            await asOperator.StartOperationAsync(view.OperationId, view.PlanHash!, cancellationToken);
            return null;
        }

        if (story.Undo && (view is { Backwards: false, Outcome: OperationOutcome.Completed or OperationOutcome.Incomplete } || (brokeOff && view.Backwards)))
        {
            if (await asOperator.UndoOperationAsync(view.OperationId, cancellationToken)) { said("undoes it"); }
            return null;
        }

        return view;
    }
}
