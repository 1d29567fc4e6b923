namespace GwbCloud.RelayListener.CommandLine;

/// <summary>Ctrl+C as a request, for as long as ending the process at once would leave something half done.</summary>
sealed class ConsoleInterrupt : IDisposable
{
    readonly ConsoleCancelEventHandler _pressed;

    ConsoleInterrupt(Action asked)
    {
        _pressed = (_, pressed) =>
        {
            pressed.Cancel = true;
            asked();
        };
        Console.CancelKeyPress += _pressed;
    }

    public static IDisposable Listen(Action asked) => new ConsoleInterrupt(asked);

    public void Dispose() => Console.CancelKeyPress -= _pressed;
}
