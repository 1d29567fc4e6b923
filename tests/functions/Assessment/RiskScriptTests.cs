using System.Text;
using GwbCloud.Functions.Assessment.Risks;

namespace GwbCloud.Tests.Functions.Assessment;

public class RiskScriptTests
{
    static readonly Guid Tenant = Facts.Id(9_000);

    [Theory]
    [InlineData(RiskTaskKind.RestoreOrDelete, "'Restore', 'Delete'")]
    [InlineData(RiskTaskKind.EnableOrRemove, "'Enable'")]
    public void Make_HoldsIdsAndItsOwnActionsAndNothingThatSomebodyNamed(RiskTaskKind kind, string actions)
    {
        var task = Task(kind) with { Title = "'; Remove-Item / #", DistinguishedName = "CN='; Remove-Item / #" };

        var script = RiskScript.Make(task, Tenant, "Global");

        Assert.Contains($"$group = [guid] '{task.CloudId:D}'", script, StringComparison.Ordinal);
        Assert.Contains($"$tenant = [guid] '{Tenant:D}'", script, StringComparison.Ordinal);
        Assert.Contains($"ValidateSet({actions})", script, StringComparison.Ordinal);
        Assert.DoesNotContain("Remove-Item", script, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", script, StringComparison.Ordinal);
        Assert.Equal(script, Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(script)));
    }

    [Theory]
    [InlineData(RiskTaskKind.ClearMail)]
    [InlineData(RiskTaskKind.Review)]
    public void Make_ForATaskWithoutAScript_IsRefused(RiskTaskKind kind) => Assert.Throws<ArgumentException>(() => RiskScript.Make(Task(kind), Tenant, "Global"));

    [Fact]
    public void Make_ForACloudThatIsNone_IsRefused()
        => Assert.Throws<ArgumentException>(() => RiskScript.Make(Task(RiskTaskKind.EnableOrRemove), Tenant, "Mars'; Remove-Item / #"));

    static RiskTask Task(RiskTaskKind kind) => new()
    {
        Id = "t", Kind = kind, State = RiskTaskState.Open, Title = "t", Why = "w", Steps = ["s"], CloudId = Facts.Id(1), ObjectGuid = Facts.Id(2), DistinguishedName = "CN=x",
        Reads = "r", ReadAt = Facts.Now,
    };
}
