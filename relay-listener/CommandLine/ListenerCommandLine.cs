using System.CommandLine;
using GwbCloud.RelayListener.Check;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Service;
using GwbCloud.RelayListener.Service.Installing;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>The verbs of <c>gwb-listener</c>.</summary>
public static class ListenerCommandLine
{
    /// <summary>Runs one verb on this machine.</summary>
    /// <returns>A code of <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) => RunAsync(args, output, error, new(), CancellationToken.None);

    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, ListenerEnvironment environment, CancellationToken cancellationToken)
    {
        var parsed = Build(environment, output, error).Parse(args);
        if (parsed.Errors is [var first, ..])
        {
            // A verb that is not known is reported as one that is missing; what was typed says more.
            await error.WriteLineAsync(parsed.UnmatchedTokens is [var token, ..] ? $"{token} is not known; --help shows what is." : first.Message);
            return ExitCode.BadUsage;
        }
        try
        {
            // The host of run ends by itself, in order and in its own time.
            return await parsed.InvokeAsync(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellationToken);
        }
        catch (Exception e) when (ServiceFault.Of(e) is { } fault)
        {
            await error.WriteLineAsync(Verb.LineOf(fault));
            return ExitCode.Of(fault.Code);
        }
    }

    static RootCommand Build(ListenerEnvironment environment, TextWriter output, TextWriter error)
    {
        var config = new Option<string>("--config") { Description = "The configuration file.", DefaultValueFactory = _ => "listener.json", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "For machines." };
        var user = new Option<string>("--user") { Description = "Who signs in: user principal name of a Hybrid Identity Administrator.", HelpName = "UPN", Required = true };
        var account = new Option<string>("--account")
        {
            Description = "The service's account: a group managed service account (DOMAIN\\name$), or the virtual account of the service.",
            DefaultValueFactory = _ => ServiceAccount.Virtual,
            HelpName = "ACCOUNT",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Shows the plan and changes nothing." };
        var keepKey = new Option<bool>("--keep-key") { Description = "Keeps a key that is there before the first installation; only when you know that it is this listener's own." };
        var next = new Option<bool>("--next") { Description = "The key that will follow, for a change of keys; makes it when there is none." };
        var removeData = new Option<bool>("--remove-data") { Description = "Removes the data directory with journals, logs and the key as well." };
        var force = new Option<bool>("--force") { Description = "Also while this server stands in the window of a migration." };

        return new("The on-premises half of GwbCloud on an Entra Connect server.")
        {
            Make("run", "Answers commands of the cloud half, as a service or in this console.", [],
                async (verb, _, cancellationToken) =>
                {
                    await ServiceRun.RunAsync(verb.Configuration, environment, error, cancellationToken);
                    return ExitCode.Done;
                }),
            Make("check", "Tests everything that the service needs, changes nothing, and says what to do.", [json],
                (verb, parsed, cancellationToken) => CheckVerb.RunAsync(verb, parsed.GetValue(json), cancellationToken)),
            Make("install", "Registers the Windows service, its folder, its key and its event source.", [account, keepKey, dryRun],
                (verb, parsed, cancellationToken) => InstallVerb.InstallAsync(
                    verb, parsed.GetValue(account)!, parsed.GetValue(keepKey), parsed.GetValue(dryRun), cancellationToken)),
            Make("uninstall", "Takes the Windows service away; keeps its data.", [removeData, force, dryRun],
                (verb, parsed, cancellationToken) => InstallVerb.UninstallAsync(
                    verb, parsed.GetValue(removeData), parsed.GetValue(force), parsed.GetValue(dryRun), cancellationToken)),
            Make("show-key", "Shows this listener's public key for enrolment; makes the key when there is none.", [next],
                (verb, parsed, _) => Task.FromResult(StatusVerbs.ShowKey(verb, parsed.GetValue(next)))),
            Make("switch", "Switches GroupWritebackV2 off in the operator's own session, when people have approved it.", [user],
                (verb, parsed, cancellationToken) => SwitchVerb.RunAsync(verb, parsed.GetValue(user)!, cancellationToken)),
            Make("status", "Shows the signed state of the last boundary; works without the cloud half.", [json],
                (verb, parsed, _) => Task.FromResult(StatusVerbs.ShowStatus(verb, parsed.GetValue(json)))),
            Make("by-hand", "Shows the exact manual steps for when the cloud half is lost.", [json],
                (verb, parsed, _) => Task.FromResult(StatusVerbs.ShowByHand(verb, parsed.GetValue(json)))),
        };

        Command Make(string name, string description, Option[] options, Func<Verb, ParseResult, CancellationToken, Task<int>> run)
        {
            var command = new Command(name, description) { config };
            foreach (var option in options) { command.Add(option); }
            command.SetAction((parsed, cancellationToken) => run(new(parsed.GetValue(config)!, environment, output, error), parsed, cancellationToken));
            return command;
        }
    }
}
