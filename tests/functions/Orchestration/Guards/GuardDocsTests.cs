using GwbCloud.Functions.Orchestration.Guards;

namespace GwbCloud.Tests.Functions.Orchestration.Guards;

/// <summary>docs/guards.md says what each change does in each phase, cell by cell.</summary>
public sealed class GuardDocsTests
{
    [Fact]
    public void Table_OfTheDocs_IsWhatTheCodeDoes()
    {
        var expected = Enum.GetValues<GuardKind>().Except([GuardKind.ListenerSilent])
            .Select(kind => $"| {kind} | {GuardError.Of(kind).Code} | {string.Join(" | ", Enum.GetValues<GuardPhase>().Select(phase => Cell(kind, phase)))} |");

        Assert.Equal(expected, Docs().Where(line => Enum.GetNames<GuardKind>().Any(name => line.StartsWith($"| {name} | GWB", StringComparison.Ordinal))));
    }

    [Fact]
    public void Paces_OfTheDocs_AreThoseOfTheCode()
    {
        var expected = Enum.GetValues<GuardPhase>().Select(phase =>
        {
            var pace = GuardPace.Of(phase);
            // Groups are listed only where they are expected to stay as they are.
            var rest = GuardPace.Pause(new GuardedWorld(phase).Watch with { Parked = true, IsAtRest = true });
            return (
                $"{phase}",
                $"{pace.Every.TotalMinutes} min | {(rest > pace.Every ? $"{rest.TotalMinutes} min" : "-")} | {(pace.GroupsEvery > 0 && new GuardedWorld(phase).Expected.Groups ? $"{(pace.Every * pace.GroupsEvery).TotalMinutes} min" : "-")} |");
        });

        Assert.Equal(expected, Docs()
            .Where(line => line.Contains(" min | ", StringComparison.Ordinal) && Enum.GetNames<GuardPhase>().Any(name => line.StartsWith($"| {name} | ", StringComparison.Ordinal)))
            .Select(line => line.Split(" | ", 3)).Select(row => (row[0][2..], row[2])));
    }

    static string Cell(GuardKind kind, GuardPhase phase)
    {
        var world = new GuardedWorld(phase);
        world.Suffer(kind);
        if (GuardComparer.Compare(world.Expected, world.Seen).Count == 0) { return "-"; }
        var consequence = GuardConsequence.Of(kind, phase);
        var effect = consequence.Effect switch
        {
            GuardEffect.Told => "told",
            GuardEffect.AskAgain => "asked again",
            GuardEffect.Hold => "held",
            GuardEffect.Stop => "**stop**",
            _ => "**forward**",
        };
        return $"{effect}{(consequence.SchedulerOff ? " S" : "")}{(consequence.PauseJob ? " J" : "")}";
    }

    static string[] Docs()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GwbCloud.sln"))) { folder = folder.Parent!; }
        return File.ReadAllLines(Path.Combine(folder.FullName, "docs", "guards.md"));
    }
}
