using GwbCloud.Contracts;

namespace GwbCloud.Functions.Graph;

/// <summary>Every error of Graph and of Cloud Sync behind it: 40xx the calls, 41xx making and reading the job, 42xx deviations of the job.</summary>
public static class GraphError
{
    const string Later = "Nothing: it is tried again. If it lasts, look at the service health of the tenant.";
    const string Portal = "Open the configuration in the Entra admin center, correct or remove it there, then retry.";
    const string Prepare = "Retry the stage: it writes what differs. If it comes back, somebody or something changes the configuration.";

    public static readonly ErrorEntry Throttled = new("GWB4001", "Graph kept throttling the app.",
        "Other programs use up the tenant's quota, or the tenant is very large.", Later);
    public static readonly ErrorEntry Unavailable = new("GWB4002", "Graph kept answering with a server error.", "The service has a fault.", Later);
    public static readonly ErrorEntry Unreachable = new("GWB4003", "Graph could not be reached.",
        "Network, proxy or name resolution of the function app.", "Check the app's way out; it is tried again meanwhile.");
    public static readonly ErrorEntry NotSignedIn = new("GWB4004", "Graph does not accept the app's token.",
        "The managed identity was removed or replaced, or the token is for another tenant.", "Deploy the app's identity and permissions again.");
    public static readonly ErrorEntry Forbidden = new("GWB4005", "The app lacks a permission in Graph.",
        "A permission was never granted, or was withdrawn.", "Grant the permissions that the deployment lists, with admin consent.");
    public static readonly ErrorEntry NotFound = new("GWB4006", "Graph does not know the object.",
        "It was removed, or has not been replicated yet.", "Look whether it still exists in the Entra admin center.");
    public static readonly ErrorEntry Refused = new("GWB4007", "Graph refused the request.",
        "The tenant's state or policy forbids it, or Graph changed.", "Read the message; it is Graph's own.");
    public static readonly ErrorEntry Unreadable = new("GWB4008", "Graph's answer could not be read.",
        "It was cut off on the way, or has another form than documented.", Later);
    public static readonly ErrorEntry OutcomeUnknown = new("GWB4009", "It is not known whether Graph carried out a write.",
        "The answer was lost.", "Nothing: the state is read before the write is repeated.");
    public static readonly ErrorEntry NoToken = new("GWB4010", "The app got no token for Graph.",
        "The platform's identity endpoint did not answer.", Later);

    public static readonly ErrorEntry NotReplicated = new("GWB4101", "What was made in Entra does not appear.",
        "Entra's replication takes longer than usual.", Later);
    public static readonly ErrorEntry SeveralConfigurations = new("GWB4102", "The domain has several Cloud Sync configurations to Active Directory.",
        "They were made by hand; one domain may have one only.", Portal);
    public static readonly ErrorEntry ForeignJobRuns = new("GWB4103", "A Cloud Sync job of the domain runs that this migration did not make.",
        "Somebody configured it before.", "Pause it and review its scope; the migration takes a paused job over, and never a running one.");
    public static readonly ErrorEntry NoJobTemplate = new("GWB4104", "The application has no job template for groups to Active Directory.",
        "The gallery application is another one than expected.", "Make the configuration in the portal once, then retry; it is found by its name.");
    public static readonly ErrorEntry SchemaUnknown = new("GWB4105", "The job's schema has no mapping of groups to groups.",
        "The gallery application is another one than expected, or Microsoft changed its schema.", "Compare the schema in the portal.");
    public static readonly ErrorEntry NoScopeRole = new("GWB4106", "The application has no role that puts a group in scope.",
        "The gallery application is another one than expected.", "Compare the application's roles in the portal.");
    public static readonly ErrorEntry NoJob = new("GWB4107", "The step needs a Cloud Sync job and was given none.", "A step was left out.",
        "Retry the stage that prepares Cloud Sync.");
    public static readonly ErrorEntry StateNotReached = new("GWB4108", "The job did not take the state that it was told to take.",
        "The service lags, or somebody else steers the job.", "Look at the job in the portal, then retry.");
    public static readonly ErrorEntry FilterWouldDeprovision = new("GWB4109", "The canaries' filter is not put back while planned groups are in scope.",
        "Groups that fall out of the scope filter are removed from Active Directory.", "Take the groups out of scope one by one, or leave the filter lifted.");

    public static readonly ErrorEntry GroupDnUnusable = new("GWB4110", "The extension property GroupDN cannot hold names of groups.",
        "A property of that name exists in the app CloudSyncCustomExtensionsApp, and is none of text for groups.",
        "Remove the property if nobody uses it, then retry; or bring the groups' names and places in line before the migration.");

