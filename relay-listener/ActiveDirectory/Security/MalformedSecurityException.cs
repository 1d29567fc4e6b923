namespace GwbCloud.RelayListener.ActiveDirectory.Security;

/// <summary>Bytes or text are no security descriptor, no ACL or no SID. The message says what is wrong, never what was in it.</summary>
public sealed class MalformedSecurityException(string message) : FormatException(message);
