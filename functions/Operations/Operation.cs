using GwbCloud.Functions.Operations.CleanUp;
using GwbCloud.Functions.Operations.Discover;
using GwbCloud.Functions.Operations.Enabling;
using GwbCloud.Functions.Operations.Restore;
using GwbCloud.Functions.Operations.Rules;
using GwbCloud.Functions.Operations.WayBack;
using GwbCloud.Functions.Operations.Writeback;

namespace GwbCloud.Functions.Operations;

/// <summary>
/// A kind of operation: what it reads and would do, how it does it, and how it goes back. Without state: everything passes through
/// <see cref="OperationWork"/>. It runs inside an orchestration, so it calls activities, listeners and timers of the work, and nothing else.
/// </summary>
public abstract class Operation
{
    /// <summary>Name in API, addresses and store.</summary>
    public abstract string Kind { get; }

    /// <summary>Its record of <see cref="OperationTerms"/>.</summary>
    public abstract Type Terms { get; }

    /// <summary>There is nothing to start: the plan is the result.</summary>
    public virtual bool ReadsOnly => false;

    /// <summary>Is there for a migration that ended unfinished, and so may begin although one did.</summary>
    public virtual bool TakesUpMigrations => false;

    /// <summary>Reads and decides; writes nothing.</summary>
    internal abstract Task<OperationDraft> PlanAsync(OperationWork work);

    /// <summary>Writes what was planned. Called again after a stop or a failure, it must find what it wrote and go on.</summary>
    internal abstract Task<OperationResult> RunAsync(OperationWork work);

    /// <summary>Takes back what is still its own.</summary>
    internal abstract Task<OperationResult> UndoAsync(OperationWork work);
}

/// <summary>An operation that is nothing but a list of values to be written, planned by one activity.</summary>
/// <typeparam name="TTerms">Its terms.</typeparam>
public abstract class ValueOperation<TTerms> : Operation
    where TTerms : OperationTerms
{
    public sealed override Type Terms => typeof(TTerms);

    /// <summary>The port that its values are read and written through.</summary>
    protected abstract Changes.ValueKind Values { get; }

    internal override Task<OperationResult> RunAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return work.WriteValuesAsync(Values);
    }

    internal override Task<OperationResult> UndoAsync(OperationWork work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return work.RevertValuesAsync(Values);
    }
}

/// <summary>The closed list of kinds.</summary>
public static class OperationKinds
{
    public static IReadOnlyList<Operation> All { get; } = [new NewGroupsOperation(), new ExistingGroupsOperation(), new DiscoverOperation(), new UndoOperation(), new MemberLimitOperation(), new DeleteRuleOperation(), new EnableOperation(), new CleanUpOperation(), new RestoreOperation()];

    /// <summary>The kind of a name, or null.</summary>
    public static Operation? Find(string? kind) => All.FirstOrDefault(operation => operation.Kind == kind);

    /// <summary>The kind of terms.</summary>
    public static Operation Of(OperationTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return All.Single(operation => operation.Terms == terms.GetType());
    }
}
