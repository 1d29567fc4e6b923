using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace GwbCloud.Tests.Directory.Support;

/// <summary>
/// A real domain controller (Samba) with a fresh domain, on a loopback address that nobody else has. As a class fixture each class gets
/// its own; <see cref="StartAsync(bool, string)"/> gives a test one of its own.
/// </summary>
/// <remarks>
/// It ends with the tests' process in any case, because it reads that process's end of a pipe. A start that fails fails the tests;
/// only a machine without Samba skips them, see <see cref="DirectoryFactAttribute"/>.
/// </remarks>
sealed partial class SambaDc : IAsyncDisposable
{
    /// <summary>DNS name of the domain.</summary>
    public const string Domain = "contoso.com";

    public const string BaseDn = "DC=contoso,DC=com";

    /// <summary>Name of the domain controller in the directory itself.</summary>
    public const string HostName = "dc1.contoso.com";

    /// <summary>The domain's administrator, as a simple bind takes it.</summary>
    public const string Administrator = "administrator@contoso.com";

    /// <summary>Name of a second controller, see <see cref="JoinAsync"/>.</summary>
    public const string ReplicaHostName = "dc2.contoso.com";

    public const string Password = "Passw0rd.1234";

    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Templates = new();

    readonly bool _flush;
    readonly string _schema;
    readonly bool _replicates;
    string _host = "dc1";
    string _folder = "";
    Process? _process;

    public SambaDc() : this(flush: false, schema: "2016")
    {
    }

    SambaDc(bool flush, string schema, bool replicates = false) => (_flush, _schema, _replicates) = (flush, schema, replicates);

    /// <summary>The loopback address it listens on: 389, 636, 3268, 3269.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Its certificate, which is its own authority (PEM).</summary>
    public string CertificateFile => Path.Combine(_folder, "tls", $"{Address}.pem");

    /// <summary>Folder with that certificate under its hashed name, as OpenSSL's directories want it.</summary>
    public string TrustFolder => Path.Combine(_folder, "trust");

    /// <summary>Folder of the domain: smb.conf, private/sam.ldb.</summary>
    public string Folder => _folder;

    /// <summary>Process id of the running controller.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("It does not run.");

    /// <summary>OpenLDAP's and Samba's tools on this controller: the truth without the product.</summary>
    public DcTools Tools => new(this, Stop);

    /// <summary>A controller of one's own; dispose it.</summary>
    /// <param name="flush">Every transaction goes to the disk before it is answered, as on a real controller.</param>
    /// <param name="schema">Of which release of Windows Server; 2012_R2 is the last without the anchor's attribute.</param>
    /// <param name="template">A stopped controller whose domain is copied; null is an empty domain.</param>
    /// <param name="replicates">Another controller can join it and pull from it.</param>
    public static async Task<SambaDc> StartAsync(bool flush = false, string schema = "2016", SambaDc? template = null, bool replicates = false)
    {
        var dc = new SambaDc(flush, schema, replicates);
        await dc.StartCopyAsync(template?._folder ?? await dc.EmptyDomainAsync());
        return dc;
    }

    public async ValueTask InitializeAsync()
    {
        if (SambaMachine.Ready) { await StartCopyAsync(await EmptyDomainAsync()); }
    }

    /// <summary>A second controller of the same domain, with what the domain holds now. It replicates by order only.</summary>
    public async Task<SambaDc> JoinAsync()
    {
        var replica = new SambaDc(_flush, _schema) { _folder = NewFolder(), _host = "dc2", Address = FreeAddress() };
        await DcTools.RunAsync(replica.OwnScript("join", Address), null, CancellationToken.None);
        await replica.ResumeAsync();
        return replica;
    }

    /// <summary>Brings this controller what another one has and it has not.</summary>
    public Task PullAsync(SambaDc from) => DcTools.RunAsync(OwnScript("pull", from.Address), null, CancellationToken.None);

    /// <summary>Stops the controller; the domain stays.</summary>
    public async Task StopAsync()
    {
        if (_process is null) { return; }
        // End of input is the order to end.
        _process.StandardInput.Close();
        await EndAsync();
    }

    /// <summary>Ends the controller as a power cut does.</summary>
    public async Task KillAsync()
    {
        if (_process is null) { return; }
        _process.Kill();
        await EndAsync();
    }

    /// <summary>Starts a stopped controller again on the same address, with the domain as it was.</summary>
    public async Task ResumeAsync()
    {
        var start = OwnScript("run");
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
        foreach (int port in (int[])[389, 636, 3268, 3269]) { await AnswersAsync(port); }
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder.Length == 0) { return; }
        await KillAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    Task<string> EmptyDomainAsync() => Templates.GetOrAdd(_schema, static schema => new(() => ProvisionAsync(schema))).Value;

    async Task StartCopyAsync(string template)
    {
        _folder = NewFolder();
        Address = FreeAddress();
        await RunScriptAsync(_folder, Address, "clone", template);
        await ResumeAsync();
    }

    async Task EndAsync()
    {
        await _process!.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    async Task AnswersAsync(int port)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(Address, port);
                return;
            }
            catch (SocketException) when (!_process!.HasExited && Stopwatch.GetElapsedTime(began) < StartLimit)
            {
                await Task.Delay(20);
            }
            catch (SocketException)
            {
                string said = await File.ReadAllTextAsync(Path.Combine(_folder, "samba.out"));
                await KillAsync();
                throw new InvalidOperationException($"The domain controller does not answer on {Address}:{port}. {said}");
            }
        }
    }

    /// <summary>The domain that every controller of this run with this schema is a copy of.</summary>
    static async Task<string> ProvisionAsync(string schema)
    {
        string folder = NewFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.Directory.Delete(folder, recursive: true);
        var start = ScriptStart(folder, "127.0.0.1", "provision");
        start.Environment["DC_SCHEMA"] = schema;
        await DcTools.RunAsync(start, null, CancellationToken.None);
        return folder;
    }

    static string NewFolder() => Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"gwb-dc-{Guid.NewGuid():N}"));

    /// <summary>Drawn from four million, so that other runs on this machine draw others; one that is taken all the same is not used.</summary>
    static string FreeAddress()
    {
        while (true)
        {
            string address = string.Create(
                CultureInfo.InvariantCulture, $"127.{Random.Shared.Next(64, 128)}.{Random.Shared.Next(256)}.{Random.Shared.Next(1, 255)}");
            using var client = new TcpClient();
            try
            {
                client.Connect(address, 389);
            }
            catch (SocketException)
            {
                return address;
            }
        }
    }

    ProcessStartInfo OwnScript(params string[] arguments)
    {
        var start = ScriptStart(_folder, Address, arguments);
        start.Environment["DC_HOST"] = _host;
        start.Environment["DC_NOSYNC"] = _flush ? "no" : "yes";
        start.Environment["DC_SERVICES"] = _replicates ? "ldap, rpc" : "ldap";
        return start;
    }

    static async Task RunScriptAsync(string folder, string address, params string[] arguments) =>
        await DcTools.RunAsync(ScriptStart(folder, address, arguments), null, CancellationToken.None);

    static ProcessStartInfo ScriptStart(string folder, string address, params string[] arguments)
    {
        var start = new ProcessStartInfo(SambaMachine.Script, arguments) { StandardInputEncoding = null };
        start.Environment["DC_DIR"] = folder;
        start.Environment["DC_IP"] = address;
        start.Environment["DC_ADMIN_PASSWORD"] = Password;
        return start;
    }
}
