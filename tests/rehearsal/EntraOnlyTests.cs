using GwbCloud.Functions.Api;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World.Deeds;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Past the switch, and the second full synchronisation can't be proved.</summary>
public sealed class EntraOnlyTests
{
    static readonly Moment Switched = Moment.EndOf("disable-group-writeback-v2");

    [Fact]
    public async Task Parked_NobodyMends_ExportsToEntraAndNothingToActiveDirectory()
    {
        var run = await RunAsync(
            new PlannedDeed { When = Switched, Does = new GroupMailSet { Group = "written 3", Mail = "written3@contoso.example" } });

        run.AssertNoHarm();
        Assert.Equal(ExitCode.ParkedAfter, run.Result.ExitCode);
        Assert.Contains(TimeError.EntraOnlyStands.Code, run.Result.Codes);
        Assert.Equal(TaskState.Done, run.Result.View!.Tasks.Last(t => t.Kind == TaskKind.EntraOnly).State);
        // Two days of rounds at least, and the tenant stood still for no longer than a window.
        Assert.InRange(run.Result.View.EndedAt!.Value - run.Result.View.Window.End, TimeSpan.FromDays(2), TimeSpan.FromDays(4));
        Assert.InRange(run.Result.Account.ExportOutageSeconds, 1, 20 * 3_600);
    }

    [Fact]
    public async Task Parked_MendedHoursLater_ComesBackThroughStagingModeAndCompletes()
    {
        var run = await RunAsync(
            new PlannedDeed { When = Switched, Does = new CertificateExpired() },
            new PlannedDeed { When = new Moment { At = MomentKind.Parked, Minutes = 6 * 60 }, Does = new CertificateRenewed() });

        run.AssertCompleted();
        Assert.Contains(TimeError.EntraOnlyFails.Code, run.Result.Codes);
        var tasks = run.Result.View!.Tasks.Where(t => t.Kind is TaskKind.EnterStaging or TaskKind.EntraOnly or TaskKind.LeaveStaging).Select(t => t.Kind);
        Assert.Equal([TaskKind.EnterStaging, TaskKind.EntraOnly, TaskKind.EnterStaging, TaskKind.LeaveStaging], tasks);
    }

    static Task<Rehearsed> RunAsync(params PlannedDeed[] deeds)
    {
        var story = Rehearsed.Small();
        return Rehearsed.RunAsync(story with
        {
            World = story.World with
            {
                Deeds = deeds,
                // Whoever could ask for a retry sleeps until the next evening.
                Absences = [new Absence { Who = LabRole.Requester, From = new Moment { At = MomentKind.Parked }, Minutes = 24 * 60 }],
            },
        }, services: services => services.Configure<MigrationOptions>(options => options.EntraOnlyDays = 2));
    }
}
