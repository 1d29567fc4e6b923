using System.ServiceProcess;
using Microsoft.Extensions.Hosting;

namespace GwbCloud.RelayListener.Service;

/// <summary>The service control manager restarts what reports an exit code other than 0.</summary>
sealed partial class ServiceEnd
{
    // ERROR_WRITE_FAULT: the disk is the one reason.
    const int WriteFault = 29;

    static partial void TellController(IHostLifetime lifetime)
    {
        if (OperatingSystem.IsWindows() && lifetime is ServiceBase service) { service.ExitCode = WriteFault; }
    }
}
