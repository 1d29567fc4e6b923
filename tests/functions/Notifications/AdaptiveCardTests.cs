using System.Text.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Notifications;

public sealed class AdaptiveCardTests
{
    static readonly Uri Page = new("https://gwbcloud.example/migrations/m-20261122-140000-0001");

    /// <summary>Messages in which no name stands that others chose.</summary>
    static readonly NotificationKind[] Nameless = [NotificationKind.StageHeld, NotificationKind.Completed, NotificationKind.Undone];

    /// <summary>Ends of operations say no more than that.</summary>
    static readonly NotificationKind[] NamelessOfOperations = [NotificationKind.Denied, NotificationKind.Cancelled, NotificationKind.Expired];

    public static TheoryData<string> Samples => [.. Views.Samples];

    public static TheoryData<string, string> HostileCards
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var sample in Views.Samples)
            {
                foreach (var name in Views.HostileNames) { data.Add(sample, name); }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Card_OfEachKind_IsWhatTeamsTakes(string sample)
    {
        var message = Views.Message(sample);

        var envelope = JsonElement.Parse(AdaptiveCard.Render(message, Page));
        var card = CardOf(envelope);

        Assert.Equal("message", envelope.GetProperty("type").GetString());
        Assert.Equal("application/vnd.microsoft.card.adaptive", Assert.Single(envelope.GetProperty("attachments").EnumerateArray()).GetProperty("contentType").GetString());
        Assert.Equal("1.5", card.GetProperty("version").GetString());
        Assert.Null(CardSchema.Fault(card));
        var button = Assert.Single(card.GetProperty("actions").EnumerateArray());
        Assert.Equal(("Action.OpenUrl", Page.AbsoluteUri), (button.GetProperty("type").GetString(), button.GetProperty("url").GetString()));
    }

    /// <summary>What the orchestration tells when its share of a gate's time is over, as the second list reads it.</summary>
    [Fact]
    public void Card_OfAGateThatNobodyDecided_IsForTheSecondListAndSaysUntilWhen()
    {
        var view = Views.Asked(GateName.Switch);

        var message = Assert.Single(NotificationPlan.Between(view, view with { Notices = [Notices.GateEscalated("switch", Views.Now.AddHours(2))] }));
        var card = CardOf(JsonElement.Parse(AdaptiveCard.Render(message, Page)));

        Assert.Equal((NotificationKind.Escalation, Audience.Escalation), (message.Kind, message.Audience));
        Assert.Null(CardSchema.Fault(card));
        var texts = string.Join('\n', Elements(card).Where(e => TypeOf(e) == "TextRun").Select(e => e.GetProperty("text").GetString()));
        Assert.Contains("The gate 'switch' is not decided, and ends at 2026-11-22 16:00 UTC: the second list is asked.", texts, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HostileCards))]
    public void Card_WithAHostileName_ShowsItAsText(string sample, string name)
    {
        var message = Views.Message(sample, name);
        var body = AdaptiveCard.Render(message, Page);
        var card = CardOf(JsonElement.Parse(body));

        Assert.Null(CardSchema.Fault(card));
        Assert.InRange(body.Length, 1, AdaptiveCard.MostBytes);
        var all = Elements(card).ToList();

        // Only text blocks read markdown; what stands in them is the same whatever the names are.
        var plain = Elements(CardOf(JsonElement.Parse(AdaptiveCard.Render(Views.Message(sample), Page)))).Where(IsTextBlock).Select(e => e.GetProperty("text").GetString());
        Assert.Equal(plain, all.Where(IsTextBlock).Select(e => e.GetProperty("text").GetString()));
        var texts = string.Concat(all.Where(e => TypeOf(e) == "TextRun").Select(e => e.GetProperty("text").GetString()));
        Assert.DoesNotContain(texts, c => c is '\u202E' or '\u2066');
        Assert.DoesNotContain("{{", texts);
        if (!Nameless.Contains(message.Kind) && !(message.IsOperation && NamelessOfOperations.Contains(message.Kind)) && !name.Contains("{{") && !name.Any(c => c is '\u202E')) { Assert.Contains(name[..10], texts); }
    }

    [Fact]
    public void Card_OfAGateWithMoreThanFits_SaysHowMuchIsOnThePage()
    {
        var texts = TextsOf(Views.Message(NotificationKind.GateAsked));

        Assert.Equal(Notification.MostLines, texts.Count(t => t.StartsWith("• ", StringComparison.Ordinal)));
        Assert.Contains("and 3 more on the page", texts);
    }

    /// <summary>Nothing that a tenant can be makes it larger: every text at its longest, in characters that take most room.</summary>
    [Fact]
    public void Card_OfTheLargestMessage_StaysBelowTheLimit()
    {
        var longest = string.Concat(Enumerable.Repeat("\U0001F600", 5_000));
        var message = Views.Message(NotificationKind.GateAsked) with
        {
            Title = longest,
            Summary = longest,
            Lines = [.. Enumerable.Repeat(longest, Notification.MostLines)],
            MoreLines = 20_000,
            Facts = [.. Enumerable.Repeat(new NotificationFact { Name = "Name", Value = longest }, 8)],
        };

        var body = AdaptiveCard.Render(message, Page);

        Assert.InRange(body.Length, 1, AdaptiveCard.MostBytes);
        Assert.Null(CardSchema.Fault(CardOf(JsonElement.Parse(body))));
        Assert.Contains(" more on the page", string.Concat(Elements(CardOf(JsonElement.Parse(body))).Where(e => TypeOf(e) == "TextRun").Select(e => e.GetProperty("text").GetString())));
    }

    [Fact]
    public void Card_WithoutPagesAddress_HasNoButton()
    {
        var card = CardOf(JsonElement.Parse(AdaptiveCard.Render(Views.Message(NotificationKind.TaskOpened), page: null)));

        Assert.False(card.TryGetProperty("actions", out _));
        Assert.Null(CardSchema.Fault(card));
    }

    [Theory]
    [InlineData("""{"type":"AdaptiveCard","version":"1.5","body":[{"type":"TextBlock"}]}""")]
    [InlineData("""{"type":"AdaptiveCard","version":"1.5","body":[{"type":"Marquee","text":"x"}]}""")]
    [InlineData("""{"type":"AdaptiveCard","version":"1.5","msteams":{}}""")]
    public void Schema_OfACardThatIsNone_FindsTheFault(string card) => Assert.NotNull(CardSchema.Fault(JsonElement.Parse(card)));

    /// <summary>Leaves one card of each kind, and one with hostile names, in <c>artifacts/cards</c>: for renderers, and for people to look at.</summary>
    [Fact]
    public void Cards_OfEachKind_AreWrittenToBeLookedAt()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "cards")).FullName;
        foreach (var sample in Views.Samples)
        {
            Write(sample, Views.Message(sample));
            Write($"{sample}-hostile", Views.Message(sample, string.Join(" ", Views.HostileNames.Take(11))));
        }

        Assert.Equal(2 * Views.Samples.Count, Directory.GetFiles(folder, "*.json").Length);

        void Write(string name, Notification message) => File.WriteAllText(
            Path.Combine(folder, JsonNamingPolicy.CamelCase.ConvertName(name) + ".json"), CardOf(JsonElement.Parse(AdaptiveCard.Render(message, Page))).GetRawText());
    }

    static List<string> TextsOf(Notification message) =>
        [.. Elements(CardOf(JsonElement.Parse(AdaptiveCard.Render(message, Page)))).Where(e => TypeOf(e) == "TextRun").Select(e => e.GetProperty("text").GetString()!)];

    static JsonElement CardOf(JsonElement envelope) => envelope.GetProperty("attachments")[0].GetProperty("content");

    static bool IsTextBlock(JsonElement element) => TypeOf(element) == "TextBlock";

    static string? TypeOf(JsonElement element) => element.TryGetProperty("type", out var type) ? type.GetString() : null;

    static IEnumerable<JsonElement> Elements(JsonElement of) => of.ValueKind switch
    {
        JsonValueKind.Object => of.EnumerateObject().SelectMany(member => Elements(member.Value)).Prepend(of),
        JsonValueKind.Array => of.EnumerateArray().SelectMany(Elements),
        _ => [],
    };
}
