using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace GwbCloud.Embedded.Hosting;

/// <summary>A function app while its services are collected, and the way from there to a running web application.</summary>
sealed class EmbeddedApplication(Assembly functions, WebApplicationBuilder builder)
{
    public Assembly Functions { get; } = functions;

    public WebApplicationBuilder Builder { get; } = builder;

    public static EmbeddedApplication Create(Assembly functions, string[] args)
        => new(functions, WebApplication.CreateSlimBuilder(args));

    public IHost Build() => Builder.Build();
}
