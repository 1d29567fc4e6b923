using System.Reflection;
using GwbCloud.Embedded.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Embedded.Hosting;

/// <summary>A function app while its services are collected, and the way from there to a web application.</summary>
sealed class EmbeddedApplication(Assembly functions, WebApplicationBuilder builder, EmbeddedHostOptions options)
{
    /// <summary>The port that the local tools of Azure Functions use as well.</summary>
    const int DefaultPort = 7071;

    public WebApplicationBuilder Builder { get; } = builder;

    /// <summary>For a program of its own: configuration from files, environment and command line, logs on the console.</summary>
    /// <remarks>Settings: <c>Embedded:DataDirectory</c>, <c>Embedded:Port</c>.</remarks>
    public static EmbeddedApplication ForProgram(Assembly functions, string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var options = new EmbeddedHostOptions();
        options.Port = builder.Configuration.GetValue("Embedded:Port", DefaultPort);
        options.DataDirectory = builder.Configuration.GetValue("Embedded:DataDirectory", options.DataDirectory);
        return new(functions, builder, options);
    }

    /// <summary>Inside another program, which owns console, signals and configuration.</summary>
    public static EmbeddedApplication Within(Assembly functions, EmbeddedHostOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        return new(functions, builder, options);
    }

    /// <exception cref="EmbeddedHostException">The function app can't start.</exception>
    public WebApplication Build()
    {
        var catalog = FunctionCatalog.Of(functions);
        var hostJson = HostJson.Read(options.HostJsonPath);
        Builder.Services.AddSingleton(options.TimeProvider);
        options.Services?.Invoke(Builder.Services);
        options.Builder?.Invoke(Builder);
        Builder.Services.AddSingleton(services => new EngineService(options, hostJson, catalog, services, services.GetRequiredService<ILoggerFactory>()));
        // First among the hosted services, so that the server and the product's own find the engine running.
        Builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services => services.GetRequiredService<EngineService>()));
        var application = Builder.Build();
        application.Urls.Add($"http://127.0.0.1:{options.Port}");
        var engine = application.Services.GetRequiredService<EngineService>();
        new HttpFunctions(catalog, hostJson, () => engine.Engine.Client, options.Busy ?? (static _ => NoHold.Instance), application.Services.GetRequiredService<ILogger<HttpFunctions>>())
            .Map(application);
        return application;
    }

    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
