using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Documents;
using Microsoft.Azure.Functions.Worker;

namespace GwbCloud.Functions.Repair;

/// <summary>Keeps what a repair is made from, and reads what became of one.</summary>
public sealed class RepairActivities(IDocumentStore documents)
{
    const int SentencesKept = 20;

    /// <summary>From now on the pack can be downloaded. The same again changes nothing.</summary>
    [Function(nameof(OfferRepair))]
    public Task OfferRepair([ActivityTrigger] RepairOffer input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        return documents.WriteOneAsync(StoreNames.RepairPack(input.Pack.MigrationId), input.Pack, cancellationToken);
    }

    [Function(nameof(TellRepair))]
    public async Task<RepairTale> TellRepair([ActivityTrigger] RepairTold input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var open = (await documents.LoadListAsync<GroupRepair>(input.Groups, cancellationToken))
            .Where(group => group.Outcome is RepairOutcome.Incomplete or RepairOutcome.Refused);
        return new() { Open = [.. open.Take(SentencesKept).Select(Sentence)] };
    }

    /// <summary>What is open of a group that did not come back whole.</summary>
    internal static string Sentence(GroupRepair group) => group switch
    {
        { Error: { } error } => $"{group.DistinguishedName}: {error.Code} {error.Message}",
        { MembersMissing.Count: > 0 and var missing } => $"{group.DistinguishedName}: {missing} members are not there to be added",
        _ => $"{group.DistinguishedName}: name or place could not be given back",
    };
}
