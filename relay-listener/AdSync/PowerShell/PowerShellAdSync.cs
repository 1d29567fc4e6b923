using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Xml;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.AdSync.PowerShell;

/// <summary>A Connect server through its cmdlets, each operation in a Windows PowerShell 5.1 process of its own.</summary>
public sealed class PowerShellAdSync(PowerShellOptions options) : IAdSync
{
    /// <summary>Runs of the same connector and profile whose errors are looked up; an older one shows its result without them.</summary>
    const int ErrorsOfNewest = 3;

    readonly PowerShellHost _host = new(options);
    readonly TimeSpan _read = TimeSpan.FromSeconds(options.ReadSeconds);
    readonly TimeSpan _effect = TimeSpan.FromSeconds(options.EffectSeconds);
    readonly TimeSpan _bulk = TimeSpan.FromSeconds(options.BulkSeconds);
    (DateTimeOffset At, CycleTimes Times)? _cycleTimes;

    /// <summary>The writeback container as it was read last, so that run errors can be told from those of its groups without asking anew.</summary>
    volatile string? _container;

    /// <inheritdoc/>
    public async Task<AdSyncHost> GetHostAsync(CancellationToken cancellationToken)
    {
        var value = await HostAsync(cancellationToken);
        var connector = ConnectorChoice.Of(value);
        var times = await CycleTimesAsync(cancellationToken);
        return new()
        {
            // The configured name when it is this machine's, long or short; another machine's name shows as what it is.
            Server = string.Equals(options.Server.Split('.')[0], value.Machine, StringComparison.OrdinalIgnoreCase) ? options.Server : value.Machine,
            Version = value.Version,
            Cmdlet = value.Interactive ? CmdletGeneration.Interactive : CmdletGeneration.Unattended,
            WritebackOu = value.Container,
            WritebackOuInScope = ConnectorChoice.HoldsInScope(connector, value.Container),
            WritebackChosen = bool.TryParse(value.Chosen, out bool chosen) ? chosen : null,
            AdConnector = connector.Name,
            AdConnectorId = connector.Id,
            Connectors = ConnectorChoice.FactsOf(value, connector),
            LastInitialSeconds = times.LastInitial,
            RecentInitialSeconds = times.Initials,
            RecentDeltaSeconds = times.Deltas,
        };
    }

    /// <inheritdoc/>
    public async Task<SchedulerState> GetSchedulerAsync(CancellationToken cancellationToken)
    {
        var value = await RunAsync<SchedulerValue>(AdSyncScript.GetScheduler, new { }, _read, cancellationToken);
        return new()
        {
            SyncCycleEnabled = value.SyncCycleEnabled,
            StagingModeEnabled = value.StagingModeEnabled,
            SchedulerSuspended = value.SchedulerSuspended,
            SyncCycleInProgress = value.SyncCycleInProgress,
            EffectiveInterval = TimeSpan.FromSeconds(value.IntervalSeconds),
        };
    }

    /// <inheritdoc/>
    public Task SetSchedulerAsync(bool enabled, CancellationToken cancellationToken) =>
        DoAsync(AdSyncScript.SetScheduler, new { enabled }, _effect, cancellationToken);

    /// <inheritdoc/>
    public async Task<AutoUpgradeState> GetAutoUpgradeAsync(CancellationToken cancellationToken) =>
        Known<AutoUpgradeState>(AdSyncScript.GetAutoUpgrade, (await RunAsync<AutoUpgradeValue>(AdSyncScript.GetAutoUpgrade, new { }, _read, cancellationToken)).State);

    /// <inheritdoc/>
    public Task SetAutoUpgradeAsync(AutoUpgradeState state, CancellationToken cancellationToken) =>
        DoAsync(AdSyncScript.SetAutoUpgrade, new { state }, _effect, cancellationToken);

    /// <inheritdoc/>
    public Task StartCycleAsync(CyclePolicy policy, CancellationToken cancellationToken) =>
        DoAsync(AdSyncScript.StartCycle, new { policy }, _effect, cancellationToken);

    /// <inheritdoc/>
    public Task StopCycleAsync(CancellationToken cancellationToken) => DoAsync(AdSyncScript.StopCycle, new { }, _effect, cancellationToken);

    /// <inheritdoc/>
    public Task SetStagingAsync(bool on, CancellationToken cancellationToken) => DoAsync(AdSyncScript.SetStaging, new { on }, _effect, cancellationToken);

