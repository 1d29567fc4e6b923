using System.Diagnostics;
using GwbCloud.Functions.Operations;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Lab.Operations;

/// <summary>Rehearses one operation from its plan to its end, and back, and has the world judge it.</summary>
public static class OperationRehearsal
{
    /// <summary>Graph takes so many writes in so many seconds of one app in one tenant. Source: throttling limits of identity and access.</summary>
    const double QuotaWrites = 3_000, QuotaSeconds = 150;

    /// <summary>How an operation ends that nothing came of, and that changed nothing.</summary>
    const string VersionTwoEnded = "GWB2910", WizardNotRun = "GWB2911";

    /// <param name="options">The story names the operation.</param>
    /// <param name="said">Hears what people do.</param>
    /// <param name="cancellationToken">Stops; with a data folder, a later start goes on.</param>
    /// <param name="lost">For the undo of a migration: when its cloud half is lost, where the caller says it. The further services are those of the migration then.</param>
    /// <exception cref="RehearsalFailedException">It could not be brought to an end.</exception>
    public static async Task<OperationAccount> RunAsync(RehearsalOptions options, Action<string> said, CancellationToken cancellationToken, LostMoment? lost = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var story = options.Story.Operation ?? throw new ArgumentException("The story tells of no operation.", nameof(options));
        if (story.Kind != UndoneMigration.Kind) { return await RunAsync(options, story, said, cancellationToken); }

        // The process that undoes is another than the one that migrated, so that both need a folder.
        var data = options.Data ?? Directory.CreateTempSubdirectory("gwb-undo-").FullName;
        try
        {
            await MigrationBefore.RunAsync(options with { Data = data }, said, lost, cancellationToken);
            return await RunAsync(options with { Data = data, Services = lost is null ? options.Services : null }, story, said, cancellationToken);
        }
        finally
        {
            if (options.Data is null) { Directory.Delete(data, recursive: true); }
        }
    }

