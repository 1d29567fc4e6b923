using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Assessment;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Terminal;

/// <summary>One JSON object a line, each with its type and its moment in virtual time; the outcome is the last.</summary>
/// <param name="output">Takes the lines.</param>
/// <param name="quiet">Only the outcome.</param>
public sealed class JsonView(TextWriter output, bool quiet = false) : ChangeView
{
    public override Task EndedAsync(RehearsalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Write(new { Type = "outcome", At = Now, result.Account.Outcome, result.ExitCode, result.Account.Harm, result.Codes, result.View?.AskedEnd, result.Output, result.DirectoryDifferences, Seconds = Math.Round(result.Took.TotalSeconds, 3) });
        return Task.CompletedTask;
    }

    protected override void OnStarted(LabHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.Story.Interactive) { Line(new { Type = "signIn", At = Now, SignIn = InteractiveHelp.SignIn(host), Tenant = host.Issuer.TenantId, Client = host.Issuer.ClientId }); }
        Line(new { Type = "started", At = Now, Api = host.Address, Graph = host.GraphAddress, host.Story.World.Groups, host.Story.World.M365, host.Story.World.Servers, host.Story.World.Seed });
    }

    protected override void OnSaid(LabPerson who, string what)
    {
        ArgumentNullException.ThrowIfNull(who);
        Line(new { Type = "person", At = Now, Who = who.Key, What = what });
    }

    protected override void OnAssessed(AssessmentOutcome outcome) => Line(new { Type = "assessment", At = Now, Assessment = outcome });

    protected override void OnStage(StageView stage) => Line(new { Type = "stage", At = Now, Stage = stage });

    protected override void OnTask(OperatorTask task) => Line(new { Type = "task", At = Now, Task = task });

    protected override void OnGate(OpenGate gate) => Line(new { Type = "gate", At = Now, Gate = gate });

    protected override void OnNotice(Notice notice) => Line(new { Type = "notice", At = Now, Notice = notice });

    void Line<T>(T line)
    {
        if (!quiet) { Write(line); }
    }

    void Write<T>(T line) => output.WriteLine(JsonSerializer.Serialize(line, ContractJson.Options));
}
