using System.Globalization;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Terminal;

/// <summary>One plain line for each change, with its moment in virtual time; for logs and pipes.</summary>
public sealed class PlainView(TextWriter output) : ChangeView
{
    const int FillingSteps = 10;

    int _filled;

    public override async Task EndedAsync(RehearsalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        foreach (string line in result.DirectoryDifferences) { await output.WriteLineAsync($"  directory: {line}"); }
        await output.WriteLineAsync(Words.Outcome(result));
    }

    public override void Filled(int done, int total)
    {
        int step = (int)((long)done * FillingSteps / total);
        if (Interlocked.Exchange(ref _filled, step) < step) { output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"filling the directory: {done:N0} of {total:N0}")); }
    }

    protected override void OnStarted(LabHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var world = host.Story.World;
        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"rehearsal of {world.Groups:N0} security groups, {world.M365:N0} Microsoft 365 groups and {world.Servers} Connect server(s), build {world.ConnectVersion}, seed {world.Seed}"));
        foreach (string line in InteractiveHelp.For(host)) { Line(line); }
    }

    protected override void OnSaid(LabPerson who, string what) => Line($"  {who.Name} {what}");

    protected override void OnAssessed(AssessmentOutcome outcome) => Line(string.Create(
        CultureInfo.InvariantCulture,
        $"Assess: {Names.Of(outcome.State)}, {outcome.Migrating:N0} groups migrate, {outcome.Blocking} findings block, {outcome.ToAccept} to accept"));

    protected override void OnStage(StageView stage) =>
        Line($"{Words.Of(stage.Name)}: {Names.Of(stage.State)}{(Words.Progress(stage, Now) is { Length: > 0 } progress ? $", {progress}" : "")}");

    protected override void OnTask(OperatorTask task) => Line($"  task {Names.Of(task.State)}: {task.Title}{(task.State == TaskState.Open ? $", until {task.Deadline:u}" : "")}");

    protected override void OnGate(OpenGate gate) => Line($"gate {Names.Of(gate.Gate)}: waits for {gate.Required} approvals until {gate.Deadline:u}");

    protected override void OnNotice(Notice notice) => Line(Words.Of(notice));

    void Line(string text) => output.WriteLine($"{Now:yyyy-MM-dd HH:mm}  {text}");
}
