using System.Globalization;
using System.Text.Json;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Measuring;

/// <summary>The verb <c>assess</c> as the shell sees it: the account on standard output, and an exit code.</summary>
public static class AssessProgram
{
    public static async Task<int> RunAsync(AssessOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            var account = await AssessmentMeasure.RunAsync(options, cancellationToken);
            await System.Console.Out.WriteLineAsync(options.Json ? JsonSerializer.Serialize(account, LabJson.Options) : string.Join(Environment.NewLine, Lines(account)));
            return account.Succeeded ? ExitCode.Completed : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await System.Console.Error.WriteLineAsync("Stopped.");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is RehearsalFailedException or IOException or HttpRequestException)
        {
            await System.Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
    }

    static IEnumerable<string> Lines(AssessmentAccount account)
    {
        var (world, graph, time, memory) = (account.World, account.Graph, account.Time, account.Memory);
        yield return Line($"assessment  {Names.Of(account.State)}{(account.Error is { } error ? $": {error}" : "")}");
        yield return Line($"tenant      {world.CloudGroups:N0} cloud groups, {world.WrittenGroups:N0} written back with {world.WrittenMemberships:N0} of {world.Memberships:N0} memberships, {world.Principals:N0} users and devices; {world.DirectoryGroups:N0} groups in the OU");
        yield return Line($"result      {account.Migrating:N0} groups migrate, {account.Classified:N0} classified, {account.MembersLost:N0} members lost");
        yield return Line($"findings    {string.Join(", ", account.Findings.Select(f => Line($"{f.Code} {Names.Of(f.Severity)} {f.Groups:N0}")))}");
        yield return Line($"requests    {graph.Requests:N0} in {graph.Exchanges:N0} exchanges, {graph.Throttled:N0} throttled; {graph.Needed:N0} are needed at least");
        yield return Line($"units       {graph.Units:N0}; {graph.UnitsNeeded:N0} are needed at least, {graph.UnitsPerWindow:N0} allowed in {DocumentedQuota.WindowSeconds} s");
        yield return Line($"virtual     {time.VirtualSeconds:N1} s; floor {time.FloorSeconds:N1} s = {graph.UnitsNeeded:N0} units x {DocumentedQuota.WindowSeconds} s / {graph.UnitsPerWindow:N0}");
        yield return Line($"wall        {time.WallSeconds:N2} s; a bare loop over the same pages {time.BareSeconds:N2} s, ratio {time.WallRatio:N2}; processor {time.ProcessorSeconds:N2} s; reading the results {time.ResultSeconds:N2} s");
        yield return Line($"memory      {memory.PeakMegabytes:N0} MB at the peak, {memory.PeakOfAssessment:N0} MB until the outcome, of {memory.AllowedMegabytes:N0} MB allowed; collector {memory.Collector}");
    }

    static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
