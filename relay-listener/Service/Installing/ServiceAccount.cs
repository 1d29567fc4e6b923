using System.Text.RegularExpressions;

namespace GwbCloud.RelayListener.Service.Installing;

/// <summary>The account that the service runs as: one whose password nobody knows.</summary>
static partial class ServiceAccount
{
    /// <summary>Made by Windows for the service; in the network it is the computer.</summary>
    public const string Virtual = @"NT SERVICE\" + ServiceRun.ServiceName;

    public static bool IsManaged(string account) => Managed.IsMatch(account);

    /// <summary>Why an account is refused; null when it is not.</summary>
    public static string? Refuse(string account) =>
        IsManaged(account) || account.Equals(Virtual, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"--account: {account} is neither a group managed service account (DOMAIN\\name$) nor {Virtual}; accounts with passwords are not taken";

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\\[A-Za-z0-9._-]{1,15}\$\z")]
    private static partial Regex Managed { get; }
}
