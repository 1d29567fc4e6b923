using System.Diagnostics;
using System.Text;

namespace GwbCloud.Tests.Directory.Support;

/// <summary>OpenLDAP's and Samba's own tools on a controller: fill it, change rights, and read the truth without the product.</summary>
sealed partial class DcTools(SambaDc dc, CancellationToken stop)
{
    /// <summary>universal security.</summary>
    public const int UniversalSecurity = -2147483640;

    /// <summary>Applies LDIF (changetype records; records without one are added) as the administrator.</summary>
    public Task ModifyAsync(string ldif) => LdapAsync("ldapmodify", ["-a"], ldif);

    /// <summary>Makes an OU under the domain, or under another OU, and returns its name.</summary>
    public async Task<string> AddOuAsync(string name, string parent = SambaDc.BaseDn)
    {
        string dn = $"OU={name},{parent}";
        await ModifyAsync($"dn: {dn}\nobjectClass: organizationalUnit\n");
        return dn;
    }

    /// <summary>Makes groups as Connect writes them back, in one go (about a thousand a second).</summary>
    /// <returns>In the order given, each with the objectGUID that the directory gave it.</returns>
    public async Task<IReadOnlyList<DcGroup>> AddGroupsAsync(string ou, params IReadOnlyList<NewDcGroup> groups)
    {
        var ldif = new StringBuilder();
        foreach (var group in groups)
        {
            ldif.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"dn: CN={group.Cn},{ou}\nobjectClass: group\ngroupType: {group.GroupType}\n");
            Append("sAMAccountName", group.SamAccountName);
            Append("adminDescription", group.Anchor);
            Append("msDS-ExternalDirectoryObjectId", group.Stamp);
            Append("displayName", group.DisplayName);
            Append("description", group.Description);
            foreach (string member in group.Members) { Append("member", member); }
            ldif.Append('\n');
        }
        await ModifyAsync(ldif.ToString());

        var made = (await SearchAsync(ou, "(objectClass=group)", "objectGUID")).ToDictionary(entry => entry.Dn, StringComparer.OrdinalIgnoreCase);
        return [.. groups.Select(group => new DcGroup(made[$"CN={group.Cn},{ou}"].ObjectGuid, $"CN={group.Cn},{ou}", group.Anchor))];

