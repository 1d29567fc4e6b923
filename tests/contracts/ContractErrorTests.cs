using GwbCloud.Contracts;

namespace GwbCloud.Tests.Contracts;

public sealed class ContractErrorTests
{
    [Fact]
    public void Table_EveryCode_IsUniqueAndOfThisArea()
    {
        var all = ContractError.All;

        Assert.NotEmpty(all);
        Assert.Equal(all.Count, all.Select(entry => entry.Code).Distinct().Count());
        Assert.All(all, entry => Assert.Matches("^GWB7[0-9]{3}$", entry.Code));
        Assert.All(all, entry => Assert.DoesNotContain(string.Empty, new[] { entry.Message, entry.Cause, entry.Remedy }));
    }
}