    static async Task<OperationAccount> RunAsync(RehearsalOptions options, OperationStory story, Action<string> said, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();

        // What goes on after a kill may be killed from its first write on; the world's making and a migration before it are not the operation's part.
        if (GoesOn(options, story)) { KillSwitch.Begin(); }
        await using var host = await LabHost.StartAsync(options, NullLoggerFactory.Instance, filled: null, cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
        ProductApi Of(LabPerson person) => new(http, host.Issuer, person, host.Clock);
        await using var before = await CompletedMigration.RunAsync(host, story, said, cancellationToken);
        KillSwitch.Begin();
        using var hold = host.Clock.Busy("operation");
        before?.LetGo();
        var people = new OperationPeople(host, Of(LabPeople.Operator), Of(LabPeople.FirstApprover), story, said);
        OperationView? ended = null;
        await RehearsalRun.LiveAsync(host, async stop => ended = await people.LiveAsync(stop), cancellationToken);
        var view = ended!;
        await KeepFilesAsync(Of(LabPeople.Operator), view, options.Output, cancellationToken);
        KillSwitch.End();
        var differences = before is null ? await CompareAsync(host, story, view, cancellationToken) : await before.JudgeAsync(view.EndedAt ?? host.Clock.GetUtcNow(), cancellationToken);
        RehearsalFiles.CopyMessages(host.Messages, Path.Combine(options.Output, "messages"));
        var seconds = view is { RunAt: { } from, EndedAt: { } until } ? (until - from).TotalSeconds : 0;
        var writes = view.Plan?.Total ?? 0;
        return new()
        {
            OperationId = view.OperationId,
            Kind = view.Kind,
            Outcome = Camel(view.Outcome.ToString()!),
            Planned = writes,
            Written = view.Written,
            Left = view.Left?.Count ?? 0,
            Codes = [.. view.Notices.Select(notice => notice.Code).Distinct()],
            VirtualSeconds = Math.Round(seconds, 1),
            QuotaSeconds = Math.Round(writes * QuotaSeconds / QuotaWrites, 1),
            Differences = differences,
            ExitCode = ExitCodeOf(view, RehearsedOperation.Of(story).Expects(host.World, view.Outcome!.Value), differences),
            WallSeconds = Math.Round(watch.Elapsed.TotalSeconds, 2),
        };
    }

    static bool GoesOn(RehearsalOptions options, OperationStory story) => options.Data is { } folder && story.Kind switch
    {
        UndoneMigration.Kind => true,
        CleanUpByHand.Kind => CompletedMigration.IsKeptIn(folder),
        _ => StoryFile.IsIn(folder),
    };

    /// <summary>What the operation has found, for people and for programs, and what would do by hand what it does.</summary>
    static async Task KeepFilesAsync(ProductApi api, OperationView view, string folder, CancellationToken cancellationToken)
    {
        if (view.Plan?.Draft.Report is null) { return; }
        Directory.CreateDirectory(folder);
        foreach (var (name, path) in RehearsedOperation.FilesOf(view.Kind))
        {
            if (await api.DownloadAsync($"api/operations/{view.OperationId}/{path}", cancellationToken) is { } content) { await File.WriteAllBytesAsync(Path.Combine(folder, name), content, cancellationToken); }
        }
    }

    /// <summary>The world, settled, held against the same world in which nobody did anything, or a person did the same by hand.</summary>
    static async Task<IReadOnlyList<string>> CompareAsync(LabHost host, OperationStory story, OperationView view, CancellationToken cancellationToken)
    {
        var kind = RehearsedOperation.Of(story);
        var done = view is { Outcome: OperationOutcome.Completed or OperationOutcome.Incomplete, RunAt: not null };
        await host.Clock.SleepUntilAsync((view.EndedAt ?? host.Clock.GetUtcNow()) + OutsideChanges.SettleTime, cancellationToken);
        await using var control = done ? await ControlWorld.OfAsync(host.World, (view.RunAt!.Value, kind.Do)) : await ControlWorld.OfAsync(host.World);
        var differences = WorldComparison.Differences(host.World, control.World, Kept.Nothing, []);
        return story.Undo ? [.. differences.Where(line => !kind.StaysAfterUndo.Any(stays => line.StartsWith(stays, StringComparison.Ordinal)))] : differences;
    }

    static int ExitCodeOf(OperationView view, bool expected, IReadOnlyList<string> differences) =>
        view is { Kind: UndoneMigration.Kind, Outcome: OperationOutcome.Denied } ? ExitCode.EndedBefore // What differs is what the migration left.
        : differences.Count > 0 ? ExitCode.Harm
        : view.Outcome == OperationOutcome.Denied || view.Notices is [.., { Code: VersionTwoEnded or WizardNotRun }] ? ExitCode.EndedBefore
        : expected ? ExitCode.Completed
        : ExitCode.Failed;

    static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}

/// <summary>The world's own account of a rehearsed operation: <c>operation.json</c>.</summary>
public sealed record OperationAccount
{
    public required string OperationId { get; init; }
    public required string Kind { get; init; }
    public required string Outcome { get; init; }

    /// <summary>Values that the plan writes.</summary>
    public required int Planned { get; init; }

    /// <summary>Values that are the operation's own at the end.</summary>
    public required int Written { get; init; }
    public required int Left { get; init; }
    public required IReadOnlyList<string> Codes { get; init; }

    /// <summary>Virtual time of the last run or undo.</summary>
    public required double VirtualSeconds { get; init; }

    /// <summary>What the quota for writes allows for so many.</summary>
    public required double QuotaSeconds { get; init; }

    /// <summary>Where the world is not as it should be, one line each.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>See <see cref="Rehearsal.ExitCode"/>.</summary>
    public required int ExitCode { get; init; }
    public required double WallSeconds { get; init; }
}