    public static readonly ErrorEntry NoTemplate = new("GWB4111", "The gallery has no application template for Cloud Sync to Active Directory.",
        "Microsoft replaced the template, or the cloud does not offer it; the configured id is in the message.",
        "Make the configuration in the portal once: it is found by its name. Or set CloudSync:TemplateId to the template's new id.");
    public static readonly ErrorEntry MaskedSecrets = new("GWB4112", "The job's settings hold credentials, and something must be written among them.",
        "Graph shows credentials masked and replaces the whole set: writing would overwrite them with their mask.",
        "Set domain and accidental-delete threshold (1) of the configuration in the portal, then retry: what is right is not written.");

    public static readonly ErrorEntry CannotPreserve = new("GWB4113", "The configuration manages groups, and the migration cannot preserve what it does.",
        "Its scope, its anchors or its mappings leave no expression that keeps its groups as they are, or an expression reads otherwise than it runs.",
        "Take its groups out of its scope, or change what the message names, then retry. Nothing was written.");
    public static readonly ErrorEntry NothingToAdopt = new("GWB4114", "There is no configuration for the domain to verify.",
        "The plan leaves the configuration to a person (CloudSync:Setup is VerifyOnly), and nobody has made it.",
        "Make the configuration in the portal (Microsoft Entra ID to AD, this domain), leave it disabled, then retry.");
    public static readonly ErrorEntry StrangersInScope = new("GWB4115", "Groups of others are assigned to the configuration that the migration made.",
        "Somebody uses it by now for groups that are neither planned nor canaries. Without it nobody would write them to Active Directory any more.",
        "Whoever assigned them decides. Take their groups out of its users and groups, then go back again; or keep it: it is paused, and nothing of it was removed.");

    public static readonly ErrorEntry NameMapping = new("GWB4201", "The name (cn) is mapped otherwise than planned.",
        "With this mapping Cloud Sync would rename the groups.", Prepare);
    public static readonly ErrorEntry ContainerMapping = new("GWB4202", "The container is mapped otherwise than planned.",
        "With this mapping Cloud Sync would move the groups.", Prepare);
    public static readonly ErrorEntry AnchorMapping = new("GWB4203", "An anchor is mapped otherwise than it must be.",
        "With this mapping Cloud Sync would not recognise the groups and make them a second time.", Prepare);
    public static readonly ErrorEntry DoubleMapping = new("GWB4204", "An attribute is mapped twice.",
        "The service keeps both and does not say which counts.", Portal);
    public static readonly ErrorEntry ScopeFilter = new("GWB4205", "The scope filter is neither the canaries' nor the one before it.",
        "Somebody edited the scope.", Prepare);
    public static readonly ErrorEntry ScopeAll = new("GWB4206", "The configuration takes all security groups, not the selected ones.",
        "The portal's choice of scope.", "Choose selected security groups in the portal.");
    public static readonly ErrorEntry DomainSecret = new("GWB4207", "The configuration names another domain.", "It was made for another domain.", Portal);
    public static readonly ErrorEntry DeleteThreshold = new("GWB4208", "Accidental-delete prevention is off or above its lowest value.",
        "Somebody edited the notification settings.", Prepare);
    public static readonly ErrorEntry MappingOff = new("GWB4209", "The mapping of groups is switched off, or leaves creating or updating out.", "Somebody edited the mapping.", Portal);
    public static readonly ErrorEntry MemberMapping = new("GWB4210", "Members are not mapped.",
        "With this schema Cloud Sync would write groups without members.", Portal);

    public static readonly ErrorEntry SourceAttribute = new("GWB4211", "The schema does not declare the property GroupDN.",
        "The expressions of name and container would find nothing in it, and Cloud Sync would rename and move groups.", Prepare);
    public static readonly ErrorEntry GroupDnNotHeld = new("GWB4212", "Groups do not hold their distinguished name in GroupDN.",
        "The values were not written, or somebody changed them: Cloud Sync would rename or move these groups.", Prepare);

    /// <summary>All of them, for the documentation.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        Throttled, Unavailable, Unreachable, NotSignedIn, Forbidden, NotFound, Refused, Unreadable, OutcomeUnknown, NoToken,
        NotReplicated, SeveralConfigurations, ForeignJobRuns, NoJobTemplate, SchemaUnknown, NoScopeRole, NoJob, StateNotReached, FilterWouldDeprovision,
        GroupDnUnusable, NoTemplate, MaskedSecrets, CannotPreserve, NothingToAdopt, StrangersInScope,
        NameMapping, ContainerMapping, AnchorMapping, DoubleMapping, ScopeFilter, ScopeAll, DomainSecret, DeleteThreshold, MappingOff, MemberMapping,
        SourceAttribute, GroupDnNotHeld,
    ];
}
