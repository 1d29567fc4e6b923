using System.Globalization;
using GwbCloud.Contracts.Approvals;
using GwbCloud.RelayListener.CommandLine;
using GwbCloud.RelayListener.Configuration;
using GwbCloud.RelayListener.Hosting;
using GwbCloud.RelayListener.Service;

namespace GwbCloud.RelayListener.Check;

/// <summary>What comes from the cloud's side: approvals, the issuer's keys, the clock, the way in.</summary>
sealed class CloudChecks(Verb verb)
{
    /// <summary>The tolerance of envelopes and tokens is two minutes; half of it is used up when a person should look.</summary>
    static readonly TimeSpan Skewed = TimeSpan.FromMinutes(1);

    static readonly TimeSpan TooSkewed = TimeSpan.FromMinutes(2);

    ListenerConfiguration Settings => verb.Configuration;

    public CheckRow Approvals() => Settings.Approvals is { } trust
        ? CheckRow.Ok(CheckNames.Approvals, string.Create(CultureInfo.InvariantCulture, $"{trust.Required} of the role {trust.ApproverRole}, issuer {trust.Issuer}"))
        : CheckRow.Attention(CheckNames.Approvals, "not configured: this listener never switches", "Add the section approvals on the server that acts.");

    public async Task<CheckRow> IssuerKeysAsync(CancellationToken cancellationToken)
    {
        if (Settings.Approvals is not { } trust) { return CheckRow.Ok(CheckNames.IssuerKeys, "not needed without approvals"); }
        const string Unreachable = "Let this server reach the address, by a proxy where one is needed. Keys that were seen before stay valid.";
        HttpSight sight;
        try
        {
            sight = await verb.Environment.Probe.LookAsync(trust.KeysAddress, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            return CheckRow.Failed(CheckNames.IssuerKeys, $"{trust.KeysAddress}: {e.Message}", Unreachable);
        }
        var ring = new SigningKeyRing();
        return sight.Status != 200
            ? CheckRow.Failed(CheckNames.IssuerKeys, $"{trust.KeysAddress} answers {sight.Status}", Unreachable)
            : ring.Learn(sight.Body) is { } refusal
                ? CheckRow.Failed(CheckNames.IssuerKeys, $"{refusal.Code}: {refusal.Message}", "Correct approvals.keysAddress: it must be the jwks_uri of the tenant.")
                : CheckRow.Ok(CheckNames.IssuerKeys, string.Create(CultureInfo.InvariantCulture, $"{ring.Export().Count} keys"));
    }

    public async Task<CheckRow> ClockAsync(CancellationToken cancellationToken)
    {
        if (Settings.Approvals is not { } trust) { return CheckRow.Ok(CheckNames.ClockCloud, "not compared: no address of the issuer is configured"); }
        var sight = await verb.Environment.Probe.LookAsync(trust.KeysAddress, cancellationToken);
        return sight.Date is { } there
            ? JudgeClock(CheckNames.ClockCloud, verb.Environment.Time.GetUtcNow() - there, "the issuer")
            : CheckRow.Unknown(CheckNames.ClockCloud, "the issuer's address shows no time", "Compare the clock of this server by hand.");
    }

    public async Task<CheckRow> TransportAsync(CancellationToken cancellationToken)
    {
        if (Settings.Relay is not { } relay) { return CheckRow.Ok(CheckNames.Transport, $"loopback, {Settings.Url}"); }
        // A second listener on the same hybrid connection would take commands away from the service, so the service itself is asked.
        var pulse = Heartbeat.Read(Settings.DataDirectory);
        if (pulse is null || verb.Environment.Time.GetUtcNow() - pulse.At >= Heartbeat.Life)
        {
            return await verb.Environment.Probe.TryRelayAsync(relay, Settings.Tenant, cancellationToken) is { } refused
                ? CheckRow.Failed(CheckNames.Transport, $"{refused.Code}: {refused.Message}", refused.Remedy ?? "Read the listener's log.")
                : CheckRow.Attention(
                    CheckNames.Transport, $"{relay.Namespace} lets this session in; whether also the service's account shows when the service runs",
                    "Start the service, then run the check again.");
        }
        var state = pulse.Transport;
        string since = string.Create(CultureInfo.InvariantCulture, $"{state.Phase} since {state.Since:u}");
        return state.Phase == TransportPhase.Online
            ? CheckRow.Ok(CheckNames.Transport, since)
            : CheckRow.Failed(
                CheckNames.Transport, state.LastError is { } error ? $"{since}; {error.Code}: {error.Message}" : since,
                state.LastError?.Remedy ?? "Wait a minute; the service connects again by itself.");
    }

    public static CheckRow JudgeClock(string name, TimeSpan ahead, string whose)
    {
        string seen = string.Create(
            CultureInfo.InvariantCulture, $"{Math.Abs(ahead.TotalSeconds):0} s {(ahead >= TimeSpan.Zero ? "ahead of" : "behind")} {whose}");
        const string Remedy = "Correct the time service (w32tm /query /status): envelopes and tokens are refused beyond two minutes.";
        return ahead.Duration() >= TooSkewed ? CheckRow.Failed(name, seen, Remedy)
            : ahead.Duration() >= Skewed ? CheckRow.Attention(name, seen, Remedy)
            : CheckRow.Ok(name, seen);
    }
}
