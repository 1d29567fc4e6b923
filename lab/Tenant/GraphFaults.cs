namespace GwbCloud.Lab.Tenant;

/// <summary>How badly Graph behaves. Everything that is counted is counted in the order of arrival.</summary>
public sealed class GraphFaults
{
    /// <summary>Writes that the service takes in <see cref="WriteWindow"/> of virtual time before it answers 429. Source: throttling limits of identity and access.</summary>
    public int WriteQuota { get; set; } = 3000;

    /// <summary>The window of <see cref="WriteQuota"/>.</summary>
    public static TimeSpan WriteWindow { get; } = TimeSpan.FromSeconds(150);

    /// <summary>Audit logs and provisioning on demand take 5 requests in 10 seconds each.</summary>
    public bool LimitReporting { get; set; }

    /// <summary>Each n-th request is answered 429; 0 is never.</summary>
    public int ThrottleEvery { get; set; }

    /// <summary>Each n-th request is answered 503 and does nothing; 0 is never.</summary>
    public int FailEvery { get; set; }

    /// <summary>Each n-th write is done and yet answered 504; 0 is never.</summary>
    public int UnknownOutcomeEvery { get; set; }
}
