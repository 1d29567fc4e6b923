using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Status;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>The verbs of <c>gwb-listener</c>.</summary>
public static class ListenerCommandLine
{
    /// <summary>Ended as asked.</summary>
    public const int Done = 0;

    /// <summary>The arguments or the configuration make no sense.</summary>
    public const int BadUsage = 2;

    /// <summary>This machine or this build cannot do it.</summary>
    public const int NotPossible = 3;

    static readonly JsonSerializerOptions Indented = new(ContractJson.Options) { WriteIndented = true };

    /// <summary>Runs one verb.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var config = new Option<string>("--config") { Description = "The configuration file.", DefaultValueFactory = _ => "listener.json", HelpName = "FILE" };
        var root = new RootCommand("The on-premises half of GwbCloud on an Entra Connect server.")
        {
            Verb("run", "Answers commands of the cloud half.", config, Run),
            Verb("status", "Shows the signed state of the last boundary; works without the cloud half.", config, ShowStatus),
            Verb("by-hand", "Shows the exact manual steps for when the cloud half is lost in the window.", config, ShowByHand),
            Verb("show-key", "Shows this listener's public key for enrolment; makes the key when there is none.", config, ShowKey),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors is [var first, ..])
        {
            await error.WriteLineAsync(first.Message);
            return BadUsage;
        }
        try
        {
            return await parsed.InvokeAsync(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (CommandFailedException e)
        {
            await error.WriteLineAsync($"{e.Error.Code}: {e.Error.Message} {e.Error.Remedy}");
            return BadUsage;
        }

        Command Verb(string name, string description, Option<string> option, Func<ListenerConfiguration, int> run)
        {
            var verb = new Command(name, description) { option };
            verb.SetAction(result => run(ListenerConfiguration.Read(result.GetValue(option)!)));
            return verb;
        }

        int Run(ListenerConfiguration configuration)
        {
            using var key = ListenerKey.Open(configuration.DataDirectory);
            using var http = new HttpClient();
            _ = configuration.ToOptions(key, http);
            error.WriteLine("The configuration is valid. This build has no connection to Active Directory and Entra Connect yet, so nothing was started; "
                + "the rehearsal runs the listener on a simulated server.");
            return NotPossible;
        }

        int ShowStatus(ListenerConfiguration configuration)
        {
            if (ReadBoundary(configuration) is not { } boundary) { return NotPossible; }
            output.WriteLine(JsonSerializer.Serialize(boundary, Indented));
            return Done;
        }

        int ShowByHand(ListenerConfiguration configuration)
        {
            if (ReadBoundary(configuration) is not { } boundary) { return NotPossible; }
            output.WriteLine(boundary.Facts?.Features.GroupWritebackV2 is { } reads
                ? string.Create(CultureInfo.InvariantCulture, $"Migration {boundary.Migration}: GroupWritebackV2 read {reads} at {boundary.FactsAt:u}; it may have changed since.")
                : $"Migration {boundary.Migration}: what GroupWritebackV2 reads is not known here.");
            foreach (string step in ByHand.Steps(boundary)) { output.WriteLine(step); }
            return Done;
        }

        int ShowKey(ListenerConfiguration configuration)
        {
            using var key = ListenerKey.Open(configuration.DataDirectory);
            output.WriteLine(JsonSerializer.Serialize(ListenerKey.Pin(key, configuration.Server), Indented));
            return Done;
        }

        Boundary? ReadBoundary(ListenerConfiguration configuration)
        {
            using var key = ListenerKey.Open(configuration.DataDirectory);
            var boundary = BoundaryFile.Read(Path.Combine(configuration.DataDirectory, BoundaryFile.FileName), ListenerKey.Pin(key, configuration.Server), TimeProvider.System);
            if (boundary is null) { error.WriteLine($"{configuration.DataDirectory} holds no state that this listener signed."); }
            return boundary;
        }
    }
}
