using System.Diagnostics;
using System.Text.Json;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Security;

/// <summary>Samba's own reading of security descriptors, as the second opinion.</summary>
static class SambaSecurity
{
    // Packs the text again and compares owner-independent bytes: the lists are the same only when nothing was lost or misread.
    const string Script = """
        import sys, json
        from samba.dcerpc import security
        from samba.ndr import ndr_pack, ndr_unpack
        domain = security.dom_sid("S-1-5-21-1-2-3")
        same = []
        for packed, text in json.load(sys.stdin):
            theirs = ndr_unpack(security.descriptor, bytes.fromhex(packed))
            ours = security.descriptor.from_sddl(text, domain)
            flags = security.SEC_DESC_DACL_PROTECTED | security.SEC_DESC_DACL_AUTO_INHERITED
            same.append(len(theirs.dacl.aces) == len(ours.dacl.aces)
                and all(ndr_pack(a) == ndr_pack(b) for a, b in zip(theirs.dacl.aces, ours.dacl.aces))
                and (theirs.type & flags) == (ours.type & flags))
        json.dump(same, sys.stdout)
        """;

    /// <summary>For each pair, whether the text says exactly what the bytes say.</summary>
    public static async Task<IReadOnlyList<bool>> ReadAsync(IEnumerable<(byte[] Descriptor, string Dacl)> pairs)
    {
        string input = JsonSerializer.Serialize(pairs.Select(pair => new[] { Convert.ToHexString(pair.Descriptor), pair.Dacl }));
        // By its full path: another python first on the PATH has no samba module.
        string output = await DcTools.RunAsync(new ProcessStartInfo("/usr/bin/python3", ["-c", Script]), input, TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<bool[]>(output)!;
    }
}
