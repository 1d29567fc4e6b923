using GwbCloud.Lab.Rehearsal;
using Spectre.Console;

namespace GwbCloud.Lab.Terminal;

/// <summary>Chooses how a rehearsal is shown.</summary>
public static class Views
{
    public static IRehearsalView For(ConsoleMode mode) => mode switch
    {
        ConsoleMode.Json => new JsonView(System.Console.Out),
        ConsoleMode.QuietJson => new JsonView(System.Console.Out, quiet: true),
        ConsoleMode.Quiet => new QuietView(System.Console.Out),
        _ when System.Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive => new PlainView(System.Console.Out),
        _ => new LiveView(AnsiConsole.Console),
    };
}
