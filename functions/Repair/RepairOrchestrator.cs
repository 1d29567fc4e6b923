using GwbCloud.Contracts.Commands;
using GwbCloud.Contracts.Documents;
using GwbCloud.Functions.Orchestration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace GwbCloud.Functions.Repair;

/// <summary>Brings the groups that an operator named back to the frozen snapshot, by the listener of the active server.</summary>
/// <remarks>Whoever approved it typed the groups' names at the API. Nothing is taken away: the listener adds, renames, moves and reanimates only.</remarks>
public static class RepairOrchestrator
{
    [Function(nameof(RepairOrchestrator))]
    public static async Task<RepairReport> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<RepairInput>() ?? throw new InvalidOperationException("A repair has no input.");
        var run = new StageRun(context, input.From);
        await run.AuditAsync("repair.started", input.Objects.Sha256, $"{input.Objects.Count} groups");
        var notice = await RepairAsync(run, input.Objects);
        await run.AuditAsync("repair.ended", notice.Code, notice.Message);
        return new() { Notice = notice };
    }

    /// <summary>A repair that fails is told, and changes nothing about the migration that waits or runs beside it.</summary>
    static async Task<Notice> RepairAsync(StageRun run, DocumentReference objects)
    {
        if (run.Facts.FrozenSnapshot is not { } snapshot) { return RepairNotices.NothingFrozen(); }
        try
        {
            var result = await run.OnLeadAsync(new RepairGroups { Snapshot = snapshot, Objects = objects });
            var tale = await run.CallAsync<RepairTale>("TellRepair", new RepairTold { Groups = result.Groups });
            return result.Incomplete + result.Refused == 0 ? RepairNotices.Repaired(result) : RepairNotices.Incomplete(result, tale);
        }
        catch (Exception failed) when (Notices.WhyOf(failed) is { } why)
        {
            return why;
        }
    }
}

/// <summary>The sentences of a repair.</summary>
static class RepairNotices
{
    public static Notice Repaired(RepairResult result) => OrchestrationError.Repaired.Notice(
        $"{result.Repaired} groups were brought back to the frozen snapshot, {result.AsTheyWere} were as it says.");

    public static Notice Incomplete(RepairResult result, RepairTale tale) => OrchestrationError.RepairIncomplete.Notice(
        $"{result.Repaired} groups were brought back, {result.AsTheyWere} were as they were, {result.Incomplete} are not whole and {result.Refused} were left alone: "
        + string.Join("; ", tale.Open.Take(5)));

    public static Notice NothingFrozen() => OrchestrationError.RepairIncomplete.Notice("Nothing was frozen yet: there is no snapshot to bring groups back to.");
}

public sealed record RepairInput
{
    public required StageInput From { get; init; }

    /// <summary>Document of <see cref="Guid"/>: the objectGUIDs of the groups.</summary>
    public required DocumentReference Objects { get; init; }
}

public sealed record RepairReport
{
    public required Notice Notice { get; init; }
}
