namespace GwbCloud.RelayListener.Service.Installing;

/// <summary>One step of setting up or taking away: a tool of Windows with its arguments, or a deed of our own. Each may be repeated without harm.</summary>
sealed record InstallStep
{
    /// <summary>What it does, for people.</summary>
    public required string What { get; init; }

    public string? Program { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Exit codes that are as good as 0: what is asked for is so already.</summary>
    public IReadOnlyList<int> AlsoGood { get; init; } = [];

    /// <summary>The deed, when it is no program.</summary>
    public Func<CancellationToken, Task>? Deed { get; init; }

    public static InstallStep Run(string what, string program, params string[] arguments) => new() { What = what, Program = program, Arguments = arguments };

    public static InstallStep Do(string what, Action deed) => new() { What = what, Deed = _ => { deed(); return Task.CompletedTask; } };

    /// <summary>The command line as a person would type it.</summary>
    public string? CommandLine => Program is null ? null : string.Join(' ', [Program, .. Arguments.Select(Quote)]);

    static string Quote(string argument) =>
        argument.Length > 0 && !argument.AsSpan().ContainsAny(" \"") ? argument : $"\"{argument.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
