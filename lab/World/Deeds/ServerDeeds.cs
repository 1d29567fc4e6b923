using GwbCloud.Contracts.Commands;
using GwbCloud.Lab.Connect;

namespace GwbCloud.Lab.World.Deeds;

/// <summary>Turns the scheduler of every server on or off.</summary>
public sealed record SchedulerSet : Deed
{
    public required bool On { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        world.Connect.SetScheduler(change, On);
        return DeedResult.Done;
    }
}

/// <summary>Opens the wizard of a server and turns staging mode on or off there; off on a standby promotes it.</summary>
public sealed record StagingSet : Deed
{
    static readonly TimeSpan Clicks = TimeSpan.FromMinutes(4);
    static readonly TimeSpan Glance = TimeSpan.FromMinutes(1);

    public string Server { get; init; } = ConnectServers.NameOf(0);
    public required bool On { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        if (world.Servers.Find(Server) is not { } server) { return DeedResult.Refuse($"There is no server {Server}."); }
        // The wizard does not open while a cycle runs.
        if (server.Cycle is not null || server.WizardOpen) { return DeedResult.Again(this, Glance); }
        world.Connect.OpenWizard(change, Server);
        return DeedResult.Then(new WizardClosed { Server = Server, Staging = On }, Clicks);
    }
}

/// <summary>Opens the wizard of a server and leaves it open for a while, which suspends its scheduler.</summary>
public sealed record WizardOpened : Deed
{
    static readonly TimeSpan Glance = TimeSpan.FromMinutes(1);

    public string Server { get; init; } = ConnectServers.NameOf(0);
    public required int Minutes { get; init; }

    /// <summary>The cycle that it starts when it closes, as the checkbox on its last page offers; null for none.</summary>
    public CyclePolicy? Cycle { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        if (world.Servers.Find(Server) is not { } server) { return DeedResult.Refuse($"There is no server {Server}."); }
        if (server.Cycle is not null || server.WizardOpen) { return DeedResult.Again(this, Glance); }
        world.Connect.OpenWizard(change, Server);
        return DeedResult.Then(new WizardClosed { Server = Server, Cycle = Cycle }, TimeSpan.FromMinutes(Minutes));
    }
}

/// <summary>Closes the wizard of a server; what was set in it counts from now on.</summary>
public sealed record WizardClosed : Deed
{
    public string Server { get; init; } = ConnectServers.NameOf(0);

    /// <summary>Null leaves staging mode as it is.</summary>
    public bool? Staging { get; init; }

    /// <summary>The cycle that it starts; null for none.</summary>
    public CyclePolicy? Cycle { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        if (world.Servers.Find(Server) is null) { return DeedResult.Refuse($"There is no server {Server}."); }
        world.Connect.CloseWizard(change, Server, Staging);
        return Cycle is { } policy && world.Servers[Server].Cycle is null ? new CycleStarted { Server = Server, Policy = policy }.Do(world, change) : DeedResult.Done;
    }
}

/// <summary>Start-ADSyncSyncCycle in a shell.</summary>
public sealed record CycleStarted : Deed
{
    public string Server { get; init; } = ConnectServers.NameOf(0);
    public CyclePolicy Policy { get; init; } = CyclePolicy.Delta;

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) =>
        world.Servers.Find(Server) is not { Cycle: null, WizardOpen: false } ? DeedResult.Refuse("The server is busy or suspended.") : Begun(world, change);

    DeedResult Begun(SimulatedWorld world, WorldChange change)
    {
        world.Connect.StartCycle(change, Server, Policy);
        return DeedResult.Done;
    }
}

/// <summary>Set-ADSyncAADCompanyFeature -GroupWritebackV2 $false, by somebody who has the right.</summary>
/// <remarks>Not in the control world: without a migration it deletes every written group, and nothing could be measured against that.</remarks>
public sealed record WritebackSwitchedOff : Deed
{
    internal override bool InControl => false;

    internal override DeedResult Do(SimulatedWorld world, WorldChange change) =>
        world.Connect.SwitchOutside(change) ? DeedResult.Done : DeedResult.Refuse("It is off already.");
}

/// <summary>Takes the writeback OU out of the containers that a server synchronises, or puts it back.</summary>
public sealed record OuScopeSet : Deed
{
    /// <summary>Null is every server.</summary>
    public string? Server { get; init; }
    public required bool Selected { get; init; }

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        foreach (string server in world.Servers.Keys.Where(s => Server is null || s == Server).ToList()) { world.Connect.SelectOu(change, server, Selected); }
        return DeedResult.Done;
    }
}

/// <summary>The certificate with which a server signs in to Entra expires: from now on its cycles stop at their first step.</summary>
/// <remarks>Not in the control world: a scheduler that is on renews it in time.</remarks>
public sealed record CertificateExpired : Deed
{
    /// <summary>Null is every server.</summary>
    public string? Server { get; init; }

    internal override bool InControl => false;

    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        foreach (string server in world.Servers.Keys.Where(s => Server is null || s == Server).ToList()) { world.Connect.ExpireCertificate(change, server); }
        return DeedResult.Done;
    }
}

/// <summary>Somebody renews the certificate of every server where it has expired.</summary>
public sealed record CertificateRenewed : Deed
{
    internal override DeedResult Do(SimulatedWorld world, WorldChange change)
    {
        foreach (string server in world.Servers.Keys.ToList()) { world.Connect.RenewCertificate(change, server); }
        return DeedResult.Done;
    }
}
