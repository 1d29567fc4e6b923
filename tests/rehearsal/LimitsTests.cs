using GwbCloud.Functions.Assessment;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>What Cloud Sync supports in one configuration: 10,000 groups and 250,000 memberships.</summary>
public sealed class LimitsTests
{
    static readonly WorldOptions TooManyMemberships = new() { Groups = 30, M365 = 0, Users = 20_000, Memberships = 270_000 };

    [Fact]
    public async Task Memberships_AboveTheLimit_BlockWithTheReason()
    {
        var run = await Rehearsed.RunAsync(new Story { World = TooManyMemberships });

        Assert.Equal((ExitCode.EndedBefore, "blocked"), (run.Result.ExitCode, run.Result.Account.Outcome));
        Assert.Equal(["GWB2311"], run.Result.Codes);
    }

    /// <summary>The same limit of groups, made small: a configuration takes as many as the app is told.</summary>
    [Fact]
    public async Task Groups_AboveTheLimit_BlockWithTheReason()
    {
        var run = await Rehearsed.RunAsync(Rehearsed.Small(), services: services => services.Configure<AssessmentOptions>(options => options.GroupLimit = 39));

        Assert.Equal((ExitCode.EndedBefore, "blocked"), (run.Result.ExitCode, run.Result.Account.Outcome));
        Assert.Equal(["GWB2310"], run.Result.Codes);
    }

    [Fact]
    public async Task Limits_Off_MigrateAndTheReportSaysSo()
    {
        using var folder = new TempFolder();
        await using var log = new StringWriter();

        var result = await RehearsalRun.RunAsync(
            new RehearsalOptions
            {
                Story = Rehearsed.Small() with { EnforceLimits = false },
                Output = folder.File("out"),
                Services = services => services.Configure<AssessmentOptions>(options => options.GroupLimit = 39),
            },
            new Lab.Terminal.PlainView(log),
            TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Completed, 0), (result.ExitCode, result.Account.Harm));
        Assert.Contains("The documented limits of Cloud Sync were exceeded.", await File.ReadAllTextAsync(folder.File("out/report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
