using System.Text.Json.Serialization;
using GwbCloud.Lab.World;
using GwbCloud.Lab.World.Deeds;

namespace GwbCloud.Lab.Rehearsal;

/// <summary>What a scenario file or the command line says of a story; what is null stays as it was.</summary>
/// <remarks>Its JSON is described by <c>lab/scenario.schema.json</c>; names are those of the command line, in camelCase.</remarks>
public sealed record Scenario
{
    /// <summary>Largest number of groups of a kind: far above what one Cloud Sync configuration supports.</summary>
    public const int MaxGroups = 1_000_000;
    public const int MaxServers = 8;
    public const int MaxMemberships = 10_000_000;
    const int MaxNesting = 6;
    const int MaxOversized = 10;
    const int MaxMinutes = 60 * 24 * 30;

    /// <summary>Address of the schema, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>For readers.</summary>
    public string? Description { get; init; }
    public int? Groups { get; init; }
    public int? M365 { get; init; }
    public int? CloudGroups { get; init; }
    public int? Memberships { get; init; }
    public int? Users { get; init; }
    public int? Servers { get; init; }
    public int? Forests { get; init; }
    public int? Nesting { get; init; }
    public int? Awkward { get; init; }
    public int? Oversized { get; init; }
    public ClonedRule? ClonedRule { get; init; }
    public string? ConnectVersion { get; init; }
    public int? Seed { get; init; }
    public string? Sabotage { get; init; }
    public string? Decision { get; init; }
    public string? At { get; init; }
    public string? Limits { get; init; }
    public string? Operators { get; init; }
    public ConnectNaming? Naming { get; init; }
    public int? Orphans { get; init; }
    public int? DisabledRetained { get; init; }
    public int? SoftDeletedRetained { get; init; }
    public int? MailBearing { get; init; }
    public int? DeviatingNames { get; init; }
    public int? DeviatingPlaces { get; init; }
    public ExistingConfiguration? ExistingConfiguration { get; init; }
    public int? ManagedGroups { get; init; }
    public OtherJobs? OtherJobs { get; init; }
    public int? ForgottenServers { get; init; }
    public Licence? Licence { get; init; }
    public bool? DeleteRule { get; init; }

    /// <summary>What administrators do whom nobody asked.</summary>
    public IReadOnlyList<PlannedDeed>? Deeds { get; init; }

    /// <summary>Who is away, and when.</summary>
    public IReadOnlyList<Absence>? Absences { get; init; }

    /// <summary>Effects that the documentation leaves open.</summary>
    public WorldSwitches? Switches { get; init; }

