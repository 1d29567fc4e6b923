using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.Connect;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>What a sabotage is made of that people do, or leave undone, at a named moment.</summary>
static class SabotageStory
{
    static readonly Moment InStaging = Moment.EndOf("enter-staging-mode");
    static readonly Moment CyclesEnded = Moment.EndOf("first-full-sync");
    static readonly Moment SwitchedOff = Moment.EndOf("disable-group-writeback-v2");

    /// <summary>Longer than everything that the window is for.</summary>
    const int RenewalMinutes = 6 * 60;

    /// <summary>Groups without device, nested or synced members: nothing of them changes when Cloud Sync matches them.</summary>
    static readonly string[] Plain = ["written 1", "written 5", "written 9", "written 14"];

    public static IEnumerable<PlannedDeed> Deeds(Sabotage sabotage) => sabotage switch
    {
        Sabotage.StagingLeftEarly => [At(Moment.ApprovalOf("switch"), new StagingSet { On = false })],
        Sabotage.SchedulerReenabled => [At(CyclesEnded, new SchedulerSet { On = true })],
        Sabotage.WizardStartsCycle => [At(Moment.ApprovalOf("switch"), new WizardClosed { Cycle = CyclePolicy.Delta }), At(Moment.ApprovalOf("switch"), new SchedulerSet { On = true })],
        Sabotage.StandbyPromoted => [At(InStaging, new StagingSet { Server = ConnectServers.NameOf(1), On = false })],
        Sabotage.MailBearingGroup => [At(InStaging, new GroupMailSet { Group = "written 2", Mail = "secured.2@contoso.example" })],
        Sabotage.JobStartedInPortal => [At(Moment.ApprovalOf("plan", 20), new JobSet { Started = true })],
        Sabotage.HardDeleteInWindow => [At(SwitchedOff, new GroupHardDeleted { Group = "written 6" })],
        Sabotage.GroupEnabledAfterPlan => [At(InStaging, new GroupWritebackSet { Group = "unwritten 1", Enabled = true })],
        Sabotage.GmsaRightsMissing => [At(SwitchedOff, new AgentRightsRemoved { Groups = Plain })],
        Sabotage.OutOfBandDisable => [At(Moment.ApprovalOf("plan", 20), new WritebackSwitchedOff())],
        Sabotage.CertificateExpires => [At(InStaging, new CertificateExpired()), At(InStaging with { Minutes = RenewalMinutes }, new CertificateRenewed())],
        Sabotage.M365TypeChange => [.. ((string[])["m365 0", "m365 3", "m365 6", "m365 9"]).Select(g => At(Moment.ApprovalOf("plan", 20), new GroupTypeSet { Group = g, Type = "universalSecurityGroup" }))],
        _ => [],
    };

    public static IEnumerable<Absence> Absences(Sabotage sabotage) => sabotage switch
    {
        Sabotage.NobodyForUndo => [new Absence { Who = LabRole.Operator, From = InStaging }],
        _ => [],
    };

    static PlannedDeed At(Moment when, Deed does) => new() { When = when, Does = does };
}
