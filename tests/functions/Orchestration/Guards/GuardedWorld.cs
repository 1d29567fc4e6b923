using GwbCloud.Contracts.Commands;
using GwbCloud.Functions.CloudSync;
using GwbCloud.Functions.OnPremises;
using GwbCloud.Functions.Orchestration;
using GwbCloud.Functions.Orchestration.Guards;

namespace GwbCloud.Tests.Functions.Orchestration.Guards;

/// <summary>What a guard reads of a tenant with two servers, in a phase; and what somebody does to it.</summary>
sealed class GuardedWorld
{
    public const string Active = "AADC1";
    public const string Standby = "AADC2";
    const string Configuration = "as it was";

    readonly Dictionary<string, ServerFacts> _servers;
    JobSight _job;
    GroupSight _groups = new() { Gone = [], Enabled = [] };

    /// <summary>Everything as it must be.</summary>
    public GuardedWorld(GuardPhase phase)
    {
        Phase = phase;
        var rules = phase is GuardPhase.BeforeWindow or GuardPhase.Drained or GuardPhase.Staging or GuardPhase.AfterTheirSwitch ? RuleState.Absent : RuleState.AsSpecified;
        var before = Server(Active, staging: false, scheduler: true, flag: true, RuleState.Absent);
        var plan = ScriptedContext.Input(StageName.ApprovePlan, new());
        Input = plan with
        {
            Plan = plan.Plan with { Servers = [.. plan.Plan.Servers, plan.Plan.Servers[0] with { Name = Standby, Active = false }] },
            Facts = new()
            {
                Job = new() { ApplicationObjectId = Guid.Empty, ServicePrincipalId = Guid.Empty, JobId = "job", ScopeRoleId = Guid.Empty, Created = true },
                SchedulerBefore = phase == GuardPhase.BeforeWindow ? null : true,
            },
        };
        _job = new() { Exists = true, Started = phase == GuardPhase.Soak, Configuration = Configuration, PlannedInScope = 0, StrangersInScope = 0 };
        var first = new GuardSight { Servers = [Sight(before), Sight(before with { Server = Standby, Staging = true })], Job = _job };
        Input = Input with { Facts = Input.Facts with { Guarded = GuardBaseline.Of(first, Input.Plan) } };
        var staging = phase is GuardPhase.Staging or GuardPhase.RulesInPlace or GuardPhase.AtTheSwitch or GuardPhase.SwitchedOff or GuardPhase.LeavingStaging;
        var scheduler = phase is GuardPhase.BeforeWindow or GuardPhase.Rings or GuardPhase.Soak;
        var flag = phase is not (GuardPhase.AfterTheirSwitch or GuardPhase.SwitchedOff or GuardPhase.LeavingStaging or GuardPhase.Rings or GuardPhase.Soak);
        _servers = new()
        {
            [Active] = Server(Active, staging, scheduler, flag, rules),
            [Standby] = Server(Standby, staging: true, scheduler, flag, rules),
        };
    }

    public GuardPhase Phase { get; }
    public StageInput Input { get; }

    /// <summary>Servers whose listener gives no answer.</summary>
    public HashSet<string> Silent { get; } = [];

    public GuardExpectation Expected => GuardExpectation.Of(Phase, Input.Plan, Input.Facts, working: false);

    public GuardSight Seen => new()
    {
        Servers = [.. _servers.Values.Select(s => Silent.Contains(s.Server) ? new ServerSight { Server = s.Server } : Sight(s))],
        Job = _job,
        Groups = _groups,
    };

    public GuardWatch Watch => new()
    {
        Request = Input.Request, Expected = Expected, Job = Input.Facts.Job, Groups = ScriptedContext.Document("groups"), AtOnce = true,
    };

