using System.Text.Json.Serialization;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.World;

/// <summary>What a world is made from. The same options make the same world.</summary>
public sealed record WorldOptions
{
    /// <summary>The newest build of Connect, whose cmdlet wants an interactive sign-in.</summary>
    public const string NewestConnect = "2.6.92.0";

    /// <summary>Cloud security groups that Connect writes back.</summary>
    public int Groups { get; init; } = 200;

    /// <summary>Microsoft 365 groups, written back or not.</summary>
    public int M365 { get; init; } = 40;

    /// <summary>Cloud groups of every kind together; those beyond the other kinds are security groups that are not written back. Null: a tenth of <see cref="Groups"/> and 3.</summary>
    public int? CloudGroups { get; init; }

    /// <summary>Memberships of the groups that are written back, together. Null: some 12 a group.</summary>
    public int? Memberships { get; init; }

    /// <summary>Users. Null: as many as <see cref="Groups"/>, 60 to 20,000.</summary>
    public int? Users { get; init; }

    /// <summary>Forests, each with a connector on every server. The first holds the writeback OU and, where there are several, a child domain too.</summary>
    public int Forests { get; init; } = 1;

    /// <summary>How deep written groups are nested in each other; 0 is not at all.</summary>
    public int Nesting { get; init; } = 1;

    /// <summary>Further written groups of the kinds that <see cref="AwkwardGroups"/> makes in turn.</summary>
    public int Awkward { get; init; }

    /// <summary>Written groups that grew above 50,000 members, so that Connect keeps them as they were.</summary>
    public int Oversized { get; init; }

    /// <summary>A clone of the rule that provisions groups.</summary>
    public ClonedRule ClonedRule { get; init; }

    /// <summary>Connect servers; the first is active, the others are in staging mode.</summary>
    public int Servers { get; init; } = 2;
    public string ConnectVersion { get; init; } = NewestConnect;
    public int Seed { get; init; } = 1;
    public ConnectNaming Naming { get; init; } = ConnectNaming.CloudId;

    /// <summary>Objects in the writeback OU whose cloud group is gone.</summary>
    public int Orphans { get; init; } = 1;

    /// <summary>Security groups whose writeback was disabled later; Connect retains their objects.</summary>
    public int DisabledRetained { get; init; }

    /// <summary>Security groups that are soft-deleted; Connect retains their objects.</summary>
    public int SoftDeletedRetained { get; init; }

    /// <summary>Security groups with a mail value, which the coexistence rules do not take.</summary>
    public int MailBearing { get; init; }

    /// <summary>Written groups that every synchronisation reports as in error: nobody can tell what becomes of them, so that they block the assessment.</summary>
    public int GroupsInError { get; init; }

    /// <summary>Groups written back whose object an administrator gave another common name; some of the names want escaping.</summary>
    public int DeviatingNames { get; init; }

    /// <summary>Groups written back whose object an administrator moved into a container below the writeback OU.</summary>
    public int DeviatingPlaces { get; init; }

    /// <summary>The delete-on-disable rule is there and active.</summary>
    public bool DeleteRule { get; init; }

    /// <summary>Somebody has made the coexistence rules on the servers in staging mode, as the how-to says.</summary>
    public bool RulesOnStandbys { get; init; }

    /// <summary>Group writeback was never switched on, in neither version, and Connect's account may not write groups.</summary>
    public bool WithoutWriteback { get; init; }

    /// <summary>Somebody has made the directory setting Group.Unified, with a naming requirement in it; new groups are written back.</summary>
    public bool UnifiedSetting { get; init; }

    /// <summary>A configuration of Cloud Sync to Active Directory that stood before the migration.</summary>
    public ExistingConfiguration ExistingConfiguration { get; init; }

    /// <summary>Groups that an existing configuration manages.</summary>
    public int ManagedGroups { get; init; } = 3;

    /// <summary>A Cloud Sync job from Active Directory to Entra whose scope covers the writeback OU.</summary>
    public OtherJobs OtherJobs { get; init; }

    /// <summary>The tenant's plan.</summary>
    public Licence Licence { get; init; }

    /// <summary>Connect servers of former times that left their traces in Entra and have no listener.</summary>
    public int ForgottenServers { get; init; }

    /// <summary>Factor on everything that takes Connect and its wizard time; small for rehearsals on the wall's clock.</summary>
    public double TimeScale { get; init; } = 1;
    public WorldSwitches Switches { get; init; } = new();
    public IReadOnlyList<Sabotage> Sabotage { get; init; } = [];

    /// <summary>What administrators do whom nobody asked.</summary>
    public IReadOnlyList<PlannedDeed> Deeds { get; init; } = [];

    /// <summary>Who is away, and when.</summary>
    public IReadOnlyList<Absence> Absences { get; init; } = [];

    /// <summary>Where the forest is; scenarios don't say.</summary>
    public ForestShape Forest { get; init; } = new();

    /// <summary>Groups that Active Directory synchronises to Entra.</summary>
    [JsonIgnore]
    public int SyncedGroups => Math.Clamp(Groups / 20, 3, 200);

    /// <summary>Cloud groups of every kind but security groups that are not written back.</summary>
    [JsonIgnore]
    public int KnownCloudGroups => Groups + SyncedGroups + M365 + MailBearing + Awkward + Oversized + WorldSeeder.Canaries.Count;
}

/// <summary>What people did to the rule that provisions groups before they edited it.</summary>
public enum ClonedRule
{
    None,

    /// <summary>A clone that adds a description, and leaves alone what the coexistence rules join.</summary>
    Harmless,

    /// <summary>A clone that takes no heed of <c>cloudNoFlow</c>: it goes on provisioning what the coexistence rules join.</summary>
    Provisioning,
}

/// <summary>How Connect names the objects that it makes.</summary>
public enum ConnectNaming
{
    /// <summary>CN=Group_ and the cloud id.</summary>
    CloudId,

    /// <summary>The first 51 characters of the display name, an underscore and the last 12 of the cloud id.</summary>
    DisplayName,
}

/// <summary>A configuration that somebody made before.</summary>
public enum ExistingConfiguration
{
    None,

    /// <summary>Made in the portal, never started, empty.</summary>
    Paused,

    /// <summary>It made groups with a name and a container of its own; now it stands still.</summary>
    Managing,

    /// <summary>As <see cref="Managing"/>, and it runs.</summary>
    Running,

    /// <summary>Made in the portal with "all security groups"; it was never started.</summary>
    SyncAll,
}

/// <summary>A job of the other direction.</summary>
public enum OtherJobs
{
    None,

    /// <summary>It leaves out what bears an adminDescription of writeback.</summary>
    Filtered,

    /// <summary>It reads written groups, and would make them synced groups of Entra.</summary>
    Unfiltered,
}
