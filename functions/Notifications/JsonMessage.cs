using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Reporting;

namespace GwbCloud.Functions.Notifications;

/// <summary>A message as a plain JSON object, for every chat system that is not Teams. docs/notifications.md lists each field; a test compares.</summary>
public sealed record JsonMessage
{
    /// <summary>Raised when a field changes its meaning; fields may be added without.</summary>
    public int Version { get; init; } = 1;
    public required string Id { get; init; }
    public required NotificationKind Kind { get; init; }
    public required Audience Audience { get; init; }

    /// <summary>Left out where it is about an operation.</summary>
    public string? MigrationId { get; init; }

    /// <summary>Left out where it is about a migration.</summary>
    public string? OperationId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>One line without any name that others chose, for systems that show a field of this name.</summary>
    public required string Text { get; init; }
    public required string Title { get; init; }
    public required string Summary { get; init; }
    public required IReadOnlyList<NotificationFact> Facts { get; init; }
    public required IReadOnlyList<string> Lines { get; init; }
    public required int MoreLines { get; init; }
    public DateTimeOffset? Until { get; init; }
    public Uri? Page { get; init; }

    /// <summary>The request's body. It is far below any usual limit: each text in it is cut.</summary>
    public static byte[] Render(Notification message, Uri? page)
    {
        ArgumentNullException.ThrowIfNull(message);
        return JsonSerializer.SerializeToUtf8Bytes(
            new JsonMessage
            {
                Id = message.Id,
                Kind = message.Kind,
                Audience = message.Audience,
                MigrationId = message.IsOperation ? null : message.Subject,
                OperationId = message.IsOperation ? message.Subject : null,
                At = message.At,
                Text = $"GwbCloud, {(message.IsOperation ? "operation" : "migration")} {message.Subject}: {JsonNamingPolicy.CamelCase.ConvertName($"{message.Kind}")}{(page is null ? "" : $" {page.AbsoluteUri}")}",
                Title = Short(message.Title),
                Summary = Short(message.Summary, 800),
                Facts = [.. message.Facts.Select(fact => fact with { Value = Short(fact.Value) })],
                Lines = [.. message.Lines.Select(line => Short(line))],
                MoreLines = message.MoreLines,
                Until = message.Until,
                Page = page,
            },
            ContractJson.Options);
    }

    static string Short(string text, int most = 300) => VisibleText.Of(VisibleText.Cut(text, most));
}
