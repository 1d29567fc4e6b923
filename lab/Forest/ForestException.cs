namespace GwbCloud.Lab.Forest;

/// <summary>Active Directory refuses, with the words of its LDAP result.</summary>
public sealed class ForestException(ForestRefusal refusal, string message) : Exception(message)
{
    public ForestRefusal Refusal { get; } = refusal;
}

public enum ForestRefusal
{
    NoSuchObject,
    EntryAlreadyExists,
    NoSuchContainer,
    UnwillingToPerform,
    AccessDenied,
}
