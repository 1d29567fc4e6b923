using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Notifications;
using GwbCloud.Functions.Orchestration;

namespace GwbCloud.Tests.Functions.Notifications;

/// <summary>Views of a migration one after another, as a page would show them, and the message that each step makes.</summary>
static class Views
{
    /// <summary>Names that people could give to groups and servers.</summary>
    public static IReadOnlyList<string> HostileNames { get; } =
    [
        "<script>alert(1)</script>", "[x](http://evil.example)", "![x](http://evil.example/x.png)", "# heading\n- list", "**bold** _it_ ~~gone~~", "\u202Egpj.exe\u2066",
        "\U0001F469\u200D\U0001F469\u200D\U0001F467 \U0001F4A5", "=cmd|'/C calc'!A0", "{{DATE(2026-01-01T00:00:00Z,SHORT)}}", "${title} @{body('x')}", "\"quotes\" and 'more' \\ back`tick",
        string.Concat(Enumerable.Repeat("\u5927", 256)), string.Concat(Enumerable.Repeat("\U0001F600", 128)),
    ];

    /// <summary>What people are told of migrations.</summary>
    public static IReadOnlyList<NotificationKind> Kinds { get; } = [.. Enum.GetValues<NotificationKind>().Except([NotificationKind.ApprovalAsked, NotificationKind.Undone])];

    /// <summary>Every message that there is: of migrations by its kind, of operations with that word before it.</summary>
    public static IReadOnlyList<string> Samples { get; } = [.. Kinds.Select(kind => $"{kind}"), .. OperationSteps.Kinds.Select(kind => $"{Operation}{kind}")];

    const string Operation = "Operation";

    public static DateTimeOffset Now { get; } = new(2026, 11, 22, 14, 0, 0, TimeSpan.Zero);

    public static MigrationView Running { get; } = new()
    {
        MigrationId = "m-20261122-140000-0001",
        AssessmentId = "a-20261120-090000-0001",
        PlanHash = "hash",
        RequestedBy = "00000000-0000-4000-8000-000000000002",
        Window = new() { Start = Now.AddHours(8), End = Now.AddHours(20) },
        State = MigrationState.Running,
        Notices = [],
        Stages = [.. Enum.GetValues<StageName>().Select(name => new StageView { Name = name, State = name == StageName.StampAnchors ? StageState.Running : StageState.Pending })],
        Tasks = [],
        StartedAt = Now,
        UpdatedAt = Now,
    };

    public static MigrationView Asked(GateName gate, params string[] consequences) => Running with
    {
        Gate = new()
        {
            Gate = gate,
            EvidenceDigest = "abcdefababcdefababcdefababcdefababcdefababcdefababcdefababcdefab",
            EvidenceAt = Now,
            Deadline = Now.AddHours(2),
            Required = 2,
            Evidence = [new() { Name = "AADC01", Hash = "h", Passed = true }, new() { Name = "cloud", Hash = "h", Passed = true }],
            Consequences = consequences is [] ? ["200 groups move to Cloud Sync.", "At most 4 memberships are lost, each announced by name."] : consequences,
        },
    };

    public static MigrationView WithTask(string title = "Turn staging mode on on AADC01", string server = "AADC01") => Running with
    {
        Tasks =
        [
            new()
            {
                Id = "enterstaging-abf4b4db8bb8", Kind = TaskKind.EnterStaging, State = TaskState.Open, Title = title, Why = "Nothing may be exported while the rules change.",
                Steps = ["Open the wizard.", "Turn it on."], Server = server, Deadline = Now.AddHours(1),
                Commands = [new() { Shell = TaskShell.WindowsPowerShell, Purpose = "Reads.", Text = "Get-ADSyncScheduler" }],
            },
        ],
    };

    public static MigrationView Told(Notice notice) => Running with { Notices = [.. Running.Notices, notice] };

    public static Notice Notice(string text, Audience? tells) => new() { Code = "GWB2834", Message = text, Remedy = "Do it, or postpone.", Tells = tells };

    public static MigrationView Ended(MigrationOutcome outcome, string why = "The gate 'plan' ended: denied.") => Running with
    {
        State = MigrationState.Ended,
        Outcome = outcome,
        EndedAt = Now.AddDays(3),
        Notices = outcome == MigrationOutcome.Completed ? [] : [new() { Code = "GWB2751", Message = why, Remedy = "Start again when you want to." }],
    };

    /// <summary>One view for each kind of message, with a name that others chose wherever one can stand.</summary>
    public static MigrationView Of(NotificationKind kind, string name) => kind switch
    {
        NotificationKind.GateAsked => Asked(GateName.Switch, [.. Enumerable.Range(1, 9).Select(n => $"{n}: the group {name} stays in Active Directory.")]),
        NotificationKind.StageHeld => Running with { Hold = new() { Before = StageName.EnterStagingMode, Since = Now, Until = Now.AddHours(72) } },
        NotificationKind.TaskOpened => WithTask($"Turn staging mode on on {name}", name),
        NotificationKind.Reminder => Told(Notice($"The task '{name}' is to be done.", Audience.Concerned)),
        NotificationKind.Escalation => Told(Notice($"The task '{name}' is to be done.", Audience.Escalation)),
        NotificationKind.AttentionNeeded => Running with { State = MigrationState.NeedsAttention, Notices = [Notice($"Ring 2: deleted: {name}", null)] },
        NotificationKind.Denied => Ended(MigrationOutcome.Denied, $"Denied because of {name}."),
        NotificationKind.Cancelled => Ended(MigrationOutcome.Denied, $"Cancelled because of {name}.") with { AskedEnd = new() { Action = OperatorAction.Cancel, By = "otto", At = Now } },
        NotificationKind.Postponed => Ended(MigrationOutcome.Postponed, $"Postponed because of {name}."),
        NotificationKind.Expired => Ended(MigrationOutcome.Expired, $"Nobody decided about {name}."),
        NotificationKind.Completed => Ended(MigrationOutcome.Completed),
        _ => Ended(MigrationOutcome.RolledBack, $"{name} is not as it was."),
    };

    /// <summary>A message of <see cref="Samples"/>.</summary>
    public static Notification Message(string sample, string name = "Sales") => sample.StartsWith(Operation, StringComparison.Ordinal)
        ? OperationSteps.Message(Enum.Parse<NotificationKind>(sample[Operation.Length..]), name)
        : Message(Enum.Parse<NotificationKind>(sample), name);

    /// <summary>The one message that such a view makes.</summary>
    public static Notification Message(NotificationKind kind, string name = "Sales") => Assert.Single(NotificationPlan.Between(Running, Of(kind, name)));
}
