using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Harm;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>How a rehearsal ended.</summary>
public sealed record RehearsalResult
{
    /// <summary>See <see cref="Rehearsal.ExitCode"/>.</summary>
    public required int ExitCode { get; init; }
    public required WorldAccount Account { get; init; }

    /// <summary>The last view of the migration; null when the assessment ended everything.</summary>
    public MigrationView? View { get; init; }

    /// <summary>Codes of what stood in the way, in the order in which they were told.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    /// <summary>Folder of report, audit log and account.</summary>
    public required string Output { get; init; }

    /// <summary>Where a real directory shows something else than the world, one line each; empty without one.</summary>
    public IReadOnlyList<string> DirectoryDifferences { get; init; } = [];

    /// <summary>What it took in real time.</summary>
    public required TimeSpan Took { get; init; }
}
