using System.CommandLine;
using System.CommandLine.Help;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Measuring;

/// <summary>The command line of the verb <c>assess</c>, read as strictly as the rehearsal's.</summary>
public sealed class AssessCommandLine
{
    public const string Verb = "assess";

    const int DefaultMemory = 400;

    readonly Option<string?> _world = StrictOptions.Text("--world", "ADDRESS", "Address that lab world said, for example http://127.0.0.1:5100.");
    readonly Option<string?> _limits = StrictOptions.Text("--limits", "off", "Goes above the documented limits of Cloud Sync.");
    readonly Option<int?> _memory = StrictOptions.Number("--memory", "MB", $"Memory that the function app may take at its peak (default {DefaultMemory}).");
    readonly Option<bool> _json = new("--json") { Description = "The account as one JSON object." };
    readonly Command _command;

    public AssessCommandLine() => _command = new Command(Verb, "Has a world in another process assessed by the function app in this one, and says what it took.")
    {
        _world, _limits, _memory, _json, new HelpOption(),
    };

    public static Task<int> RunAsync(string[] args, Func<AssessOptions, CancellationToken, Task<int>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var line = new AssessCommandLine();
        return Shell.RunAsync(line._command, args, stop => run(line.Read(args), stop));
    }

    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public AssessOptions Read(IReadOnlyList<string> args)
    {
        var parsed = StrictOptions.Parse(_command, args);
        string typed = parsed.GetValue(_world) ?? throw new BadUsageException("--world is missing: start one with lab world and name the address that it says.");
        if (!Uri.TryCreate(typed, UriKind.Absolute, out var world) || world.Scheme != Uri.UriSchemeHttp || !world.IsLoopback)
        {
            throw new BadUsageException($"--world must be an http address on this machine, not {Quoted.Of(typed)}.");
        }

        if (parsed.GetValue(_limits) is { } limits && limits is not ("on" or "off")) { throw new BadUsageException($"--limits must be on or off, not {Quoted.Of(limits)}."); }
        int memory = parsed.GetValue(_memory) ?? DefaultMemory;
        return new AssessOptions
        {
            World = world,
            EnforceLimits = parsed.GetValue(_limits) is not "off",
            MemoryMegabytes = memory is >= 1 and <= 1_000_000
                ? memory
                : throw new BadUsageException(FormattableString.Invariant($"--memory must lie between 1 and 1,000,000, not {memory}.")),
            Json = parsed.GetValue(_json),
        };
    }
}

/// <summary>What <c>lab assess</c> is asked for.</summary>
public sealed record AssessOptions
{
    /// <summary>Address of the world.</summary>
    public required Uri World { get; init; }

    /// <summary>Whether the documented limits of Cloud Sync block.</summary>
    public bool EnforceLimits { get; init; } = true;

    /// <summary>What the function app's process may take at its peak.</summary>
    public int MemoryMegabytes { get; init; } = 400;

    /// <summary>The account as one JSON object instead of lines for people.</summary>
    public bool Json { get; init; }
}
