using System.Runtime.InteropServices;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>The native LDAP client of Linux, OpenLDAP's, where the platform's own wrapper leaves a setting out.</summary>
/// <remarks>
/// Unless told otherwise, that client takes a signal during a wait for the end of the connection, and reports the server as down. The
/// runtime signals its own threads, for one when it collects garbage, so a sound connection broke now and then.
/// Source: ldap_set_option(3), LDAP_OPT_RESTART.
/// </remarks>
public static class OpenLdap
{
    const int RestartOption = 9;

    /// <summary>The names under which the platform's wrapper looks for the client.</summary>
    static readonly string[] Libraries = ["libldap.so.2", "libldap-2.6.so.0", "libldap-2.5.so.0", "libldap-2.4.so.2"];

    static readonly Lazy<bool> Told = new(Tell);

    /// <summary>Lets every connection opened from now on go on waiting after a signal. Nothing to do outside of Linux.</summary>
    /// <returns>True when a client was found and took the setting.</returns>
    public static bool WaitThroughSignals() => Told.Value;

    static bool Tell()
    {
        if (!OperatingSystem.IsLinux()) { return false; }
        bool took = false;
        foreach (string name in Libraries)
        {
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "ldap_set_option", out nint export))
            {
                // Without a connection it is the default of all; anything but null is "on", and 0 is success.
                took |= Marshal.GetDelegateForFunctionPointer<SetOption>(export)(0, RestartOption, 1) == 0;
            }
        }
        return took;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int SetOption(nint connection, int option, nint value);
}
