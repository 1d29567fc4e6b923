namespace GwbCloud.Functions.Assessment;

/// <summary>Builds as Connect and the agents name them.</summary>
static class Versions
{
    /// <summary>A version that cannot be read is treated as too old: unknown is not new enough.</summary>
    public static bool Older(string version, Version than) => !Version.TryParse(version, out var read) || read < than;
}
