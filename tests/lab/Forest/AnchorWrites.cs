using GwbCloud.RelayListener.ActiveDirectory;

namespace GwbCloud.Tests.Lab.Forest;

/// <summary>One anchor at a time, as a person would write it.</summary>
static class AnchorWrites
{
    public static async Task<AnchorState> StampAsync(this IDirectory directory, Guid objectGuid, string value, CancellationToken cancellationToken) =>
        (await directory.WriteAnchorsAsync([new() { ObjectGuid = objectGuid, Value = value }], cancellationToken))[0].State;

    public static async Task<AnchorState> UnstampAsync(this IDirectory directory, Guid objectGuid, string value, CancellationToken cancellationToken) =>
        (await directory.WriteAnchorsAsync([new() { ObjectGuid = objectGuid, Value = value, Clear = true }], cancellationToken))[0].State;
}
