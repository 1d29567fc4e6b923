using GwbCloud.Contracts.ActiveDirectory;
using GwbCloud.Contracts.Commands;

namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>What stamping does about one planned group.</summary>
enum StampVerdict
{
    /// <summary>As planned and empty: it is written.</summary>
    Write,

    /// <summary>It bears its anchor already.</summary>
    AlreadyEqual,

    /// <summary>It bears another value.</summary>
    Conflict,

    /// <summary>It is gone, or no longer names its cloud object.</summary>
    Missing,

    /// <summary>It stands in another place than planned, or outside the writeback OU.</summary>
    Moved,

    /// <summary>It has another name than planned.</summary>
    Renamed,
}

/// <summary>Compares a planned group with what the directory holds. Pure.</summary>
static class StampJudge
{
    /// <summary>The first that applies; whatever differs from the plan is left alone, whether it bears a value or not.</summary>
    /// <param name="planned">The group of the plan.</param>
    /// <param name="found">The group now, null when it is gone.</param>
    /// <param name="writebackOu">Nothing beyond it is ever written.</param>
    public static StampVerdict Of(GroupIdentity planned, AdGroup? found, string writebackOu)
    {
        if (found is null || found.AdminDescription != planned.Anchor) { return StampVerdict.Missing; }
        string now = found.DistinguishedName;
        if (!SamePlace(now, planned.DistinguishedName) || !DistinguishedName.Under(now, writebackOu)) { return StampVerdict.Moved; }
        // The name is compared exactly, because people see its case; the place is not, because nothing does.
        if (DistinguishedName.Rdn(now) != DistinguishedName.Rdn(planned.DistinguishedName)) { return StampVerdict.Renamed; }
        if (string.IsNullOrEmpty(found.ExternalDirectoryObjectId)) { return StampVerdict.Write; }
        return found.ExternalDirectoryObjectId == planned.Anchor ? StampVerdict.AlreadyEqual : StampVerdict.Conflict;
    }

    static bool SamePlace(string one, string other) => DistinguishedName.Same(DistinguishedName.Parent(one), DistinguishedName.Parent(other));
}
