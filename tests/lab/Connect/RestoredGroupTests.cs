using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.World;
using GwbCloud.Tests.Lab.World;

namespace GwbCloud.Tests.Lab.Connect;

/// <summary>The world keeps the document's order: who switches a group on before its object is restored has a new one. Source: modify default behaviour.</summary>
public sealed class RestoredGroupTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DeletedGroup_IsJoinedOnlyWhereItWasRestoredFirst(bool restoredFirst)
    {
        await using var lab = await LabWorld.StartAsync(LabWorld.Small with { DeleteRule = true });
        var group = lab.Group(g => g.Members.Count > 0 && !g.Dynamic);
        var old = lab.ObjectOf(group)!;
        await lab.EditAsync(group.DisplayName, g => g with { WritebackEnabled = false });
        await lab.CycleAsync(CyclePolicy.Delta);
        Assert.Null(lab.ObjectOf(group));

        if (restoredFirst) { await lab.ChangeForestAsync((change, forest) => forest.Restore(change, old.ObjectGuid)); }
        await lab.EditAsync(group.DisplayName, g => g with { WritebackEnabled = true });
        await lab.CycleAsync(CyclePolicy.Delta);

        var now = lab.ObjectOf(group)!;
        Assert.Equal(restoredFirst, (now.ObjectGuid, now.Sid) == (old.ObjectGuid, old.Sid));
        Assert.Equal(old.Members, now.Members);
    }
}
