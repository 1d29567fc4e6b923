using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.AdSync.PowerShell;

namespace GwbCloud.Tests.Listener.AdSync.PowerShell;

/// <summary>A Connect server made of the fake ADSync module: real scripts in a real PowerShell, behind the real port.</summary>
sealed class FakeServer : IDisposable
{
    public const string Ou = "OU=Groups,OU=Writeback,DC=contoso,DC=example";
    public const string AdConnector = "contoso.example";
    public const string EntraConnector = "contoso.onmicrosoft.example - AAD";
    public static readonly Guid AdConnectorId = new("5a0c0000-0000-4000-8000-0000000000ad");

    static readonly string[] Included = ["OU=Writeback,DC=contoso,DC=example"], Excluded = ["DC=contoso,DC=example"];
    static readonly Lock Compiling = new();
    static Task<byte[]>? _model;

    readonly string _folder = Directory.CreateTempSubdirectory("gwb-adsync-").FullName;

    FakeServer()
    {
    }

    public PowerShellOptions Options { get; set; } = null!;

    /// <summary>The real class over the fake module.</summary>
    public PowerShellAdSync AdSync => new(Options);

    /// <summary>Changing cmdlets that were called, oldest first.</summary>
    public IReadOnlyList<string> Calls => [.. Read()["calls"]!.AsArray().Select(call => (string)call!)];

    /// <summary>Whom the cmdlet granted permissions, and where; oldest first.</summary>
    public IReadOnlyList<string> Grants => File.Exists(Path.Combine(StateFolder, "permissions.txt")) ? File.ReadAllLines(Path.Combine(StateFolder, "permissions.txt")) : [];

    /// <summary>The permissions of an object, as the text of its descriptor.</summary>
    public string this[string distinguishedName]
    {
        get => AccessLines.Single(line => line.StartsWith($"{distinguishedName}\t", StringComparison.Ordinal))[(distinguishedName.Length + 1)..];
        set => File.WriteAllLines(AccessFile, [.. AccessLines.Where(line => !line.StartsWith($"{distinguishedName}\t", StringComparison.Ordinal)), $"{distinguishedName}\t{value}"]);
    }

    /// <summary>Objects whose permissions were written, oldest first.</summary>
    public IReadOnlyList<string> Committed => File.Exists(AccessFile + ".commits") ? File.ReadAllLines(AccessFile + ".commits") : [];

    public string LogFolder => Path.Combine(_folder, "logs");

    public string WorkFolder => Path.Combine(_folder, "work");

