using System.Buffers.Text;
using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Functions.Identity;

namespace GwbCloud.Functions.Approvals;

/// <summary>What goes to the identity provider and comes back with its answer, sealed, so that only what this app began is ever looked up.</summary>
/// <remarks>A session's sign-in is begun by a stranger. It is kept nowhere but here, so that strangers can't fill the store by beginning.</remarks>
public sealed record SignInState
{
    const string Purpose = "state";
    const int MaxLength = 2_048;

    /// <summary>32 random bytes; the name of what is kept.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it was kept at its beginning.</summary>
    public required bool Kept { get; init; }

    /// <summary>As <see cref="KeptSignIn.Browser"/>.</summary>
    public required string Browser { get; init; }
    public required string ReturnTo { get; init; }
    public required DateTimeOffset Until { get; init; }

    public async Task<string> SealAsync(BrowserSecret secret, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var text = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, ContractJson.Options));
        return $"{text}.{await secret.SealAsync(Purpose, text, cancellationToken)}";
    }

    /// <summary>Null when it is none of ours.</summary>
    public static async Task<SignInState?> OpenAsync(BrowserSecret secret, string? state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return state is { Length: <= MaxLength } && state.Split('.') is [var text, var seal] && await secret.FitsAsync(Purpose, text, seal, cancellationToken)
            ? JsonSerializer.Deserialize<SignInState>(Base64Url.DecodeFromChars(text), ContractJson.Options)
            : null;
    }
}
