using GwbCloud.Contracts;

namespace GwbCloud.RelayListener.Errors;

/// <summary>Errors of Active Directory: GWB61xx.</summary>
public static class DirectoryError
{
    public static readonly ErrorEntry Unavailable = new("GWB6101", "The domain controller does not answer.",
        "It is down, restarting, not reachable from this server, or its certificate is not trusted here.",
        "gwb-listener check, rows directory and directoryCertificate, tells which; the command may be sent again.");
    public static readonly ErrorEntry AccessDenied = new("GWB6102", "Active Directory refused access.",
        "The account lacks a right on the named object or on the writeback OU.", "Grant the rights that docs/listener.md lists under Install.");
    public static readonly ErrorEntry IdentityMalformed = new("GWB6103", "A group's anchor does not name its cloud object.",
        "The document of groups was not made by this product.", "Make a new plan.");
    public static readonly ErrorEntry CatalogsMissing = new("GWB6104", "The forest shows no global catalog.",
        "Without one nobody can tell what Cloud Sync will find.", "Check the forest's global catalogs.");
    public static readonly ErrorEntry TooManyAnchors = new("GWB6105", "At most 100 anchors can be looked up at once.",
        "The command names more.", "Ask in batches.");
    public static readonly ErrorEntry CanaryNameTaken = new("GWB6106", "An object of this name is there already.",
        "Another object was made with this name or account name before.", "Look at the object that is there; give the canary's group another display name.");
    public static readonly ErrorEntry CanaryNotAsMade = new("GWB6107", "The canary's object does not read back as it was made.",
        "Something changed it at once, or the write did not arrive.", "Look at the object, remove it, then try again.");
    public static readonly ErrorEntry CredentialsRefused = new("GWB6108", "The domain controller does not let the listener in.",
        "The account is unknown, locked, disabled, its password is wrong, or the connection is not protected as the server wants it.",
        "Look at the named reason; check the service's account.");
    public static readonly ErrorEntry ServerUnfit = new("GWB6109", "This server can't be the domain controller of the run.",
        "It is read-only, of another domain, not synchronized, no domain controller, or another one than before.",
        "Name a writable domain controller of the writeback OU's domain; after a change of servers start the listener again.");
    public static readonly ErrorEntry NoSuchObject = new("GWB6110", "The directory has no such object.",
        "It was deleted or never was there, or the account may not see it.", "Look for the named object.");
    public static readonly ErrorEntry Rejected = new("GWB6111", "The directory rejected the request.",
        "A rule of the schema or of the directory forbids it; the named code tells which.",
        "Look at the named object and code; nothing was written by this request.");
    public static readonly ErrorEntry BusyOrLimited = new("GWB6112", "The domain controller is busy or ended the request at one of its limits.",
        "Load, or a limit of its LDAP policy on time, objects or effort.", "Send the command again when there is less load; compare the LDAP policy with its defaults.");
    public static readonly ErrorEntry Referral = new("GWB6113", "The object lies on another server.",
        "It belongs to another domain, or the name has none of this domain's parts.", "Check the writeback OU and the named object; the listener follows no referral.");
    public static readonly ErrorEntry MembersUnreadable = new("GWB6114", "The members of a group can't be read as a whole.",
        "A member bears no objectGUID that the account may see, or the group changes without a pause.",
        "Look at the group's members; send the command again when nobody writes the group.");
    public static readonly ErrorEntry IdentityTwice = new("GWB6115", "The document of groups names a group twice.",
        "The document was not made by this product.", "Make a new plan.");
    public static readonly ErrorEntry CanaryOlder = new("GWB6116", "The object is older than its migration, so it is no canary.",
        "A canary's object is made within its migration; this one stood in the directory before the first command that this listener has on record.",
        "Look at the named object. Name another group as canary; delete the object by hand only when you know it for a canary.");

    public static readonly ErrorEntry SecurityMalformed = new("GWB6120", "The rights on an object can't be read.",
        "Its security descriptor or a SID is not as Active Directory writes it.", "Look at the object's security in the directory's own tools.");
    public static readonly ErrorEntry RepairUnknown = new("GWB6121", "The snapshot does not know this group.",
        "Only groups of the snapshot are brought back.", "Name groups of the snapshot, or use the snapshot that has it.");
    public static readonly ErrorEntry RepairOutside = new("GWB6122", "By the snapshot this group was not in the writeback OU.",
        "The listener brings nothing back to other places.", "Bring it back by hand.");
    public static readonly ErrorEntry RepairOther = new("GWB6123", "The object is not the one that the snapshot means.",
        "Its anchor or its SID is another, so that it names another group.", "Compare the object with the snapshot, then bring it back by hand.");
    public static readonly ErrorEntry RepairGone = new("GWB6124", "The directory no longer keeps the deleted group.",
        "The time for which deleted objects are kept is over, or another domain controller has it still.", "Restore it from a backup of the domain.");

    /// <summary>The lines in the order of their codes.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; } =
    [
        Unavailable, AccessDenied, IdentityMalformed, CatalogsMissing, TooManyAnchors, CanaryNameTaken, CanaryNotAsMade, CredentialsRefused, ServerUnfit,
        NoSuchObject, Rejected, BusyOrLimited, Referral, MembersUnreadable, IdentityTwice, CanaryOlder,
        SecurityMalformed, RepairUnknown, RepairOutside, RepairOther, RepairGone,
    ];
}