    public static async Task<FakeServer> StartAsync(Action<JsonObject>? edit = null, bool csexport = false)
    {
        var server = new FakeServer();
        string module = Directory.CreateDirectory(Path.Combine(server._folder, "Bin", "ADSync")).FullName;
        string source = Path.Combine(AppContext.BaseDirectory, "FakeModule");
        foreach (string file in new[] { "ADSync.psd1", "ADSync.psm1" }) { File.Copy(Path.Combine(source, file), Path.Combine(module, file)); }
        string config = Directory.CreateDirectory(Path.Combine(server._folder, "Microsoft Azure Active Directory Connect", "AdSyncConfig")).FullName;
        File.Copy(Path.Combine(source, "AdSyncConfig.psm1"), Path.Combine(config, "AdSyncConfig.psm1"));
        await File.WriteAllBytesAsync(Path.Combine(module, "ObjectModel.dll"), await ModelAsync(), TestContext.Current.CancellationToken);
        Directory.CreateDirectory(server.StateFolder);
        File.WriteAllText(server.StateFile, InitialState().ToJsonString());
        if (edit is not null) { server.Edit(edit); }
        if (csexport && !OperatingSystem.IsWindows())
        {
            string tool = Path.Combine(server._folder, "Bin", "csexport.exe");
            File.Copy(Path.Combine(source, "csexport.sh"), tool);
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        server.Options = new()
        {
            Server = "aadc01",
            LogFolder = server.LogFolder,
            WorkFolder = server.WorkFolder,
            Executable = Shell.Executable!,
            ModulePath = Path.Combine(module, "ADSync.psd1"),
            Environment = new Dictionary<string, string>(Shell.EnvironmentFor(server._folder)) { ["GWB_FAKE_ADSYNC"] = server.StateFolder, ["ProgramFiles"] = server._folder },
        };
        return server;
    }

    public JsonObject Read() => JsonNode.Parse(File.ReadAllText(StateFile))!.AsObject();

    public void Edit(Action<JsonObject> edit)
    {
        var state = Read();
        edit(state);
        File.WriteAllText(StateFile, state.ToJsonString());
    }

    /// <summary>What csexport would write for a connector.</summary>
    public void Export(string connector, string xml) => File.WriteAllText(Path.Combine(StateFolder, connector + ".xml"), xml);

    public void ExportFails() => File.WriteAllText(Path.Combine(StateFolder, "csexport.fails"), "");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static JsonNode Rule(Guid identifier, string name, int precedence, RuleLink link = RuleLink.Provision, bool standard = true, RuleDirection direction = RuleDirection.Outbound) =>
        JsonSerializer.SerializeToNode(new
        {
            Identifier = identifier, InternalIdentifier = InternalOf(identifier), Name = name, Description = "", ImmutableTag = standard ? "Microsoft.X.001" : "",
            Connector = direction == RuleDirection.Outbound ? AdConnectorId : RuleIds.EntraConnector, Direction = direction.ToString(), Disabled = false,
            SourceObjectType = "group", TargetObjectType = "group", Precedence = precedence, LinkType = link.ToString(), SoftDeleteExpiryInterval = 0, IsStandardRule = standard,
            ScopeFilter = Array.Empty<object>(), JoinFilter = Array.Empty<object>(), AttributeFlowMappings = Array.Empty<object>(),
        })!;

    /// <summary>What the lineage names a rule by.</summary>
    public static Guid InternalOf(Guid identifier)
    {
        var bytes = identifier.ToByteArray();
        bytes[0] ^= 0xFF;
        return new(bytes);
    }

    public static JsonNode Space(string dn, string type = "group", string? anchor = null, string? mail = null, IEnumerable<Guid>? lineage = null, string? xml = null, string? groupType = null)
    {
        var attributes = new JsonObject();
        if (anchor is not null) { attributes["adminDescription"] = anchor; }
        if (mail is not null) { attributes["mail"] = mail; }
        if (groupType is not null) { attributes["groupType"] = groupType; }
        return new JsonObject
        {
            ["connector"] = AdConnector, ["dn"] = dn, ["type"] = type, ["attributes"] = attributes, ["xml"] = xml ?? "<cs-objects/>",
            ["lineage"] = new JsonArray([.. (lineage ?? []).Select(rule => (JsonNode)new JsonObject { ["rule"] = rule.ToString(), ["name"] = "rule" })]),
        };
    }

    public static JsonNode Run(string profile, string start, int seconds, string result = "success", string connector = AdConnector, string errors = "", bool complete = true) => new JsonObject
    {
        ["id"] = Guid.NewGuid().ToString(), ["connector"] = connector, ["profile"] = profile, ["complete"] = complete, ["result"] = complete ? result : "",
        ["start"] = start, ["end"] = complete ? DateTime.Parse(start, null, System.Globalization.DateTimeStyles.RoundtripKind).AddSeconds(seconds).ToString("o") : null,
        ["syncErrors"] = errors, ["discoveryErrors"] = "",
    };

    string AccessFile => Path.Combine(StateFolder, "access.txt");

    string[] AccessLines => File.Exists(AccessFile) ? File.ReadAllLines(AccessFile) : [];

    string StateFolder => Path.Combine(_folder, "state");

    string StateFile => Path.Combine(StateFolder, "state.json");

    /// <summary>The module's types, compiled once by the PowerShell that will load them.</summary>
    static Task<byte[]> ModelAsync()
    {
        lock (Compiling) { return _model ??= CompileAsync(); }
    }

    static async Task<byte[]> CompileAsync()
    {
        string folder = Directory.CreateTempSubdirectory("gwb-model-").FullName;
        try
        {
            string source = Path.Combine(folder, "ObjectModel.cs"), target = Path.Combine(folder, "ObjectModel.dll");
            File.Copy(Path.Combine(AppContext.BaseDirectory, "FakeModule", "ObjectModel.txt"), source);
            await Shell.RunAsync($"Add-Type -Path '{source}' -OutputAssembly '{target}' -OutputType Library", folder, CancellationToken.None);
            return await File.ReadAllBytesAsync(target);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static JsonObject InitialState() => JsonSerializer.SerializeToNode(new
    {
        generation = "Unattended",
        noise = false,
        importFails = false,
        connectorBusy = false,
        settings = new Dictionary<string, string>
        {
            ["Microsoft.Synchronize.StagingMode"] = "False",
            ["Microsoft.Synchronize.ServerConfigurationVersion"] = "2.5.190.0",
            ["Microsoft.GroupWriteBack.Container"] = Ou,
            ["Microsoft.GroupWriteBack.Forest"] = "contoso.example",
            ["Microsoft.OptionalFeature.GroupWriteBack"] = "True",
        },
        connectors = new object[]
        {
            Connector(AdConnector, AdConnectorId, "AD", new
            {
                dn = "DC=contoso,DC=example", selected = true, included = Included, excluded = Excluded,
            }),
            Connector(EntraConnector, RuleIds.EntraConnector, "Extensible2"),
        },
        scheduler = new
        {
            AllowedSyncCycleInterval = "00:30:00", CurrentlyEffectiveSyncCycleInterval = "00:30:00", PurgeRunHistoryInterval = "7.00:00:00",
            NextSyncCycleStartTimeInUTC = "2026-11-02T09:00:00", SyncCycleEnabled = true, MaintenanceEnabled = true, StagingModeEnabled = false,
            SchedulerSuspended = false, SyncCycleInProgress = false,
        },
        autoUpgrade = "Enabled",
        features = new { PasswordHashSync = true, UserWriteback = false, DeviceWriteback = false, UnifiedGroupWriteback = true, GroupWritebackV2 = true },
        rules = new[]
        {
            Rule(new("11111111-0000-4000-8000-000000000001"), "Out to AD - Group SOAInAAD", 120),
            Rule(new("11111111-0000-4000-8000-000000000002"), "Out to AD - Group Writeback Member Limit", 121, RuleLink.Join),
            Rule(new("11111111-0000-4000-8000-000000000003"), "In from AAD - Group SOAinAAD", 122, RuleLink.Join, direction: RuleDirection.Inbound),
        },
        runs = Array.Empty<object>(),
        objects = Array.Empty<object>(),
        failures = new { },
        missing = Array.Empty<string>(),
        calls = Array.Empty<string>(),
    })!.AsObject();

    public static object Connector(string name, Guid id, string type, params object[] partitions) => new
    {
        name, id, type, partitions,
        profiles = new[] { "Full Import", "Full Synchronization", "Delta Import", "Delta Synchronization", "Export" },
    };
}