    /// <summary>The story with what this says put over it.</summary>
    /// <param name="story">The story so far.</param>
    /// <param name="nameOf">How the reader of a refusal knows a value, by its name here.</param>
    /// <exception cref="BadUsageException">A value is impossible.</exception>
    public Story Over(Story story, Func<string, string> nameOf)
    {
        var world = story.World;
        if (At is not null && Decision is null or "approve" && story.Decision == RehearsedDecision.Approve)
        {
            throw new BadUsageException($"{nameOf("at")} says where another decision than approve is made, but {nameOf("decision")} names none.");
        }

        var changed = story with
        {
            Decision = Decision is null ? story.Decision : OneOf<RehearsedDecision>("decision", Decision),
            At = At is null ? story.At : OneOf<RehearsedGate>("at", At),
            Operators = Operators is null ? story.Operators : OneOf<OperatorMode>("operators", Operators),
            EnforceLimits = Limits is null ? story.EnforceLimits : Flag("limits", Limits),
            World = world with
            {
                Groups = Number("groups", Groups, 1, MaxGroups) ?? world.Groups,
                M365 = Number("m365", M365, 0, MaxGroups) ?? world.M365,
                CloudGroups = Number("cloudGroups", CloudGroups, 1, MaxGroups) ?? world.CloudGroups,
                Memberships = Number("memberships", Memberships, 0, MaxMemberships) ?? world.Memberships,
                Users = Number("users", Users, 20, MaxGroups) ?? world.Users,
                Servers = Number("servers", Servers, 1, MaxServers) ?? world.Servers,
                Forests = Number("forests", Forests, 1, ForestSeeder.MostForests) ?? world.Forests,
                Nesting = Number("nesting", Nesting, 0, MaxNesting) ?? world.Nesting,
                Awkward = Number("awkward", Awkward, 0, MaxGroups) ?? world.Awkward,
                Oversized = Number("oversized", Oversized, 0, MaxOversized) ?? world.Oversized,
                ClonedRule = ClonedRule ?? world.ClonedRule,
                ConnectVersion = ConnectVersion is null ? world.ConnectVersion : Build(ConnectVersion),
                Seed = Number("seed", Seed, 0, int.MaxValue) ?? world.Seed,
                Sabotage = Sabotage is null ? world.Sabotage : [OneOf<Sabotage>("sabotage", Sabotage)],
                Naming = Naming ?? world.Naming,
                Orphans = Number("orphans", Orphans, 0, MaxGroups) ?? world.Orphans,
                DisabledRetained = Number("disabledRetained", DisabledRetained, 0, MaxGroups) ?? world.DisabledRetained,
                SoftDeletedRetained = Number("softDeletedRetained", SoftDeletedRetained, 0, MaxGroups) ?? world.SoftDeletedRetained,
                MailBearing = Number("mailBearing", MailBearing, 0, MaxGroups) ?? world.MailBearing,
                DeviatingNames = Number("deviatingNames", DeviatingNames, 0, MaxGroups) ?? world.DeviatingNames,
                DeviatingPlaces = Number("deviatingPlaces", DeviatingPlaces, 0, MaxGroups) ?? world.DeviatingPlaces,
                ExistingConfiguration = ExistingConfiguration ?? world.ExistingConfiguration,
                ManagedGroups = Number("managedGroups", ManagedGroups, 0, MaxGroups) ?? world.ManagedGroups,
                OtherJobs = OtherJobs ?? world.OtherJobs,
                Licence = Licence ?? world.Licence,
                ForgottenServers = Number("forgottenServers", ForgottenServers, 0, MaxServers) ?? world.ForgottenServers,
                DeleteRule = DeleteRule ?? world.DeleteRule,
                Deeds = Deeds is null ? world.Deeds : [.. Deeds.Select(Known)],
                Absences = Absences is null ? world.Absences : [.. Absences.Select((absence, i) => absence with { From = Reached($"absences[{i}].from", absence.From) })],
                Switches = Switches is null ? world.Switches : Checked(Switches),
            },
        };
        if (changed.World.CloudGroups < changed.World.KnownCloudGroups)
        {
            throw new BadUsageException(FormattableString.Invariant(
                $"{nameOf("cloudGroups")} must be at least {changed.World.KnownCloudGroups:N0}, as many as there are of the other kinds, not {changed.World.CloudGroups}."));
        }

        return changed;

        int? Number(string name, int? value, int least, int most) => value is null || (value >= least && value <= most)
            ? value
            : throw new BadUsageException(FormattableString.Invariant($"{nameOf(name)} must lie between {least:N0} and {most:N0}, not {value}."));

        T OneOf<T>(string name, string value)
            where T : struct, Enum => Names.TryParse<T>(value, out var known)
                ? known
                : throw new BadUsageException($"{nameOf(name)} must be one of {string.Join(", ", Names.Of<T>())}, not {Quoted.Of(value)}.");

        bool Flag(string name, string value) => value switch
        {
            "on" => true,
            "off" => false,
            _ => throw new BadUsageException($"{nameOf(name)} must be on or off, not {Quoted.Of(value)}."),
        };

        PlannedDeed Known(PlannedDeed plan, int number) => plan.Does.NamedGroups.FirstOrDefault(g => !SeededName.Pattern.IsMatch(g)) is { } odd
            ? throw new BadUsageException($"{nameOf($"deeds[{number}].does")} must name groups such as 'written 3', not {Quoted.Of(odd)}.")
            : plan with { When = Reached($"deeds[{number}].when", plan.When) };

        // A moment that never comes would make the story another one without a word.
        Moment Reached(string name, Moment moment) => Moments.NamesOf(moment.At) is var names && (moment.Of is null ? names.Count == 0 : names.Contains(moment.Of))
            ? moment with { Minutes = Number($"{name}.minutes", moment.Minutes, 0, MaxMinutes)!.Value }
            : throw new BadUsageException($"{nameOf($"{name}.of")} must be {(names.Count == 0 ? "left out" : $"one of {string.Join(", ", names)}")}, not {(moment.Of is null ? "left out" : Quoted.Of(moment.Of))}.");

        string Build(string value) => Version.TryParse(value, out var build) && build is { Major: 1 or 2, Build: >= 0, Revision: >= 0 } && build.ToString() == value
            ? value
            : throw new BadUsageException($"{nameOf("connectVersion")} must be a build of Entra Connect such as {WorldOptions.NewestConnect}, not {Quoted.Of(value)}.");

        WorldSwitches Checked(WorldSwitches switches) =>
            Number("switches.flagReadDelaySeconds", switches.FlagReadDelaySeconds, 0, 86_400) is null ? switches : switches;
    }
}
