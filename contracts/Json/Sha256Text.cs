using System.Buffers;
using System.Security.Cryptography;

namespace GwbCloud.Contracts.Json;

/// <summary>SHA-256 as this project writes it: 64 lower-case hexadecimal digits.</summary>
public static class Sha256Text
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>The hash of the bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>True when the text is a hash in this form, so that it may become part of a path or a key.</summary>
    public static bool IsValid(string? text) => text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(Digits);
}
