namespace GwbCloud.RelayListener.ActiveDirectory;

/// <summary>The two halves of a distinguished name: the object's own name and where it lies.</summary>
static class DistinguishedName
{
    /// <summary>Everything before the first comma that is not escaped, for example <c>CN=Sales\, North</c>.</summary>
    public static string RdnOf(string dn) => dn[..Cut(dn)];

    /// <summary>Everything after it; empty for a name of one part.</summary>
    public static string ParentOf(string dn) => Cut(dn) is var cut && cut < dn.Length ? dn[(cut + 1)..] : "";

    static int Cut(string dn)
    {
        for (int i = 0; i < dn.Length; i++)
        {
            if (dn[i] == '\\') { i++; }
            else if (dn[i] == ',') { return i; }
        }
        return dn.Length;
    }
}
