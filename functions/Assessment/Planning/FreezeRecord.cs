using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Documents;

namespace GwbCloud.Functions.Assessment;

/// <summary>What the freeze found beyond the plan, by the plan's hash: groups that came since then belong to the migration from there on.</summary>
public sealed record FreezeRecord
{
    /// <summary>Document of <see cref="ClassifiedGroup"/> at the freeze.</summary>
    public required DocumentReference Classified { get; init; }

    /// <summary>Document of <see cref="Contracts.Commands.GroupIdentity"/>: the groups that migrate, at the freeze.</summary>
    public required DocumentReference Groups { get; init; }

    /// <summary>Document of <see cref="CloudSync.KeptDn"/>: groups whose name or place GroupDN keeps, at the freeze; null for none.</summary>
    public DocumentReference? Kept { get; init; }

    static string Name(DocumentReference plan) => $"plans/{plan.Sha256}/freeze";

    public static Task<FreezeRecord?> ReadAsync(IDocumentStore store, DocumentReference plan, CancellationToken cancellationToken)
        => store.ReadOneAsync<FreezeRecord>(Name(plan), cancellationToken);

    public Task WriteAsync(IDocumentStore store, DocumentReference plan, CancellationToken cancellationToken)
        => store.WriteOneAsync(Name(plan), this, cancellationToken);
}
