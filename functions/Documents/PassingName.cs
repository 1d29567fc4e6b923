using GwbCloud.Contracts.Json;

namespace GwbCloud.Functions.Documents;

/// <summary>The name of a document that has its time and then is of no use to anybody: a sign-in or a session. Nothing else can be deleted.</summary>
/// <remarks>Evidence, decisions, proofs, spent tokens, snapshots and the audit's heads have no such name, so no mistake of a caller takes one of them away.</remarks>
public sealed record PassingName
{
    public const string SignIns = "sign-ins/";
    public const string Sessions = "sessions/";

    PassingName(string value) => Value = value;

    /// <summary>The whole name.</summary>
    public string Value { get; }

    /// <param name="id">64 hexadecimal digits in lower case.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static PassingName SignIn(string id) => Below(SignIns, id) ?? throw new ArgumentException("No id of a sign-in.", nameof(id));

    /// <param name="hash">64 hexadecimal digits in lower case.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static PassingName Session(string hash) => Below(Sessions, hash) ?? throw new ArgumentException("No hash of a session.", nameof(hash));

    /// <summary>A name as the store lists it; null when it is one of those that stay.</summary>
    public static PassingName? Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(SignIns, StringComparison.Ordinal) ? Below(SignIns, name[SignIns.Length..])
            : name.StartsWith(Sessions, StringComparison.Ordinal) ? Below(Sessions, name[Sessions.Length..])
            : null;
    }

    public override string ToString() => Value;

    static PassingName? Below(string prefix, string id) => Sha256Text.IsValid(id) ? new(prefix + id) : null;
}
