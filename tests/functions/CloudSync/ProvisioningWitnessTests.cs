using GwbCloud.Functions.CloudSync;

namespace GwbCloud.Tests.Functions.CloudSync;

public sealed class ProvisioningWitnessTests
{
    static readonly Guid Sales = Guid.NewGuid();
    static readonly Dictionary<Guid, string> Planned = new() { [Sales] = "Sales" };

    [Fact]
    public void Log_OfOrdinaryUpdates_SaysNothing()
    {
        var log = ProvisioningWitness.Of([Line("update", "success", Sales, "member", "description"), Line("other", "skipped", Sales)], Planned);

        Assert.Empty(log.Reasons);
        Assert.Equal((0, 1, 0, 0), (log.Creates, log.Updates, log.Deletes, log.Failures));
    }

    [Theory]
    [InlineData("create", "success", "member", "creates: Sales")]
    [InlineData("Create", "warning", "member", "creates: Sales")]
    [InlineData("delete", "success", "", "deletes: Sales")]
    [InlineData("stagedDelete", "success", "", "deletes: Sales")]
    [InlineData("disable", "success", "", "deletes: Sales")]
    [InlineData("update", "success", "cn", "renames: Sales")]
    [InlineData("update", "success", "parentDistinguishedName", "moves: Sales")]
    [InlineData("update", "failure", "member", "failures (HybridSynchronizationActiveDirectoryInvalidParameter): Sales")]
    public void Log_OfADeedOnAPlannedGroup_NamesTheGroup(string action, string status, string property, string told)
    {
        var log = ProvisioningWitness.Of([Line(action, status, Sales, property)], Planned);

        Assert.Equal([$"the provisioning log shows 1 {told}"], log.Reasons);
    }

    [Fact]
    public void Log_OfACreateOfSomebodyElse_CountsWithoutAName()
        => Assert.Equal(["the provisioning log shows 1 creates"], ProvisioningWitness.Of([Line("create", "success", Guid.NewGuid())], Planned).Reasons);

    [Fact]
    public void Log_CreateThatFailed_IsAFailureAndNoCreate()
    {
        var log = ProvisioningWitness.Of([Line("create", "failure", Sales)], Planned);

        Assert.Equal((0, 1), (log.Creates, log.Failures));
    }

    static RemoteLogLine Line(string action, string status, Guid group, params string[] properties) => new()
    {
        Id = Guid.NewGuid().ToString(),
        ProvisioningAction = action,
        ProvisioningStatusInfo = new()
        {
            Status = status,
            ErrorInformation = status == "failure" ? new() { ErrorCode = "HybridSynchronizationActiveDirectoryInvalidParameter" } : null,
        },
        SourceIdentity = new() { Id = group.ToString("D") },
        ModifiedProperties = [.. properties.Select(p => new RemoteLogProperty { DisplayName = p })],
    };
}
