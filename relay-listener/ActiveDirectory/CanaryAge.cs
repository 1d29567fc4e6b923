namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>The listener's own rule for canaries: their objects are made within their migration, so whatever is older is somebody's group.</summary>
/// <remarks>Who holds the cloud half's key names objects and anchors as he likes, but neither this listener's journal nor the directory's <c>whenCreated</c>.</remarks>
static class CanaryAge
{
    /// <summary>As far as the clocks of this server and of the domain controller may differ where Kerberos works.</summary>
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The earliest moment at which a canary's object may have been made.</summary>
    /// <param name="since">When the migration began by this listener's record.</param>
    public static DateTimeOffset NotBefore(DateTimeOffset since) => since - Tolerance;
}
