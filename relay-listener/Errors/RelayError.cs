using GwbCloud.Contracts;

namespace GwbCloud.RelayListener.Errors;

/// <summary>Errors of the way in through Azure Relay: GWB64xx.</summary>
public static class RelayError
{
    public static readonly ErrorEntry NotInThisBuild = new("GWB6401", "This build has no relay.",
        "The configuration has a section relay, but the listener was built for rehearsals and tests.", "Install the listener that was published for the server.");
    public static readonly ErrorEntry KeyMissing = new("GWB6402", "The relay's shared access key is missing.",
        "The environment variable GWB_RELAY_KEY is not set for the service.", "Set the variable, or sign in as the machine or with a certificate.");
    public static readonly ErrorEntry CertificateMissing = new("GWB6403", "The certificate for the relay is not there.",
        "No store holds it, it has expired, or the service may not use its key.", "Put it into LocalMachine\\My and let the service's account read its key.");
    public static readonly ErrorEntry NoToken = new("GWB6404", "The listener could not sign in to the relay.",
        "Azure Arc's agent is not running, the service's account may not ask it, or the app registration does not take the certificate.",
        "Check the Arc agent and the local group Hybrid agent extension applications, or the app registration.");
    public static readonly ErrorEntry NotAllowed = new("GWB6405", "The relay does not let this listener in.",
        "Its identity lacks the role Azure Relay Listener on the hybrid connection, or got it less than five minutes ago.",
        "Assign the role on the hybrid connection; the connection is made by itself then.");
    public static readonly ErrorEntry ConnectionUnknown = new("GWB6406", "The relay does not know this hybrid connection.",
        "It was deleted, or its name or namespace are wrong.", "Compare relay.namespace and relay.hybridConnection with the deployment.");
    public static readonly ErrorEntry Unreachable = new("GWB6407", "The relay could not be reached, or the connection was lost.",
        "Network, proxy or name resolution of this server; the service itself also restarts every connection once a day.",
        "Nothing when it comes back by itself. If it lasts, let this server out to the namespace's hosts on port 443.");

    /// <summary>The lines in the order of their codes.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } = [NotInThisBuild, KeyMissing, CertificateMissing, NoToken, NotAllowed, ConnectionUnknown, Unreachable];
}