    /// <inheritdoc/>
    public Task RunEntraOnlyStepAsync(EntraOnlyStep step, CancellationToken cancellationToken)
    {
        var (entra, profile) = step switch
        {
            EntraOnlyStep.AdImport => (false, "Delta Import"),
            EntraOnlyStep.EntraImport => (true, "Delta Import"),
            EntraOnlyStep.AdSync => (false, "Delta Synchronization"),
            EntraOnlyStep.EntraSync => (true, "Delta Synchronization"),
            EntraOnlyStep.EntraExport => (true, "Export"),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
        return DoAsync(AdSyncScript.RunProfile, new { entra, profile, entraConnector = RuleIds.EntraConnector }, TimeSpan.FromSeconds(options.RunProfileSeconds), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunResult>> GetRunsAsync(int afterRunNumber, CancellationToken cancellationToken)
    {
        var runs = await RunsAsync(RunReading.StartOf(Math.Max(0, afterRunNumber)), ErrorsOfNewest, cancellationToken);
        string container = _container ?? (await HostAsync(cancellationToken)).Container;
        return
        [
            .. runs.OrderBy(run => run.Start).ThenBy(run => run.Connector, StringComparer.Ordinal).Select(run => RunReading.ResultOf(run, container))
                .Where(run => run.RunNumber > afterRunNumber),
        ];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SyncRule>> GetRulesAsync(CancellationToken cancellationToken)
    {
        var rules = await RulesAsync(cancellationToken);
        try
        {
            return [.. rules.Select(RuleReading.RuleOf)];
        }
        catch (JsonException e)
        {
            throw new AdSyncException(AdSyncError.AnswerUnreadable.ToError($"{AdSyncScript.GetRules.Name}: {e.Message}"), e);
        }
    }

    /// <inheritdoc/>
    public Task AddRuleAsync(SyncRule rule, CancellationToken cancellationToken)
    {
        // What the script does not write must not be lost silently.
        if (rule.Disabled) { throw new ArgumentException("Only rules that are enabled can be added.", nameof(rule)); }
        return DoAsync(AdSyncScript.AddRule, rule, _effect, cancellationToken);
    }

    /// <inheritdoc/>
    public Task SetRuleDisabledAsync(Guid identifier, bool disabled, CancellationToken cancellationToken) =>
        DoAsync(AdSyncScript.SetRuleDisabled, new { identifier, disabled }, _effect, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveRuleAsync(Guid identifier, CancellationToken cancellationToken) =>
        DoAsync(AdSyncScript.RemoveRule, new { identifier }, _effect, cancellationToken);

    /// <inheritdoc/>
    public async Task<FeatureFlags> GetFeaturesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var value = await RunAsync<FeaturesValue>(AdSyncScript.GetFeatures, new { }, _read, cancellationToken);
            return new() { GroupWritebackV2 = value.GroupWritebackV2, UnifiedGroupWriteback = value.UnifiedGroupWriteback };
        }
        catch (AdSyncException e) when (e.Error.Code == AdSyncError.CmdletFailed.Code)
        {
            // The tenant did not answer this server: unknown, which is neither on nor off.
            return new() { GroupWritebackV2 = null, UnifiedGroupWriteback = null };
        }
    }

    /// <inheritdoc/>
    public Task DisableGroupWritebackV2Async(string? userName, CancellationToken cancellationToken) =>
        DoAsync(AdSyncScript.DisableGroupWritebackV2, new { userName }, _effect, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccessEntry>> GetWritebackAccessAsync(string? ou, CancellationToken cancellationToken)
    {
        var connector = ConnectorChoice.Of(await HostAsync(cancellationToken));
        IReadOnlyList<string> objects = ou is null ? ConnectorChoice.RootsOf(connector) : [ou];
        var value = await RunAsync<AccessValue>(AdSyncScript.GetWritebackAccess, new { connector = connector.Name, objects }, _read, cancellationToken);
        return [.. value.Entries.Select(entry => new AccessEntry(entry.On, entry.Entry))];
    }

    /// <inheritdoc/>
    public async Task GrantWritebackAccessAsync(string? ou, CancellationToken cancellationToken)
    {
        var connector = ConnectorChoice.Of(await HostAsync(cancellationToken));
        await DoAsync(AdSyncScript.GrantWritebackAccess, new { connector = connector.Name, ou }, _effect, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RevokeWritebackAccessAsync(IReadOnlyList<GrantedEntry> entries, CancellationToken cancellationToken)
    {
        var connector = ConnectorChoice.Of(await HostAsync(cancellationToken));
        await DoAsync(AdSyncScript.RevokeWritebackAccess, new { connector = connector.Name, entries }, _effect, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ConnectorSpaceGroup> GetGroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connector = ConnectorChoice.Of(await HostAsync(cancellationToken));
        var lineage = new LineageReading(await RulesAsync(cancellationToken));
        for (int start = 0, scanned = options.PageSize; scanned >= options.PageSize; start += scanned)
        {
            var page = await RunAsync<GroupsValue>(
                AdSyncScript.GetGroups, new { connector = connector.Name, startIndex = start, count = options.PageSize }, _bulk, cancellationToken);
            foreach (var group in page.Groups) { yield return lineage.GroupOf(group); }
            scanned = page.Scanned;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PendingExport> GetPendingExportsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var connector in (await HostAsync(cancellationToken)).Connectors)
        {
            string file = NewWorkFile();
            try
            {
                bool exported = (await RunAsync<ExportFileValue>(AdSyncScript.ExportPending, new { connector = connector.Name, file }, _bulk, cancellationToken)).Available;
                var pending = exported ? FromFileAsync(file, connector.Name, cancellationToken) : FromSpaceAsync(connector.Name, cancellationToken);
                await foreach (var export in pending) { yield return export; }
            }
            finally
            {
                // It holds names of groups and people.
                File.Delete(file);
            }
        }
    }

    static async IAsyncEnumerable<PendingExport> FromFileAsync(string file, string connector, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var text = new StreamReader(file);
        await foreach (var export in ReadAsync(text, connector, AdSyncScript.ExportPending, cancellationToken)) { yield return export; }
    }

    async IAsyncEnumerable<PendingExport> FromSpaceAsync(string connector, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Each object comes with all of its members, twice; a tenth of the usual page keeps the answer within its limit.
        int count = Math.Max(1, options.PageSize / 10);
        for (int start = 0, scanned = count; scanned >= count; start += scanned)
        {
            var page = await RunAsync<PendingValue>(AdSyncScript.GetPending, new { connector, startIndex = start, count }, _bulk, cancellationToken);
            foreach (string space in page.Objects)
            {
                using var text = new StringReader(space);
                await foreach (var export in ReadAsync(text, connector, AdSyncScript.GetPending, cancellationToken)) { yield return export; }
            }
            scanned = page.Scanned;
        }
    }

    static async IAsyncEnumerable<PendingExport> ReadAsync(
        TextReader xml, string connector, AdSyncScript script, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var exports = PendingExportXml.ReadAsync(xml, connector, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await exports.MoveNextAsync()) { yield break; }
            }
            catch (XmlException e)
            {
                throw new AdSyncException(AdSyncError.AnswerUnreadable.ToError($"{script.Name}: {Redaction.Line(e.Message)}"), e);
            }
            yield return exports.Current;
        }
    }

    async Task<CycleTimes> CycleTimesAsync(CancellationToken cancellationToken)
    {
        var now = options.Time.GetUtcNow();
        // An estimate: the history is long, and the host is asked for with almost every command.
        if (_cycleTimes is not { } known || now - known.At > TimeSpan.FromHours(1))
        {
            _cycleTimes = known = (now, RunReading.TimesOf(await RunsAsync(RunReading.StartOf(0), errorsOfNewest: 0, cancellationToken)));
        }
        return known.Times;
    }

    async Task<HostValue> HostAsync(CancellationToken cancellationToken)
    {
        var host = await RunAsync<HostValue>(AdSyncScript.GetHost, new { }, _read, cancellationToken);
        _container = host.Container;
        return host;
    }

    async Task<IReadOnlyList<RuleValue>> RulesAsync(CancellationToken cancellationToken) =>
        (await RunAsync<RulesValue>(AdSyncScript.GetRules, new { }, _read, cancellationToken)).Rules;

    async Task<IReadOnlyList<RunValue>> RunsAsync(DateTimeOffset since, int errorsOfNewest, CancellationToken cancellationToken) =>
        (await RunAsync<RunsValue>(AdSyncScript.GetRuns, new { sinceUnixSeconds = since.ToUnixTimeSeconds(), errorsOfNewest }, _read, cancellationToken)).Runs;

    Task<T> RunAsync<T>(AdSyncScript script, object parameters, TimeSpan limit, CancellationToken cancellationToken) =>
        _host.RunAsync<T>(script, parameters, limit, cancellationToken);

    async Task DoAsync(AdSyncScript script, object parameters, TimeSpan limit, CancellationToken cancellationToken) =>
        await _host.RunAsync<DoneValue>(script, parameters, limit, cancellationToken);

    string NewWorkFile()
    {
        Directory.CreateDirectory(options.WorkFolder);
        // What a killed process left behind; younger ones may be another process's, which is at work.
        var left = options.Time.GetUtcNow().UtcDateTime - 2 * _bulk;
        foreach (string old in Directory.EnumerateFiles(options.WorkFolder, "pending-*.xml").Where(file => File.GetLastWriteTimeUtc(file) < left)) { File.Delete(old); }
        return Path.Combine(options.WorkFolder, $"pending-{Guid.NewGuid():N}.xml");
    }

    static T Known<T>(AdSyncScript script, string text)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value)
            ? value
            : throw new AdSyncException(AdSyncError.AnswerUnreadable.ToError($"{script.Name}: {typeof(T).Name} {Redaction.Line(text, 40)}"));
}
