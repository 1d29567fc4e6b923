using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.AdSync;

namespace GwbCloud.Tests.Listener.AdSync;

public sealed class LineageTests
{
    static readonly Guid Flowing = new("11111111-0000-4000-8000-000000000001");

    /// <summary>A group that no rule applies to, or that is not in the connector space at all, is nothing that Connect would write or delete.</summary>
    [Fact]
    public async Task Lineage_OfGroupsThatAreNotHeld_TellsThoseThatConnectLetGo()
    {
        await using var listener = await TestListener.StartAsync();
        await listener.RunAsync(new AddCoexistenceRules());
        listener.AdSync.Groups.AddRange(
        [
            Space("Held", RuleIds.CoexistenceOutbound), Space("Flowing", Flowing), Space("Both", RuleIds.CoexistenceOutbound, Flowing), Space("Let go"),
            // Its name changed since; the anchor is the same.
            Space("Renamed", Flowing) with { DistinguishedName = "CN=Other name" },
        ]);
        var groups = await listener.UploadAsync<GroupIdentity>("groups", [.. ((string[])["Held", "Flowing", "Both", "Let go", "Renamed", "Gone"]).Select(Identity)]);

        var lineage = await listener.RunAsync(new ReadLineage { Groups = groups });

        Assert.Equal((6, 1, 5), (lineage.Groups, lineage.JoinNoFlow, lineage.Others.Count));
        Assert.Equal(["CN=Gone", "CN=Let go"], lineage.LetGo.Select(group => group.DistinguishedName).Order(StringComparer.Ordinal));
    }

    static ConnectorSpaceGroup Space(string name, params Guid[] rules) => new()
    {
        DistinguishedName = $"CN={name}", Anchor = $"Group_{name}", MailEnabled = false, Lineage = [.. rules.Select(rule => $"{rule}")], LineageRules = rules,
    };

    static GroupIdentity Identity(string name) => new() { CloudId = Guid.NewGuid(), ObjectGuid = Guid.NewGuid(), DistinguishedName = $"CN={name}", Anchor = $"Group_{name}" };
}
