using System.Text.Json;
using GwbCloud.Functions.Notifications;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Notifications;

/// <summary>docs/notifications.md says what leaves the tenant; its tables are read here.</summary>
static class NotificationDocs
{
    static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "notifications.md"));

    /// <summary>The first column of the table below a heading, without its backquotes.</summary>
    public static IReadOnlyList<string> Table(string heading) =>
        [.. Rows(heading).Select(row => row.Split('|')[1].Trim().Trim('`'))];

    public static IEnumerable<string> Rows(string heading) => Lines.SkipWhile(line => line.TrimStart('#', ' ') != heading).Skip(1)
        .TakeWhile(line => !line.StartsWith('#')).Where(line => line.StartsWith('|')).Skip(2);

    /// <summary>The members of an object as paths, those of list items with <c>[]</c>. The body of a card is one, whatever it draws.</summary>
    public static IEnumerable<string> Paths(JsonElement of, string at = "") => of.ValueKind switch
    {
        JsonValueKind.Object => of.EnumerateObject().SelectMany(member => Paths(member.Value, at.Length == 0 ? member.Name : $"{at}.{member.Name}")),
        JsonValueKind.Array when !at.EndsWith("content.body", StringComparison.Ordinal) => of.EnumerateArray().SelectMany(item => Paths(item, at + "[]")),
        _ => [at],
    };
}

public sealed class NotificationDocsTests
{
    [Fact]
    public void Errors_AreInTheDocsWordForWord() =>
        Assert.Equal(NotificationError.All.Select(e => $"| {e.Code} | {e.Message} | {e.Cause} | {e.Remedy} |"), NotificationDocs.Rows("Errors"));

    [Fact]
    public void Kinds_AreAllInTheDocs() => Assert.Equal(Enum.GetNames<NotificationKind>().Select(JsonNamingPolicy.CamelCase.ConvertName), NotificationDocs.Table("What people are told"));

    [Fact]
    public void Settings_AreAllInTheDocs() => Assert.Equal(
        [
            .. typeof(NotificationOptions).GetProperties().Where(p => p.Name != nameof(NotificationOptions.Channels)).Select(p => p.Name),
            .. typeof(ChannelOptions).GetProperties().Select(p => $"Channels:0:{p.Name}"),
        ],
        NotificationDocs.Table("Settings"));
}
