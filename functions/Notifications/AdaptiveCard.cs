using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Notifications;

/// <summary>A message as an Adaptive Card 1.5, in the envelope that a Teams workflow takes.</summary>
/// <remarks>
/// Whatever comes from a tenant stands in text runs, in which no markdown is read: a name that looks like a link or a heading is shown as it is. Text blocks, which
/// read markdown, hold words of ours only. A webhook can't carry decisions back, so the one button opens the page.
/// </remarks>
public static class AdaptiveCard
{
    /// <summary>Teams takes 28 KB from a webhook; what is larger is dropped without a word.</summary>
    public const int MostBytes = 28 * 1024;

    const int MostTitle = 200;
    const int MostSummary = 800;
    const int MostLine = 300;
    const int MostValue = 200;

    /// <summary>The request's body.</summary>
    /// <param name="message">What to tell.</param>
    /// <param name="page">Where the page is; null leaves the button out.</param>
    public static byte[] Render(Notification message, Uri? page)
    {
        ArgumentNullException.ThrowIfNull(message);

        // Fewer lines, then shorter texts: what is left out stands on the page.
        for (var lines = message.Lines.Count; lines >= 0; lines--)
        {
            if (Draw(message, page, lines, 1) is { Length: <= MostBytes } body) { return body; }
        }

        return Draw(message, page, 0, 4);
    }

    static byte[] Draw(Notification message, Uri? page, int lines, int shorter)
    {
        List<JsonNode> body =
        [
            new JsonObject
            {
                ["type"] = "Container",
                ["style"] = StyleOf(message.Kind),
                ["bleed"] = true,
                ["items"] = new JsonArray(
                    new JsonObject { ["type"] = "TextBlock", ["text"] = HeadOf(message), ["style"] = "heading", ["weight"] = "Bolder", ["wrap"] = true },
                    Text(Run(message.Title, MostTitle / shorter, size: "Medium", bold: true))),
            },
            Text(Run(message.Summary, MostSummary / shorter)),
        ];
        foreach (var fact in message.Facts.Prepend(new() { Name = message.IsOperation ? "Operation" : "Migration", Value = message.Subject }))
        {
            body.Add(Text(Run($"{fact.Name}: ", MostValue, bold: true), Run(fact.Value, MostValue / shorter)));
        }

        foreach (var (at, line) in message.Lines.Take(lines).Index())
        {
            body.Add(Text(Run($"• {line}", MostLine / shorter)) is var text && at == 0 ? Separated(text) : text);
        }

        var more = message.MoreLines + message.Lines.Count - lines;
        if (more > 0) { body.Add(Text(Run(string.Create(CultureInfo.InvariantCulture, $"and {more} more on the page"), MostLine))); }

        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.5",
            ["lang"] = "en",
            ["fallbackText"] = $"{HeadOf(message)} (GwbCloud)",
            ["body"] = new JsonArray([.. body]),
        };
        if (page is not null)
        {
            card["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = ActionOf(message), ["url"] = page.AbsoluteUri });
        }

        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = card,
            }),
        });
    }

    static JsonObject Text(params JsonNode[] runs) => new() { ["type"] = "RichTextBlock", ["spacing"] = "Small", ["inlines"] = new JsonArray(runs) };

    static JsonObject Separated(JsonObject text)
    {
        text["separator"] = true;
        text["spacing"] = "Medium";
        return text;
    }

    static JsonObject Run(string text, int most, string? size = null, bool bold = false)
    {
        var run = new JsonObject { ["type"] = "TextRun", ["text"] = Plain(VisibleText.Cut(text, most)) };
        if (bold) { run["weight"] = "Bolder"; }
        if (size is not null) { run["size"] = size; }
        return run;
    }

    /// <summary>As text, also where a renderer reads date functions in double braces everywhere.</summary>
    static string Plain(string text) => VisibleText.Of(text).Replace("{{", "{\u200D{", StringComparison.Ordinal);

    static string HeadOf(Notification message) => message.Kind switch
    {
        NotificationKind.GateAsked or NotificationKind.ApprovalAsked => "A decision is asked for",
        NotificationKind.StageHeld => "A stage waits for its release",
        NotificationKind.TaskOpened => "A task for an operator",
        NotificationKind.Reminder => message.IsOperation ? "An operation waits" : "A migration waits",
        NotificationKind.Escalation => message.IsOperation ? "An operation waits, and nobody came" : "A migration waits, and nobody came",
        NotificationKind.AttentionNeeded => "Attention needed",
        NotificationKind.Denied => "Denied",
        NotificationKind.Cancelled => "Cancelled",
        NotificationKind.Postponed => "Postponed",
        NotificationKind.Expired => "Expired",
        NotificationKind.Completed => "Completed",
        NotificationKind.Undone => "Undone",
        _ => "Rolled back",
    };

    static string ActionOf(Notification message) => message.Kind switch
    {
        NotificationKind.ApprovalAsked => "Read the plan and decide",
        _ when message.IsOperation => "Open the operation",
        NotificationKind.GateAsked => "See the evidence and decide",
        NotificationKind.TaskOpened => "Open the task",
        NotificationKind.Denied or NotificationKind.Cancelled or NotificationKind.Postponed or NotificationKind.Expired or NotificationKind.Completed or NotificationKind.RolledBack => "Open the report",
        _ => "Open the migration",
    };

    static string StyleOf(NotificationKind kind) => kind switch
    {
        NotificationKind.AttentionNeeded => "attention",
        NotificationKind.Reminder or NotificationKind.Escalation => "warning",
        NotificationKind.Completed or NotificationKind.Undone => "good",
        NotificationKind.GateAsked or NotificationKind.ApprovalAsked or NotificationKind.TaskOpened or NotificationKind.StageHeld => "accent",
        _ => "emphasis",
    };
}
