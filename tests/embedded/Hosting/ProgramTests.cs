using System.Net;
using System.Net.Http.Json;
using GwbCloud.Embedded.Hosting;
using GwbCloud.Tests.Embedded.Sample;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GwbCloud.Tests.Embedded.Hosting;

/// <summary>The lines of a function app's Program.cs, as they stand there.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Program_OfAFunctionApp_StartsTheEmbeddedHost()
    {
        Assert.SkipWhen(typeof(FunctionsApplication).Assembly != typeof(EmbeddedHost).Assembly, "In the azure build these lines start the worker, which needs the Functions host.");
        using var folder = new TempFolder();

        var builder = FunctionsApplication.CreateBuilder(["--Embedded:Port=0", $"--Embedded:DataDirectory={folder.Path}"]);
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IWarehouse, NoWarehouse>();
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        using var http = new HttpClient { BaseAddress = new(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
        var started = await http.PutAsJsonAsync("api/orders/p-1", new Order { Item = "lamp" }, TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.True(File.Exists(folder.File("orchestrations.journal")));
    }

    sealed class NoWarehouse : IWarehouse
    {
        public int Take(string item, int count) => 0;
    }
}
