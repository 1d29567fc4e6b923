using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Terminal;

namespace GwbCloud.Tests.Rehearsal;

public sealed class PlainViewTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Stage_ThatIsDone_SaysWhatItDidAndNotWhatItWaitedFor()
    {
        string told = Tell(new StageView { Name = StageName.StampAnchors, State = StageState.Done, Detail = "200 written", Done = 0, Total = 200, StartedAt = Start, EndedAt = Start.AddMinutes(3) });

        Assert.Contains("Stamp anchors: done, 200 written", told, StringComparison.Ordinal);
        Assert.DoesNotContain("0 of 200", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Stage_ThatWaits_SaysWhatForAndHowFarItIs()
    {
        string told = Tell(new StageView { Name = StageName.StampAnchors, State = StageState.Running, Detail = "waiting for the global catalogs", Done = 50, Total = 200 });

        Assert.Contains("waiting for the global catalogs: 50 of 200, 25 %", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Notice_WithRemedy_SaysWhatToDo()
    {
        string told = Tell(null, new Notice { Code = "GWB2722", Message = "Global catalogs do not show every anchor.", Remedy = "Look at replication." });

        Assert.Contains("GWB2722 Global catalogs do not show every anchor. | What to do: Look at replication.", told, StringComparison.Ordinal);
    }

    static string Tell(StageView? stage, params IReadOnlyList<Notice> notices)
    {
        using var output = new StringWriter();
        new PlainView(output).Saw(new MigrationView
        {
            MigrationId = "m-1",
            AssessmentId = "a-1",
            PlanHash = new string('0', 64),
            RequestedBy = "somebody",
            Window = new MigrationWindow { Start = Start, End = Start.AddHours(12) },
            State = MigrationState.Running,
            Notices = notices,
            Stages = stage is null ? [] : [stage],
            Tasks = [],
            StartedAt = Start,
            UpdatedAt = Start,
        });
        return output.ToString();
    }
}
