using GwbCloud.Functions.CloudSync;
using static GwbCloud.Functions.Assessment.Check;
using static GwbCloud.Functions.Assessment.FindingSeverity;

namespace GwbCloud.Functions.Assessment;

/// <summary>The Cloud Sync that a tenant has already, as far as it gets in the way. Source: prerequisites of Cloud Sync; migrate how-to, step 7.</summary>
static class CloudSyncChecks
{
    /// <summary>New configurations that a tenant may have with Entra ID P1.</summary>
    const int WithP1 = 2;

    /// <summary>Configurations that a tenant may have at all.</summary>
    const int Most = 20;

    public static IReadOnlyList<Check> All { get; } =
    [
        OfNames("GWB2211", Blocks, "More configurations of Cloud Sync need another licence",
            "Two new configurations come with Entra ID P1; the third to the twentieth need Entra ID Governance.",
            "Assign licences of Entra ID Governance, or remove configurations that nobody needs.",
            f => NewOneNeeded(f) && Existing(f) is >= WithP1 and < Most && !f.Tenant.GovernanceLicence ? [FindingText.Number(Existing(f))] : []),
        OfNames("GWB2212", Blocks, "The tenant has all the configurations that it may have",
            "A tenant has at most twenty from Entra to Active Directory, one for each domain.", "Remove one that nobody needs.",
            f => NewOneNeeded(f) && Existing(f) >= Most ? [FindingText.Number(Existing(f))] : []),
        OfNames("GWB2213", Blocks, "The domain has more than one configuration of Cloud Sync",
            "One domain takes one; which of them writes a group is nobody's to say.", "Remove all but one.",
            f => f.CloudSync is { Configurations: { Count: > 1 } several } ? several.Select(Name) : []),
        Of("GWB2214", Blocks, "A configuration of Cloud Sync manages groups in a way that cannot be preserved",
            "Its scope, its anchors or its mappings leave no expression that keeps its groups as they are beside the migration's.",
            "Take its groups out of scope and let the migration have the configuration, or migrate by hand.",
            f => Configurations(f, c => c.ManagesGroups && c.CannotPreserve is not null, c => c.CannotPreserve)),
        Of("GWB2215", Blocks, "A configuration of Cloud Sync holds credentials",
            "Its settings can only be written as a whole, and Graph shows credentials masked: writing them back would lose them.",
            "Remove what the credentials are for, or make a configuration without them.",
            f => Configurations(f, c => !c.Ours && c.MaskedSecrets.Count > 0, c => string.Join(", ", c.MaskedSecrets))),
        Of("GWB2216", Blocks, "A configuration of Cloud Sync takes every group",
            "It writes all groups of the tenant, and takes the written-back ones over at its next cycle, before the rules are in place.",
            "Choose selected security groups in its scope, with no group in it.",
            f => Configurations(f, c => c.TakesAll && c.State != SurveyedState.NoJob)),
        Of("GWB2217", Blocks, "A configuration of Cloud Sync is in quarantine",
            "It tries ever less often; the migration would wait for it in vain.", "Find and clear the reason in the portal, then restart it.",
            f => Configurations(f, c => c.State == SurveyedState.Quarantined, c => c.QuarantineReason)),
        OfNames("GWB2409", NeedsAcceptance, "A job would read the written-back groups into Entra",
            "It reads the writeback OU and does not look at adminDescription, so that groups of Cloud Sync could come back as new ones.",
            "Exclude the OU from the job's scope, or filter on adminDescription; accept when you know that it takes no such group.",
            f => f.CloudSync?.Inbound.Where(job => job.WouldReadWrittenGroups).Select(job => job.Name) ?? []),
        Of("GWB2410", NeedsAcceptance, "A configuration of Cloud Sync manages groups already",
            "The migration adds to it: its scope and its threshold of deletes become the migration's. Where its mappings differ they stay for its own "
            + "groups, and every group that migrates keeps name and place by GroupDN.",
            "Accept, or remove the configuration first.",
            f => Configurations(f, c => c.ManagesGroups && c.CannotPreserve is null, c => string.Join("; ", c.Deviations))),
        OfNames("GWB2411", NeedsAcceptance, "Jobs could not be read",
            "The app has no right to read the jobs of these enterprise applications: they may write groups into the domain, or read the OU into Entra.",
            "Give the app the right to read them; or look at them in the portal, and accept when they touch neither.",
            f => f.CloudSync?.Unreadable ?? []),
        Of("GWB2525", ToKnow, "A configuration of Cloud Sync for the domain is there and differs",
            "It manages no group, or an earlier migration left it. The migration sets what differs and gives it back when it is undone.",
            "Nothing.",
            f => Configurations(f, c => !c.ManagesGroups && c.Deviations.Count > 0, c => string.Join("; ", c.Deviations))),
        Of("GWB2526", ToKnow, "A configuration of Cloud Sync does not stop at many deletes",
            "Its prevention of accidental deletions is off.", "Nothing: the migration sets a threshold.",
            f => Configurations(f, c => c.State != SurveyedState.NoJob && c.DeleteThreshold is null)),
    ];

    static IEnumerable<Concern> Configurations(AssessmentFacts facts, Func<SurveyedConfiguration, bool> which, Func<SurveyedConfiguration, string?>? detail = null)
        => facts.CloudSync?.Configurations.Where(which).Select(c => new Concern { Name = Name(c), Detail = detail?.Invoke(c) }) ?? [];

    static bool NewOneNeeded(AssessmentFacts facts) => facts.CloudSync is { Configurations.Count: 0 };

    static int Existing(AssessmentFacts facts) => facts.CloudSync is { } survey ? survey.OtherDomains + survey.Configurations.Count : 0;

    static string Name(SurveyedConfiguration configuration)
        => configuration.JobId is { } job ? $"{configuration.Name} ({job})" : configuration.Name;
}