        void Append(string attribute, string? value)
        {
            if (value is not null) { ldif.Append(System.Globalization.CultureInfo.InvariantCulture, $"{attribute}:: {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}\n"); }
        }
    }

    /// <summary>Makes groups <c>{prefix} 0001</c> and so on, each with an anchor of its own and no stamp.</summary>
    public Task<IReadOnlyList<DcGroup>> AddGroupsAsync(string ou, int count, string prefix = "Group") =>
        AddGroupsAsync(ou, [.. Enumerable.Range(1, count).Select(i => new NewDcGroup { Cn = $"{prefix} {i:D5}", Anchor = $"Group_{Guid.NewGuid():D}" })]);

    /// <summary>Makes users that can be members (no password, disabled).</summary>
    /// <returns>Their distinguished names.</returns>
    public async Task<IReadOnlyList<string>> AddUsersAsync(string ou, int count, string prefix = "User")
    {
        string[] names = [.. Enumerable.Range(1, count).Select(i => $"{prefix}{i:D5}")];
        await ModifyAsync(string.Concat(names.Select(name => $"dn: CN={name},{ou}\nobjectClass: user\nsAMAccountName: {name}\n\n")));
        return [.. names.Select(name => $"CN={name},{ou}")];
    }

    /// <summary>Makes a user that can sign in, without any right of its own.</summary>
    public async Task<DcAccount> AddAccountAsync(string name)
    {
        string dn = $"CN={name},CN=Users,{SambaDc.BaseDn}";
        string password = Convert.ToBase64String(Encoding.Unicode.GetBytes($"\"{SambaDc.Password}\""));
        await LdapAsync("ldapmodify", ["-a"], $"dn: {dn}\nobjectClass: user\nsAMAccountName: {name}\nuserPrincipalName: {name}@{SambaDc.Domain}\n"
            + $"unicodePwd:: {password}\nuserAccountControl: 512\n", tls: true);
        var entry = (await SearchAsync(dn, "(objectClass=user)", "objectSid")).Single();
        return new(dn, $"{name}@{SambaDc.Domain}", SambaDc.Password, Sid(Convert.FromBase64String(entry.Binary("objectSid")!)));
    }

    /// <summary>Puts ACEs (SDDL, for example <c>(OA;CI;WP;bd29bf90-66ad-40e1-887b-10df070419a6;bf967a9c-0de6-11d0-a285-00aa003049e2;{sid})</c>) onto an object.</summary>
    public Task GrantAsync(string dn, string aces) => RunAsync(
        new("samba-tool", ["dsacl", "set", $"--URL={Database}", $"--configfile={Path.Combine(dc.Folder, "smb.conf")}", $"--objectdn={dn}", $"--sddl={aces}"]), null, stop);

    /// <summary>What the directory holds, asked with <c>ldapsearch</c> as the administrator; subtree, paged.</summary>
    public async Task<IReadOnlyList<DcEntry>> SearchAsync(string root, string filter, params string[] attributes) =>
        DcEntry.Parse(await LdapAsync("ldapsearch", ["-LLL", "-o", "ldif-wrap=no", "-E", "pr=1000/noprompt", "-b", root, filter, .. attributes], null));

    /// <summary>The domain's database file for tools that work on it directly.</summary>
    public string Database => Path.Combine(dc.Folder, "private", "sam.ldb");

    /// <summary>Runs one of OpenLDAP's clients as the administrator, or as another account.</summary>
    public Task<string> LdapAsync(string tool, IReadOnlyList<string> arguments, string? input, bool tls = false, DcAccount? account = null)
    {
        var start = new ProcessStartInfo(tool,
        [
            "-x", "-H", $"{(tls ? "ldaps" : "ldap")}://{dc.Address}", "-D", account?.Name ?? SambaDc.Administrator, "-w", account?.Password ?? SambaDc.Password, .. arguments,
        ]);
        start.Environment["LDAPTLS_CACERT"] = dc.CertificateFile;
        return RunAsync(start, input, stop);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message holds what it said.</exception>
    internal static async Task<string> RunAsync(ProcessStartInfo start, string? input, CancellationToken stop)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync(stop);
        var complained = process.StandardError.ReadToEndAsync(stop);
        try
        {
            if (input is not null) { await process.StandardInput.WriteAsync(input); }
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; its exit code and its words say why.
        }
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0
            ? await said
            : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {await complained}{EndOf(await said)}");

        // ldapmodify says a line for each object, thousands before the one that matters.
        static string EndOf(string text) => text.Length > 2_000 ? "…" + text[^2_000..] : text;
    }

    static string Sid(ReadOnlySpan<byte> bytes)
    {
        var sid = new StringBuilder("S-1-");
        sid.Append(bytes[7]);
        for (int i = 8; i < bytes.Length; i += 4) { sid.Append('-').Append(BitConverter.ToUInt32(bytes[i..(i + 4)])); }
        return sid.ToString();
    }
}

/// <summary>A group to be made.</summary>
sealed partial record NewDcGroup
{
    public required string Cn { get; init; }

    /// <summary>Unique in the domain; null lets the directory make one up.</summary>
    public string? SamAccountName { get; init; }

    /// <summary>adminDescription.</summary>
    public string? Anchor { get; init; }

    /// <summary>msDS-ExternalDirectoryObjectId.</summary>
    public string? Stamp { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public int GroupType { get; init; } = DcTools.UniversalSecurity;

    /// <summary>Distinguished names.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];
}

/// <summary>A group that was made.</summary>
sealed partial record DcGroup(Guid ObjectGuid, string Dn, string? Anchor);

/// <summary>An account that can bind.</summary>
sealed partial record DcAccount(string Dn, string Name, string Password, string Sid);
