using GwbCloud.Contracts;

namespace GwbCloud.Functions.Notifications;

/// <summary>Why a message was not delivered: GWB5100 to GWB5119. Never with an address or an answer in it.</summary>
public static class NotificationError
{
    public static readonly ErrorEntry NoAnswer = new("GWB5100", "A channel did not answer.",
        "Network, name resolution, certificate or the chat system's own service.", "Nothing, when it is delivered later. Otherwise look at the way out of the function app.");
    public static readonly ErrorEntry Busy = new("GWB5101", "A channel was busy.",
        "It answered 408, 429 or 5xx: too many messages, or a fault of its own.", "Nothing, when it is delivered later. Otherwise look at the flow's run history.");
    public static readonly ErrorEntry Refused = new("GWB5102", "A channel refused a message.",
        "The flow was turned off, deleted or given another address, its owner left, or it lets in other callers only.",
        "Open the flow in Power Automate, make it run again, and put its current address into the settings.");
    public static readonly ErrorEntry Redirected = new("GWB5103", "A channel answered with a redirect.",
        "The address in the settings is not the flow's own. Redirects are never followed.", "Put the address itself into the settings.");
    public static readonly ErrorEntry NoToken = new("GWB5104", "There is no token for a channel.",
        "The channel is set to show a token, and the managed identity got none.", "Look at the identity of the function app, and at the scope in the settings.");
    public static readonly ErrorEntry ChannelGone = new("GWB5105", "A channel is no longer in the settings.",
        "It was removed or renamed while a message waited for it.", "Nothing; later messages go to the channels that there are.");

    /// <summary>All of them; docs/notifications.md lists exactly these.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } = [NoAnswer, Busy, Refused, Redirected, NoToken, ChannelGone];
}
