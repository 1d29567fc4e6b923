using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Lab.Operations;

/// <summary>The migration that is to be undone, lived until people leave it or its cloud half is lost; then, where the story says so, its history is taken away.</summary>
/// <remarks>
/// What stays is what a copy would hold: the document store, and the listeners' own folders. Two marks in the data folder tell how far it came, so that a kill
/// at any moment loses nothing twice.
/// </remarks>
static class MigrationBefore
{
    /// <summary>Everything of the product but its documents is its history.</summary>
    const string Product = "product", Documents = "documents";
    const string Lived = "migration-lived", HistoryGone = "history-gone";

    /// <param name="options">With a data folder.</param>
    /// <param name="said">Hears what people do.</param>
    /// <param name="lost">When the cloud half is lost, where the caller says it; null where the story does.</param>
    /// <param name="cancellationToken">Stops; a later start goes on.</param>
    public static async Task RunAsync(RehearsalOptions options, Action<string> said, LostMoment? lost, CancellationToken cancellationToken)
    {
        var folder = options.Data ?? throw new ArgumentException("A migration that is undone later needs a data folder.", nameof(options));
        Directory.CreateDirectory(folder);
        if (!Has(folder, Lived))
        {
            await LiveAsync(options, said, lost, cancellationToken);
            await MarkAsync(folder, Lived);
        }

        if (options.Story.Operation!.HistoryGone && !Has(folder, HistoryGone))
        {
            TakeHistory(Path.Combine(folder, Product));
            await MarkAsync(folder, HistoryGone);
            said("the history of the migration is gone");
        }
    }

    static async Task LiveAsync(RehearsalOptions options, Action<string> said, LostMoment? given, CancellationToken cancellationToken)
    {
        var stage = options.Story.Operation!.LostIn;
        using var own = new LostMoment();
        var lost = given ?? own;
        await using var host = await LabHost.StartAsync(
            options with
            {
                Shown = view =>
                {
                    if (stage is not null && view.Stages.Any(s => s.State == StageState.Running && Names.Of(s.Name) == stage)) { lost.Come(); }
                    return Task.CompletedTask;
                },
            },
            NullLoggerFactory.Instance, filled: null, cancellationToken);
        lost.Of(host);
        using var company = new LabCompany(host, new Watch(said));
        await RehearsalRun.LiveAsync(host, stop => UntilLostAsync(company, lost.Task, stop), cancellationToken);
    }

    static async Task UntilLostAsync(LabCompany company, Task lost, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var living = company.LiveAsync(over.Token);
        if (await Task.WhenAny(living, lost) == living)
        {
            await living;
            return;
        }

        await over.CancelAsync();
        try
        {
            await living;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // They were sent home.
        }
    }

    static void TakeHistory(string product)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(product).Where(entry => Path.GetFileName(entry) != Documents).ToList())
        {
            if (Directory.Exists(entry)) { Directory.Delete(entry, recursive: true); }
            else { File.Delete(entry); }
        }
    }

    static bool Has(string folder, string mark) => File.Exists(Path.Combine(folder, mark));

    static Task MarkAsync(string folder, string mark) => File.WriteAllTextAsync(Path.Combine(folder, mark), "", CancellationToken.None);

    sealed class Watch(Action<string> said) : IPeopleWatch
    {
        public void Said(LabPerson who, string what) => said($"{who.Name} {what}");

        public void Assessed(AssessmentOutcome outcome)
        {
        }

        public void Saw(MigrationView view)
        {
        }
    }
}
