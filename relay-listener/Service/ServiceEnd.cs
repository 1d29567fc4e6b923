using GwbCloud.Contracts.Commands;
using Microsoft.Extensions.Hosting;

namespace GwbCloud.RelayListener.Service;

/// <summary>Ends the service with an error, so that Windows starts it again as it was told at the installation.</summary>
/// <remarks>An orderly stop alone counts as wanted, and Windows leaves the service alone.</remarks>
sealed partial class ServiceEnd(IHostApplicationLifetime application, IHostLifetime lifetime)
{
    /// <summary>Why it ends; null when somebody told it to.</summary>
    public CommandError? Fault { get; private set; }

    public void With(CommandError fault)
    {
        Fault = fault;
        TellController(lifetime);
        application.StopApplication();
    }

    // Vanishes where the Windows service is no part of the build; then the exit code of the process tells.
    static partial void TellController(IHostLifetime lifetime);
}
