using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GwbCloud.RelayListener.Service;

/// <summary>The Windows service: only in what is published for the server.</summary>
static partial class ServiceRun
{
    static partial void AddWindowsService(IServiceCollection services)
    {
        if (OperatingSystem.IsWindows()) { services.AddWindowsService(options => options.ServiceName = ServiceName); }
    }
}
