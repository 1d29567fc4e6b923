using System.Globalization;
using GwbCloud.Embedded.Hosting;
using GwbCloud.Functions;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Documents;
using GwbCloud.Functions.Graph;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Journal;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Time;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Lab.Hosting;

/// <summary>What the product is started with.</summary>
public sealed record ProductHostOptions
{
    /// <summary>Folder of its journal and documents.</summary>
    public required string Folder { get; init; }

    /// <summary>Whom it talks to.</summary>
    public required WorldCard World { get; init; }

    /// <summary>Whose tokens it shows to Graph.</summary>
    public required LabIssuer Issuer { get; init; }
    public required LabClock Clock { get; init; }

    /// <summary>Whether the documented limits of Cloud Sync block.</summary>
    public bool EnforceLimits { get; init; } = true;

    /// <summary>Port of its API on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The chat system that it tells people through; null leaves the channels out.</summary>
    public WebhookReceiver? Webhooks { get; init; }

    /// <summary>Hears each view of a migration when it is shown; null listens to nothing.</summary>
    public Func<MigrationView, Task>? Shown { get; init; }

    /// <summary>Further services, in place of the product's own.</summary>
    public Action<IServiceCollection>? Services { get; init; }
    public required ILoggerFactory Logging { get; init; }
}

/// <summary>Starts the product, the same function app as anywhere, against a world: its cloud half in this process, on the lab's clock.</summary>
public static class ProductHost
{
    /// <summary>Where the sign-in of a browser ends; registered with the issuer.</summary>
    public const string RedirectPath = SignInDesk.CallbackPath;

    public static async Task<EmbeddedHost> StartAsync(ProductHostOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var host = await EmbeddedHost.StartAsync(typeof(MigrationView).Assembly, host => Configure(host, options), cancellationToken);
        options.Issuer.AllowRedirect(new Uri(host.Address, RedirectPath));
        return host;
    }

    static void Configure(EmbeddedHostOptions host, ProductHostOptions options)
    {
        host.DataDirectory = options.Folder;
        host.Port = options.Port;
        host.TimeProvider = options.Clock;
        host.Busy = options.Clock.Busy;
        host.Durability = JournalDurability.Process;
        host.Builder = builder =>
        {
            builder.Configuration.AddInMemoryCollection(Settings(options));
            builder.Services.AddSingleton(options.Logging);
            builder.Services.AddGwbCloud(builder.Configuration);
            builder.Services.AddSingleton<IDelay>(new LabDelay(options.Clock));
            builder.Services.AddSingleton<IJitter>(new LabJitter(1));
            builder.Services.AddSingleton<IGraphTokens>(new LabGraphTokens(options.Issuer, options.Clock));
            if (options.Webhooks is { } receiver) { builder.Services.AddHttpClient(WebhookSender.HttpClientName).ConfigurePrimaryHttpMessageHandler(receiver.Door); }
            if (options.Shown is { } shown) { Watch(builder.Services, shown); }
            options.Services?.Invoke(builder.Services);
        };
    }

    static void Watch(IServiceCollection services, Func<MigrationView, Task> shown)
    {
        var store = services.Last(s => s.ServiceType == typeof(IDocumentStore));
        services.AddSingleton<IDocumentStore>(provider => new ViewWatch(
            (IDocumentStore)(store.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, store.ImplementationType!)), shown));
    }

    static Dictionary<string, string?> Settings(ProductHostOptions options)
    {
        var (world, issuer) = (options.World, options.Issuer);
        using var keys = LabKeys.In(world.KeyFolder);
        var settings = new Dictionary<string, string?>
        {
            ["Graph:BaseUrl"] = world.Address,
            ["Identity:Tenant"] = issuer.TenantId.ToString("D"),
            ["Identity:Issuer"] = issuer.Issuer,
            ["Identity:ClientId"] = issuer.ClientId.ToString("D"),
            ["Identity:ApiAudience"] = issuer.ApiAudience,
            ["Identity:KeysAddress"] = issuer.KeysAddress(world.Address).AbsoluteUri,
            ["Authentication:Mode"] = "Bearer",
            ["SignIn:AuthorizeAddress"] = issuer.AuthorizeAddress(world.Address).AbsoluteUri,
            ["OnPremises:SigningKeyFile"] = keys.PathOf(world.CommandKey),
            ["OnPremises:SigningKeyId"] = world.CommandKey,
            ["Documents:Folder"] = Path.Combine(options.Folder, "documents"),
            ["Documents:FlushToDisk"] = "false",
            ["Assessment:EnforceLimits"] = options.EnforceLimits.ToString(CultureInfo.InvariantCulture),
        };
        if (options.Webhooks is not null)
        {
            settings["Notifications:PagesAddress"] = options.Port == 0 ? "https://gwbcloud.lab.invalid/api/pages/" : string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{options.Port}/api/pages/");
            AddChannel(settings, 0, "teams", "Teams", "Concerned");
            AddChannel(settings, 1, "second-list", "Json", "Escalation");
        }

        foreach (var (index, listener) in world.Listeners.Index())
        {
            string section = string.Create(CultureInfo.InvariantCulture, $"OnPremises:Listeners:{index}:");
            settings[section + "Server"] = listener.Server;
            settings[section + "Address"] = listener.Address.AbsoluteUri;
            settings[section + "ResultKeys:0:Kid"] = listener.KeyId;
            settings[section + "ResultKeys:0:PublicKey"] = listener.PublicKey;
        }

        return settings;
    }

    static void AddChannel(Dictionary<string, string?> settings, int index, string name, string format, string audience)
    {
        string section = string.Create(CultureInfo.InvariantCulture, $"Notifications:Channels:{index}:");
        settings[section + "Name"] = name;
        settings[section + "Format"] = format;
        settings[section + "Audience"] = audience;
        settings[section + "Address"] = WebhookReceiver.AddressOf(name).AbsoluteUri;
    }
}
