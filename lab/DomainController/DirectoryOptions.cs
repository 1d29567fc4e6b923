namespace GwbCloud.Lab.DomainController;

/// <summary>A domain controller to rehearse on, and how it is reached.</summary>
/// <remarks>No record: nothing prints its members, the password least of all.</remarks>
public sealed class DirectoryOptions
{
    /// <summary>Port of LDAP over TLS.</summary>
    public const int Port = 636;

    /// <summary>Name or address that the certificate is made out to.</summary>
    public required string Host { get; init; }

    /// <summary>File or folder (PEM) of the authorities to trust; null takes the machine's.</summary>
    public string? Authorities { get; init; }

    /// <summary>As a simple bind takes it: administrator@contoso.com, or a distinguished name.</summary>
    public required string User { get; init; }
    public required string Password { get; init; }

    /// <summary>The operator says that the domain may be filled, though it does not bear the lab's mark yet.</summary>
    public bool MayBeFilled { get; init; }

    /// <summary>What an earlier rehearsal left is removed first.</summary>
    public bool Clean { get; init; }

    /// <summary>As it was typed, for messages.</summary>
    public string Address => $"ldaps://{Host}";
}
