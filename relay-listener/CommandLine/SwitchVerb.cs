using System.Globalization;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;
using GwbCloud.RelayListener.Service;
using GwbCloud.RelayListener.Status;
using GwbCloud.RelayListener.Switch;

namespace GwbCloud.RelayListener.CommandLine;

/// <summary>
/// The verb <c>switch</c>: the irreversible step in the operator's own session, beside the running service. Everything is verified again
/// there; at any other time, and for anybody without the quorum behind him, it refuses with the reason.
/// </summary>
/// <remarks>There is no way around the typed confirmation: a script that answers it would be a person less.</remarks>
static class SwitchVerb
{
    public static async Task<int> RunAsync(Verb verb, string user, CancellationToken cancellationToken)
    {
        if (!verb.Environment.IsInputTyped) { return verb.Refuse(ServiceError.NotTyped.ToError()); }
        var configuration = verb.Configuration;
        using var key = ListenerKey.OpenExisting(configuration.DataDirectory);
        if (verb.ReadBoundary(key) is not { } boundary) { return verb.Refuse(ServiceError.NoSignedState.ToError(configuration.DataDirectory)); }

        using var logging = ServiceRun.LogsOf(configuration, verb.Environment, "switch", console: null);
        using var http = new HttpClient();
        var options = configuration.ToOptions(ListenerKey.Signer(key, configuration.Server), http) with { Logging = logging, Time = verb.Environment.Time };
        if (options.Validate() is { Count: > 0 } wrong) { return verb.Refuse(JobError.ConfigurationInvalid.ToError(string.Join("; ", wrong))); }
        await using var ports = verb.Environment.OpenPorts(configuration, PortUse.OperatorSession);
        using var session = new SwitchSession(options, ports.Directory, ports.AdSync);

        if (session.Switch.ReadOffer() is not { } offer) { return verb.Refuse(SwitchError.NoOffer.ToError()); }
        if (offer.Migration != boundary.Migration) { return verb.Refuse(ServiceError.OfferOfOtherMigration.ToError($"{offer.Migration}, not {boundary.Migration}")); }
        if (verb.Environment.Time.GetUtcNow() >= offer.ExpiresAt) { return verb.Refuse(SwitchError.OfferExpired.ToError()); }

        Announce(verb, boundary, offer, user);
        await verb.Output.WriteAsync($"Type the name of this server to go on: ");
        string? typed = await verb.Environment.Input.ReadLineAsync(cancellationToken);
        if (!string.Equals(typed?.Trim(), configuration.Server, StringComparison.Ordinal)) { return verb.Refuse(ServiceError.NotConfirmed.ToError()); }

        await verb.Output.WriteLineAsync("Verifying approvals and evidence once more; this reads the whole server and takes a while.");
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Ctrl+C ends the verification. In the middle of the call it would end this session before the flag is read back and journalled.
        using var interrupt = verb.Environment.OnInterrupt(asked.Cancel);
        try
        {
            return Tell(verb, await session.Switch.RunAsync(user, asked.Token));
        }
        catch (OperationCanceledException) when (asked.IsCancellationRequested)
        {
            await verb.Error.WriteLineAsync("Ended before the call. Nothing was called.");
            return ExitCode.Refused;
        }
    }

    static void Announce(Verb verb, Boundary boundary, SwitchOffer offer, string user)
    {
        var minutes = (offer.ExpiresAt - verb.Environment.Time.GetUtcNow()).TotalMinutes;
        string[] lines =
        [
            $"Migration {offer.Migration} on {boundary.Server}",
            $"{offer.Decisions} decisions came with the offer; this listener verifies each of them itself.",
            string.Create(CultureInfo.InvariantCulture, $"The offer is valid until {offer.ExpiresAt:HH:mm:ss} UTC, {minutes:0} minutes from now."),
            "",
            "What will happen:",
            "  1. Approvals, evidence and the last-minute state are verified again, here.",
            $"  2. Set-ADSyncAADCompanyFeature -GroupWritebackV2 $false -AADUsername {user} is called; it asks {user} to sign in.",
            "  3. The flag is read back.",
            "GroupWritebackV2 cannot be switched on again. From there the way leads forward only.",
            "",
        ];
        foreach (string line in lines) { verb.Output.WriteLine(line); }
    }

    static int Tell(Verb verb, SwitchResult result)
    {
        switch (result)
        {
            case { Outcome: SwitchOutcome.Called, Reads: false }:
                verb.Output.WriteLine("Switched off: GroupWritebackV2 reads False. The migration goes on by itself.");
                return ExitCode.Done;
            case { Outcome: SwitchOutcome.Called }:
                string reads = result.Reads is null ? "cannot be read" : "reads True";
                return verb.Refuse(ServiceError.SwitchUnclear.ToError(result.CmdletError is { } said ? $"it {reads}; the cmdlet said {said}" : $"it {reads}"));
            case { Outcome: SwitchOutcome.AlreadyOff }:
                verb.Output.WriteLine("GroupWritebackV2 reads False already. Nothing was called.");
                return ExitCode.Done;
            default:
                foreach (var reason in result.Reasons) { verb.Refuse(reason); }
                verb.Error.WriteLine("Nothing was called.");
                return ExitCode.Refused;
        }
    }
}
