using GwbCloud.Functions.Api;
using GwbCloud.Functions.Approvals;
using GwbCloud.Functions.Errors;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Lab.Issuer;
using GwbCloud.Lab.Rehearsal;
using GwbCloud.Lab.World.Deeds;
using Microsoft.Extensions.DependencyInjection;

namespace GwbCloud.Tests.Rehearsal;

/// <summary>Whose word counts at the gates, and on which evidence.</summary>
public sealed class ApprovalTests
{
    /// <summary>
    /// Somebody edits a rule that no guard watches between the quorum and the call. It harms nothing, but it is not what people approved: they are asked again, see
    /// what differs, and only their second word counts.
    /// </summary>
    [Fact]
    public async Task Evidence_ChangedBetweenQuorumAndSwitch_IsShownAndApprovedAnew()
    {
        var story = Rehearsed.Small();
        var edit = new PlannedDeed { When = Moment.ApprovalOf("switch"), Does = new RuleCloned { Rule = KnownRule.StandardIn } };
        Dictionary<string, OpenGate> gates = [];

        var run = await Rehearsed.RunAsync(
            story with { World = story.World with { Deeds = [edit] } },
            shown: view =>
            {
                if (view.Gate is { Gate: GateName.Switch } gate) { gates[gate.EvidenceDigest] = gate; }
            });

        run.AssertCompleted();
        Assert.Contains("GWB2819", run.Result.Codes);
        var (first, second) = (gates.Values.MinBy(g => g.EvidenceAt)!, gates.Values.MaxBy(g => g.EvidenceAt)!);
        Assert.Equal(2, gates.Count);
        Assert.Empty(first.Changes);
        Assert.Equal(["server:AADC01 groupRulesHash", "server:AADC02 groupRulesHash"], second.Changes.Select(c => $"{c.Part} {c.Path}").Order(StringComparer.Ordinal));
        Assert.All(second.Changes, change => Assert.NotEqual(change.Before, change.After));
        Assert.Equal(1, run.Result.Account.Switch.Calls);
    }

    /// <summary>The role alone does not count where people are named; whoever is on the second list counts once time runs short.</summary>
    [Fact]
    public async Task Approvers_WhoAreNamed_DecideAndOthersWaitForTheSecondList()
    {
        Dictionary<GateName, OpenGate> gates = [];
        List<string> first = [];

        var run = await Rehearsed.RunAsync(
            Rehearsed.Small(),
            services: services => services.Configure<MigrationOptions>(options =>
            {
                options.Approvers.Add(IdOf(LabPeople.SecondApprover));
                options.Approvers.Add(IdOf(LabPeople.OperatorAndApprover));
                options.EscalationApprovers.Add(IdOf(LabPeople.FirstApprover));
                options.EscalateAtPercent = 10;
            }),
            shown: view =>
            {
                if (view.Gate is { } gate) { gates[gate.Gate] = gate; }
            },
            said: (who, what) =>
            {
                if (who == LabPeople.FirstApprover) { first.Add(what); }
            });

        run.AssertCompleted();
        Assert.All(gates.Values, gate => Assert.Equal([IdOf(LabPeople.SecondApprover), IdOf(LabPeople.OperatorAndApprover)], gate.Approvers));
        foreach (var gate in new[] { "plan", "switch" })
        {
            var tries = first.Where(what => what.Contains($"at the gate {gate}:", StringComparison.Ordinal)).ToList();
            Assert.True(tries.Count > 1, string.Join("; ", first));
            Assert.All(tries[..^1], what => Assert.Contains(ApprovalError.NotNamed.Code, what, StringComparison.Ordinal));
            Assert.EndsWith("approve", tries[^1], StringComparison.Ordinal);
        }

        static string IdOf(LabPerson person) => person.ObjectId.ToString("D");
    }
}
