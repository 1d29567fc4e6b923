using System.Runtime.CompilerServices;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Service;

namespace GwbCloud.RelayListener.Check;

/// <summary>Tests everything that the service needs, one row after the other, and changes nothing. A row that breaks is a row that failed.</summary>
sealed class ServiceCheck(Verb verb)
{
    /// <summary>Longest a single row may take; a server that does not answer must not hold up the others.</summary>
    static readonly TimeSpan RowLimit = TimeSpan.FromMinutes(3);

    /// <summary>The rows, as they come. When the configuration is not valid, its row is the only one.</summary>
    public async IAsyncEnumerable<CheckRow> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var configuration = await GuardAsync(CheckNames.Configuration, _ => Task.FromResult(LocalChecks.Configuration(verb)), cancellationToken);
        yield return configuration;
        if (configuration.Result == CheckResult.Failed) { yield break; }

        var local = new LocalChecks(verb);
        yield return await GuardAsync(CheckNames.ConfigurationFile, _ => Task.FromResult(local.ConfigurationFile()), cancellationToken);
        yield return await GuardAsync(CheckNames.DataDirectory, _ => Task.FromResult(local.DataDirectory()), cancellationToken);
        yield return await GuardAsync(CheckNames.OwnKey, _ => Task.FromResult(local.OwnKey()), cancellationToken);
        yield return await GuardAsync(CheckNames.CommandKeys, _ => Task.FromResult(local.CommandKeys()), cancellationToken);

        var cloud = new CloudChecks(verb);
        yield return cloud.Approvals();
        yield return await GuardAsync(CheckNames.IssuerKeys, cloud.IssuerKeysAsync, cancellationToken);
        yield return await GuardAsync(CheckNames.ClockCloud, cloud.ClockAsync, cancellationToken);
        yield return await GuardAsync(CheckNames.PowerShell, local.PowerShellAsync, cancellationToken);

        await foreach (var row in AskPortsAsync(cancellationToken)) { yield return row; }

        yield return await GuardAsync(CheckNames.Transport, cloud.TransportAsync, cancellationToken);
        yield return await GuardAsync(CheckNames.Service, local.ServiceAsync, cancellationToken);
        yield return await GuardAsync(CheckNames.EventLog, _ => Task.FromResult(local.EventLog()), cancellationToken);
        yield return await GuardAsync(CheckNames.Boundary, _ => Task.FromResult(local.Boundary()), cancellationToken);
    }

    async IAsyncEnumerable<CheckRow> AskPortsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListenerPorts? ports = null;
        CheckRow? closed = null;
        try
        {
            ports = verb.Environment.OpenPorts(verb.Configuration, PortUse.Check);
        }
        catch (Exception e) when (ServiceFault.Of(e) is { } fault)
        {
            closed = CheckRow.Failed("", $"{fault.Code}: {fault.Message}", fault.Remedy ?? "");
        }
        if (closed is not null)
        {
            foreach (string name in PortChecks.Names) { yield return closed with { Name = name }; }
            yield break;
        }
        await using (ports)
        {
            foreach (var (name, check) in new PortChecks(verb, ports!).All) { yield return await GuardAsync(name, check, cancellationToken); }
        }
    }

    async Task<CheckRow> GuardAsync(string name, Func<CancellationToken, Task<CheckRow>> check, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(RowLimit, verb.Environment.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await check(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CheckRow.Failed(name, $"no answer in {RowLimit.TotalMinutes:0} minutes", "See whether the server behind it is down or cut off.");
        }
        catch (Exception e) when (ServiceFault.Of(e) is { } fault)
        {
            return CheckRow.Failed(name, $"{fault.Code}: {fault.Message}", fault.Remedy ?? "Look the code up in docs/errors.md.");
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or ArgumentException or FormatException)
        {
            return CheckRow.Failed(name, $"{e.GetType().Name}: {e.Message}", "Correct what is named, then run the check again.");
        }
    }
}
