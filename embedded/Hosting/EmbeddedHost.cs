namespace GwbCloud.Embedded.Hosting;

/// <summary>A function app, running in this process.</summary>
public sealed class EmbeddedHost
{
}
