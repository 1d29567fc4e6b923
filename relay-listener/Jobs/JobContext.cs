using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.RelayListener.Documents;

namespace GwbCloud.RelayListener.Jobs;

/// <summary>What a handler knows of its job beside the command.</summary>
public sealed class JobContext
{
    readonly DocumentFolder _documents;
    readonly Action<CommandProgress> _report;
    readonly Func<string, Task> _note;

    internal JobContext(JobOrigin origin, string? note, DocumentFolder documents, Action<CommandProgress> report, Func<string, Task> keepNote) =>
        (Origin, Note, _documents, _report, _note) = (origin, note, documents, report, keepNote);

    /// <summary>Who asked, for what.</summary>
    public JobOrigin Origin { get; }

    /// <summary>What an earlier run of this same job noted before the process died, or null.</summary>
    public string? Note { get; private set; }

    /// <summary>Shows how far the job is; <paramref name="total"/> is 0 while unknown.</summary>
    public void Report(string what, int done, int total) => _report(new() { What = what, Done = done, Total = total });

    /// <summary>Keeps a text on disk that a later run of the same job finds in <see cref="Note"/>.</summary>
    public async Task KeepNoteAsync(string note)
    {
        await _note(note);
        Note = note;
    }

    /// <summary>The entries of an uploaded list.</summary>
    public Task<IReadOnlyList<T>> ReadListAsync<T>(DocumentReference reference, CancellationToken cancellationToken) =>
        _documents.ReadListAsync<T>(reference, cancellationToken);

    /// <summary>The entries of an uploaded list one by one, with flat memory: the document's hash is verified before the first one comes.</summary>
    /// <exception cref="Errors.CommandFailedException">GWB6006 before the first entry, when the document is not here.</exception>
    /// <exception cref="Contracts.ContractException">GWB7107 when an entry is not of that type, or after the last one when their number is
    /// not the one that the reference names. Both only when the cloud half signed nonsense.</exception>
    public IAsyncEnumerable<T> ReadEntriesAsync<T>(DocumentReference reference, CancellationToken cancellationToken)
        where T : notnull => _documents.ReadEntriesAsync<T>(reference, cancellationToken);

    /// <summary>Keeps a list on disk and returns what names it.</summary>
    public Task<DocumentReference> WriteListAsync<T>(string kind, IEnumerable<T> entries, CancellationToken cancellationToken) =>
        _documents.WriteAsync(kind, content => Task.FromResult(Document.WriteList(content, entries)), cancellationToken);

    /// <summary>The same for entries that come one by one, with flat memory.</summary>
    public Task<DocumentReference> WriteListAsync<T>(string kind, IAsyncEnumerable<T> entries, CancellationToken cancellationToken) =>
        _documents.WriteAsync(kind, content => Document.WriteListAsync(content, entries, cancellationToken), cancellationToken);
}

/// <summary>What the envelope of a command says about its origin.</summary>
public sealed record JobOrigin
{
    public required string CommandId { get; init; }

    /// <summary>m-yyyyMMdd-HHmmss-xxxx; stamps, tokens and calls are kept apart by it.</summary>
    public required string MigrationId { get; init; }

    /// <summary>SHA-256 of the plan, null before there is one.</summary>
    public string? PlanHash { get; init; }
}
