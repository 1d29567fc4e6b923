using System.Text.RegularExpressions;
using GwbCloud.Contracts.Approvals;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Tests.Functions.Support;

namespace GwbCloud.Tests.Functions.Pages;

/// <summary>The page of a gate offers what the API takes, and shows what came of it.</summary>
public sealed partial class GatePageTests(ApiHost host) : IClassFixture<ApiHost>, IDisposable
{
    readonly Browser _browser = new(host.Address);

    public static OpenGate Gate(GateName gate) => Samples.Gate(gate) with
    {
        Consequences = ["GroupWritebackV2 is switched off for the whole tenant."],
        Ends =
        [
            new() { Decision = ApprovalDecision.Approve, Consequences = ["This can't be undone."], NeedsDomain = true, StagingMinutes = 225, Impact = GateImpact.Exports },
            new() { Decision = ApprovalDecision.Postpone, Consequences = ["Back to everyday operation."], StagingMinutes = 45, Impact = GateImpact.Exports },
            new() { Decision = ApprovalDecision.Deny, Consequences = ["Everything is undone."], NeedsComment = true, StagingMinutes = 45, Impact = GateImpact.Exports },
        ],
        Changes = [new() { Part = "server:AADC1", Path = "rules.inbound", Before = "\"<old>\"", After = "\"new\"" }],
        Evidence = [new() { Name = "cloud", Hash = Samples.Digest, Passed = true }, new() { Name = "server:AADC1", Hash = Samples.Digest, Passed = true }],
    };

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Approval_GoesThroughTheForms_FromTheChoiceToTheDecision()
    {
        var (_, path) = await OpenAsync(GateName.Switch, People.First, "Migration.Approver");

        var asked = await _browser.GetAsync(path);
        var form = Api().Matches(asked.Text).Select(match => match.Groups[1].Value).Single(api => api.EndsWith("/sign-ins", StringComparison.Ordinal));
        var begun = await _browser.PostAsync(form, new { decision = "approve", evidenceDigest = Samples.Digest, comment = "read", domain = Samples.Domain, returnTo = path });
        var back = await ReturnAsync(begun);
        var confirm = await _browser.GetAsync(back);
        var decide = Api().Match(confirm.Text).Groups[1].Value;
        var taken = await _browser.PostAsync(decide);
        var after = await _browser.GetAsync(path);

        Assert.Contains("value=\"approve\" required", asked.Text, StringComparison.Ordinal);
        Assert.Contains("<div class=\"end final\">", asked.Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{Samples.Digest}\"", asked.Text, StringComparison.Ordinal);
        Assert.Contains("about 3 h 45 min", asked.Text, StringComparison.Ordinal);
        Assert.Contains("<del><bdi>&quot;&lt;old&gt;&quot;</bdi></del>", asked.Text, StringComparison.Ordinal);
        Assert.Equal(201, begun.Status);
        Assert.Contains("class=\"confirm final\"", confirm.Text, StringComparison.Ordinal);
        Assert.EndsWith("/decision", decide, StringComparison.Ordinal);
        Assert.Equal(202, taken.Status);
        Assert.Contains(People.First, after.Text, StringComparison.Ordinal);
        Assert.Contains("/withdrawals", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"decision\"", after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirmation_OnOtherEvidence_IsNotOffered()
    {
        var (view, path) = await OpenAsync(GateName.Switch, People.First, "Migration.Approver");
        var begun = await _browser.PostAsync(
            $"/api/migrations/{view.MigrationId}/gates/switch/sign-ins", new { decision = "postpone", evidenceDigest = Samples.Digest, returnTo = path });
        var back = await ReturnAsync(begun);
        await host.ShowAsync(view with { Gate = view.Gate! with { EvidenceDigest = Samples.PlanHash } });

        var page = await _browser.GetAsync(back);

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("/decision\"", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(People.Requester, "Migration.Approver")]
    [InlineData(People.Reader, "Migration.Reader")]
    public async Task Gate_ForWhoMayNotDecide_ShowsEverythingButTheChoice(string person, string role)
    {
        var (_, path) = await OpenAsync(GateName.Plan, person, role);

        var page = await _browser.GetAsync(path);

        Assert.Equal(200, page.Status);
        Assert.Contains("GroupWritebackV2 is switched off", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"decision\"", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GateName.Plan, 4)]
    [InlineData(GateName.Switch, 3)]
    public async Task Gate_ThatDoesNotSayHowItCanEnd_IsDecidedAllTheSame(GateName gate, int choices)
    {
        var (view, path) = await OpenAsync(gate, People.First, "Migration.Approver");
        await host.ShowAsync(view with { Gate = view.Gate! with { Ends = [] } });

        var page = await _browser.GetAsync(path);

        Assert.Equal(choices, page.Text.Split("name=\"decision\"").Length - 1);
    }

    /// <summary>The address says why as well as the sign-in; the page says it once.</summary>
    [Fact]
    public async Task SignIn_ThatWasRefused_IsToldOnce()
    {
        var (view, path) = await OpenAsync(GateName.Switch, People.First, "Migration.Approver");
        var begun = await _browser.PostAsync(
            $"/api/migrations/{view.MigrationId}/gates/switch/sign-ins", new { decision = "postpone", evidenceDigest = Samples.Digest, returnTo = path });

        var back = await ReturnAsync(begun, People.Second);
        var page = await _browser.GetAsync(back);

        Assert.Contains("problem=GWB5004", back, StringComparison.Ordinal);
        Assert.Equal(2, page.Text.Split("The sign-in belongs to another person than the caller.").Length);
        Assert.Contains("Your sign-in does not count.", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SecondList_IsAnnouncedWhereThereIsOne(bool named)
    {
        var (view, path) = await OpenAsync(GateName.Switch, People.First, "Migration.Approver");
        await host.ShowAsync(view with { Gate = view.Gate! with { Escalation = new() { At = DateTimeOffset.UtcNow.AddHours(1), Approvers = named ? [People.Second] : [] } } });

        var page = await _browser.GetAsync(path);

        Assert.Equal(named, page.Text.Contains("Second list may decide from", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gate_ThatIsNotOpen_SaysSo()
    {
        var (view, _) = await OpenAsync(GateName.Plan, People.First, "Migration.Approver");

        var page = await _browser.GetAsync($"/api/pages/migrations/{view.MigrationId}/gates/switch");

        Assert.Equal(200, page.Status);
        Assert.Contains("This gate has not been reached yet.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("data-api", page.Text, StringComparison.Ordinal);
    }

    async Task<(MigrationView View, string Path)> OpenAsync(GateName gate, string person, string role)
    {
        await _browser.SignInAsync(host.Issuer, person, role);
        var view = await host.MigratingAsync(view => view with { Gate = Gate(gate) });
        return (view, $"/api/pages/migrations/{view.MigrationId}/gates/{gate.ToString().ToLowerInvariant()}");
    }

    async Task<string> ReturnAsync(BrowserAnswer begun, string person = People.First)
    {
        var (state, nonce) = Browser.StateOf(begun.Json.GetProperty("address").GetString()!);
        var posted = await _browser.PostFormFromElsewhereAsync(
            "/api/sign-in/callback", ("state", state), ("id_token", host.Issuer.IdToken(person, nonce, null, "Migration.Approver")));
        return (await _browser.GetAsync(posted.Location!)).Location!;
    }

    [GeneratedRegex("""data-api="([^"]+)""")]
    private static partial Regex Api();
}
