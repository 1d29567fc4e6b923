using System.Security.Cryptography;
using System.Text.Json;
using GwbCloud.Contracts.Evidence;
using GwbCloud.Contracts.Json;

namespace GwbCloud.Contracts.Envelopes;

/// <summary>Whose envelopes are accepted.</summary>
public sealed record EnvelopeVerifierOptions
{
    /// <summary>Directory (tenant) id that a command must name.</summary>
    public required string Tenant { get; init; }

    /// <summary>The server that a command must name: this one. Null on the cloud half, which takes no commands.</summary>
    public string? Server { get; init; }

    /// <summary>How far the clocks of the two halves may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest life of a command; the replay window must remember at least that long.</summary>
    public TimeSpan MaxLife { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>What an answer must fit.</summary>
public sealed record ResultExpectation
{
    /// <summary>The server that was asked.</summary>
    public required string Server { get; init; }

    /// <summary>The id that was sent.</summary>
    public required string CommandId { get; init; }

    /// <summary><see cref="CommandEnvelope.CommandHash"/> of what was sent.</summary>
    public required string CommandHash { get; init; }
}

/// <summary>Verifies envelopes against pinned keys. Refuses with a verdict and never throws on what arrives. Safe for concurrent use.</summary>
public sealed class EnvelopeVerifier
{
    private const int SignatureBytes = 64;

    private readonly Dictionary<string, (ECParameters Key, PinnedKey Pinned)> _keys;
    private readonly TimeProvider _time;
    private readonly EnvelopeVerifierOptions _options;

    /// <summary>Trusts these keys and no others.</summary>
    /// <exception cref="ArgumentException">A kid appears twice, or a key cannot be read as P-256.</exception>
    public EnvelopeVerifier(IEnumerable<PinnedKey> keys, TimeProvider time, EnvelopeVerifierOptions options)
    {
        try
        {
            _keys = keys.ToDictionary(key => key.Kid, key => (key.Read(), key), StringComparer.Ordinal);
        }
        catch (Exception refused) when (refused is CryptographicException or FormatException)
        {
            throw new ArgumentException("A pinned key cannot be read as a P-256 public key.", nameof(keys), refused);
        }

        _time = time;
        _options = options;
    }

    /// <summary>Verifies a command that is meant for this tenant and server. Whether it is a repeat the listener knows from its journal of jobs.</summary>
    public EnvelopeVerdict<CommandEnvelope> VerifyCommand(string? text)
    {
        var verdict = Verify<CommandEnvelope>(text, EnvelopeType.Command, out var speaker);
        return verdict.IsAccepted && RefuseCommand(verdict.Envelope, speaker) is { } refusal ? verdict with { Envelope = null, Refusal = refusal } : verdict;
    }

    /// <summary>Verifies the answer to a command.</summary>
    public EnvelopeVerdict<ResultEnvelope> VerifyResult(string? text, ResultExpectation expected)
    {
        var verdict = Verify<ResultEnvelope>(text, EnvelopeType.Result, out var speaker);
        return verdict.IsAccepted && RefuseResult(verdict.Envelope, speaker, expected) is { } refusal ? verdict with { Envelope = null, Refusal = refusal } : verdict;
    }

    /// <summary>Verifies a part of the evidence that the server of its key gathered no longer than <paramref name="maxAge"/> ago.</summary>
    public EnvelopeVerdict<EvidencePart> VerifyEvidence(string? text, TimeSpan maxAge)
    {
        var verdict = Verify<EvidencePart>(text, EnvelopeType.Evidence, out var speaker);
        return verdict.IsAccepted && RefuseEvidence(verdict.Envelope, speaker, maxAge) is { } refusal ? verdict with { Envelope = null, Refusal = refusal } : verdict;
    }

    private EnvelopeVerdict<T> Verify<T>(string? text, string type, out string? speaker)
        where T : class
    {
        speaker = null;
        var fault = CompactJws.TryRead(text, EnvelopeSigner.MaxLength, out var jws);
        if (jws is null)
        {
            return EnvelopeVerdict<T>.Refuse(fault == JwsFault.TooLarge ? ContractError.EnvelopeTooLarge : ContractError.EnvelopeMalformed);
        }

        var kid = CompactJws.TextOf(jws.Header, "kid");
        if (RefuseHeader(jws.Header, kid, type) is { } wrong)
        {
            return EnvelopeVerdict<T>.Refuse(wrong, kid);
        }

        if (!_keys.TryGetValue(kid!, out var key))
        {
            return EnvelopeVerdict<T>.Refuse(ContractError.EnvelopeKeyUnknown, kid);
        }

        if (!Es256.Verify(key.Key, jws.SignedBytes, jws.Signature))
        {
            return EnvelopeVerdict<T>.Refuse(ContractError.EnvelopeSignatureWrong, kid);
        }

        if (!key.Pinned.CountsAt(_time.GetUtcNow()))
        {
            return EnvelopeVerdict<T>.Refuse(ContractError.EnvelopeKeyOutOfTime, kid);
        }

        speaker = key.Pinned.Server;
        return Read<T>(jws.Payload, kid!);
    }

    // Nothing else may stand in the header: no key of the sender's choice, no extension that changes what is signed.
    private static ErrorEntry? RefuseHeader(JsonElement header, string? kid, string type) =>
        CompactJws.TextOf(header, "alg") != "ES256" ? ContractError.EnvelopeAlgorithmRefused
        : header.GetPropertyCount() != 3 || kid is null || CompactJws.TextOf(header, "typ") is not { } typ ? ContractError.EnvelopeHeaderWrong
        : !string.Equals(typ, type, StringComparison.Ordinal) ? ContractError.EnvelopeTypeWrong
        : null;

    private static EnvelopeVerdict<T> Read<T>(byte[] payload, string kid)
        where T : class
    {
        try
        {
            using var document = CanonicalJson.Parse(payload);
            return document.RootElement.Deserialize<T>(ContractJson.Options) is { } envelope
                ? new() { Envelope = envelope, Kid = kid }
                : EnvelopeVerdict<T>.Refuse(ContractError.EnvelopeClaimsMalformed, kid);
        }
        catch (Exception refused) when (refused is ContractException or JsonException or NotSupportedException or InvalidOperationException)
        {
            return EnvelopeVerdict<T>.Refuse(ContractError.EnvelopeClaimsMalformed, kid);
        }
    }

    private Refusal? RefuseCommand(CommandEnvelope command, string? speaker)
    {
        var now = _time.GetUtcNow();
        return speaker is not null ? ContractError.EnvelopeKeyUnknown.Because("a listener's key gives no commands")
            : !IsComplete(command) ? ContractError.EnvelopeClaimsMalformed.Because()
            : !string.Equals(command.Tenant, _options.Tenant, StringComparison.OrdinalIgnoreCase) ? ContractError.EnvelopeOtherTenant.Because()
            : !string.Equals(command.Server, _options.Server, StringComparison.OrdinalIgnoreCase) ? ContractError.EnvelopeOtherServer.Because()
            : command.ExpiresAt <= command.IssuedAt ? ContractError.EnvelopeClaimsMalformed.Because("times")
            : command.ExpiresAt - command.IssuedAt > _options.MaxLife ? ContractError.EnvelopeLifeTooLong.Because()
            : command.IssuedAt - now > _options.ClockSkew ? ContractError.EnvelopeNotYetValid.Because(BothClocks(command, now))
            : now - command.ExpiresAt >= _options.ClockSkew ? ContractError.EnvelopeExpired.Because(BothClocks(command, now))
            : null;
    }

    // Only after the signature fits, so that a stranger learns nothing of this machine's clock.
    private static string BothClocks(CommandEnvelope command, DateTimeOffset now) =>
        $"the sender's clock read {command.IssuedAt:u} at signing, valid until {command.ExpiresAt:u}; this clock reads {now:u}";

    private static bool IsComplete(CommandEnvelope command) =>
        IsName(command.CommandId) && IsName(command.Migration) && (command.PlanHash is null || IsName(command.PlanHash))
        && command.Payload.ValueKind == JsonValueKind.Object
        && string.Equals(CompactJws.TextOf(command.Payload, "kind"), command.Kind, StringComparison.Ordinal)
        && HasCanonicalForm(command);

    // What becomes part of lines and addresses.
    private static bool IsName(string text) => text.Length is > 0 and <= 128 && !text.Any(char.IsControl);

    private static bool HasCanonicalForm(CommandEnvelope command)
    {
        // Repeats are told by the hash; a payload without one is refused here, where refusing is a verdict.
        try
        {
            _ = command.CommandHash();
            return true;
        }
        catch (ContractException)
        {
            return false;
        }
    }

    private Refusal? RefuseResult(ResultEnvelope result, string? speaker, ResultExpectation expected) =>
        !string.Equals(result.Server, expected.Server, StringComparison.OrdinalIgnoreCase) || !MaySpeakFor(speaker, result.Server)
            ? ContractError.EnvelopeOtherServer.Because()
        : !string.Equals(result.CommandId, expected.CommandId, StringComparison.Ordinal)
            || !string.Equals(result.CommandHash, expected.CommandHash, StringComparison.Ordinal)
            ? ContractError.ResultOfOtherCommand.Because()
        : (result.Payload is null) == (result.Document is null) || result.Document?.Check() is not null
            ? ContractError.EnvelopeClaimsMalformed.Because()
        : result.CompletedAt - _time.GetUtcNow() > _options.ClockSkew ? ContractError.EnvelopeNotYetValid.Because()
        : null;

    private Refusal? RefuseEvidence(EvidencePart part, string? speaker, TimeSpan maxAge)
    {
        var age = _time.GetUtcNow() - part.GatheredAt;
        return part.Server is null || !MaySpeakFor(speaker, part.Server) ? ContractError.EnvelopeOtherServer.Because()
            : !part.IsNamedForItsServer() ? ContractError.EvidencePartOther.Because()
            : !part.HasHash() ? ContractError.EnvelopeClaimsMalformed.Because()
            : age < -_options.ClockSkew ? ContractError.EnvelopeNotYetValid.Because()
            : age > maxAge ? ContractError.EvidenceStale.Because()
            : null;
    }

    // The cloud half's key has no server, and so can sign neither results nor evidence.
    private static bool MaySpeakFor(string? speaker, string server) =>
        speaker is not null && string.Equals(speaker, server, StringComparison.OrdinalIgnoreCase);

    internal static class Es256
    {
        public static bool Verify(ECParameters key, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
        {
            if (signature.Length != SignatureBytes)
            {
                return false;
            }

            try
            {
                // A key object of its own for each call: the platform's objects promise nothing about concurrent use.
                using var ecdsa = ECDsa.Create(key);
                return ecdsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
            catch (CryptographicException)
            {
                return false;
            }
        }
    }
}
