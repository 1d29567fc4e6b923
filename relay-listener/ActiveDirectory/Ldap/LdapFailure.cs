using System.DirectoryServices.Protocols;
using System.Text.RegularExpressions;
using GwbCloud.Contracts;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Turns what the LDAP client throws into the product's errors: which server, which object, what the directory said, what to do.</summary>
/// <remarks>Server texts are not passed on whole: only the codes in them, which name nobody and hold no value.</remarks>
static partial class LdapFailure
{
    const int Busy = 51;
    const int InvalidCredentials = 49;

    /// <summary>True for what an LDAP request may throw.</summary>
    public static bool Is(Exception e) => e is LdapException or DirectoryOperationException or TimeoutException or ObjectDisposedException;

    /// <summary>True when the way to the server is lost or uncertain, so that the connection is of no use any more.</summary>
    public static bool IsConnectionLost(Exception e) => e is not DirectoryOperationException;

    /// <summary>The result code that the server answered with, or null when it answered nothing.</summary>
    public static int? ResultOf(Exception e) => e switch
    {
        DirectoryOperationException { Response: { } response } => (int)response.ResultCode,
        LdapException { ErrorCode: > 0 and < 80 and var code } => code,
        _ => null,
    };

    /// <summary>The exception to throw.</summary>
    /// <param name="e">What the client threw.</param>
    /// <param name="host">The server that was asked.</param>
    /// <param name="about">Distinguished name of the object in question, or null.</param>
    public static DirectoryException Translate(Exception e, string host, string? about) =>
        new(Error(ResultOf(e), e is DirectoryOperationException { Response: { } response } ? response.ErrorMessage : (e as LdapException)?.ServerErrorMessage, host, about), e);

    /// <summary>The error of a result code.</summary>
    /// <param name="result">RFC 4511 4.1.9; null when nothing was answered.</param>
    /// <param name="text">The server's own text.</param>
    /// <param name="host">The server.</param>
    /// <param name="about">The object.</param>
    public static CommandError Error(int? result, string? text, string host, string? about)
    {
        string where = string.IsNullOrEmpty(about) ? host : $"{host}: {about}";
        string said = Said(text);
        CommandError Of(ErrorEntry entry, string what, bool transient = false) => entry.ToError($"{where}: {what}{said}", transient);
        return result switch
        {
            null or 52 => Of(DirectoryError.Unavailable, "no answer", transient: true),
            Busy => Of(DirectoryError.BusyOrLimited, "busy", transient: true),
            3 => Of(DirectoryError.BusyOrLimited, "time limit", transient: true),
            4 => Of(DirectoryError.BusyOrLimited, "size limit"),
            11 => Of(DirectoryError.BusyOrLimited, "administrative limit"),
            8 or 13 => Of(DirectoryError.CredentialsRefused, "wants a better protected connection"),
            48 or InvalidCredentials => Of(DirectoryError.CredentialsRefused, SignIn(text)),
            50 => Of(DirectoryError.AccessDenied, "insufficient access rights"),
            10 => Of(DirectoryError.Referral, "referral"),
            32 => Of(DirectoryError.NoSuchObject, "no such object"),
            68 => Of(DirectoryError.CanaryNameTaken, "entry already exists"),
            { } code => Of(DirectoryError.Rejected, Rule(code)),
        };
    }

    static string Rule(int code) => code switch
    {
        16 => "the value is not there",
        17 => "the schema does not know the attribute",
        19 => "constraint violation",
        20 => "a value is there already",
        21 => "the value has a wrong syntax",
        34 => "the name has a wrong syntax",
        53 => "unwilling to perform",
        64 => "naming violation",
        65 => "object class violation",
        66 => "not allowed on an object that holds others",
        _ => $"result {code}",
    };

    /// <summary>The reasons that stand behind "data" when somebody is not let in. Source: system error codes 1300 to 1999 in hexadecimal.</summary>
    static string SignIn(string? text) => Data().Match(text ?? "") is { Success: true } match
        ? match.Groups["data"].Value.ToUpperInvariant() switch
        {
            "525" => "the account does not exist",
            "52E" => "wrong name or password",
            "530" or "531" => "the account may not sign in at this time or from this computer",
            "532" or "773" => "the password has expired or must be changed",
            "533" => "the account is disabled",
            "701" => "the account has expired",
            "775" => "the account is locked",
            var other => $"sign-in refused, data {other}",
        }
        : "sign-in refused";

    /// <summary>The codes of a server's text, as <c>, 00002098 INSUFF_ACCESS_RIGHTS</c>.</summary>
    static string Said(string? text)
    {
        if (string.IsNullOrEmpty(text)) { return ""; }
        string code = Win32().Match(text) is { Success: true } start ? $", {start.Groups["code"].Value.ToUpperInvariant()}" : "";
        string problem = Problem().Match(text) is { Success: true } found ? $" {found.Groups["name"].Value}" : "";
        return code + problem;
    }

    [GeneratedRegex(@"^(?<code>[0-9A-Fa-f]{8}):", RegexOptions.CultureInvariant)]
    private static partial Regex Win32();

    [GeneratedRegex(@"\bproblem \d+ \((?<name>[A-Z_]{3,40})\)", RegexOptions.CultureInvariant)]
    private static partial Regex Problem();

    [GeneratedRegex(@"\bdata (?<data>[0-9A-Fa-f]{1,8})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Data();
}
