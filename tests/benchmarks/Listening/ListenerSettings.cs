namespace GwbCloud.Benchmarks.Listening;

/// <summary>What a listener in a process of its own is told on the first line of its standard input.</summary>
sealed record ListenerSettings
{
    public const string Server = "AADC01";
    public const string Tenant = "6f0f9d3e-0b7c-4f7a-9f37-2d9d3a1c5e10";

    public required string DomainController { get; init; }

    /// <summary>Loopback address that stands for <see cref="DomainController"/>.</summary>
    public required string Address { get; init; }
    public required string TrustFolder { get; init; }
    public required string WritebackOu { get; init; }
    public required string Account { get; init; }
    public required string Password { get; init; }
    public required string DataDirectory { get; init; }

    /// <summary>SubjectPublicKeyInfo of the cloud half, base64.</summary>
    public required string CloudKey { get; init; }

    /// <summary>PKCS#8 of the listener, base64.</summary>
    public required string ListenerKey { get; init; }
}
