namespace GwbCloud.Lab.Tenant;

/// <summary>How Graph limits, and how badly it behaves. Everything that is counted is counted in the order of arrival.</summary>
public sealed class GraphFaults
{
    /// <summary>Writes that the service takes in 150 seconds of virtual time from an app before it answers 429. Source: throttling limits of identity and access.</summary>
    public int WriteQuota { get; set; } = 3000;

    /// <summary>Resource units that an app has in 10 seconds of virtual time; null is what the documentation grants a tenant of this size.</summary>
    public int? UnitQuota { get; set; }

    /// <summary>Each n-th request is answered 429; 0 is never.</summary>
    public int ThrottleEvery { get; set; }

    /// <summary>Each n-th request is answered 503 and does nothing; 0 is never.</summary>
    public int FailEvery { get; set; }

    /// <summary>Each n-th write is done and yet answered 504; 0 is never.</summary>
    public int UnknownOutcomeEvery { get; set; }
}
