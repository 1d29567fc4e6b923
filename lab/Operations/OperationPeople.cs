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

    /// <summary>So many that never began are no accident any more.</summary>
    const int MostAsked = 10;

    /// <summary>The notice of one whose orchestration is not there.</summary>
    const string NeverBegan = "GWB2904";

    readonly RehearsedOperation _kind = RehearsedOperation.Of(story);
    readonly ConnectWizard _wizard = new(host.World);
    readonly HashSet<(string Task, int Run)> _done = [];

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
        if (await LivingAsync(cancellationToken) is not [var newest, ..] living)
        {
            if (await _kind.PrepareAsync(host.World)) { await AskAsync(await _kind.TermsAsync(asOperator, host.World, cancellationToken), cancellationToken); }
            return null;
        }

        await _kind.HelpAsync(asOperator, host, said, cancellationToken);
        return newest.State switch
        {
            OperationState.Planned => await DecideAsync(newest, cancellationToken),
            OperationState.Ended => await EndAsync(newest, living, cancellationToken),
            _ => await DoTaskAsync(newest, cancellationToken),
        };
    }

    /// <summary>The operations, newest first. One that was killed between the request and its first step is none: nobody had an answer, and whoever asked asks again.</summary>
    async Task<List<OperationView>> LivingAsync(CancellationToken cancellationToken)
    {
        List<OperationView> living = [];
        var ids = await asOperator.OperationIdsAsync(cancellationToken);
        foreach (var id in ids)
        {
            var view = await asOperator.OperationAsync(id, cancellationToken);
            bool neverBegan = view is { Outcome: OperationOutcome.NotPlanned, Notices: [.., { Code: NeverBegan }] };
            if (!neverBegan || ids.Count > MostAsked) { living.Add(view); }
        }

        return living;
    }

    /// <summary>Does what the operation asks a person for, once: that it is done the product reads by itself. After a kill it is done again from its beginning, which changes nothing.</summary>
    async Task<OperationView?> DoTaskAsync(OperationView view, CancellationToken cancellationToken)
    {
        if (story.Passive || view.Tasks.FirstOrDefault(task => task.State == TaskState.Open) is not { } task || !_done.Add((task.Id, view.Run))) { return null; }
        said($"{LabPeople.Operator.Name} does: {task.Title}");
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
            said(FormattableString.Invariant($"{LabPeople.Operator.Name} starts it: {view.Plan.Total:N0} {(view.Plan.Total == 1 ? "value" : "values")}"));
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

    async Task<OperationView?> EndAsync(OperationView view, List<OperationView> living, CancellationToken cancellationToken)
    {
        if (BrokeOff(view) && !view.Backwards)
        {
            await asOperator.StartOperationAsync(view.OperationId, view.PlanHash!, cancellationToken);
            return null;
        }

        if (view is { Backwards: false, Outcome: not (OperationOutcome.Denied or OperationOutcome.NotPlanned) } && _kind.NextTerms(living.Count) is { } next)
        {
            await AskAsync(next, cancellationToken);
            return null;
        }

        if (story.Undo && await UndoesAsync(living, cancellationToken)) { return null; }
        await _kind.AfterAsync(host.World);
        return view;
    }

    /// <summary>Takes back what the operations wrote, the newest first; false when nothing is left to take back.</summary>
    async Task<bool> UndoesAsync(List<OperationView> living, CancellationToken cancellationToken)
    {
        foreach (var view in living)
        {
            if (view.State == OperationState.Undoing) { return true; }
            if (view is { Backwards: false, Written: > 0, Outcome: OperationOutcome.Completed or OperationOutcome.Incomplete } || (BrokeOff(view) && view.Backwards))
            {
                if (await asOperator.UndoOperationAsync(view.OperationId, cancellationToken)) { said($"{LabPeople.Operator.Name} undoes it"); }
                return true;
            }
        }

        return false;
    }

    async Task AskAsync(object terms, CancellationToken cancellationToken)
    {
        await asOperator.PlanOperationAsync(story.Kind, terms, cancellationToken);
        said($"{LabPeople.Operator.Name} asks for a plan: {story.Kind}");
    }

    bool BrokeOff(OperationView view) => view.Outcome is OperationOutcome.Failed or OperationOutcome.Stopped && view.Run < MostStarts && !story.Passive;
}
