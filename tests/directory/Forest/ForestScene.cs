using System.Diagnostics;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.ActiveDirectory.Ldap;
using GwbCloud.Tests.Directory.Ldap;
using GwbCloud.Tests.Directory.Support;

namespace GwbCloud.Tests.Directory.Forest;

/// <summary>Things that only a domain controller itself may write, and the accounts of Cloud Sync's agents.</summary>
static class ForestScene
{
    const string Partitions = $"CN=Partitions,CN=Configuration,{SambaDc.BaseDn}";

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ForestFacts> InspectAsync(this SambaDc dc, string ou, DcAccount? account = null, Func<LdapOptions, LdapOptions>? change = null)
    {
        var options = dc.Options(ou, account);
        using var directory = new LdapDirectory(change?.Invoke(options) ?? options);
        return await directory.InspectAsync(Stop);
    }

    public static async Task<IReadOnlyList<AdGroup>> InventoryAsync(this SambaDc dc, string ou, DcAccount? account = null)
    {
        using var directory = dc.Directory(ou, account);
        return await directory.GroupsUnderWritebackOuAsync(Stop).OrderBy(group => group.DistinguishedName, StringComparer.Ordinal).ToListAsync(Stop);
    }

    public static Task EnableRecycleBinAsync(this SambaDc dc) =>
        dc.WriteAsSystemAsync($"dn:\nchangetype: modify\nadd: enableOptionalFeature\nenableOptionalFeature: {Partitions}:766ddcd8-acd0-445e-f3b9-a7f9b6744f2a\n");

    /// <summary>What every backup of the domain leaves.</summary>
    public static Task NoteBackupAsync(this SambaDc dc) =>
        dc.WriteAsSystemAsync($"dn: {SambaDc.BaseDn}\nchangetype: modify\nreplace: dSASignature\ndSASignature:: AQAAACgAAAAAAAAAAAAAAAAAAAAAAAAA\n");

    /// <summary>A second controller that the configuration names and nobody runs.</summary>
    public static Task AddControllerAsync(this SambaDc dc, string name, string host)
    {
        string server = $"CN={name},CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration,{SambaDc.BaseDn}";
        return dc.WriteAsSystemAsync($"dn: {server}\nchangetype: add\nobjectClass: server\ndNSHostName: {host}\n\ndn: CN=NTDS Settings,{server}\nchangetype: add\nobjectClass: nTDSDSA\noptions: 1\n");
    }

    /// <summary>The agents' account, with the computers on which they may run.</summary>
    public static async Task<string> AddAgentAccountAsync(this SambaDc dc, string name, params string[] hosts)
    {
        string entries = "";
        foreach (string host in hosts) { entries += $"(A;;0xf01ff;;;{await AddAsync(host, $"objectClass: computer\nuserAccountControl: 4096\n")})"; }
        string descriptor = await DcTools.RunAsync(
            new ProcessStartInfo("/usr/bin/python3", ["-c", Pack]), $"O:S-1-5-32-544D:{entries}", Stop);
        return await AddAsync(name, $"objectClass: msDS-GroupManagedServiceAccount\nuserAccountControl: 4096\nmsDS-ManagedPasswordInterval: 30\nmsDS-GroupMSAMembership:: {descriptor}\n");

        async Task<string> AddAsync(string account, string attributes)
        {
            string dn = $"CN={account},CN=Users,{SambaDc.BaseDn}";
            await dc.Tools.ModifyAsync($"dn: {dn}\n{attributes}sAMAccountName: {account}$\n");
            var made = (await dc.Tools.SearchAsync(dn, "(objectClass=*)", "objectSid")).Single();
            return RelayListener.ActiveDirectory.Security.Sid.Parse(Convert.FromBase64String(made.Binary("objectSid")!)).ToString();
        }
    }

    const string Pack = """
        import sys, base64
        from samba.dcerpc import security
        from samba.ndr import ndr_pack
        print(base64.b64encode(ndr_pack(security.descriptor.from_sddl(sys.stdin.read(), security.dom_sid("S-1-5-21-1-2-3")))).decode(), end="")
        """;

    static Task<string> WriteAsSystemAsync(this SambaDc dc, string ldif) => DcTools.RunAsync(
        new ProcessStartInfo("ldbmodify", ["-H", dc.Tools.Database, $"--configfile={Path.Combine(dc.Folder, "smb.conf")}", "--relax"]), ldif, Stop);
}
