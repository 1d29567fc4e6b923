using GwbCloud.Contracts.Approvals;
using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.People;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.Terminal;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Somebody real takes the place of a simulated person, and the others do their part all the same.</summary>
public sealed class RealPeopleTests
{
    static readonly string[] Confirmed = ["PrepareCloudSync", "StampAnchors", "RehearseOnStandby"];

    [Fact]
    public async Task Migration_RequestedBySomebodyReal_IsCarriedThroughByTheOthers()
    {
        var requested = Task.CompletedTask;

        var run = await Rehearsed.RunAsync(
            Rehearsed.Small(), started: host => requested = RequestAsync(host, LabPeople.OperatorAndApprover, TestContext.Current.CancellationToken), real: [LabPeople.Operator]);

        await requested;
        run.AssertCompleted();
        Assert.Equal(LabPeople.OperatorAndApprover.ObjectId.ToString("D"), run.Result.View!.RequestedBy);
    }

    [Fact]
    public async Task Migration_CancelledBySomebodyReal_EndsAsThatPersonAsked()
    {
        var cancelled = Task.CompletedTask;

        var run = await Rehearsed.RunAsync(
            Rehearsed.Small() with { Decision = RehearsedDecision.Expire, At = RehearsedGate.Plan },
            started: host => cancelled = CancelAsync(host, LabPeople.OperatorAndApprover, TestContext.Current.CancellationToken));

        await cancelled;
        run.AssertNoHarm();
        Assert.Equal(("denied", ExitCode.EndedBefore), (run.Result.Account.Outcome, run.Result.ExitCode));
        Assert.Contains("GWB2752", run.Result.Codes);
        Assert.DoesNotContain("GWB2751", run.Result.Codes);
        await using var line = new StringWriter();
        await using var view = new QuietView(line);
        await view.EndedAsync(run.Result);
        Assert.StartsWith("denied, cancelled by Bo Both (", line.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Waits for the first gate, and wants none of it.</summary>
    static async Task CancelAsync(LabHost host, LabPerson person, CancellationToken stop)
    {
        using var hold = host.Clock.Busy(person.Name);
        await Task.Yield();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
        var api = new ProductApi(http, host.Issuer, person, host.Clock);
        for (int look = 0; look < 100; look++)
        {
            if (await api.MigrationIdsAsync(stop) is [var id, ..] && (await api.MigrationAsync(id, stop)).Gate is not null)
            {
                Assert.True(await api.CancelAsync(id, stop));
                return;
            }

            await host.Clock.SleepAsync(TimeSpan.FromMinutes(30), stop);
        }

        Assert.Fail("No gate was opened.");
    }

    /// <summary>Assesses, accepts every consequence, and requests the migration for the night after tomorrow; time stands still while this person is at work.</summary>
    static async Task RequestAsync(LabHost host, LabPerson person, CancellationToken stop)
    {
        using var hold = host.Clock.Busy(person.Name);
        // Away from the thread on which everything starts.
        await Task.Yield();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
        var api = new ProductApi(http, host.Issuer, person, host.Clock);
        var canaries = new Canaries { New = host.Canaries.New, Match = host.Canaries.Match, Unassigned = host.Canaries.Unassigned };
        string assessment = await api.AssessAsync(canaries, [], stop);
        await WaitAsync(AssessmentState.NeedsAcceptance);
        var consequences = await api.FindingsAsync(assessment, stop)
            .Where(finding => finding is { Severity: FindingSeverity.NeedsAcceptance, Accepted: false })
            .Select(finding => new Acceptance { Code = finding.Code, Set = finding.Set, By = person.ObjectId.ToString("D"), Comment = "Known." })
            .ToListAsync(stop);
        await api.AcceptAsync(assessment, consequences, _ => null, stop);
        var plan = await WaitAsync(AssessmentState.Ready);

        var record = new RequestRecord { Tenant = host.Issuer.TenantId.ToString("D"), Subject = assessment, PlanHash = plan.PlanHash!, Salt = ApprovalNonce.NewSalt() };
        var proof = new SignedRequest { Record = record, IdToken = host.Issuer.IdToken(person, record.Nonce()) };
        var start = new DateTimeOffset(host.Clock.GetUtcNow().UtcDateTime.Date.AddDays(2), TimeSpan.Zero);
        await api.MigrateAsync(assessment, plan.PlanHash!, Confirmed, new MigrationWindow { Start = start, End = start.AddHours(12) }, proof.ToStatement(), stop);

        async Task<AssessmentOutcome> WaitAsync(AssessmentState state)
        {
            for (int look = 0; look < 24; look++)
            {
                if (await api.AssessmentAsync(assessment, stop) is var now && now.State == state) { return now; }
                await host.Clock.SleepAsync(TimeSpan.FromMinutes(5), stop);
            }

            throw new InvalidOperationException($"The assessment is not {state} after two hours.");
        }
    }
}
