using GwbCloud.Contracts;

namespace GwbCloud.RelayListener.Errors;

/// <summary>Errors of Active Directory: GWB61xx.</summary>
public static class DirectoryError
{
    public static readonly ErrorEntry Unavailable = new("GWB6101", "The domain controller does not answer.",
        "It is down, restarting, or not reachable from this server.", "Check the domain controller; the command may be sent again.");
    public static readonly ErrorEntry AccessDenied = new("GWB6102", "Active Directory refused access.",
        "The listener's account lacks a right on the writeback OU.", "Grant the rights that the installation guide lists.");
    public static readonly ErrorEntry IdentityMalformed = new("GWB6103", "A group's anchor does not name its cloud object.",
        "The document of groups was not made by this product.", "Make a new plan.");
    public static readonly ErrorEntry CatalogsMissing = new("GWB6104", "The forest shows no global catalog.",
        "Without one nobody can tell what Cloud Sync will find.", "Check the forest's global catalogs.");
    public static readonly ErrorEntry TooManyAnchors = new("GWB6105", "At most 100 anchors can be looked up at once.",
        "The command names more.", "Ask in batches.");
    public static readonly ErrorEntry CanaryNameTaken = new("GWB6106", "An object of the writeback OU has the canary's name.",
        "Another object was made with this name before.", "Give the canary's group another display name.");
    public static readonly ErrorEntry CanaryNotAsMade = new("GWB6107", "The canary's object does not read back as it was made.",
        "Something changed it at once, or the write did not arrive.", "Look at the object, remove it, then try again.");
    public static readonly ErrorEntry IdentityTwice = new("GWB6115", "The document of groups names a group twice.",
        "The document was not made by this product.", "Make a new plan.");

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
        Unavailable, AccessDenied, IdentityMalformed, CatalogsMissing, TooManyAnchors, CanaryNameTaken, CanaryNotAsMade, IdentityTwice,
        SecurityMalformed, RepairUnknown, RepairOutside, RepairOther, RepairGone,
    ];
}
