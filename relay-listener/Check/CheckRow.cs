namespace GwbCloud.RelayListener.Check;

/// <summary>What one check came to.</summary>
public sealed record CheckRow
{
    /// <summary>Stable name, as the operator's page lists it.</summary>
    public required string Name { get; init; }
    public required CheckResult Result { get; init; }

    /// <summary>What was seen.</summary>
    public required string Seen { get; init; }

    /// <summary>What to do; null when nothing is to be done.</summary>
    public string? Remedy { get; init; }

    public static CheckRow Ok(string name, string seen) => new() { Name = name, Result = CheckResult.Ok, Seen = seen };

    public static CheckRow Attention(string name, string seen, string remedy) => new() { Name = name, Result = CheckResult.Attention, Seen = seen, Remedy = remedy };

    public static CheckRow Failed(string name, string seen, string remedy) => new() { Name = name, Result = CheckResult.Failed, Seen = seen, Remedy = remedy };

    public static CheckRow Unknown(string name, string seen, string remedy) => new() { Name = name, Result = CheckResult.Unknown, Seen = seen, Remedy = remedy };
}

/// <summary>How a check ended.</summary>
public enum CheckResult
{
    Ok,

    /// <summary>Works; a person should look before a migration.</summary>
    Attention,

    /// <summary>The service cannot do its work.</summary>
    Failed,

    /// <summary>Could not be found out. Counts as failed: what nobody has seen is not there.</summary>
    Unknown,
}

/// <summary>The whole check, as <c>--json</c> writes it.</summary>
public sealed record CheckReport
{
    public required string Server { get; init; }
    public required DateTimeOffset At { get; init; }
    public required bool Passed { get; init; }
    public required IReadOnlyList<CheckRow> Rows { get; init; }
}

/// <summary>Names of the rows, in the order in which they come. The operator's page has each of them.</summary>
static class CheckNames
{
    public const string Configuration = "configuration";
    public const string ConfigurationFile = "configurationFile";
    public const string DataDirectory = "dataDirectory";
    public const string OwnKey = "ownKey";
    public const string CommandKeys = "commandKeys";
    public const string Approvals = "approvals";
    public const string IssuerKeys = "issuerKeys";
    public const string ClockCloud = "clockCloud";
    public const string PowerShell = "powerShell";
    public const string AdSync = "adSync";
    public const string Scheduler = "scheduler";
    public const string Feature = "groupWritebackV2";
    public const string WritebackOu = "writebackOu";
    public const string Directory = "directory";
    public const string Certificate = "directoryCertificate";
    public const string ClockDirectory = "clockDirectory";
    public const string Endpoints = "domainControllers";
    public const string GlobalCatalogs = "globalCatalogs";
    public const string Rights = "rightsOnOu";
    public const string OtherServers = "otherServers";
    public const string Transport = "transport";
    public const string Service = "service";
    public const string EventLog = "eventLog";
    public const string Boundary = "boundary";

    public static IReadOnlyList<string> All { get; } =
    [
        Configuration, ConfigurationFile, DataDirectory, OwnKey, CommandKeys, Approvals, IssuerKeys, ClockCloud, PowerShell, AdSync, Scheduler, Feature,
        WritebackOu, Directory, Certificate, ClockDirectory, Endpoints, GlobalCatalogs, Rights, OtherServers, Transport, Service, EventLog, Boundary,
    ];
}
