using System.Diagnostics;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Harm;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>One rehearsal from its start to its account.</summary>
public static class RehearsalRun
{
    /// <summary>Real time without any virtual time passing, after which somebody must have forgotten a hold of the clock.</summary>
    static readonly TimeSpan LongestStandstill = TimeSpan.FromMinutes(5);

    /// <summary>The same while a real directory is at work.</summary>
    static readonly TimeSpan LongestOnRealDirectory = TimeSpan.FromMinutes(30);

    /// <summary>Runs a rehearsal to its end, or, on a data folder that was used before, from where it stood.</summary>
    /// <param name="options">What to rehearse.</param>
    /// <param name="view">Shows it.</param>
    /// <param name="cancellationToken">Stops; with a data folder, a later start goes on.</param>
    /// <param name="inspect">Looks at the two worlds when they have settled, before they are gone.</param>
    /// <param name="logging">Null logs nothing.</param>
    /// <exception cref="RehearsalFailedException">It could not be brought to an end.</exception>
    public static async Task<RehearsalResult> RunAsync(
        RehearsalOptions options, IRehearsalView view, CancellationToken cancellationToken, Action<LabHost, ControlWorld>? inspect = null, ILoggerFactory? logging = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(view);
        var watch = Stopwatch.StartNew();
        await using var host = await LabHost.StartAsync(options, logging ?? NullLoggerFactory.Instance, new Filling(view), cancellationToken);
        using var company = new LabCompany(host, view);
        view.Started(host);
        await LiveAsync(host, company.LiveAsync, cancellationToken);

        var last = company.MigrationId is { } id ? await company.ApiOf(LabPeople.Operator).MigrationAsync(id, cancellationToken) : null;
        string outcome = last?.Outcome is { } ended ? Camel(ended.ToString()) : company.EndedAs ?? "failed";
        var (account, differences) = await AccountAsync(host, company, outcome, last, inspect, cancellationToken);
        KillSwitch.End();
        await RehearsalFiles.WriteAsync(options.Output, company, account, host.Messages, cancellationToken);
        var result = new RehearsalResult
        {
            ExitCode = ExitCodeOf(account, differences),
            Account = account,
            View = last,
            Codes = await CodesAsync(company, last, cancellationToken),
            Output = options.Output,
            DirectoryDifferences = differences,
            Took = watch.Elapsed,
        };
        await view.EndedAsync(result);
        return result;
    }

    /// <summary>What the shell is told of an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="differences">Where a real directory shows something else than the world: then nothing is proved.</param>
    public static int ExitCodeOf(WorldAccount account, IReadOnlyCollection<string>? differences = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        bool switched = account.Switch.Transitions + account.Outside.Switches > 0;
        return account.Harm > 0 ? ExitCode.Harm
            : differences?.Count > 0 ? ExitCode.Failed
            : account.Outcome switch
            {
                "completed" => ExitCode.Completed,
                "failed" => ExitCode.Failed,
                _ => switched ? ExitCode.ParkedAfter : ExitCode.EndedBefore,
            };
    }

    /// <summary>Lets everybody act until they have nothing left to do, and fails when time can't go on.</summary>
    internal static async Task LiveAsync(LabHost host, Func<CancellationToken, Task> live, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var people = live(stop.Token);
        host.Begin();
        var first = await Task.WhenAny(people, host.Clock.Stalled, host.World.Connect.Faulted, StandstillAsync(host, stop.Token));
        await stop.CancelAsync();
        try
        {
            await first;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new RehearsalFailedException($"The rehearsal stopped at {host.Clock.GetUtcNow():u}: {e.Message}", e);
        }
    }

    static async Task StandstillAsync(LabHost host, CancellationToken cancellationToken)
    {
        var (seen, since) = (host.Clock.GetUtcNow(), Stopwatch.GetTimestamp());
        while (host.Clock.IsVirtual)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            if (host.Clock.GetUtcNow() != seen) { (seen, since) = (host.Clock.GetUtcNow(), Stopwatch.GetTimestamp()); }
            if (Stopwatch.GetElapsedTime(since) < (host.Domain is null ? LongestStandstill : LongestOnRealDirectory)) { continue; }
            throw new RehearsalFailedException($"time stands still; at work are {string.Join(", ", host.Clock.OpenHolds)}.");
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>The world's own account, once the last changes have arrived everywhere. The company still has a hold of the clock.</summary>
    static async Task<(WorldAccount Account, IReadOnlyList<string> Differences)> AccountAsync(
        LabHost host, LabCompany company, string outcome, MigrationView? last, Action<LabHost, ControlWorld>? inspect, CancellationToken cancellationToken)
    {
        var lastChange = (company.EndedAt ?? host.Clock.GetUtcNow()) + OutsideChanges.GoOnTime;
        await host.Outside.StopAsync(lastChange);
        if (host.Clock.IsVirtual) { await host.Clock.SleepUntilAsync(lastChange + OutsideChanges.SettleTime, cancellationToken); }
        var input = await company.TellAsync(outcome, cancellationToken);
        await using var control = await ControlWorld.OfAsync(host.World);
        var account = HarmReport.Make(host.World, control, input with
        {
            Window = last is null ? null : new Period { From = last.Window.Start, Until = last.Window.End },
            ApprovedOutage = last is null ? null : last.Window.End - last.Window.Start,
            Stages = [.. (last?.Stages ?? []).Select(Describe)],
        }, host.Domain?.Image(host.World));
        inspect?.Invoke(host, control);
        return (account, host.Domain?.Compare(host.World) ?? []);
    }

    static StageAccount Describe(StageView stage) => new()
    {
        Name = Camel(stage.Name.ToString()),
        State = Camel(stage.State.ToString()),
        Seconds = stage is { StartedAt: { } from, EndedAt: { } until } ? (int)(until - from).TotalSeconds : 0,
    };

    static async Task<IReadOnlyList<string>> CodesAsync(LabCompany company, MigrationView? last, CancellationToken cancellationToken)
    {
        if (last is not null) { return [.. last.Notices.Select(n => n.Code).Distinct()]; }
        var codes = new List<string>();
        if (company.AssessmentId is { } id && await company.ApiOf(LabPeople.Operator).AssessmentAsync(id, cancellationToken) is { Findings: not null })
        {
            await foreach (var finding in company.ApiOf(LabPeople.Operator).FindingsAsync(id, cancellationToken))
            {
                if (finding.Severity == Functions.Assessment.FindingSeverity.Blocks) { codes.Add(finding.Code); }
            }
        }

        return codes;
    }

    /// <summary>Told at once, unlike <see cref="Progress{T}"/>.</summary>
    sealed class Filling(IRehearsalView view) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => view.Filled(value.Done, value.Total);
    }

    static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
