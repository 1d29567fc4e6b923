using System.Reflection;
using GwbCloud.Embedded.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The entry of a function app: here it leads to the embedded host.</summary>
public class FunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
        => new(EmbeddedApplication.ForProgram(Assembly.GetEntryAssembly()!, args));
}

/// <summary>Collects the services of a function app.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder
{
    readonly EmbeddedApplication _application;

    internal FunctionsApplicationBuilder(EmbeddedApplication application) => _application = application;

    public ConfigurationManager Configuration => _application.Builder.Configuration;

    public IServiceCollection Services => _application.Builder.Services;

    public IHostEnvironment Environment => _application.Builder.Environment;

    public ILoggingBuilder Logging => _application.Builder.Logging;

    public IMetricsBuilder Metrics => _application.Builder.Metrics;

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_application.Builder).Properties;

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull
        => ((IHostApplicationBuilder)_application.Builder).ConfigureContainer(factory, configure);

    public IHost Build() => _application.Build();
}

/// <summary>HTTP functions take ASP.NET Core's own requests and results; the embedded host always works that way.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => builder;
}