    /// <summary>Somebody does it.</summary>
    public void Suffer(GuardKind kind)
    {
        switch (kind)
        {
            case GuardKind.StagingLeft: Change(Active, s => s with { Staging = false }); break;
            case GuardKind.StagingEntered: Change(Active, s => s with { Staging = true }); break;
            case GuardKind.AnotherActive: Change(Standby, s => s with { Staging = false }); break;
            case GuardKind.SchedulerOn: Everywhere(s => s with { Scheduler = s.Scheduler with { Enabled = true } }); break;
            case GuardKind.SchedulerOff: Everywhere(s => s with { Scheduler = s.Scheduler with { Enabled = false } }); break;
            case GuardKind.WizardOpen: Change(Active, s => s with { Scheduler = s.Scheduler with { Suspended = true } }); break;
            case GuardKind.CycleStarted: Change(Active, s => s with { Scheduler = s.Scheduler with { CycleInProgress = true } }); break;
            case GuardKind.RulesChanged: Change(Standby, s => s with { Coexistence = ScriptedContext.Rules(RuleState.Different) }); break;
            case GuardKind.DeleteRuleEnabled: Change(Active, s => s with { DeleteRuleEnabled = true }); break;
            case GuardKind.ProvisioningRuleAdded: Change(Active, s => s with { CustomProvisioningRules = ["Out to AD - ours"] }); break;
            case GuardKind.OuChanged: Change(Active, s => s with { WritebackOu = "OU=Elsewhere,DC=contoso,DC=example" }); break;
            case GuardKind.SwitchedOff: Everywhere(s => s with { Features = s.Features with { GroupWritebackV2 = false } }); break;
            case GuardKind.VersionOneChanged: Everywhere(s => s with { Features = s.Features with { UnifiedGroupWriteback = false } }); break;
            case GuardKind.BuildChanged: Change(Standby, s => s with { Version = "2.6.92.0" }); break;
            case GuardKind.JobStarted: _job = _job with { Started = true }; break;
            case GuardKind.JobStopped: _job = _job with { Started = false }; break;
            case GuardKind.JobGone: _job = _job with { Exists = false, Configuration = null }; break;
            case GuardKind.JobChanged: _job = _job with { Configuration = "another" }; break;
            case GuardKind.ScopeChanged: _job = _job with { StrangersInScope = 3 }; break;
            case GuardKind.GroupGone: _groups = _groups with { Gone = ["0b3c"] }; break;
            case GuardKind.GroupEnabled: _groups = _groups with { Enabled = ["77aa"] }; break;
            case GuardKind.ListenerSilent: Silent.Add(Standby); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    public void PauseJob() => _job = _job with { Started = false };

    public void TurnScheduler(bool on) => Everywhere(s => s with { Scheduler = s.Scheduler with { Enabled = on } });

    /// <summary>A context whose servers, job and groups are those of this world.</summary>
    public ScriptedContext Context(object input, ScriptedClock? clock = null)
    {
        var context = new ScriptedContext(input, clock)
            .OnServer<InspectServer>((_, server) => Silent.Contains(server) ? new CommandReply { State = CommandState.Queued, Unreachable = true } : _servers[server])
            .On("PollCommand", _ => new CommandReply { State = CommandState.Queued, Unreachable = true })
            .On("GuardJob", _ => _job)
            .On(nameof(GuardActivities.GuardGroups), _ => _groups)
            .On("PauseJob", _ =>
            {
                PauseJob();
                return new JobStatus { Code = "Paused", QuarantineReason = null, LastCycleEnded = null, SteadyState = null, LastState = null };
            })
            .On<SetScheduler>(set =>
            {
                var before = _servers[Active].Scheduler;
                TurnScheduler(set.Enabled);
                return new SchedulerChange { Before = before, After = _servers[Active].Scheduler };
            })
            .On<StopCycle>(_ => new CycleStop { WasInProgress = true, InProgress = false });
        context.GuardedBy = watch => Context(watch, clock);
        return context;
    }

    void Change(string server, Func<ServerFacts, ServerFacts> change) => _servers[server] = change(_servers[server]);

    void Everywhere(Func<ServerFacts, ServerFacts> change)
    {
        foreach (var server in _servers.Keys.ToList()) { Change(server, change); }
    }

    static ServerSight Sight(ServerFacts facts) => new() { Server = facts.Server, Facts = facts };

    static ServerFacts Server(string name, bool staging, bool scheduler, bool flag, RuleState rules) => ScriptedContext.Server(flag) with
    {
        Server = name,
        Staging = staging,
        Scheduler = new() { Enabled = scheduler, Suspended = false, CycleInProgress = false, IntervalSeconds = 1_800 },
        Coexistence = ScriptedContext.Rules(rules),
    };
}
