using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Terminal;

/// <summary>Only the outcome's line.</summary>
public sealed class QuietView(TextWriter output) : IRehearsalView
{
    public void Started(LabHost host)
    {
    }

    public void Said(LabPerson who, string what)
    {
    }

    public void Assessed(AssessmentOutcome outcome)
    {
    }

    public void Saw(MigrationView view)
    {
    }

    public async Task EndedAsync(RehearsalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        foreach (string line in result.DirectoryDifferences) { await output.WriteLineAsync($"  directory: {line}"); }
        await output.WriteLineAsync(Words.Outcome(result));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
