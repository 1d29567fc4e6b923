using GwbCloud.Contracts.Commands;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Benchmarks.Measuring;

/// <summary>A stopped domain controller whose OU is filled, and what is to be written there.</summary>
sealed class StampingScene : IAsyncDisposable
{
    const int AddedAtOnce = 5_000;

    StampingScene(SambaDc filled, string ou, IReadOnlyList<GroupIdentity> groups, int freshConnections) =>
        (Filled, Ou, Groups, FreshConnections) = (filled, ou, groups, freshConnections);

    /// <summary>Every contender works on a copy of this one, so that each finds the same.</summary>
    public SambaDc Filled { get; }

    public string Ou { get; }

    public IReadOnlyList<GroupIdentity> Groups { get; }

    /// <summary>How many of the groups the contender writes that connects anew for each.</summary>
    public int FreshConnections { get; }

    public static async Task<StampingScene> CreateAsync(int groups, int freshConnections)
    {
        var dc = await SambaDc.StartAsync();
        string ou = await dc.Tools.AddOuAsync("Writeback");
        var made = new List<GroupIdentity>(groups);
        while (made.Count < groups)
        {
            foreach (var group in await dc.Tools.AddGroupsAsync(ou, Math.Min(AddedAtOnce, groups - made.Count), $"Group {made.Count / AddedAtOnce:D3}"))
            {
                made.Add(new() { CloudId = Guid.Parse(group.Anchor!["Group_".Length..]), ObjectGuid = group.ObjectGuid, DistinguishedName = group.Dn, Anchor = group.Anchor });
            }
        }
        await dc.StopAsync();
        return new(dc, ou, made, freshConnections);
    }

    public ValueTask DisposeAsync() => Filled.DisposeAsync();
}
